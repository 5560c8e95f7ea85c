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

from fazhi.model.labels.lines import check_types, read_lines, types_of
from fazhi.model.reading import InputError
from fazhi.model.report import Paragraph, Report

ENDING = ".jsonl"
_GIVEN = {name: kind for name, kind in types_of(Paragraph).items() if name != "count"}
_TYPES = {"document": str, "sha256": str, **_GIVEN}
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
    check_types(data, _TYPES)
    _check_values(data)
    return _Line(data["document"], data["sha256"], {name: kind(data[name]) for name, kind in _GIVEN.items()})


def _check_values(data: dict[str, Any]) -> None:
    """Raise a ValueError where values make no sense or contradict one another."""
    for name, kind in _GIVEN.items():
        if kind is int and data[name] < 0:
            raise ValueError(f"{name} should be a number from 0, found {data[name]}")
    if not _SHA256.fullmatch(data["sha256"]):
        raise ValueError(f"sha256 should be 64 hexadecimal digits, found {data['sha256']!r:.80}")
    if not data["clean"].strip():
        raise ValueError("clean should hold words, found none")
    if data["end"] - data["start"] != len(data["text"]):
        raise ValueError(f"text should fill {data['start']} to {data['end']}, found {len(data['text'])} characters")
    if data["level"] > _DEEPEST:
        raise ValueError(f"level should be 0 to {_DEEPEST}, found {data['level']}")
