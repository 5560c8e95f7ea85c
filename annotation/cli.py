"""`fazhi annotate`: the commands around annotated paragraphs."""

from pathlib import Path
from typing import Annotated

import typer

from fazhi.annotation.agreement import agreement, markdown_table
from fazhi.model.labels import load_scheme, read_examples

app = typer.Typer(no_args_is_help=True, help="标注 · annotate paragraphs and measure agreement")


@app.callback()
def annotate() -> None:
    """标注 · annotate paragraphs and measure agreement."""


@app.command()
def agree(
    first: Path,
    second: Path,
    common: Annotated[bool, typer.Option("--common", help="只比较两遍都答过的段 · only what both answered")] = False,
) -> None:
    """一致性 · print per-label kappa and F1 of two passes over the same paragraphs."""
    scheme = load_scheme()
    one, other = read_examples(first, scheme), read_examples(second, scheme)
    if common:
        shared = {example.uid for example in one} & {example.uid for example in other}
        one, other = ([example for example in examples if example.uid in shared] for examples in (one, other))
    typer.echo(markdown_table(agreement(one, other, scheme)), nl=False)
