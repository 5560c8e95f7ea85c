"""Addresses, tokens and servers that are none: one line each, without a token in it."""

import http.server
import json
import os
import socket
import threading

import pytest

from fazhi.annotation.access import Access, Asked, access_of
from fazhi.annotation.client import connect
from fazhi.annotation.home import Home
from fazhi.annotation.refusal import UnreachableError, refusal_of
from fazhi.annotation.server import find_program, free_port
from fazhi.model.reading import InputError

TOKEN = "a1" * 20
ELSEWHERE = "http://192.0.2.1:8080"


def token_file(tmp_path, text=TOKEN, mode=0o600):
    path = tmp_path / "token"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_what_was_said_goes_before_the_environment(tmp_path):
    asked = Asked(ELSEWHERE, token_file(tmp_path, f"{TOKEN}\n"), tmp_path / "none")
    environment = {"LABEL_STUDIO_URL": "http://ls", "LABEL_STUDIO_API_KEY": "other"}
    assert access_of(asked, environment) == Access(ELSEWHERE, TOKEN)
    assert access_of(Asked("", None, tmp_path), environment) == Access("http://ls", "other")
    assert TOKEN not in repr(access_of(asked, environment))


def test_a_local_studio_lends_its_token_to_itself_alone(tmp_path):

    home = Home(tmp_path / ".studio")
    home.prepare()
    token = home.secrets()["token"]
    home.note_running("http://127.0.0.1:8099", os.getpid())
    assert access_of(Asked("", None, home.folder), {}) == Access("http://127.0.0.1:8099", token)
    with pytest.raises(
        InputError, match="LABEL_STUDIO_API_KEY: is not set — put a token of http://192.0.2.1:8080 there"
    ):
        access_of(Asked(ELSEWHERE, None, home.folder), {})
    home.note_stopped()
    with pytest.raises(InputError, match="none runs in .* — give --url or LABEL_STUDIO_URL, or start one"):
        access_of(Asked("", None, home.folder), {})
    assert home.secrets()["token"] == token


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_token_that_others_may_read_is_refused(tmp_path, mode):
    path = token_file(tmp_path, mode=mode)
    with pytest.raises(InputError, match=f"may be read by others \\(mode {mode:o}\\) — chmod 600"):
        access_of(Asked(ELSEWHERE, path, tmp_path), {})


@pytest.mark.parametrize("text", ["", "\n", "two words", "令牌", "a\nb"])
def test_what_is_no_token_is_refused_and_not_shown(tmp_path, text):
    with pytest.raises(InputError, match=r"token: holds no token \(one word of letters and digits\)"):
        access_of(Asked(ELSEWHERE, token_file(tmp_path, text), tmp_path), {})


@pytest.mark.parametrize("url", ["", "ls:8080", "ftp://ls", "http://", "http://ls:port", "127.0.0.1:8080"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(InputError, match="is no address"):
        connect(url, TOKEN)


def test_a_password_in_an_address_is_refused_and_not_shown():
    with pytest.raises(
        InputError, match=r"^--url: holds more than an address — give one like http://127\.0\.0\.1:8080$"
    ):
        connect("http://me:geheim@127.0.0.1:8080", TOKEN)


def test_nothing_at_the_address_is_one_line():
    with pytest.raises(
        UnreachableError, match=r"^http://127\.0\.0\.1:\d+: does not answer \(.*refused.*\) — check that it runs"
    ):
        connect(f"http://127.0.0.1:{free_port(0)}/", TOKEN)


@pytest.fixture
def other_server():
    """Serve one answer to everything; note what was sent."""
    seen = []

    def start(status, body, **headers):
        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                seen.append(self.headers.get("Authorization"))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_):
                pass

        running = http.server.HTTPServer(("127.0.0.1", 0), Answer)
        servers.append(running)
        threading.Thread(target=running.serve_forever).start()
        return f"http://127.0.0.1:{running.server_port}"

    servers = []
    start.seen = seen
    yield start
    for each in servers:
        each.shutdown()
        each.server_close()


@pytest.mark.parametrize(
    ("status", "body", "headers", "what"),
    [
        (200, "<html>Welcome</html>", {}, r"is no Label Studio \(it answers 200 to /api/version\)"),
        (200, '{"version": "1"}', {}, "is no Label Studio"),
        (200, "[]", {}, "is no Label Studio"),
        (404, "", {}, r"is no Label Studio \(it answers 404"),
        (302, "", {"Location": "http://192.0.2.1/api/version"}, "leads to http://192.0.2.1 — give that address, if you trust it"),
    ],
)  # fmt: skip
def test_another_server_gets_no_token(other_server, status, body, headers, what):
    url = other_server(status, body, **headers)
    with pytest.raises(InputError, match=what):
        connect(url, TOKEN)
    assert other_server.seen == [None]


@pytest.mark.parametrize("body", ['{"release": "1.23.2"}', '{"release": "1.23.2", "id": null}'])
def test_a_server_that_pretends_is_told_apart(other_server, body):
    with pytest.raises(InputError, match="does not say whose token this is"):
        connect(other_server(200, body), TOKEN)


def test_a_server_that_breaks_off_is_one_line():
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()

        def hang_up():
            deaf.accept()[0].close()

        threading.Thread(target=hang_up).start()
        with pytest.raises(UnreachableError, match=r"does not answer \((RemoteProtocolError|ReadError)\)"):
            connect(f"http://127.0.0.1:{deaf.getsockname()[1]}", TOKEN)


@pytest.mark.parametrize(
    ("status", "body", "line"),
    [
        (401, {"detail": "Invalid token."}, "http://ls: refuses the token (Invalid token.) — copy a token from"),
        (401, {"detail": "legacy token authentication has been disabled"}, "— use a personal access token, or let"),
        (404, "<html>", "http://ls: has no project 3 — check the project; it may have been deleted"),
        (
            400,
            {"validation_errors": {"label_config": ["a\nb", "c"]}},
            "http://ls: refuses that (400: label_config: a b; c)",
        ),
        (400, {"detail": "x" * 900}, f"http://ls: refuses that (400: {'x' * 500})"),
        (302, "", "http://ls: leads to another address"),
        (502, "<html>bad gateway", "http://ls: failed with 502 (a page of HTML) — look into its log"),
        (None, "no key", "http://ls: refuses that (before sending: no key)"),
    ],
)
def test_refusals_are_one_line(status, body, line):
    error = refusal_of("http://ls", status, body, "has no project 3")
    assert line in str(error)
    assert "\n" not in str(error)
    assert isinstance(error, UnreachableError) == (status == 502)


def test_a_port_that_is_taken_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputError, match=r"port \d+: is taken or not allowed — give another"):
            free_port(taken.getsockname()[1])


def test_a_studio_that_is_not_installed_is_told_how_to(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        InputError, match=r"bin/label-studio: is not there — make studio, or: python3 -m venv .* label-studio==1\.23\.2"
    ):
        find_program(Home(tmp_path))


def test_secrets_are_kept_and_differ(tmp_path):
    first, second = Home(tmp_path / "a"), Home(tmp_path / "b")
    for home in (first, second):
        home.prepare()
    assert first.secrets() == first.secrets()
    assert not set(first.secrets().values()) & set(second.secrets().values())
    assert len(first.secrets()["token"]) == 40
    (first.folder / "running.json").write_text(json.dumps({"url": "http://x", "pid": 2**22 + 1}), encoding="utf-8")
    assert first.running_url() == ""
