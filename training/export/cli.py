"""`fazhi export`: a tuned model to the bundle that runs everywhere."""

import os
from pathlib import Path
from typing import Annotated

import typer

from fazhi.model.bundle import find_bundle, search_path

app = typer.Typer(add_completion=False)


@app.command(name="export")
def export(
    bundle: Annotated[str, typer.Argument(help="`fazhi train encoder` 的模型包 · a torch bundle, folder or name")],
    examples: Annotated[list[Path], typer.Argument(help="比较用的答案 · examples.jsonl that both are compared on")],
    out: Annotated[Path, typer.Option(help="模型文件夹 · folder of the new bundle")],
    texts: Annotated[
        list[Path] | None,
        typer.Option(
            help="词表保留这些文本用到的词,也用来比较,可几个 · texts that the vocabulary is cut to, also compared"
        ),
    ] = None,
    name: Annotated[str, typer.Option(help="模型名 · name of the new bundle")] = "fazhi-small",
) -> None:
    """导出 · make a tuned encoder small and fast for the CPU; refused where it would change decisions."""
    from fazhi.training.export.command import ExportRequest, export  # noqa: PLC0415 - torch takes seconds to load

    found = find_bundle(bundle, search_path(os.environ))
    typer.echo(export(ExportRequest(found, tuple(examples), tuple(texts or ()), out, name)), nl=False)
