"""A real Label Studio for the tests, on loopback, in a folder of its own; left out where it is not installed."""

import os
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from studio_exports import item
from typer.testing import CliRunner

from fazhi.annotation.cli import app
from fazhi.annotation.client import Studio, connect
from fazhi.annotation.home import Home
from fazhi.annotation.server import serving


@pytest.fixture(scope="session")
def label_studio(root):
    """Return the server's program: FAZHI_LABEL_STUDIO, or what `make studio` installs."""
    program = Path(os.environ.get("FAZHI_LABEL_STUDIO") or Home(root / ".studio").program)
    if not program.exists():
        pytest.skip(f"no Label Studio at {program}: make studio, or set FAZHI_LABEL_STUDIO")
    return program


@dataclass(frozen=True)
class Running:
    """A server of the tests."""

    url: str
    home: Home
    process: object
    studio: Studio

    @property
    def token(self):
        return self.home.secrets()["token"]

    def call(self, method, path, token="", **more):
        headers = {"Authorization": f"Token {token or self.token}"}
        return httpx.request(method, f"{self.url}{path}", headers=headers, trust_env=False, **more)

    def annotate(self, *arguments, **environment):
        """Run `fazhi annotate` as a person does who has this server's folder and nothing in the environment."""
        unset = {"LABEL_STUDIO_API_KEY": None, "LABEL_STUDIO_URL": None}
        home = ["--home", str(self.home.folder)]
        return CliRunner().invoke(
            app, [*map(str, arguments), *home], env={**unset, **environment}, catch_exceptions=True
        )

    def answer(self, task, section, *themes, skipped=False, token=""):
        """Submit an answer as the editor does; return its number."""
        result = [item("section", section)] + ([item("themes", *themes)] if themes else [])
        body = {"result": result, "was_cancelled": skipped}
        return self.call("POST", f"/api/tasks/{task}/annotations/", token, json=body).json()["id"]

    def sign_up(self, email):
        """Let a second person in by the invitation of the first; return their legacy token."""
        invited = self.call("GET", "/api/invite").json()["token"]
        with httpx.Client(base_url=self.url, trust_env=False) as http:
            page = f"/user/signup/?token={invited}"
            http.get(page)
            form = {"email": email, "password": "long-enough-1", "allow_newsletters": "false"}
            form["csrfmiddlewaretoken"] = http.cookies["csrftoken"]
            done = http.post(page, data=form, headers={"Referer": f"{self.url}{page}"})
            assert done.status_code == 302, done.text[:500]
            return http.get("/api/current-user/token").json()["token"]


@pytest.fixture(scope="session")
def server(label_studio, tmp_path_factory):
    """Run one server for all tests that do not kill it."""
    home = Home(tmp_path_factory.mktemp("studio") / "home")
    with serving(home, label_studio, 0) as started, connect(started.url, home.secrets()["token"]) as studio:
        yield Running(started.url, home, started.process, studio)
