"""The door: `fazhi tag` and `fazhi bundle`, the other rooms' commands found by entry point and loaded when called.

Reads arguments, catches `InputError` once, sets the exit code: 0 all tagged, 1 some inputs failed, 2 nothing usable.
"""

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from fazhi.model.reading import InputError
from fazhi.serving.bundles import cli as bundles
from fazhi.serving.progress import progress

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

_HELP = {
    "train": "训练 · train a model from examples",
    "evaluate": "评估 · say how right models are",
    "export": "导出 · make a tuned model small and fast for the CPU",
    "annotate": "标注 · annotate, and measure agreement",
    "round": "轮次 · ask what teaches most, round by round",
    "serve": "服务 · serve over HTTP, for programs and for Label Studio",
}
_EXTRAS = {
    "train": "train",
    "evaluate": "train",
    "export": "train",
    "annotate": "annotate",
    "round": "annotate",
    "serve": "serve",
}


class _Rooms(TyperGroup):
    """A command group that also knows the commands of the rooms; one is imported when it is called, not when listed."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *sorted(_rooms())]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        own = super().get_command(ctx, cmd_name)
        return own if own is not None or cmd_name not in _rooms() else _listed(cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and super().get_command(ctx, args[0]) is None and args[0] in _rooms():
            return args[0], _load_room(args[0], _rooms()[args[0]]), args[1:]
        return super().resolve_command(ctx, args)


app = typer.Typer(cls=_Rooms, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(bundles.app, name="bundle")


@app.callback()
def fazhi() -> None:
    """法治 · read Chinese rule-of-law government reports and tag every paragraph."""


@app.command()
def tag(
    paths: Annotated[
        list[str], typer.Argument(help="文件、文件夹、.zip、通配符,- 为标准输入 · files, folders, .zip, patterns, -")
    ],
    form: Annotated[
        str, typer.Option("--format", "-f", help="jsonl,csv,html,xlsx,parquet,可几种 · one or several")
    ] = "",
    out: Annotated[Path | None, typer.Option(help="每份报告一个结果文件的文件夹 · folder, one result a report")] = None,
    single: Annotated[
        str, typer.Option("-o", help="全部写入一个文件,- 为标准输出 · one file for all, - is stdout")
    ] = "",
    bundle: Annotated[
        str | None, typer.Option(help="模型名、名@版本或文件夹 · bundle: NAME, NAME@VERSION or folder")
    ] = None,
    min_score: Annotated[float, typer.Option(help="只提高阈值 · raises thresholds, never lowers them")] = 0.0,
    workers: Annotated[int, typer.Option(min=0, help="进程数,0 为自动 · processes, 0 chooses")] = 0,
    encoding: Annotated[str | None, typer.Option(help="指定编码,默认自动识别 · encoding, found out by default")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="跳过已有的结果 · skip results that are there")] = False,
    keep_text: Annotated[bool, typer.Option("--keep-text", help="另存提取的文本 · keep the extracted text")] = False,
    summary: Annotated[bool | None, typer.Option("--summary/--no-summary", help="汇总表 · summary table")] = None,
    explained: Annotated[
        bool, typer.Option("--explain", help="标出得到主题的字句(jsonl、html) · mark the words that earned a theme")
    ] = False,
    compare: Annotated[
        bool, typer.Option("--compare", help="对照:每个参数为一边 · compare: each argument is a side")
    ] = False,
) -> None:
    """标注报告 · cut reports into paragraphs and tag each with a section and themes."""
    gc.disable()  # until the model stands: what it brings is no garbage (a twentieth of one report's time)
    from fazhi.model.bundle import find_bundle, search_path  # noqa: PLC0415 - numpy and the bundle only when tagging
    from fazhi.serving.tag import TagRequest, run_tag  # noqa: PLC0415 - as above

    found = find_bundle(bundle, search_path(os.environ))
    request = TagRequest(
        tuple(paths), form, out, single, found, min_score, workers, encoding, resume, keep_text, summary, explained
    )
    if compare:
        from fazhi.serving.compare_run import run_compare  # noqa: PLC0415 - as above

        raise typer.Exit(run_compare(request, progress))
    raise typer.Exit(run_tag(request, progress))


def main() -> None:
    """Run the command. The user's mistake is one line and exit code 2, whichever room found it."""
    try:
        app()
    except InputError as error:
        print(f"fazhi: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:  # the reader left early, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _rooms() -> "dict[str, EntryPoint]":
    from importlib.metadata import entry_points  # noqa: PLC0415 - a twentieth of the time of a run that needs no room

    return {entry.name: entry for entry in entry_points(group="fazhi.commands")}


def _listed(name: str) -> Any:
    """Return what `--help` shows of a room."""
    room = typer.Typer()
    room.command(name, help=_HELP.get(name, ""))(lambda: None)
    return typer.main.get_command(room)


def _load_room(name: str, room: "EntryPoint") -> Any:
    """Import a room's command; where its extra is not installed, a command that says so."""
    try:
        return typer.main.get_command(room.load())
    except ImportError as error:
        missing, extra = error.name, _EXTRAS.get(name, name)
        absent = typer.Typer()

        @absent.command(name, context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
        def needs_extra() -> None:
            typer.echo(f"fazhi {name}: 需要 needs {missing} — pip install 'fazhi[{extra}]'", err=True)
            raise typer.Exit(2)

        return typer.main.get_command(absent)
