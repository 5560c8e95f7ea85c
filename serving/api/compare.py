"""POST /v1/compare: two to six files in, each a side; their themes and sections beside each other out.

An archive is one side of many reports. What a comparison says is for `compare` of the command line, and the same.
"""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, File, Query, Request, UploadFile
from starlette.responses import Response

from fazhi.serving.api.errors import json_answer
from fazhi.serving.api.intake import Taken, check_any, take_in
from fazhi.serving.api.rendering import FORM_ANSWERS, JSON, file_answer, not_tagged, remarks_of, wanted_form
from fazhi.serving.api.schemas import ComparisonAnswer, Score
from fazhi.serving.api.service import Shared, asked_of
from fazhi.serving.compare import LETTERS, Comparison, Side, compare, figures_of
from fazhi.serving.compare_files import comparison_file
from fazhi.serving.compare_page import contents_of
from fazhi.serving.destination import Results

router = APIRouter(tags=["标注 tagging"])
_FEWEST = 2
_NAME = "compare"


@router.post("/v1/compare", response_model=ComparisonAnswer, responses=FORM_ANSWERS)
async def compare_files(
    file: Annotated[list[UploadFile], File(min_length=_FEWEST, max_length=len(LETTERS))],
    request: Request,
    service: Shared,
    min_score: Annotated[Score, Query(description="只提高阈值 · raises thresholds, never lowers them")] = 0.0,
) -> Response:
    """对照报告 · compare two to six files, each a side, an archive one of many reports; `Accept` chooses the form."""
    form = wanted_form(request.headers.get("accept", ""))
    asked = asked_of(request, service, min_score)
    taken = await take_in(file, asked, service)
    for place, each in enumerate(taken):
        check_any([each], f"file.{place}")
    results = Results(asked.tagger, (form,), {"min_score": min_score}, remarks=remarks_of(taken, asked.tagger))
    return await service.engine.aside(partial(_answer, form, taken, results))


def _answer(form: str, taken: Sequence[Taken], results: Results) -> Response:
    scheme = results.tagger.bundle.scheme
    sides = [
        Side(each.name, tuple(figures_of(tagged.report, scheme) for tagged in each.tagged), len(each.failed))
        for each in taken
    ]
    comparison, failed = compare(sides, scheme), results.remarks.failed
    if form != JSON:
        return file_answer(comparison_file(form, comparison, results), form, _NAME, len(failed))
    return json_answer({**_contents(comparison, results), "not_tagged": not_tagged(failed)})


def _contents(comparison: Comparison, results: Results) -> dict[str, Any]:
    bundle = results.tagger.bundle
    return contents_of(comparison, bundle.scheme, results.tagger.thresholds, bundle.label)
