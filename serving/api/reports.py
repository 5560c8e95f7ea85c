"""POST /v1/reports: files or archives of some in; paragraphs, text and counts out, as `Accept` wants them."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, File, Query, Request, UploadFile
from starlette.responses import Response

from fazhi.serving.api.errors import RefusedError, invalid
from fazhi.serving.api.intake import check_any, take_in
from fazhi.serving.api.rendering import FORM_ANSWERS, JSON, in_file, in_json, remarks_of, wanted_form
from fazhi.serving.api.schemas import FieldName, ReportsAnswer, Score
from fazhi.serving.api.service import Shared, asked_of
from fazhi.serving.destination import EXPLAINED, Results

router = APIRouter(tags=["标注 tagging"])
_SEVERAL = "fazhi"  # what a result of several files is called


@router.post("/v1/reports", response_model=ReportsAnswer, responses=FORM_ANSWERS)
async def tag_reports(
    file: Annotated[list[UploadFile], File(min_length=1)],
    request: Request,
    service: Shared,
    min_score: Annotated[Score, Query(description="只提高阈值 · raises thresholds, never lowers them")] = 0.0,
    explain: Annotated[bool, Query(description="标出得到主题的字句 · mark the words that earned each theme")] = False,
    fields: Annotated[list[FieldName] | None, Query(description="只要这些字段 · only these fields")] = None,
) -> Response:
    """上传报告 · upload .txt .html .docx .pdf or .zip, one or more; `Accept` chooses JSON, CSV, XLSX or the page."""
    form = _form(request.headers.get("accept", ""), explain, fields)
    asked = asked_of(request, service, min_score, explain)
    taken = await take_in(file, asked, service)
    check_any(taken, "file")
    tagged = [report for each in taken for report in each.tagged]
    results = Results(asked.tagger, (form,), {"min_score": min_score}, remarks=remarks_of(taken, asked.tagger))
    if form == JSON:
        return await service.engine.aside(partial(in_json, tagged, results, fields))
    name = taken[0].name if len(taken) == 1 else _SEVERAL
    return await service.engine.aside(partial(in_file, form, name, tagged, results))


def _form(accept: str, explain: bool, fields: list[str] | None) -> str:
    """Return the form that was asked for.

    Raises:
        RefusedError: We have none such, or it cannot show what else was asked for.
    """
    form = wanted_form(accept)
    if fields and form != JSON:
        raise RefusedError(invalid(f"不适用于 is not for {form}", "fields", "Accept: application/json"))
    if explain and form not in {JSON, *EXPLAINED}:
        raise RefusedError(invalid(f"不适用于 is not shown in {form}", "explain", "application/json, text/html"))
    return form
