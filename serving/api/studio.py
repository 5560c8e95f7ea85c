"""Label Studio's ML backend under `/studio`: tasks in, one prediction for each out, in order.

    POST /studio/predict {"tasks": [{"data": {"text": "…"}, …}, …]}  ->  {"results": [{"result": […], "score": 0.9, …}]}

Of a task only its text is looked at and, where fazhi pushed it, where the paragraph stands: answers that are already
there must not leak into suggestions. The token that Label Studio sends to `setup` is neither read nor kept. Health and
webhook answer at once, also while everything scores. The contract is written down nowhere else than in Label Studio's
client code; this is what version 1.23 was seen to send.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from fazhi.model.labels import Said, suggestion
from fazhi.model.reading import InputError, document_from_text
from fazhi.model.report import Place, paragraph_alone
from fazhi.model.tagger import TaggedReport
from fazhi.serving.api.errors import WORK_ERRORS, RefusedError, invalid, json_answer
from fazhi.serving.api.schemas import Text, Words
from fazhi.serving.api.service import Shared, asked_of
from fazhi.serving.api.tagging import check_paragraphs
from fazhi.serving.engine import Lone

router = APIRouter(prefix="/studio", tags=["Label Studio"])
open_router = APIRouter(prefix="/studio", tags=["Label Studio"])
Index = Annotated[int, Field(ge=0)]


class Data(BaseModel):
    """What people see of a task."""

    text: Words
    level: Annotated[int, Field(ge=0, le=4)] = 0
    index: Index = Place().index


class Meta(BaseModel):
    """What fazhi keeps in a task beside that."""

    path: list[Text] = []
    count: Annotated[int, Field(ge=1)] = Place().count


class Task(BaseModel):
    """A task; what else it has is not looked at."""

    data: Data
    meta: Meta | None = None


class PredictBody(BaseModel):
    """The tasks that are to be predicted."""

    tasks: list[Task]


class Prediction(BaseModel):
    """A suggestion as Label Studio stores it; the score is that of the least sure of its decisions."""

    model_version: str
    score: float
    result: list[dict[str, Any]]


class PredictAnswer(BaseModel):
    """A suggestion for each task, in order."""

    results: list[Prediction]


class HealthAnswer(BaseModel):
    """That the backend is there."""

    status: str
    model_class: str


class SetupAnswer(BaseModel):
    """The bundle that answers."""

    model_version: str


class VersionsAnswer(BaseModel):
    """The bundles that there are."""

    versions: list[str]


@open_router.get("/health", response_model=HealthAnswer)
async def health() -> Response:
    """在 · here."""
    return json_answer({"status": "UP", "model_class": "fazhi"})


@router.post("/setup", response_model=SetupAnswer)
async def setup(service: Shared) -> Response:
    """模型版本 · the version of the model; the body is left unread."""
    return json_answer({"model_version": service.engine.tagger.bundle.label})


@router.get("/versions", response_model=VersionsAnswer)
async def versions(service: Shared) -> Response:
    """模型版本 · the versions that there are: the one that answers."""
    return json_answer({"versions": [service.engine.tagger.bundle.label]})


@open_router.post("/webhook", response_model=dict[str, Any])
async def webhook() -> Response:
    """不作处理 · noticed, and nothing done: answers are pulled, and nothing trains in a web request."""
    return json_answer({})


@router.post("/predict", response_model=PredictAnswer, responses=WORK_ERRORS)
async def predict(body: PredictBody, request: Request, service: Shared) -> Response:
    """标注建议 · a suggestion for each task, in order."""
    told = ((task.data.text, task.meta.path if task.meta else ()) for task in body.tasks)
    count = check_paragraphs(told, service.limits, "tasks")
    asked = asked_of(request, service)
    lone = await service.engine.beside(count, lambda: [_lone(task, index) for index, task in enumerate(body.tasks)])
    tagged = await service.engine.tag_lone(lone, asked)
    scheme = asked.tagger.bundle.scheme
    return json_answer({"results": [suggestion(each.model, _said(each), scheme) for each in tagged]})


def _lone(task: Task, index: int) -> Lone:
    data, meta = task.data, task.meta or Meta()
    place = Place(tuple(meta.path), data.level, data.index, max(meta.count, data.index + 1))
    try:
        document = document_from_text(data.text, "task")
        return Lone(document, paragraph_alone(document, place))
    except InputError as error:
        raise RefusedError(invalid(error.what, f"tasks.{index}.data.text", error.hint)) from None


def _said(report: TaggedReport) -> Said:
    tagged = report.paragraphs[0]
    scores = dict(zip(report.theme_ids, tagged.theme_scores, strict=True))
    return Said(tagged.section, tagged.section_score, tagged.themes, scores)
