"""How much may come in: before a body is read its kind, its size, how many others are under way; then a clock starts.

A request that is not answered before its deadline, by us or because its sender dawdles, is ended here.
"""

import asyncio
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fazhi.serving.api.errors import LATE, Problem, busy, refusal, too_large
from fazhi.serving.api.service import Limits

_FORM = 100_000  # bytes of a form around its file
_DIGITS = 15  # of a length, enough to see that it is too large
_JSON, _MULTIPART = "application/json", "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Work:
    """What a path that does work takes.

    Attributes:
        kind: Content type.
        most: Bytes of the body.
        seconds: Until the answer.
    """

    kind: str
    most: int
    seconds: float


def works_of(limits: Limits) -> dict[str, Work]:
    """Return the paths that do work."""
    return {
        "/v1/tag": Work(_JSON, limits.json_bytes, limits.seconds),
        "/v1/reports": Work(_MULTIPART, limits.file_bytes + _FORM, limits.seconds),
        "/v1/compare": Work(_MULTIPART, limits.file_bytes + _FORM, limits.seconds),
        "/v1/votes": Work(_JSON, limits.json_bytes, limits.seconds),
        "/studio/predict": Work(_JSON, limits.studio_bytes, limits.studio_seconds),
    }


class Admitted:
    """Wraps the routes; lets through at most so many requests at a time that do work."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app, self._most = app, limits.under_way
        self._works = works_of(limits)
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        work = self._works.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if work is None:
            await self._app(scope, receive, send)
            return
        problem = _doubt(Headers(scope=scope), work) or (busy(1) if self._under_way >= self._most else None)
        if problem:
            await refusal(problem, scope)(scope, receive, send)
            return
        self._under_way += 1
        try:
            await self._in_time(work, scope, receive, send)
        finally:
            self._under_way -= 1

    async def _in_time(self, work: Work, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        deadline = asyncio.get_running_loop().time() + work.seconds
        scope["state"]["deadline"] = deadline
        try:
            async with asyncio.timeout_at(deadline):
                await self._app(scope, receive, sending)
        except TimeoutError:
            if started:
                raise
            await refusal(LATE, scope)(scope, receive, send)


def _doubt(headers: Headers, work: Work) -> Problem | None:
    """Return what is wrong with a request by what it says of itself; a body without a length is counted as it comes."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != work.kind:
        return Problem(415, "unsupported_type", f"不接受 is not taken: {kind or '—'}", "Content-Type", work.kind)
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length[:_DIGITS]) > work.most:
        return too_large(f"超过 larger than {work.most / 1_000_000:g} MB", "body")
    return None
