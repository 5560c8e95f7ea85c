"""Tagged reports to the formats that others rely on: JSONL and CSV, one paragraph a line.

    record(tagged, paragraph)  ->  {"document": "a.txt", "index": 0, "text": "…", "section": "title", …}

The same record in every format. Files appear under a temporary name and are renamed when they are complete.
"""

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from fazhi.model.reading import InputError
from fazhi.model.tagger import TaggedParagraph, TaggedReport

FORMATS = ("jsonl", "csv")
_DIGITS = 4
_BOM = "\ufeff"  # without it Excel reads UTF-8 as the system's encoding
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def record(report: TaggedReport, tagged: TaggedParagraph) -> dict[str, Any]:
    """Return the paragraph object that JSONL and REST share, its fields in the documented order."""
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
    scores = [f"score_{theme}" for theme in theme_ids]
    return _BOM + ",".join((*_COLUMNS, *scores, "band", "model", "text", "clean")) + "\r\n"


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Open a file under a temporary name; it takes its own when the block ends well, else it disappears.

    Raises:
        InputError: The folder cannot be written.
    """
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = part.open("w", encoding="utf-8", errors="backslashreplace", newline="")
    except OSError as error:
        raise InputError(str(path), f"cannot be written ({error.strerror})", "choose another place") from None
    try:
        with file:
            yield file
        os.replace(part, path)
    except OSError as error:
        raise InputError(
            str(path), f"could not be completed ({error.strerror})", "free some space, run again"
        ) from None
    finally:
        part.unlink(missing_ok=True)


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
    flat = {
        **each,
        "path": " > ".join(each["path"]),
        "flags": ";".join(each["flags"]),
        "themes": ";".join(each["themes"]),
    }
    cells = [*(flat[name] for name in _COLUMNS), *each["theme_scores"].values()]
    return [_harmless(cell) for cell in (*cells, each["band"], each["model"], each["text"], each["clean"])]


def _harmless(cell: Any) -> Any:
    """Put an apostrophe before text that a spreadsheet would run as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
