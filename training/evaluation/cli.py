"""`fazhi evaluate`: the truth about models, from what they said of paragraphs that they were not trained on."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fazhi.model.bundle import find_bundle, search_path
from fazhi.training.evaluation.command import EvaluateRequest, run_evaluate

app = typer.Typer(add_completion=False)


@app.command(name="evaluate")
def evaluate(
    examples: Annotated[list[Path], typer.Argument(help="答案 · examples.jsonl with the answers")],
    oof: Annotated[
        list[Path] | None, typer.Option(help="`fazhi train` 写出的 oof.jsonl,可几个 · one or several")
    ] = None,
    bundle: Annotated[
        list[str] | None, typer.Option(help="用模型包标注这些段落 · tag the examples with a bundle")
    ] = None,
    passes: Annotated[
        list[Path] | None, typer.Option("--pass", help="一位标注者的答案,作上限 · one annotator's answers, as ceiling")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="evaluation.json, evaluation.html 的文件夹 · folder for both")
    ] = None,
    baseline_name: Annotated[str | None, typer.Option(help="与哪个模型比 · compare the others with this one")] = None,
    resamples: Annotated[int, typer.Option(min=1, max=100_000, help="抽样次数 · draws for the intervals")] = 2000,
    seed: Annotated[int, typer.Option(min=0, help="抽样种子 · seed of the draws")] = 0,
) -> None:
    """评估 · say how right models are, on paragraphs that they were not trained on."""
    request = EvaluateRequest(
        examples=tuple(examples),
        oof=tuple(oof or ()),
        bundles=tuple(find_bundle(name, search_path(os.environ)) for name in bundle or ()),
        passes=tuple(passes or ()),
        out=out,
        baseline=baseline_name,
        resamples=resamples,
        seed=seed,
    )
    run_evaluate(request, Console())
