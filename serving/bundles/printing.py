"""How all of `fazhi bundle` prints: tables for people, one JSON value for programs.

Names and values come from files of others, so no character of theirs commands a terminal.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fazhi.model.reading import one_line
from fazhi.serving.destination import STDOUT, open_result
from fazhi.serving.summary_table import console_on


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], numbers: Sequence[int] = ()) -> Table:
    """Return a table; the columns in `numbers` are aligned to the right."""
    found = Table(box=box.SIMPLE_HEAD, header_style="bold", title=Text(title), title_justify="left", pad_edge=False)
    for place, head in enumerate(heads):
        found.add_column(Text(head), justify="right" if place in numbers else "left", overflow="fold")
    for row in rows:
        found.add_row(*map(plain, row))
    return found


def plain(value: Any) -> Text:
    """Return a cell: text as it is on one line, numbers with six digits, nothing as a dash, the rest as JSON."""
    if isinstance(value, Text):
        return value
    if value is None or value == "":
        return Text("—")
    if isinstance(value, float):
        return Text(f"{value:.6g}")
    return Text(one_line(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)))


def console() -> Console:
    """Return standard output: as wide as the terminal, else as wide as all our tables."""
    return console_on(sys.stdout)


def print_json(data: Any) -> None:
    """Write one JSON value to standard output."""
    with open_result(STDOUT) as file:
        file.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
