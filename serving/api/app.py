"""The application, put together: a service in, an ASGI application out. The engine is started by whoever runs it."""

from typing import Any

from fastapi import FastAPI, Security
from fastapi.security import HTTPBearer

from fazhi.serving.api import about, compare, home, reports, studio, tagging, votes
from fazhi.serving.api.admission import Admitted, works_of
from fazhi.serving.api.errors import ErrorAnswer, answer_errors
from fazhi.serving.api.guard import Guarded
from fazhi.serving.api.observing import Observed
from fazhi.serving.api.service import Service

_ABOUT = "标注法治政府建设报告的每一段 · tags every paragraph of rule-of-law government reports"
_SMALL = 100_000  # bytes of a body that no route looks at
_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorAnswer} for status in (401, 403, 413, 415, 422, 429, 503, 504)
}


def create_app(service: Service) -> FastAPI:
    """Return the application; its engine must be entered before the first request."""
    app = FastAPI(title="fazhi", version="1", description=_ABOUT, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.service = service
    service.metrics.watch(lambda: service.engine.batcher.depth)
    _add_routes(app, service)
    answer_errors(app)
    app.add_middleware(Admitted, limits=service.limits)
    app.add_middleware(Guarded, policy=service.policy, keys=service.keys)
    app.add_middleware(Observed, metrics=service.metrics)
    return app


def _add_routes(app: FastAPI, service: Service) -> None:
    """Add the rooms; the server stops reading a body that outgrows its room's limit, whatever its head says."""
    works = works_of(service.limits)
    rooms = (
        (tagging.router, works["/v1/tag"].most),
        (reports.router, works["/v1/reports"].most),
        (compare.router, works["/v1/compare"].most),
        (votes.router, works["/v1/votes"].most),
        (studio.router, works["/studio/predict"].most),
        (about.router, _SMALL),
        (home.router, _SMALL),
    )
    key = Security(HTTPBearer(auto_error=False, description="fazhi serve keys add NAME"))
    for router, size in rooms:
        app.include_router(router, max_body_size=size, dependencies=[key], responses=_ERRORS)
