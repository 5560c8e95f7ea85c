"""A comparison to JSONL and CSV: one line for every theme or section on every side.

    {"kind": "theme", "id": "digital", …, "side": "B", "name": "2022", "found_in": 3, "share": 0.0841, …}

The same record in both formats, and the page reads it too. Gives text; where it goes is for others.
"""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from fazhi.model.labels import Scheme
from fazhi.serving.compare import LETTERS, Comparison, Figures, Line, Nearest, NotFound
from fazhi.serving.outputs import BOM, harmless

_DIGITS, _SHARE_DIGITS = 4, 6  # of scores; of shares, so that rounding them again to 0.1 % gives the same everywhere
_PLAIN = (
    "kind",
    "id",
    "zh",
    "en",
    "side",
    "name",
    "reports",
    "found_in",
    "found",
    "paragraphs",
    "share",
    "difference",
    "threshold",
)
_NEAREST = ("document", "index", "score", "words")


def records(comparison: Comparison, scheme: Scheme, thresholds: Sequence[float]) -> list[dict[str, Any]]:
    """Return the objects of all lines: themes, then sections; sides in their order within each.

    `difference` is the share less the share on the first side; `threshold` is None for sections.
    """
    limits = dict(zip(scheme.theme_ids, thresholds, strict=True))
    names = {each.id: (each.zh, each.en) for each in scheme.themes}
    names |= {each.id: (each.zh, each.en) for each in scheme.sections}
    return [
        {"kind": kind, "id": line.id, "zh": names[line.id][0], "en": names[line.id][1], **each}
        for kind, lines in (("theme", comparison.themes), ("section", comparison.sections))
        for line in lines
        for each in _sides_of(line, comparison, limits.get(line.id) if kind == "theme" else None)
    ]


def render_lines(comparison: Comparison, scheme: Scheme, thresholds: Sequence[float], form: str, model: str) -> str:
    """Return the whole file, `jsonl` or `csv`; every line names the model."""
    lines = [{**each, "model": model} for each in records(comparison, scheme, thresholds)]
    if form == "jsonl":
        return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in lines)
    rows = io.StringIO()
    writer = csv.writer(rows, lineterminator="\r\n")
    writer.writerow((*_PLAIN, *(f"nearest_{name}" for name in _NEAREST), "not_found", "model"))
    writer.writerows(_cells(each) for each in lines)
    return BOM + rows.getvalue()


def gaps_of(figures: Figures, scheme: Scheme) -> dict[str, dict[str, Any]]:
    """Return for every theme that a report does not have the paragraph that came nearest, by the theme's id."""
    pairs = zip(scheme.theme_ids, figures.not_found, strict=True)
    return {theme: _gap(each) for theme, each in pairs if each}


def _sides_of(line: Line, comparison: Comparison, threshold: float | None) -> list[dict[str, Any]]:
    first = line.sides[0].share
    return [
        {
            "side": letter,
            "name": side.name,
            "reports": each.reports,
            "found_in": each.found_in,
            "found": each.found,
            "paragraphs": each.paragraphs,
            "share": round(each.share, _SHARE_DIGITS),
            "difference": round(each.share - first, _SHARE_DIGITS),
            "threshold": threshold,
            "nearest": _paragraph(*each.nearest) if each.nearest else None,
            "not_found": [_gap(gap) for gap in each.not_found],
        }
        for letter, side, each in zip(LETTERS, comparison.sides, line.sides, strict=False)
    ]


def _gap(gap: NotFound) -> dict[str, Any]:
    if gap.nearest is None:
        return {"document": gap.document, "index": None, "score": None, "words": ""}
    return _paragraph(gap.document, gap.nearest)


def _paragraph(document: str, nearest: Nearest) -> dict[str, Any]:
    score = round(nearest.score, _DIGITS)
    return {"document": document, "index": nearest.index, "score": score, "words": nearest.words}


def _cells(each: dict[str, Any]) -> list[Any]:
    nearest = each["nearest"] or dict.fromkeys(_NEAREST, "")
    gaps = ";".join(gap["document"] for gap in each["not_found"])
    plain = (each[name] for name in _PLAIN)
    return [_cell(cell) for cell in (*plain, *(nearest[name] for name in _NEAREST), gaps, each["model"])]


def _cell(value: Any) -> Any:
    """Return what a spreadsheet shows: nothing for None, yes or no, no formula."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else harmless(value)
