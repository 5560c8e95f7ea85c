"""The sub-commands of `fazhi bundle` and their options. Light: what they do is imported when one is called.

A name is searched in the folders of FAZHI_BUNDLES, then in the package; the environment is read here and nowhere below.
"""

import os
from pathlib import Path
from typing import Annotated

import typer

from fazhi.serving.progress import progress

app = typer.Typer(no_args_is_help=True, help="模型包 · list, show, verify and compare the bundles of models")

Name = Annotated[str, typer.Argument(help="模型名、名@版本或文件夹 · NAME, NAME@VERSION or folder")]
AsJson = Annotated[bool, typer.Option("--json", help="供程序读取 · for programs")]


@app.command("list")
def list_bundles(as_json: AsJson = False) -> None:
    """列出能找到的模型 · list the bundles in the folders of FAZHI_BUNDLES and in the package.

    退出码 exit code: 0;2 = 没有可用的默认模型 no default bundle can be told.
    """
    from fazhi.model.bundle import search_path  # noqa: PLC0415 - only when it is called, as below
    from fazhi.serving.bundles.listing import run_list  # noqa: PLC0415

    run_list(search_path(os.environ), as_json)


@app.command()
def show(name: Name, as_json: AsJson = False) -> None:
    """模型的来历、阈值、指标、文件 · show where a bundle comes from, its thresholds, metrics and files.

    退出码 exit code: 0;2 = 找不到或不能用 not found, or refused.
    """
    from fazhi.model.bundle import read_bundle  # noqa: PLC0415
    from fazhi.serving.bundles.show import run_show  # noqa: PLC0415

    run_show(read_bundle(_found(name)), as_json)


@app.command()
def verify(name: Name) -> None:
    """检验模型 · check every hash and version, load the model, score a short text; one line for each difference.

    退出码 exit code: 0 = 可用 can be used;2 = 有不符之处 something differs, or not found.
    """
    from fazhi.serving.bundles.verify import run_verify  # noqa: PLC0415

    raise typer.Exit(run_verify(_found(name)))


@app.command()
def diff(
    a: Name,
    b: Name,
    reports: Annotated[
        list[str] | None, typer.Argument(help="报告:列出标注有变的段落 · reports: name the paragraphs that change")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """比较两个模型 · put what differs between two bundles side by side, on reports also what they decide differently.

    退出码 exit code: 0 = 比较完成 compared, whatever differs;1 = 部分报告未能读取 some reports could not be read;
    2 = 模型不能用,或没有报告可读 a bundle is refused, or no report could be read.
    """
    from fazhi.serving.bundles.diff import run_diff  # noqa: PLC0415

    raise typer.Exit(run_diff((_found(a), _found(b)), reports or (), as_json, progress))


def _found(name: str) -> Path:
    from fazhi.model.bundle import find_bundle, search_path  # noqa: PLC0415

    return find_bundle(name, search_path(os.environ))
