"""What the service says of itself: labels, model, health, figures; and the exchange of the bundle."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from fazhi.model.reading import InputError
from fazhi.model.tagger import Tagger
from fazhi.serving.api.errors import Problem, RefusedError, documented, json_answer
from fazhi.serving.api.logs import LOG
from fazhi.serving.api.service import Service, Shared
from fazhi.serving.page import sections_of, themes_of

router, open_router = APIRouter(tags=["服务 service"]), APIRouter(tags=["服务 service"])


class ThemeAnswer(BaseModel):
    """A theme, and the score from which it is given."""

    id: str
    zh: str
    short: str
    en: str
    definition: str
    takes: str
    excludes: str
    color: str
    threshold: float


class SectionAnswer(BaseModel):
    """A section; those that are not themed get no themes."""

    id: str
    zh: str
    en: str
    definition: str
    themed: bool


class LabelsAnswer(BaseModel):
    """The label scheme; its fingerprint is that of the ordered ids."""

    name: str
    version: str
    fingerprint: str
    themes: list[ThemeAnswer]
    sections: list[SectionAnswer]


class ModelAnswer(BaseModel):
    """Where a bundle comes from, and how good it was found to be."""

    model: str
    kind: str
    name: str
    version: str
    created: str
    base: str
    base_licence: str
    licence: str
    scheme: str
    training_data: str
    metrics: dict[str, Any]


class LiveAnswer(BaseModel):
    """The process runs."""

    status: str


class ReadyAnswer(LiveAnswer):
    """It can take another request, which this bundle answers."""

    model: str


class ReloadAnswer(BaseModel):
    """The bundle that answers from now on."""

    model: str


@router.get("/v1/labels", response_model=LabelsAnswer)
async def labels(service: Shared) -> Response:
    """主题与类别 · the themes with their thresholds, and the sections."""
    scheme = service.engine.tagger.bundle.scheme
    shown = zip(scheme.themes, themes_of(scheme, service.engine.tagger.thresholds), strict=True)
    themes = [{**each, "takes": theme.takes, "excludes": theme.excludes} for theme, each in shown]
    about = {"name": scheme.name, "version": scheme.version, "fingerprint": scheme.fingerprint}
    return json_answer({**about, "themes": themes, "sections": sections_of(scheme)})


@router.get("/v1/model", response_model=ModelAnswer)
async def model(service: Shared) -> Response:
    """模型 · the bundle that answers, where it comes from and how good it was found to be."""
    manifest = service.engine.tagger.bundle.manifest
    told = (
        "kind",
        "name",
        "version",
        "created",
        "base",
        "base_licence",
        "licence",
        "scheme",
        "training_data",
        "metrics",
    )
    return json_answer({"model": manifest.label, **{name: getattr(manifest, name) for name in told}})


@open_router.get("/health/live", response_model=LiveAnswer)
async def live() -> Response:
    """进程在运行 · the process runs."""
    return json_answer({"status": "live"})


@open_router.get("/health/ready", response_model=ReadyAnswer, responses=documented(503))
async def ready(service: Shared) -> Response:
    """可以接受请求 · it can take another request; 503 where too many wait."""
    if service.engine.batcher.is_full:
        raise RefusedError(Problem(503, "busy", "队列已满 · the queue is full", "", "", {"Retry-After": "1"}))
    return json_answer({"status": "ready", "model": service.engine.tagger.bundle.label})


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(service: Shared) -> Response:
    """Prometheus 指标 · figures for Prometheus."""
    return Response(service.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


@router.post("/v1/admin/reload", response_model=ReloadAnswer, responses=documented(409))
async def reload(service: Shared) -> Response:
    """重新载入模型和密钥 · load bundle and keys anew; what is refused leaves the old one, answered with 409."""
    try:
        found = await exchange(service)
    except InputError as error:
        raise RefusedError(Problem(409, "refused", f"{error.where}: {error.what}", "", error.hint)) from None
    return json_answer({"model": found.bundle.label})


async def exchange(service: Service) -> Tagger:
    """Load bundle and keys anew, while requests come in.

    Raises:
        InputError: One of them is refused; it stays as it was.
    """
    try:
        service.keys.reread()
        found = await service.engine.reload()
    except InputError as error:
        service.metrics.count_reload(is_good=False)
        LOG.warning("reload refused", extra={"fields": {"reason": str(error)}})
        raise
    announce(service)
    service.metrics.count_reload(is_good=True)
    return found


def announce(service: Service) -> None:
    """Say in log and figures which bundle answers from now on."""
    manifest = service.engine.tagger.bundle.manifest
    service.metrics.name_model(manifest.label, manifest.kind)
    fields: dict[str, Any] = {"bundle": manifest.label, "kind": manifest.kind, "keys": len(service.keys.keys)}
    LOG.info("model", extra={"fields": fields})
