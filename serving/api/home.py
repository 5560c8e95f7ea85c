"""GET / and /docs: the page for people, and what the service offers to programs. Neither reaches another host.

The page shows reports and comparisons with the scripts of `fazhi tag`; what it shows comes from the routes.
"""

from functools import cache
from html import escape
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response

from fazhi.serving.api.service import Shared
from fazhi.serving.inputs import ARCHIVE, ENDINGS
from fazhi.serving.page import Assets, fill, policy_of

router = APIRouter(include_in_schema=False)
_PAGE = Assets(
    "home.html",
    ("page.css", "compare.css", "home.css"),
    (
        "page-words.js",
        "compare-words.js",
        "home-words.js",
        "page-earned.js",
        "page-view.js",
        "page-gaps.js",
        "page.js",
        "page-events.js",
        "compare-view.js",
        "home-ask.js",
        "home-files.js",
        "home-votes.js",
        "home-compare.js",
        "home.js",
    ),
    "'self'",
)
_ALONE = "frame-ancestors 'none'"  # a header may say it, a page may not
_PLAIN = {"Content-Security-Policy": f"default-src 'none'; base-uri 'none'; form-action 'none'; {_ALONE}"}


@router.get("/")
async def home(service: Shared) -> Response:
    """Show the page for people."""
    headers = {"Content-Security-Policy": f"{policy_of(_PAGE)}; {_ALONE}", "Cache-Control": "no-cache"}
    content = _home(service.policy.needs_key, service.limits.file_bytes)
    return Response(content, media_type="text/html", headers=headers)


@cache
def _home(needs_key: bool, most: int) -> str:
    return fill(_PAGE, {"needs_key": needs_key, "most": most, "endings": [*ENDINGS, ARCHIVE]})


@router.get("/docs")
async def docs(request: Request) -> Response:
    """Show every route with what it takes."""
    return Response(_documentation(request.app), media_type="text/html", headers=_PLAIN)


def _documentation(app: FastAPI) -> str:
    paths = app.openapi()["paths"]
    routes = [_route(path, method, about) for path, methods in paths.items() for method, about in methods.items()]
    head = '<!doctype html><html lang="zh"><meta charset="utf-8"><title>法治 · fazhi: 接口</title><h1>接口</h1>'
    return f'{head}<p><a href="openapi.json">OpenAPI</a></p><dl>{"".join(routes)}</dl>'


def _route(path: str, method: str, about: dict[str, Any]) -> str:
    parameters = ", ".join(each["name"] for each in about.get("parameters", []))
    kinds = ", ".join(about.get("requestBody", {}).get("content", {}))
    takes = " · ".join(part for part in (kinds, parameters) if part)
    text = f"{about.get('description', '')} {takes}".strip()
    return f"<dt><code>{method.upper()} {escape(path)}</code><dd>{escape(text)}"
