"""Pages of the annotation room: grids and lists of texts to one HTML file that needs no network.

    page("标注一致性 · agreement", table(grid) + items("texts", […]))  ->  "<!doctype html>…"

A Content-Security-Policy allows the one style and the one script by their hashes and nothing else; every word is
escaped. The script only hides what a filter leaves out. What a page says is for whoever calls.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib import resources

from fazhi.annotation.grid import Grid
from fazhi.model.labels import Example


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list that can be filtered.

    Attributes:
        html: What stands in it, escaped.
        values: Of each filter, the keys that the entry has.
    """

    html: str
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filter:
    """A drop-down over a list: its name in the items' values, what it says when nothing is chosen, key to words."""

    name: str
    title: str
    choices: dict[str, str]


def page(title: str, body: str, *, filters: bool = True) -> str:
    """Return the page around a body that is escaped already; a body without filters needs no script."""
    style, script = _asset("page.css"), _asset("filter.js") if filters else ""
    hashes = f"style-src '{_hash(style)}'" + (f"; script-src '{_hash(script)}'" if script else "")
    policy = f"default-src 'none'; {hashes}; base-uri 'none'; form-action 'none'"
    return f"""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="generator" content="fazhi">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escape(title)}</title>
<style>{style}</style>
</head>
<body>
<h1>{escape(title)}</h1>
{body}
{f"<script>{script}</script>" if script else ""}
</body>
</html>
"""


def heading(identity: str, title: str) -> str:
    """Return a heading that links can lead to."""
    return f'<h2 id="{identity}">{escape(title)}</h2>'


def links(titles: dict[str, str]) -> str:
    """Return links to headings, by their identities."""
    return "<nav>" + "".join(f'<a href="#{name}">{escape(title)}</a>' for name, title in titles.items()) + "</nav>"


def table(grid: Grid) -> str:
    """Return a table, or nothing where the grid has no rows."""
    if not grid.rows:
        return ""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in grid.columns)
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in grid.rows
    )
    caption = f"<caption>{escape(grid.title)}</caption>"
    return f'<div class="table"><table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def items(identity: str, entries: Sequence[Item], filters: Iterable[Filter]) -> str:
    """Return a numbered list below its filters."""
    drawn = "".join(f"<li{_data(entry)}>{entry.html}</li>" for entry in entries)
    words = '<input name="words" type="search" placeholder="查找 · search" aria-label="查找 · search">'
    controls = "".join(map(_select, filters)) + words + "<output></output>"
    form = f'<form class="filter" data-of="{identity}" hidden>{controls}</form>'
    return f'{form}<ol class="items" id="{identity}">{drawn}</ol>'


def place_of(example: Example) -> str:
    """Return where a paragraph stands, and its text."""
    path = " › ".join(example.path)
    where = f"{example.document} · 第 {example.index} 段 paragraph" + (f" · {path}" if path else "")
    return f'<p class="soft">{escape(where)}</p><p class="text">{escape(example.clean)}</p>'


def _data(entry: Item) -> str:
    joined = {name: " ".join(keys) for name, keys in entry.values.items()}
    return "".join(f' data-{name}="{escape(keys)}"' for name, keys in joined.items())


def _select(filter_: Filter) -> str:
    options = "".join(
        f'<option value="{escape(key)}">{escape(words)}</option>' for key, words in filter_.choices.items()
    )
    title = escape(filter_.title)
    return f'<select name="{filter_.name}" aria-label="{title}"><option value="">{title}</option>{options}</select>'


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _asset(name: str) -> str:
    return (resources.files("fazhi.annotation") / name).read_text(encoding="utf-8")
