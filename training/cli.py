"""`fazhi train`: examples to bundles."""

from pathlib import Path
from typing import Annotated

import typer

from fazhi.training.linear import train_linear

app = typer.Typer(no_args_is_help=True, help="训练 · train a model from examples")


@app.callback()
def train() -> None:
    """训练 · train a model from examples."""


@app.command()
def linear(
    examples: Annotated[list[Path], typer.Argument(help="examples.jsonl …")],
    out: Annotated[Path, typer.Option(help="模型文件夹 · folder of the bundle")],
    settings: Annotated[Path | None, typer.Option(help="TOML,默认 training/linear.toml · settings")] = None,
    version: Annotated[str, typer.Option(help="模型版本 · version of the bundle")] = "0.1.0",
) -> None:
    """后备模型 · fit the linear fallback, print its left-out figures, write the bundle."""
    typer.echo(train_linear(examples, out, settings, version), nl=False)
