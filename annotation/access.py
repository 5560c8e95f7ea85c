"""Where the server is and what it lets us in with: what the user said and what a local studio left in, both out.

    access_of(Asked("", None, Path(".studio")), {"LABEL_STUDIO_API_KEY": "…"})  ->  Access("http://127.0.0.1:8080", …)

A token comes from the environment, from a file that nobody else may read, or from the studio that runs here. It never
stands on a command line, where other users see it, and a local studio's token goes nowhere but to that studio.
"""

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fazhi.annotation.home import Home
from fazhi.model.reading import InputError
from fazhi.model.reading.document import opened

TOKEN_VARIABLE, URL_VARIABLE = "LABEL_STUDIO_API_KEY", "LABEL_STUDIO_URL"
_MOST = 10_000  # bytes; a personal access token has some 300
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user said; empty means nothing."""

    url: str
    token_file: Path | None
    home: Path


@dataclass(frozen=True, slots=True)
class Access:
    """An address and a token; the token is not shown when the value is."""

    url: str
    token: str = field(repr=False)


def access_of(asked: Asked, environment: Mapping[str, str]) -> Access:
    """Find address and token; what was said goes before the environment, and both before a local studio.

    Raises:
        InputError: No address, no token, or a token file that others may read.
    """
    home = Home(asked.home)
    said = asked.url or environment.get(URL_VARIABLE, "")
    url = said or home.running_url()
    if not url:
        hint = f"give --url or {URL_VARIABLE}, or start one: fazhi annotate studio"
        raise InputError("Label Studio", f"is not said to be anywhere, and none runs in {asked.home}", hint)
    if asked.token_file is not None:
        return Access(url, read_token(asked.token_file))
    if environment.get(TOKEN_VARIABLE):
        return Access(url, _checked(environment[TOKEN_VARIABLE], TOKEN_VARIABLE))
    if url.rstrip("/") == home.running_url():
        return Access(url, read_token(home.token))
    raise InputError(TOKEN_VARIABLE, "is not set", f"put a token of {url} there, or give --token-file")


def read_token(path: Path) -> str:
    """Read a token from a file that only its owner may read.

    Raises:
        InputError: The file cannot be read, may be read by others, or holds no token.
    """
    with opened(path) as file:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode) or mode & _OTHERS:
            what = f"may be read by others (mode {stat.S_IMODE(mode):o})"
            raise InputError(str(path), what, f"chmod 600 {path}; if others were there, make a new token")
        return _checked(file.read(_MOST).decode("utf-8", "replace"), str(path))


def _checked(text: str, where: str) -> str:
    token = text.strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise InputError(where, "holds no token (one word of letters and digits)", "copy it from Account & Settings")
    return token
