"""`fazhi annotate studio` and `demo`: a Label Studio of one's own, empty or with reports to try."""

import os
import signal
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fazhi.annotation.home import DEFAULT_HOME, LOGIN, Home
from fazhi.annotation.interface import interface_of
from fazhi.annotation.tasks import Filter
from fazhi.model.bundle import find_bundle, search_path
from fazhi.model.labels import load_scheme
from fazhi.model.reading import InputError
from fazhi.model.tagger import load_tagger

if TYPE_CHECKING:
    from fazhi.annotation.client import Studio
    from fazhi.annotation.server import Server

_DEMO = "法治报告试标"
_SEEDS = Path("seeds/reports")

Folder = Annotated[Path, typer.Option("--home", help="服务的文件夹 · folder of the studio")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="端口,0 取任意空闲 · port, 0 takes any that is free")]
Program = Annotated[str, typer.Option(help="label-studio 程序,默认 HOME/venv 里的 · the program")]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="打开浏览器 · open a browser")]


def studio(home: Folder = DEFAULT_HOME, port: Port = 8080, program: Program = "", browser: Browser = False) -> None:
    """本机服务 · run a Label Studio for this machine only, until Ctrl-C."""
    with _running(Home(home), port, program) as server:
        _show(server.url, Home(home))
        _stay(server, browser)


def demo(
    reports: Annotated[
        list[Path] | None, typer.Argument(help="报告,默认五份样本 · reports, by default the seeds")
    ] = None,
    bundle: Annotated[str | None, typer.Option(help="模型文件夹或内置模型名 · bundle folder or name")] = None,
    home: Folder = DEFAULT_HOME,
    port: Port = 8080,
    program: Program = "",
    browser: Browser = True,
) -> None:
    """演示 · run a studio with a project full of paragraphs and suggestions, until Ctrl-C."""
    from fazhi.annotation.client import connect  # noqa: PLC0415 - takes a second
    from fazhi.annotation.push import Cut, run_push  # noqa: PLC0415

    places = tuple(reports or [_SEEDS])
    if not all(place.exists() for place in places):
        raise InputError(str(places[0]), "does not exist", "run it in the project's folder, or name reports")
    tagger = load_tagger(find_bundle(bundle, search_path(os.environ)))
    with _running(Home(home), port, program) as server:
        with connect(server.url, Home(home).secrets()["token"]) as reached:
            number = _demo_project(reached)
            typer.echo(run_push(reached, number, Cut(places, Filter()), tagger, dry_run=False).summary)
        _show(server.url, Home(home))
        _stay(server, browser)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (studio, demo):
        app.command()(command)


@contextmanager
def _running(home: Home, port: int, program: str) -> Iterator["Server"]:
    """Run a server; one that is told to end ends what it started."""
    from fazhi.annotation.server import find_program, serving  # noqa: PLC0415

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    typer.echo("启动中 · starting; 首次约一分钟 the first start takes about a minute", err=True)
    with serving(home, find_program(home, program), port) as server:
        yield server


def _demo_project(reached: "Studio") -> str:
    """Return the number of the demo's project, making it at the first time."""
    from fazhi.annotation.create import create_project  # noqa: PLC0415

    if _DEMO in reached.titles():
        return str(reached.project(_DEMO).id)
    return str(create_project(reached, _DEMO, 1, "sequential", interface_of(load_scheme())).id)


def _show(url: str, home: Home) -> None:
    """Say where to go and how to come in; the password is for this machine and for this person."""
    typer.echo(f"就绪 ready: {url}\n登录 login:  {LOGIN}\n密码 password: {home.secrets()['password']}")
    typer.echo(f"令牌 token:  {home.token} (其他命令自动使用 used by the other commands)\nCtrl-C 结束 ends it")


def _stay(server: "Server", browser: bool) -> None:
    """Wait for Ctrl-C.

    Raises:
        InputError: The server ended by itself.
    """
    if browser:
        webbrowser.open(server.url)
    try:
        code = server.process.wait()
    except KeyboardInterrupt:
        return
    raise InputError(server.url, f"ended by itself ({code})", "look into its log")
