"""POST /v1/tag: a report as text, or paragraphs without their report, in; tagged paragraphs out."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from fazhi.model.cleaning import BLANKS, clean
from fazhi.model.reading import InputError, document_from_text
from fazhi.model.report import Place, paragraph_alone
from fazhi.model.tagger import TaggedReport
from fazhi.serving.api.errors import WORK_ERRORS, RefusedError, invalid, json_answer, too_large
from fazhi.serving.api.schemas import LoneParagraph, TagAnswer, TagBody
from fazhi.serving.api.service import Limits, Shared, asked_of
from fazhi.serving.engine import Asked, Engine, Lone
from fazhi.serving.outputs import record

router = APIRouter(tags=["标注 tagging"])


@router.post("/v1/tag", response_model=TagAnswer, responses=WORK_ERRORS)
async def tag(body: TagBody, request: Request, service: Shared) -> Response:
    """标注文本或段落 · tag a report that is sent as text, or paragraphs."""
    asked = asked_of(request, service, body.min_score, body.explain)
    if (body.text is None) == (body.paragraphs is None):
        raise RefusedError(invalid("text 与 paragraphs 二选一 · one of text and paragraphs is needed", "text"))
    if body.paragraphs is None:
        paragraphs = await _of_report(body, asked, service.engine, service.limits)
    else:
        count = check_paragraphs(((each.text, each.path) for each in body.paragraphs), service.limits, "paragraphs")
        lone = await service.engine.beside(count, partial(_lone, body.paragraphs))
        tagged = await service.engine.tag_lone(lone, asked)
        paragraphs = [_lone_record(each, index) for index, each in enumerate(tagged)]
    answer = partial(json_answer, {"model": paragraphs[0]["model"], "paragraphs": chosen(paragraphs, body.fields)})
    return await service.engine.beside(sum(len(each["text"]) for each in paragraphs), answer)


def check_paragraphs(paragraphs: Iterable[tuple[str, Sequence[str]]], limits: Limits, field: str) -> int:
    """Refuse more paragraphs than a request may bring, given as text and heads; return their characters.

    Raises:
        RefusedError: They are more, or their characters are.
    """
    each = [len(text) + sum(map(len, path)) for text, path in paragraphs]
    if len(each) > limits.paragraphs:
        raise RefusedError(too_large(f"超过 more than {limits.paragraphs} 段 paragraphs", field))
    return check_characters(sum(each), limits, field)


def check_characters(count: int, limits: Limits, field: str) -> int:
    """Refuse more characters than a request may bring; return how many they are.

    Raises:
        RefusedError: They are more.
    """
    if count > limits.characters:
        message = f"超过 more than {limits.characters:,} 字 characters"
        raise RefusedError(too_large(message, field, "分成几次 · split it"))
    return count


def chosen(records: list[dict[str, Any]], fields: list[str] | None) -> list[dict[str, Any]]:
    """Return records with the fields that were asked for, in their usual order."""
    if fields is None:
        return records
    return [{name: value for name, value in each.items() if name in fields} for each in records]


async def _of_report(body: TagBody, asked: Asked, engine: Engine, limits: Limits) -> list[dict[str, Any]]:
    text = body.text or ""
    check_characters(len(text), limits, "text")
    try:
        report = await engine.tag(document_from_text(text, body.document), asked)
    except InputError as error:
        raise RefusedError(invalid(error.what, "text", error.hint)) from None
    return [record(report, each) for each in report.paragraphs]


def _lone(paragraphs: list[LoneParagraph]) -> list[Lone]:
    found = []
    for index, each in enumerate(paragraphs):
        path = tuple(clean(head).text.strip(BLANKS) for head in each.path)
        try:
            document = document_from_text(each.text, "paragraph")
            found.append(Lone(document, paragraph_alone(document, Place(path=path))))
        except InputError as error:
            raise RefusedError(invalid(error.what, f"paragraphs.{index}.text", error.hint)) from None
    return found


def _lone_record(report: TaggedReport, index: int) -> dict[str, Any]:
    own = {"document": None, "sha256": None, "index": index, "start": None, "end": None}
    return {**record(report, report.paragraphs[0]), **own}
