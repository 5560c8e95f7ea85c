"""Everything that can be wrong, in one shape: errors in, a JSON answer out. No traceback, no path of ours, no text.

{"error": {"code": "invalid", "message": "…", "field": "paragraphs.0.text", "hint": "", "request": "3f2a…"}}
"""

import dataclasses
import json
from collections.abc import Mapping, MutableMapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from fazhi.model.reading import InputError, one_line
from fazhi.serving.batching import ClosedError, FullError

_LONGEST = 200  # characters of a field's name, which the sender chose
_BUSY = 429


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a request.

    Attributes:
        code: For programs; stays when the message changes.
        field: Which part of the request; empty where none is to blame.
        hint: What to do next.
    """

    status: int
    code: str
    message: str
    field: str = ""
    hint: str = ""
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)


class RefusedError(Exception):
    """A request that is refused for a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class ErrorFields(BaseModel):
    """What is wrong."""

    code: str
    message: str
    field: str
    hint: str
    request: str


class ErrorAnswer(BaseModel):
    """The shape of every error."""

    error: ErrorFields


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Say for the OpenAPI document that a route may refuse with these."""
    later = {"headers": {"Retry-After": {"description": "秒 · seconds", "schema": {"type": "integer"}}}}
    return {each: {"model": ErrorAnswer, **(later if each == _BUSY else {})} for each in statuses}


def refusal(problem: Problem, scope: MutableMapping[str, Any]) -> Response:
    """Return the answer to a request with a problem."""
    fields = {
        "code": problem.code,
        "message": one_line(problem.message),
        "field": one_line(problem.field)[:_LONGEST],
        "hint": one_line(problem.hint),
        "request": scope.get("state", {}).get("request_id", ""),
    }
    return json_answer({"error": fields}, problem.status, problem.headers)


def json_answer(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return JSON as UTF-8; a lone surrogate, which has no UTF-8, stays an escape."""
    body = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    content = body.encode("utf-8", "backslashreplace")
    return Response(content, status, dict(headers or {}), media_type="application/json")


def too_large(what: str, field: str = "", hint: str = "") -> Problem:
    """Return the problem of a request that brings too much."""
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", what, field, hint)


def invalid(message: str, field: str, hint: str = "") -> Problem:
    """Return the problem of a field that cannot be used."""
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", message, field, hint)


def busy(seconds: int) -> Problem:
    """Return the problem of a service that has all it can do."""
    hint = f"{seconds} 秒后再试 · try again in {seconds} s"
    return Problem(_BUSY, "busy", "请求太多 · too many requests wait", "", hint, {"Retry-After": str(seconds)})


LATE = Problem(504, "deadline", "未能按时完成 · not done before the deadline", "", "少送一些 · send less at a time")
CLOSING = Problem(503, "closing", "服务正在停止 · the service is stopping", "", "稍后再试 · try again later")
BROKEN = Problem(
    500, "internal", "服务出错 · something failed here", "", "请报告 request 编号 · report the request's id"
)

WORK_ERRORS = documented(400, 413, 415, 422, _BUSY, 503, 504)
"""What a route that does work may refuse with, beside what keys protect."""
_CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


def problem_of(error: Exception) -> Problem:
    """Return what is wrong, for every error that is not a bug of ours."""
    match error:
        case RefusedError():
            return error.problem
        case FullError():
            return busy(error.retry_after)
        case ClosedError() | TimeoutError():
            return CLOSING if isinstance(error, ClosedError) else LATE
        case RequestValidationError():
            return _of_validation(error)
        case InputError():
            return invalid(error.what, error.where, error.hint)
        case HTTPException():
            code = _CODES.get(error.status_code, "refused")
            return Problem(error.status_code, code, str(error.detail), headers=error.headers or {})
    raise error


def answer_errors(app: FastAPI) -> None:
    """Give an application the one shape for all its errors."""

    async def answer(request: Request, error: Exception) -> Response:
        return refusal(problem_of(error), request.scope)

    for kind in (RefusedError, FullError, ClosedError, TimeoutError, RequestValidationError, InputError, HTTPException):
        app.add_exception_handler(kind, answer)


def _of_validation(error: RequestValidationError) -> Problem:
    """Name the first field that does not fit; what was sent in it is not repeated."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return invalid("不是 JSON · is not JSON", "body", str(first.get("ctx", {}).get("error", "")))
    field = ".".join(map(str, first["loc"][1:])) or "body"
    return invalid(str(first["msg"]), field)
