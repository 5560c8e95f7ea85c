"""POST /v1/reports: a file or an archive of some in; paragraphs, text and counts out, as `Accept` wants them."""

from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Query, Request, UploadFile
from starlette.responses import Response

from fazhi.model.reading import InputError
from fazhi.model.tagger import Tagger
from fazhi.serving.api.errors import WORK_ERRORS, Problem, RefusedError, documented, invalid, too_large
from fazhi.serving.api.rendering import FORMS, JSON, Tagged, form_of, in_file, in_json
from fazhi.serving.api.schemas import FieldName, ReportsAnswer, Score
from fazhi.serving.api.service import Limits, Service, Shared, asked_of
from fazhi.serving.api.upload import Upload, read_upload, tidy_name
from fazhi.serving.destination import EXPLAINED, Results
from fazhi.serving.engine import Asked
from fazhi.serving.genre import doubt
from fazhi.serving.remarks import Remarks

router = APIRouter(tags=["标注 tagging"])
_OTHERS: dict[str, Any] = {kind: {} for kind in FORMS if kind != "application/json"}
_ANSWERS = {200: {"content": _OTHERS}, **WORK_ERRORS, **documented(406)}


@router.post("/v1/reports", response_model=ReportsAnswer, responses=_ANSWERS)
async def tag_reports(
    file: UploadFile,
    request: Request,
    service: Shared,
    min_score: Annotated[Score, Query(description="只提高阈值 · raises thresholds, never lowers them")] = 0.0,
    explain: Annotated[bool, Query(description="标出得到主题的字句 · mark the words that earned each theme")] = False,
    fields: Annotated[list[FieldName] | None, Query(description="只要这些字段 · only these fields")] = None,
) -> Response:
    """上传报告 · upload .txt .html .docx .pdf or a .zip of them; `Accept` chooses JSON, CSV, XLSX or the HTML page."""
    form = _form(request.headers.get("accept", ""), explain, fields)
    name = tidy_name(file.filename)
    asked = asked_of(request, service, min_score, explain)
    upload = await _read(file, name, asked, service)
    tagged, failed = await _tag_all(upload, asked, service)
    results = Results(asked.tagger, (form,), {"min_score": min_score}, _remarks(upload, tagged, failed, asked.tagger))
    if form == JSON:
        return await service.engine.aside(partial(in_json, tagged, results, fields))
    return await service.engine.aside(partial(in_file, form, name, tagged, results))


def _form(accept: str, explain: bool, fields: list[str] | None) -> str:
    """Return the form that was asked for.

    Raises:
        RefusedError: We have none such, or it cannot show what else was asked for.
    """
    form = form_of(accept)
    if form is None:
        hint = ", ".join(FORMS)
        raise RefusedError(
            Problem(HTTPStatus.NOT_ACCEPTABLE, "not_acceptable", "没有这种格式 · no such form", "Accept", hint)
        )
    if fields and form != JSON:
        raise RefusedError(invalid(f"不适用于 is not for {form}", "fields", "Accept: application/json"))
    if explain and form not in {JSON, *EXPLAINED}:
        raise RefusedError(invalid(f"不适用于 is not shown in {form}", "explain", "application/json, text/html"))
    return form


async def _read(file: UploadFile, name: str, asked: Asked, service: Service) -> Upload:
    work = partial(_read_here, file.file, name, asked.deadline, service.limits)
    try:
        return await service.engine.aside(work)
    except InputError as error:
        raise RefusedError(invalid(f"{error.where}: {error.what}", "file", error.hint)) from None


def _read_here(file: BinaryIO, name: str, deadline: float, limits: Limits) -> Upload:
    """Take a file into memory on the thread that reads it: no more files are there than threads."""
    data = file.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        raise RefusedError(too_large(f"超过 larger than {limits.file_bytes / 1_000_000:g} MB", "file"))
    return read_upload(data, name, deadline, limits)


async def _tag_all(upload: Upload, asked: Asked, service: Service) -> tuple[list[Tagged], list[InputError]]:
    """Tag the documents one after another, so that a large archive does not stand before everybody else.

    Raises:
        RefusedError: Not one could be tagged.
    """
    tagged, errors = [], list(upload.errors)
    for document in upload.documents:
        try:
            tagged.append(Tagged(document, await service.engine.tag(document, asked)))
        except InputError as error:
            errors.append(error)
    if not tagged:
        first = errors[0]
        raise RefusedError(invalid(f"{first.where}: {first.what}", "file", first.hint))
    return tagged, errors


def _remarks(upload: Upload, tagged: Sequence[Tagged], failed: list[InputError], tagger: Tagger) -> Remarks:
    """Collect what is to be said beside the results."""
    doubts = [(each.document.name, _doubt(each, tagger)) for each in tagged]
    return Remarks(
        left_out=upload.left_out,
        failed=failed,
        doubtful=[(name, why) for name, why in doubts if why],
        incomplete=[(each.document.name, why) for each in tagged for why in each.document.warnings],
        furniture=sum(each.document.furniture for each in tagged),
    )


def _doubt(each: Tagged, tagger: Tagger) -> str:
    return doubt(each.report, tagger.bundle.scheme, tagger.bundle.decisions.theme_thresholds)
