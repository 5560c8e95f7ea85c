"""`fazhi annotate create`, `update`, `push`, `pull`: the commands that talk to a Label Studio.

Reads arguments and the environment. The library of Label Studio takes a second to load, so it is loaded when called.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fazhi.annotation.home import DEFAULT_HOME
from fazhi.annotation.tasks import filter_of
from fazhi.model.bundle import find_bundle, search_path
from fazhi.model.labels import load_scheme
from fazhi.model.reading import InputError
from fazhi.model.tagger import load_tagger

if TYPE_CHECKING:
    from fazhi.annotation.client import Studio

Url = Annotated[str, typer.Option(help="服务地址,默认 LABEL_STUDIO_URL 或本机 · address of the server")]
TokenFile = Annotated[
    Path | None, typer.Option(help="令牌文件(权限 600),默认用 LABEL_STUDIO_API_KEY · file of the token, mode 600")
]
Home = Annotated[Path, typer.Option(help="本机服务的文件夹 · folder of the local studio")]
Project = Annotated[str, typer.Option(help="项目编号或名称 · number or title of the project")]


def create(
    title: Annotated[str, typer.Argument(metavar="PROJECT", help="项目名称 · title of the project")],
    double: Annotated[int, typer.Option(min=1, max=20, help="每段由几人标注 · annotators a paragraph")] = 1,
    order: Annotated[str, typer.Option(help="sequential 按序,uncertain 先疑难 · which come first")] = "sequential",
    url: Url = "",
    token_file: TokenFile = None,
    home: Home = DEFAULT_HOME,
) -> None:
    """新建项目 · make a project with the labelling interface of the label scheme."""
    from fazhi.annotation.create import create_project  # noqa: PLC0415

    with open_studio(url, token_file, home) as studio:
        project = create_project(studio, title, double, order, load_scheme())
    typer.echo(f"项目 project {project.id}: {project.url}")


def update(project: Project, url: Url = "", token_file: TokenFile = None, home: Home = DEFAULT_HOME) -> None:
    """更新界面 · give a project today's labelling interface; refused where answers would be lost."""
    from fazhi.annotation.update import update_interface  # noqa: PLC0415

    with open_studio(url, token_file, home) as studio:
        found = studio.project(project)
        changed = update_interface(studio, found, load_scheme())
    typer.echo(f"{'已更新 updated' if changed else '无需更新 nothing to change'}: {found.url}")


def push(
    files: Annotated[list[Path], typer.Argument(help="报告、文件夹、.zip · reports, folders, .zip")],
    project: Project,
    bundle: Annotated[str | None, typer.Option(help="模型文件夹或内置模型名 · bundle folder or name")] = None,
    section: Annotated[list[str] | None, typer.Option(help="只推这些部分,可重复 · only these sections")] = None,
    shortest: Annotated[int, typer.Option(min=0, help="最少字数 · characters, at least")] = 0,
    longest: Annotated[int | None, typer.Option(min=1, help="最多字数 · characters, at most")] = None,
    round_: Annotated[int, typer.Option("--round", min=0, help="主动学习轮次 · active-learning round")] = 0,
    encoding: Annotated[str | None, typer.Option(help="指定编码,默认自动识别 · encoding of the reports")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看差异,不推送 · show the difference only")] = False,
    url: Url = "",
    token_file: TokenFile = None,
    home: Home = DEFAULT_HOME,
) -> None:
    """推送 · cut and score reports and put their paragraphs into a project, each once, with suggestions."""
    from fazhi.annotation.push import Cut, run_push  # noqa: PLC0415

    tagger = load_tagger(find_bundle(bundle, search_path(os.environ)))
    wanted = filter_of(section or (), shortest, longest, tagger.bundle.scheme)
    with open_studio(url, token_file, home) as studio:
        pushed = run_push(studio, project, Cut(tuple(files), wanted, encoding, round_), tagger, dry_run)
    for error in pushed.errors:
        typer.echo(f"fazhi: {error}", err=True)
    typer.echo(pushed.summary)
    raise typer.Exit(1 if pushed.errors else 0)


def pull(
    project: Project,
    out: Annotated[Path, typer.Option("--out", "-o", help="写入的 examples.jsonl · the file to write")],
    url: Url = "",
    token_file: TokenFile = None,
    home: Home = DEFAULT_HOME,
) -> None:
    """取回 · bring answers home as examples, keep the export beside them; exit code 1 where some are not taken."""
    from fazhi.annotation.pull import gone_lines, run_pull, summary_of  # noqa: PLC0415

    with open_studio(url, token_file, home) as studio:
        pulled = run_pull(studio, studio.project(project), out, load_scheme())
    for problem in pulled.votes.problems:
        typer.echo(f"fazhi: {InputError(f'task {problem.task} ({problem.url})', problem.what)}", err=True)
    for line in (*(f"interface: {each}" for each in pulled.misfits), *gone_lines(pulled)):
        typer.echo(f"fazhi: warning {line}", err=True)
    typer.echo(summary_of(pulled))
    raise typer.Exit(1 if pulled.votes.problems else 0)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (create, update, push, pull):
        app.command()(command)


def open_studio(url: str, token_file: Path | None, home: Path) -> "Studio":
    """Find address and token, and reach the server."""
    from fazhi.annotation.access import Asked, access_of  # noqa: PLC0415
    from fazhi.annotation.client import connect  # noqa: PLC0415

    access = access_of(Asked(url, token_file, home), os.environ)
    return connect(access.url, access.token)
