"""The application, put together: a service in, an ASGI application out. The engine is started by whoever runs it."""

from fastapi import FastAPI, Security
from fastapi.security import HTTPBearer

from fazhi.serving.api import about, compare, home, reports, studio, tagging, votes
from fazhi.serving.api.admission import Admitted, works_of
from fazhi.serving.api.errors import answer_errors, documented
from fazhi.serving.api.guard import Guarded
from fazhi.serving.api.observing import Observed
from fazhi.serving.api.service import Service

_ABOUT = "标注法治政府建设报告的每一段 · tags every paragraph of rule-of-law government reports"
_SMALL = 100_000  # bytes of a body that no route looks at
_OPEN, _KEYED = documented(403, 413), documented(401, 403, 413)


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
        (tagging.router, works["/v1/tag"].most, _KEYED),
        (reports.router, works["/v1/reports"].most, _KEYED),
        (compare.router, works["/v1/compare"].most, _KEYED),
        (votes.router, works["/v1/votes"].most, _KEYED),
        (studio.router, works["/studio/predict"].most, _KEYED),
        (studio.open_router, works["/studio/predict"].most, _OPEN),
        (about.router, _SMALL, _KEYED),
        (about.open_router, _SMALL, _OPEN),
        (home.router, _SMALL, _OPEN),
    )
    key = Security(HTTPBearer(auto_error=False, description="fazhi serve keys add NAME"))
    for router, size, errors in rooms:
        needed = [] if errors is _OPEN else [key]
        app.include_router(router, max_body_size=size, dependencies=needed, responses=errors)
