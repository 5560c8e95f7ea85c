"""The outermost layer: every request gets an id, a line in the log and a place in the figures; a bug becomes a 500.

The id is the sender's `X-Request-ID` where that is a plain word, else a new one; it goes back in the answer.
"""

import re
import time
import uuid
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fazhi.serving.api.errors import BROKEN, refusal
from fazhi.serving.api.logs import LOG
from fazhi.serving.api.metrics import Metrics

_WORD = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_GONE = 499  # as nginx writes where nobody waits for the answer any more
_HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY"}


class Observed:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        identity = _identity(Headers(scope=scope).get("x-request-id", ""))
        scope.setdefault("state", {})["request_id"] = identity
        began, status = time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message).update({"X-Request-ID": identity, **_HEADERS})
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception:
            LOG.exception("bug", extra={"fields": {"request": identity}})
            if status:
                raise
            await refusal(BROKEN, scope)(scope, receive, sending)
        finally:
            self._tell(scope, status or _GONE, time.perf_counter() - began)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "other")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.count_request(route, method, status, seconds)
        state = scope["state"]
        fields = {
            "request": state["request_id"],
            "method": method,
            "route": route,
            "status": status,
            "seconds": round(seconds, 4),
            "key": state.get("key", ""),
        }
        bad = status >= HTTPStatus.INTERNAL_SERVER_ERROR
        LOG.log(40 if bad else 20, "request", extra={"fields": fields})


def _identity(sent: str) -> str:
    return sent if _WORD.fullmatch(sent) else uuid.uuid4().hex
