"""Results of an upload in the form that was asked for: `Accept` in, bytes and their content type out.

Tables, workbook and page are those of `fazhi tag`, written by `destination` into a folder that is gone at the end.
"""

from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from fazhi.model.reading import InputError
from fazhi.model.report import SEGMENTER_VERSION
from fazhi.model.tagger import Tagger
from fazhi.serving.api.errors import WORK_ERRORS, Problem, RefusedError, documented, json_answer
from fazhi.serving.api.intake import Tagged, Taken
from fazhi.serving.api.tagging import chosen
from fazhi.serving.batch import Outcome
from fazhi.serving.compare import figures_of
from fazhi.serving.compare_lines import gaps_of
from fazhi.serving.destination import Results, single_file
from fazhi.serving.genre import doubt
from fazhi.serving.inputs import Input
from fazhi.serving.outputs import record
from fazhi.serving.remarks import Remarks

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

FORM_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {} for kind in FORMS if kind != "application/json"}},
    **WORK_ERRORS,
    **documented(406),
}
"""What a route that answers in these forms says of its answers in the OpenAPI document."""
_UTF8 = {"csv": "text/csv; charset=utf-8", "html": "text/html; charset=utf-8", "jsonl": "application/jsonl"}


def wanted_form(accept: str) -> str:
    """Return the form that a request asks for.

    Raises:
        RefusedError: We have none such.
    """
    form = form_of(accept)
    if form is None:
        hint = ", ".join(FORMS)
        raise RefusedError(
            Problem(HTTPStatus.NOT_ACCEPTABLE, "not_acceptable", "没有这种格式 · no such form", "Accept", hint)
        )
    return form


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
    bundle, remarks = results.tagger.bundle, results.remarks
    return json_answer(
        {
            "model": bundle.label,
            "scheme": bundle.scheme.fingerprint,
            "segmenter": SEGMENTER_VERSION,
            "reports": [_report(each, results.tagger, fields) for each in tagged],
            "not_tagged": not_tagged(remarks.failed),
            "left_out": remarks.left_out,
        }
    )


def not_tagged(failed: Sequence[InputError]) -> list[dict[str, str]]:
    """Return which files gave nothing, and why."""
    return [{"document": each.where, "message": each.what, "hint": each.hint} for each in failed]


def remarks_of(taken: Sequence[Taken], tagger: Tagger) -> Remarks:
    """Collect what is to be said beside the results."""
    tagged = [report for each in taken for report in each.tagged]
    doubts = [(each.document.name, _doubt_of(each, tagger)) for each in tagged]
    return Remarks(
        left_out=sum(each.left_out for each in taken),
        failed=[error for each in taken for error in each.failed],
        doubtful=[(name, why) for name, why in doubts if why],
        incomplete=[(each.document.name, why) for each in tagged for why in each.document.warnings],
        furniture=sum(each.document.furniture for each in tagged),
    )


def in_file(form: str, name: str, tagged: Sequence[Tagged], results: Results) -> Response:
    """Return everything as a file.

    Raises:
        RuntimeError: Our disk does not take it; nothing that the request could do about.
    """
    with TemporaryDirectory(prefix="fazhi-result-") as folder:
        path = Path(folder) / f"result.{form}"
        try:
            with single_file(str(path), results) as write:
                for each in tagged:
                    write(Outcome(Input(each.report.document, each.report.document), each.report, None), each.report)
        except InputError as error:
            raise RuntimeError(str(error)) from error
        content = path.read_bytes()
    return file_answer(content, form, name, len(results.remarks.failed))


def file_answer(content: bytes, form: str, name: str, failed: int) -> Response:
    """Return a file of a form; how many inputs are not in it stands in a header."""
    kind = _UTF8.get(form) or next(kind for kind, known in FORMS.items() if known == form)
    shown = "inline" if form == "html" else "attachment"
    headers = {
        "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(f'{name}.{form}', safe='')}",
        "Fazhi-Not-Tagged": str(failed),
    }
    return Response(content, media_type=kind, headers=headers)


def _report(each: Tagged, tagger: Tagger, fields: list[str] | None) -> dict[str, Any]:
    document, report, figures = each.document, each.report, figures_of(each.report, tagger.bundle.scheme)
    counts, why = figures.counts, _doubt_of(each, tagger)
    themes = zip(report.theme_ids, counts.theme_paragraphs, counts.shares, strict=True)
    return {
        "document": document.name,
        "sha256": document.sha256,
        "text": document.text,
        "furniture": document.furniture,
        "warnings": [*document.warnings, *([why] if why else [])],
        "counts": {
            "paragraphs": counts.paragraphs,
            "body": counts.body,
            "check": counts.check,
            "characters": counts.characters,
            "themes": {theme: {"paragraphs": number, "share": round(share, 4)} for theme, number, share in themes},
        },
        "not_found": gaps_of(figures, tagger.bundle.scheme),
        "paragraphs": chosen([record(report, tagged) for tagged in report.paragraphs], fields),
    }


def _doubt_of(each: Tagged, tagger: Tagger) -> str:
    """Return why a document does not look like a report; empty where it does."""
    return doubt(each.report, tagger.bundle.scheme, tagger.bundle.decisions.theme_thresholds)


def _range(text: str) -> tuple[str, float]:
    kind, *parameters = (part.strip().lower() for part in text.split(";"))
    weights = [part[2:] for part in parameters if part.startswith("q=")]
    try:
        return kind, float(weights[0]) if weights else 1.0
    except ValueError:
        return kind, 0.0
