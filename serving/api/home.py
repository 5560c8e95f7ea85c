"""GET / and /docs: what the service offers, as plain HTML without scripts, styles or other hosts."""

from html import escape
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response

router = APIRouter(include_in_schema=False)
_POLICY = {"Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"}
_HOME = """<!doctype html>
<html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>法治 · fazhi</title>
<h1>法治政府建设报告标注</h1>
<p>本服务读取报告,给每段标注类别和主题。This service tags every paragraph of a rule-of-law government report.</p>
<ul><li><a href="docs">接口文档 documentation</a><li><a href="openapi.json">OpenAPI</a></ul>
<pre>curl -F file=@报告.docx -H 'Accept: text/html' {base}v1/reports &gt; 报告.html</pre>
"""


@router.get("/")
async def home(request: Request) -> Response:
    """Show where to go."""
    return Response(_HOME.format(base=escape(str(request.base_url))), media_type="text/html", headers=_POLICY)


@router.get("/docs")
async def docs(request: Request) -> Response:
    """Show every route with what it takes."""
    return Response(_documentation(request.app), media_type="text/html", headers=_POLICY)


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
