"""Who may come in: headers in, a refusal or the next layer out. What is not open is closed.

Where keys are needed, `Authorization: Bearer KEY`, `X-API-Key: KEY` or, as Label Studio sends it, HTTP Basic with the
key as password. Where none is (on this machine alone), the `Host` must be this machine's, so that no web page can reach
the service through a name of its own; and nobody's page may post here.
"""

import base64
import binascii
import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from fazhi.serving.api.errors import Problem, refusal
from fazhi.serving.api.keys import KeyRing
from fazhi.serving.api.service import Policy

OPEN = frozenset({"/", "/docs", "/openapi.json", "/health/live", "/health/ready", "/studio/health", "/studio/webhook"})
"""Paths without secrets: they say that the service is there and how to use it. Label Studio's webhook knows no key."""
_ADMIN = "/v1/admin/"
_SAFE = {"GET", "HEAD", "OPTIONS"}
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="fazhi", Basic realm="fazhi"'}

_NO_KEY = Problem(
    401, "unauthorized", "需要密钥 · a key is needed", "Authorization", "fazhi serve keys add NAME", _CHALLENGE
)
_NO_ADMIN = Problem(
    403, "forbidden", "需要管理密钥 · an admin key is needed", "Authorization", "fazhi serve keys add --admin"
)
_NO_KEYS = Problem(403, "forbidden", "未启用密钥,只能在本机管理 · without keys only this machine may", "", "kill -HUP")
_OTHER_HOST = Problem(
    403, "forbidden", "本服务只在本机使用 · this service is for its own machine", "Host", "http://127.0.0.1"
)
_OTHER_ORIGIN = Problem(403, "forbidden", "不接受其他网站的请求 · pages of other sites may not post here", "Origin")


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches an address; of names `localhost` alone, others may lead anywhere."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Guarded:
    """Wraps what keys protect."""

    def __init__(self, app: ASGIApp, policy: Policy, keys: KeyRing) -> None:
        self._app, self._policy, self._keys = app, policy, keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        problem = self._doubt(scope) if scope["type"] == "http" else None
        if problem:
            await refusal(problem, scope)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _doubt(self, scope: Scope) -> Problem | None:
        headers, path = Headers(scope=scope), scope["path"]
        if not self._policy.needs_key and self._policy.is_local and not is_loopback(_name(headers.get("host", ""))):
            return _OTHER_HOST
        if scope["method"] not in _SAFE and not _is_same(headers.get("origin"), headers.get("host", "")):
            return _OTHER_ORIGIN
        if path in OPEN:
            return None
        if self._policy.needs_key:
            return self._doubt_key(scope, headers)
        return _NO_KEYS if path.startswith(_ADMIN) and not self._policy.is_local else None

    def _doubt_key(self, scope: Scope, headers: Headers) -> Problem | None:
        key = self._keys.owner(_token(headers))
        if key is None:
            return _NO_KEY
        scope["state"]["key"] = key.name
        return _NO_ADMIN if scope["path"].startswith(_ADMIN) and not key.is_admin else None


def _token(headers: Headers) -> str:
    kind, _, rest = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return rest.strip()
    if kind.lower() == "basic":
        return _password(rest.strip())
    return headers.get("x-api-key", "")


def _password(encoded: str) -> str:
    try:
        pair = base64.b64decode(encoded, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
    return pair.partition(":")[2]


def _name(host: str) -> str:
    """Return a host without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_same(origin: str | None, host: str) -> bool:
    """Say whether a request comes from a page of ours, or from no page at all."""
    return origin is None or _netloc(origin) == host


def _netloc(origin: str) -> str:
    """Return host and port of an origin; nothing of what is none."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
