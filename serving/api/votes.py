"""POST /v1/votes: answers of one person to paragraphs of tagged reports in, lines of examples.jsonl out.

Nothing is kept here: the lines go back to whoever sent the answers. They are checked as `read_examples` checks them, so
that what was downloaded can be trained on.
"""

from functools import partial
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from fazhi.model.labels import Example, Scheme, check_example, line_of, uid_of
from fazhi.serving.api.errors import WORK_ERRORS, RefusedError, invalid
from fazhi.serving.api.schemas import Text
from fazhi.serving.api.service import Shared

router = APIRouter(tags=["更正 corrections"])
_LINES = "application/jsonl"
_SOURCE = "page"


class Vote(BaseModel):
    """A person's answer to one paragraph of a tagged report: what it was tagged as, its place, and the right labels."""

    model_config = ConfigDict(extra="forbid")

    document: Text
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    index: int
    count: int = Field(description="段落总数 · paragraphs of its report")
    start: int
    end: int
    text: Text
    clean: Text
    level: int = Field(ge=0, le=4)
    marker: Text
    path: list[Text]
    section: str
    themes: list[str]
    scheme: str = Field(description="/v1/reports 所给 · as /v1/reports gave it")
    segmenter: Text = Field(max_length=20, description="/v1/reports 所给 · as /v1/reports gave it")


class VotesBody(BaseModel):
    """Answers of one person."""

    model_config = ConfigDict(extra="forbid")

    annotator: Annotated[Text, Field(min_length=1, max_length=100, description="谁核对的 · who answered")]
    answers: list[Vote] = Field(min_length=1)


@router.post("/v1/votes", response_class=Response, responses={200: {"content": {_LINES: {}}}, **WORK_ERRORS})
async def votes(body: VotesBody, service: Shared) -> Response:
    """更正 · turn answers to paragraphs into votes, one line of examples.jsonl each; nothing is stored."""
    return await service.engine.aside(partial(_lines, body, service.engine.tagger.bundle.scheme))


def _lines(body: VotesBody, scheme: Scheme) -> Response:
    lines = [_line(vote, place, body.annotator, scheme) for place, vote in enumerate(body.answers)]
    headers = {"Content-Disposition": 'attachment; filename="examples.jsonl"'}
    return Response("".join(lines).encode("utf-8"), media_type=_LINES, headers=headers)


def _line(vote: Vote, place: int, annotator: str, scheme: Scheme) -> str:
    example = Example(
        **{**vote.model_dump(), "path": tuple(vote.path), "themes": tuple(vote.themes)},
        uid=uid_of(vote.sha256, vote.start, vote.end),
        kind="vote",
        annotator=annotator,
        source=_SOURCE,
        round=0,
    )
    try:
        check_example(example, scheme)
    except ValueError as error:
        raise RefusedError(invalid(str(error), f"answers.{place}")) from None
    return line_of(example)
