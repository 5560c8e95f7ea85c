"""Results of an upload in the form that was asked for: `Accept` in, bytes and their content type out.

Tables, workbook and page are those of `fazhi tag`, written by `destination` into a folder that is gone at the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from fazhi.model.reading import Document
from fazhi.model.tagger import TaggedReport
from fazhi.serving.api.errors import json_answer
from fazhi.serving.api.tagging import chosen
from fazhi.serving.batch import Outcome
from fazhi.serving.counts import count
from fazhi.serving.destination import Results, single_file
from fazhi.serving.inputs import Input
from fazhi.serving.outputs import record

JSON = "json"
FORMS = {
    "application/json": JSON,
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/html": "html",
    "application/jsonl": "jsonl",
    "application/x-ndjson": "jsonl",
}
"""Content types that `Accept` may name; the first is what `*/*` gets."""

_UTF8 = {"csv": "text/csv; charset=utf-8", "html": "text/html; charset=utf-8", "jsonl": "application/jsonl"}


@dataclass(frozen=True, slots=True)
class Tagged:
    """A document of an upload and its tags."""

    document: Document
    report: TaggedReport


def form_of(accept: str) -> str | None:
    """Return the form that a header likes best, of equals the one it names first; None where it takes none of ours."""
    ranges = [_range(each) for each in accept.split(",") if each.strip()] or [("*/*", 1.0)]
    for kind, weight in sorted(ranges, key=lambda each: -each[1]):
        for ours, form in FORMS.items():
            if weight > 0 and kind in {ours, "*/*", f"{ours.partition('/')[0]}/*"}:
                return form
    return None


def in_json(tagged: Sequence[Tagged], results: Results, fields: list[str] | None) -> Response:
    """Return everything as one JSON object."""
    remarks = results.remarks
    errors = [{"document": each.where, "message": each.what, "hint": each.hint} for each in remarks.failed]
    reports = [_report(each, [*each.document.warnings, *_doubts(each, results)], fields) for each in tagged]
    model = results.tagger.bundle.label
    return json_answer({"model": model, "reports": reports, "not_tagged": errors, "left_out": remarks.left_out})


def in_file(form: str, name: str, tagged: Sequence[Tagged], results: Results) -> Response:
    """Return everything as a file; how many inputs are not in it stands in a header."""
    with TemporaryDirectory(prefix="fazhi-result-") as folder:
        path = Path(folder) / f"result.{form}"
        with single_file(str(path), results) as write:
            for each in tagged:
                write(Outcome(Input(each.report.document, each.report.document), each.report, None), each.report)
        content = path.read_bytes()
    kind = _UTF8.get(form) or next(kind for kind, known in FORMS.items() if known == form)
    shown = "inline" if form == "html" else "attachment"
    headers = {
        "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(f'{name}.{form}', safe='')}",
        "Fazhi-Not-Tagged": str(len(results.remarks.failed)),
    }
    return Response(content, media_type=kind, headers=headers)


def _report(each: Tagged, warnings: list[str], fields: list[str] | None) -> dict[str, Any]:
    document, report, counts = each.document, each.report, count(each.report)
    themes = zip(report.theme_ids, counts.theme_paragraphs, counts.shares, strict=True)
    return {
        "document": document.name,
        "sha256": document.sha256,
        "text": document.text,
        "furniture": document.furniture,
        "warnings": warnings,
        "counts": {
            "paragraphs": counts.paragraphs,
            "body": counts.body,
            "check": counts.check,
            "characters": counts.characters,
            "themes": {theme: {"paragraphs": number, "share": round(share, 4)} for theme, number, share in themes},
        },
        "paragraphs": chosen([record(report, tagged) for tagged in report.paragraphs], fields),
    }


def _doubts(each: Tagged, results: Results) -> list[str]:
    return [why for name, why in results.remarks.doubtful if name == each.document.name]


def _range(text: str) -> tuple[str, float]:
    kind, *parameters = (part.strip().lower() for part in text.split(";"))
    weights = [part[2:] for part in parameters if part.startswith("q=")]
    try:
        return kind, float(weights[0]) if weights else 1.0
    except ValueError:
        return kind, 0.0
