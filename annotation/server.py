"""A Label Studio of one's own: a folder and a port in, a running server out.

    with serving(Home(Path(".studio")), program, port=8080) as server: server.url

The server hears this machine only, lets nobody sign up uninvited, tells nobody anything (reports on errors and usage
are off, and so is the look for updates), and gets its password and token by environment, not by command line. It would
take another port in silence where its own is busy, so it counts as ready when it answers at the right one to its token.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fazhi.annotation.client import connect
from fazhi.annotation.home import LOGIN, Home
from fazhi.annotation.refusal import UnreachableError
from fazhi.model.reading import InputError

VERSION = "1.23.2"
"""The version that is known to work."""
_HOST, _DATABASE = "127.0.0.1", "label_studio.sqlite3"
_START, _STOP, _PAUSE = 300.0, 15.0, 0.25  # seconds; the first start migrates the database
_TAIL = 400  # characters of the log that an error shows
_NEIGHBOURS = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16"),
    *("198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"),
    *("::/128", "::ffff:0:0/96", "64:ff9b::/96", "fc00::/7", "fe80::/10", "ff00::/8"),
)
"""What Label Studio keeps itself from asking, and keeps so, but for this machine's own addresses."""
_SETTINGS = {
    "COLLECT_ANALYTICS": "False",
    "LATEST_VERSION_CHECK": "False",
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
    "DISABLE_SIGNUP_WITHOUT_LINK": "true",
    # A model on this machine may be connected (`fazhi serve`); other machines of a private network may not, as ever.
    "USE_DEFAULT_BANNED_SUBNETS": "false",
    "USER_ADDITIONAL_BANNED_SUBNETS": ",".join(_NEIGHBOURS),
    "fflag_feat_utc_210_prediction_validation_15082025": "true",  # refuse suggestions that do not fit, and say so
}
"""Nothing of our own environment reaches the server: to it HOST or DEBUG there would be settings."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    url: str
    process: "subprocess.Popen[bytes]"


def running(home: Home) -> str:
    """Return where a server of this folder answers; empty where none does."""
    url = home.running_url()
    if not url:
        return ""
    try:
        with connect(url, home.secrets()["token"]) as studio:
            return studio.url
    except InputError:
        return ""


def find_program(home: Home, said: str = "") -> Path:
    """Return the server's program: what the user said, what `make studio` installs, or what is on the path.

    Raises:
        InputError: None of them is there.
    """
    found = shutil.which(said or str(home.program)) or ("" if said else shutil.which("label-studio"))
    if found:
        return Path(found)
    install = f"python3 -m venv {home.folder}/venv && {home.folder}/venv/bin/pip install label-studio=={VERSION}"
    raise InputError(said or str(home.program), "is not there", f"make studio, or: {install}")


@contextmanager
def serving(home: Home, program: Path, port: int) -> Iterator[Server]:
    """Run a server; it ends with the block.

    Args:
        home: Its folder; made at the first time.
        program: Where `label-studio` is.
        port: 0 takes any that is free.

    Raises:
        InputError: One runs from this folder already, the port is taken, or the server does not start.
    """
    if running(home):
        raise InputError(str(home.folder), f"has a server at {home.running_url()} already", "use it, or stop it first")
    chosen = free_port(port)
    url = f"http://{_HOST}:{chosen}"
    home.prepare()
    secrets = home.secrets()
    start_from_template(home, program)
    with _process(home, program, chosen, secrets) as process:
        _wait(process, url, secrets["token"], home)
        home.note_running(url, process.pid)
        try:
            yield Server(url, process)
        finally:
            home.note_stopped()


def free_port(wanted: int) -> int:
    """Return the port, or any that is free for 0.

    Raises:
        InputError: It is taken.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, wanted))
        except (OSError, OverflowError):
            raise InputError(f"port {wanted}", "is taken or not allowed", "give another, --port 0 takes any") from None
        return int(probe.getsockname()[1])


def start_from_template(home: Home, program: Path) -> None:
    """Give a new folder a database that is migrated already, which saves most of a minute.

    The template stands in the program's own environment, one for its version, and is made at the first time.
    """
    database = home.data / _DATABASE
    if database.exists():
        return
    template = program.resolve().parent.parent / f"template-{VERSION}.sqlite3"
    if not template.exists():
        _make_template(program, template)
    shutil.copyfile(template, database)
    database.chmod(0o600)


def _make_template(program: Path, template: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**_environment(Path(folder)), "SECRET_KEY": "of no server"}
        done = subprocess.run(  # noqa: S603 - the program that the user named or installed
            [program, "version"], env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
        )
        made = Path(folder) / _DATABASE
        if done.returncode or not made.exists() or VERSION not in done.stdout:
            what = f"is not a working Label Studio {VERSION} ({_last(done.stdout + done.stderr)})"
            raise InputError(str(program), what, "install it anew: make studio")
        part = template.with_name(f"{template.name}.{os.getpid()}.part")
        shutil.copyfile(made, part)
        part.replace(template)


@contextmanager
def _process(home: Home, program: Path, port: int, secrets: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    command = [str(program), "start", "--no-browser", "--enable-legacy-api-token"]
    command += ["--internal-host", _HOST, "--port", str(port)]
    environment = {
        **_environment(home.data.resolve()),
        "SECRET_KEY": secrets["secret"],
        "LABEL_STUDIO_USERNAME": LOGIN,
        "LABEL_STUDIO_PASSWORD": secrets["password"],
        "LABEL_STUDIO_USER_TOKEN": secrets["token"],
    }
    with home.log.open("wb") as log:
        home.log.chmod(0o600)
        process = subprocess.Popen(  # noqa: S603 - as above
            command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_STOP)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _environment(data: Path) -> dict[str, str]:
    """Return the whole environment; what the server writes to a home goes to its own folder."""
    places = {"LABEL_STUDIO_BASE_DATA_DIR": str(data), "HOME": str(data), "XDG_CONFIG_HOME": str(data / "config")}
    return {"PATH": os.defpath, "LANG": "C.UTF-8", **_SETTINGS, **places}


def _wait(process: "subprocess.Popen[bytes]", url: str, token: str, home: Home) -> None:
    """Wait until the server answers at its address to its token."""
    end = time.monotonic() + _START
    while time.monotonic() < end:
        said = home.log.read_text(encoding="utf-8", errors="replace")
        if process.poll() is not None or "Trying to start at" in said:
            raise InputError("Label Studio", f"did not start at {url} ({_last(said)})", f"look into {home.log}")
        try:
            connect(url, token).close()
        except UnreachableError:
            time.sleep(_PAUSE)
        else:
            return
    raise InputError("Label Studio", f"is not ready after {_START:.0f} seconds", f"look into {home.log}")


def _last(text: str) -> str:
    return " ".join(text.split())[-_TAIL:] or "it says nothing"
