"""`fazhi annotate`: the commands around annotated paragraphs."""

from pathlib import Path

import typer

from fazhi.annotation.agreement import agreement, markdown_table
from fazhi.model.labels import load_scheme, read_examples

app = typer.Typer(no_args_is_help=True, help="标注 · annotate paragraphs and measure agreement")


@app.callback()
def annotate() -> None:
    """标注 · annotate paragraphs and measure agreement."""


@app.command()
def agree(first: Path, second: Path) -> None:
    """一致性 · print per-label kappa and F1 of two passes over the same paragraphs."""
    scheme = load_scheme()
    typer.echo(markdown_table(agreement(read_examples(first, scheme), read_examples(second, scheme), scheme)), nl=False)
