"""A pool given as paragraphs: .jsonl files of one paragraph a line in, reports out.

    reports_in([Path("tagged.jsonl")])  ->  [Report("reports/x.txt", "7b1b…", (Paragraph(index=0, …), …))]

Lines are those that `fazhi tag` writes; what they say beyond the paragraph, such as its tags, is not looked at. Some of
a report's lines may be left out: those are not asked, and a paragraph keeps its place among them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from fazhi.model.labels.lines import read_lines
from fazhi.model.reading import InputError
from fazhi.model.report import Paragraph, Report

ENDING = ".jsonl"
_TYPES = {"document": str, "sha256": str, "text": str, "clean": str, "marker": str}
_NUMBERS, _LISTS = ("index", "start", "end", "level"), ("path", "flags")
_DEEPEST = 4
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class _Line:
    """A checked line; `values` are a paragraph's, the count aside."""

    document: str
    sha256: str
    values: dict[str, Any]

    @property
    def index(self) -> int:
        return int(self.values["index"])


def reports_in(paths: Iterable[Path]) -> list[Report]:
    """Read files of paragraphs and put those of a report together.

    Raises:
        InputError: A file cannot be read, lines are bad, or paragraphs of a report overlap.
    """
    groups: dict[str, list[_Line]] = defaultdict(list)
    for path in paths:
        for line in read_lines(path, _line_of, "paragraphs as `fazhi tag` writes them"):
            groups[line.sha256].append(line)
    return [_report(sorted(group, key=lambda line: line.index)) for group in groups.values()]


def _report(lines: Sequence[_Line]) -> Report:
    for before, line in pairwise(lines):
        if line.index == before.index or line.values["start"] < before.values["end"]:
            what = f"has paragraphs {before.index} and {line.index} of {line.document:.100} in one place"
            raise InputError("--pool", what, "give each paragraph once")
    count = lines[-1].index + 1
    return Report(lines[0].document, lines[0].sha256, tuple(Paragraph(count=count, **line.values) for line in lines))


def _line_of(data: Any) -> _Line:
    """Build and check one line; ValueError says what was expected."""
    if not isinstance(data, dict):
        raise ValueError("expected an object")
    for name, expected in _TYPES.items():
        if not isinstance(data.get(name), expected):
            raise ValueError(f"{name} should be {expected.__name__}, found {data.get(name)!r:.50}")
    for name in _NUMBERS:
        if type(data.get(name)) is not int or data[name] < 0:
            raise ValueError(f"{name} should be a number from 0, found {data.get(name)!r:.50}")
    for name in _LISTS:
        if not isinstance(data.get(name), list) or not all(isinstance(each, str) for each in data[name]):
            raise ValueError(f"{name} should be a list of strings, found {data.get(name)!r:.50}")
    _check_values(data)
    values = {name: data[name] for name in (*_NUMBERS, "text", "clean", "marker")}
    return _Line(data["document"], data["sha256"], values | {name: tuple(data[name]) for name in _LISTS})


def _check_values(data: dict[str, Any]) -> None:
    """Raise a ValueError where values contradict one another."""
    if not _SHA256.fullmatch(data["sha256"]):
        raise ValueError(f"sha256 should be 64 hexadecimal digits, found {data['sha256']!r:.80}")
    if not data["clean"].strip():
        raise ValueError("clean should hold words, found none")
    if data["end"] - data["start"] != len(data["text"]):
        raise ValueError(f"text should fill {data['start']} to {data['end']}, found {len(data['text'])} characters")
    if data["level"] > _DEEPEST:
        raise ValueError(f"level should be 0 to {_DEEPEST}, found {data['level']}")
