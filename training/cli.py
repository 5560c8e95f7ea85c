"""`fazhi train`: examples to bundles."""

from pathlib import Path
from typing import Annotated

import typer

from fazhi.training.linear import train_linear
from fazhi.training.supplement import SupplementFiles

_HEADINGS = typer.Option(help="小标题及其下段落的部分 · answered headings, headings.jsonl")
_SENTENCES = typer.Option(help="单句及其主题 · answered sentences, sentences.jsonl")

app = typer.Typer(no_args_is_help=True, help="训练 · train a model from examples")


@app.callback()
def train() -> None:
    """训练 · train a model from examples."""


@app.command()
def linear(
    examples: Annotated[list[Path], typer.Argument(help="examples.jsonl …")],
    out: Annotated[Path, typer.Option(help="模型文件夹 · folder of the bundle")],
    headings: Annotated[Path | None, _HEADINGS] = None,
    sentences: Annotated[Path | None, _SENTENCES] = None,
    settings: Annotated[Path | None, typer.Option(help="TOML,默认 training/linear.toml · settings")] = None,
    version: Annotated[str, typer.Option(help="模型版本 · version of the bundle")] = "0.1.0",
    oof: Annotated[Path | None, typer.Option(help="留出得分写到 · left-out scores, oof.jsonl")] = None,
) -> None:
    """后备模型 · fit the linear fallback, print its left-out figures, write the bundle."""
    typer.echo(train_linear(examples, out, settings, version, oof, SupplementFiles(headings, sentences)), nl=False)


@app.command()
def encoder(
    examples: Annotated[list[Path], typer.Argument(help="examples.jsonl …")],
    base: Annotated[str, typer.Option(help="基础编码器:文件夹或模型库名 · base encoder, folder or hub name")],
    out: Annotated[Path, typer.Option(help="模型文件夹 · folder of the bundle")],
    base_licence: Annotated[str, typer.Option(help="基础编码器的许可 · licence of the base, for the card")] = "unknown",
    headings: Annotated[Path | None, _HEADINGS] = None,
    sentences: Annotated[Path | None, _SENTENCES] = None,
    settings: Annotated[Path | None, typer.Option(help="TOML,默认 training/encoder.toml · settings")] = None,
    version: Annotated[str, typer.Option(help="模型版本 · version of the bundle")] = "0.1.0",
    work: Annotated[Path | None, typer.Option(help="断点与留出得分,默认 OUT.work · checkpoints")] = None,
    oof: Annotated[Path | None, typer.Option(help="留出得分写到 · left-out scores, oof.jsonl")] = None,
    leave_real_out: Annotated[bool, typer.Option(help="逐份留出真实报告 · also leave each real report out")] = True,
) -> None:
    """编码器 · tune an encoder with two heads, print its left-out figures, write the bundle."""
    from fazhi.training.encoder import EncoderRequest, train_encoder  # noqa: PLC0415  # torch takes seconds to load

    request = EncoderRequest(
        examples=tuple(examples),
        files=SupplementFiles(headings, sentences),
        base=base,
        base_licence=base_licence,
        out=out,
        settings=settings,
        version=version,
        work=work or out.with_name(f"{out.name}.work"),
        oof=oof,
        leave_real_out=leave_real_out,
    )
    typer.echo(train_encoder(request), nl=False)


@app.command()
def shorten(
    texts: Annotated[list[Path], typer.Argument(help="未标注的文本 · unlabelled texts, read as reports")],
    base: Annotated[str, typer.Option(help="基础编码器:文件夹或模型库名 · base encoder, folder or hub name")],
    out: Annotated[Path, typer.Option(help="较浅编码器的文件夹 · folder of the shallower encoder")],
    settings: Annotated[Path | None, typer.Option(help="TOML,默认 training/shorten.toml · settings")] = None,
    work: Annotated[Path | None, typer.Option(help="断点,默认 OUT.work · checkpoints")] = None,
) -> None:
    """截短 · cut a base encoder to fewer layers that imitate it on unlabelled texts."""
    from fazhi.training.shorten import ShortenRequest, shorten  # noqa: PLC0415  # torch takes seconds to load

    request = ShortenRequest(base, tuple(texts), out, settings, work or out.with_name(f"{out.name}.work"))
    typer.echo(shorten(request))
