"""Files of one JSON object a line: every bad line is named with its number, and nothing is read in part.

A line that is dropped in silence would be missed by nobody. What the objects mean is for the file that asks.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from fazhi.model.reading import InputError

Built = TypeVar("Built")
SHOWN = 20
"""Bad lines that one error names."""


def read_lines(path: Path, build: Callable[[Any], Built], expected: str) -> list[Built]:
    """Build a value of every line that is not blank.

    Args:
        path: The file.
        build: Takes a decoded line; raises ValueError or TypeError that says what was expected and what was found.
        expected: What kind of file this should be, for the hint.

    Raises:
        InputError: The file cannot be read, or lines are bad; the message names them all (up to 20) by number.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # not splitlines: texts may hold U+2028
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(str(path), f"cannot be read ({error})", f"give {expected}, one JSON object a line") from None
    built, bad = [], []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            built.append(build(json.loads(line)))
        except (ValueError, TypeError, RecursionError) as error:
            bad.append(f"line {number}: {error}")
    if bad:
        more = f"; and {len(bad) - SHOWN} more" if len(bad) > SHOWN else ""
        raise InputError(str(path), "; ".join(bad[:SHOWN]) + more, "mend or remove these lines")
    return built


def types_of(kind: Any) -> dict[str, type]:
    """Return the fields of a dataclass that `check_types` can check: str, int, and tuple for `tuple[str, ...]`."""
    plain = {field.name: field.type for field in fields(kind) if field.type in (str, int)}
    texts = {field.name: tuple for field in fields(kind) if field.type == tuple[str, ...]}
    return {**plain, **texts}


def check_types(data: Mapping[str, Any], types: Mapping[str, type]) -> None:
    """Check fields of a decoded line.

    Raises:
        ValueError: A field is missing or of another type; says what was expected and what was found.
    """
    for name, expected in types.items():
        found = data.get(name)
        if expected is tuple:
            if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
                raise ValueError(f"{name} should be a list of strings, found {found!r:.80}")
        elif type(found) is not expected:
            raise ValueError(f"{name} should be {expected.__name__}, found {found!r:.80}")
