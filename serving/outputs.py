"""Tagged reports to the formats that others rely on: JSONL and CSV, one paragraph a line.

    record(tagged, paragraph)  ->  {"document": "a.txt", "index": 0, "text": "…", "section": "title", …}

The same record in every format. Gives text; where it goes is for `destination`.
"""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from fazhi.model.tagger import Earned, Stretch, TaggedParagraph, TaggedReport

LINES = ("jsonl", "csv")
"""Formats of one line a paragraph; the page, the workbook and the Parquet table have files of their own."""

_DIGITS = 4
BOM = "\ufeff"  # without it Excel reads UTF-8 as the system's encoding
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def record(report: TaggedReport, tagged: TaggedParagraph) -> dict[str, Any]:
    """Return the paragraph object that JSONL and REST share, its fields in the documented order.

    `earned` is there only where it was asked for: per theme its sentence, and the `words` in it or null.
    """
    paragraph = tagged.paragraph
    return {
        "document": report.document,
        "sha256": report.sha256,
        "index": paragraph.index,
        "start": paragraph.start,
        "end": paragraph.end,
        "text": paragraph.text,
        "clean": paragraph.clean,
        "level": paragraph.level,
        "marker": paragraph.marker,
        "path": list(paragraph.path),
        "flags": list(paragraph.flags),
        "section": tagged.section,
        "section_score": round(tagged.section_score, _DIGITS),
        "themes": list(tagged.themes),
        "theme_scores": {
            theme: round(score, _DIGITS) for theme, score in zip(report.theme_ids, tagged.theme_scores, strict=True)
        },
        "band": tagged.band,
        "model": report.model,
        **({} if tagged.earned is None else {"earned": {each.theme: _earned(each) for each in tagged.earned}}),
    }


def _earned(each: Earned) -> dict[str, Any]:
    return {**_stretch(each.sentence), "words": _stretch(each.words) if each.words else None}


def _stretch(each: Stretch) -> dict[str, Any]:
    return {
        "start": each.start,
        "end": each.end,
        "text": each.text,
        "clean": list(each.clean),
        "drop": round(each.drop, _DIGITS),
        "without": round(each.without, _DIGITS),
    }


def render(report: TaggedReport, form: str) -> str:
    """Return a report's lines in a format, without any header."""
    records = (record(report, tagged) for tagged in report.paragraphs)
    if form == "jsonl":
        return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records)
    rows = io.StringIO()
    csv.writer(rows, lineterminator="\r\n").writerows(_cells(each) for each in records)
    return rows.getvalue()


def header(form: str, theme_ids: Iterable[str]) -> str:
    """Return what a file of the format begins with: nothing for JSONL, BOM and column names for CSV."""
    if form == "jsonl":
        return ""
    return BOM + ",".join(columns(theme_ids)) + "\r\n"


def columns(theme_ids: Iterable[str]) -> tuple[str, ...]:
    """Return the names of a table's columns, one for each theme's score."""
    return (*_COLUMNS, *map(_score_column, theme_ids), "band", "model", "text", "clean")


def flat(each: dict[str, Any]) -> dict[str, Any]:
    """Return a record as a row of a table: what `columns` names, lists still lists."""
    return {**each, **{_score_column(theme): score for theme, score in each["theme_scores"].items()}}


def _score_column(theme: str) -> str:
    return f"score_{theme}"


_COLUMNS = (
    "document",
    "sha256",
    "index",
    "start",
    "end",
    "level",
    "marker",
    "path",
    "flags",
    "section",
    "section_score",
    "themes",
)


def _cells(each: dict[str, Any]) -> list[Any]:
    joined = {
        "path": " > ".join(each["path"]),
        "flags": ";".join(each["flags"]),
        "themes": ";".join(each["themes"]),
    }
    row = {**flat(each), **joined}
    return [harmless(row[name]) for name in columns(each["theme_scores"])]


def harmless(cell: Any) -> Any:
    """Put an apostrophe before text that a spreadsheet would run as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
