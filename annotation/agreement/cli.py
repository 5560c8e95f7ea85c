"""`fazhi annotate agree`: files of examples in; tables on the terminal, JSON and a page out."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console

from fazhi.annotation.agreement import grids
from fazhi.annotation.agreement.ballots import check_same, collect, passes_of
from fazhi.annotation.agreement.differences import Differences, Disputed, Pair, differences
from fazhi.annotation.agreement.figures import Agreement, agreement, resamples
from fazhi.annotation.agreement.page import render
from fazhi.annotation.outputs import check_outputs, write_json
from fazhi.model.labels import Scheme, load_scheme, read_examples, write_examples
from fazhi.model.showing import show
from fazhi.model.writing import replacing

FORMAT = 1


def agree(
    files: Annotated[
        list[Path],
        typer.Argument(help="一个含多人答案的文件,或每人一个文件 · one file of several annotators, or one file a pass"),
    ],
    common: Annotated[
        bool, typer.Option("--common", help="只比较所有人都答过的段 · only what all of them answered")
    ] = False,
    json_: Annotated[Path | None, typer.Option("--json", help="写入的 .json · figures and texts as JSON")] = None,
    html: Annotated[Path | None, typer.Option(help="写入的 .html · figures and texts as a page")] = None,
    review: Annotated[Path | None, typer.Option(help="写入的不一致段落 · votes on what they differ on")] = None,
    resamples_: Annotated[
        int, typer.Option("--resamples", min=0, max=100_000, help="区间抽样次数,0 为不算 · draws, 0 for no intervals")
    ] = 2000,
    seed: Annotated[int, typer.Option(min=0, help="抽样种子 · seed of the draws")] = 0,
) -> None:
    """一致性 · say how far annotators agree, on the section and on every label, and where they do not."""
    check_outputs(files, (json_, html, review))
    scheme = load_scheme()
    passes = passes_of([(path, read_examples(path, scheme)) for path in files])
    ballots = collect(passes, scheme, common)
    if len(files) > 1 and not common:
        check_same(ballots)
    drawn = resamples(ballots.document_count, resamples_, np.random.default_rng(seed))
    figures, found = agreement(ballots, scheme, drawn), differences(ballots, scheme)
    notes = _notes(figures, resamples_, seed)
    if json_ is not None:
        write_json(json_, _as_json(figures, found, scheme, files, resamples_, seed))
    if html is not None:
        with replacing(html) as file:
            file.write(render(figures, found, scheme, notes))
    if review is not None:
        write_examples(review, (answer for each in found.disputed for answer in each.answers.values()))
    _print(figures, found, scheme, notes)


def _print(figures: Agreement, found: Differences, scheme: Scheme, notes: tuple[str, ...]) -> None:
    console = Console()
    if not console.is_terminal:
        typer.echo(grids.markdown_table(figures), nl=False)
        if len(figures.annotators) > 2:  # noqa: PLR2004 - of two the table says it all
            typer.echo()
            show([grids.pair_grid(found)], console)
    else:
        label_grids = [grids.label_grid(figures, kind, scheme) for kind in ("themes", "sections")]
        show([grids.section_grid(figures), *label_grids, grids.pair_grid(found)], console)
    for note in notes:
        typer.echo(note, err=True)


def _notes(figures: Agreement, count: int, seed: int) -> tuple[str, ...]:
    notes = [
        f"{', '.join(figures.annotators)}: {figures.documents} 份文档 documents, {figures.paragraphs} 段 paragraphs, "
        f"其中 {figures.identical} 段答案全同 answered identically"
    ]
    if figures.alone:
        notes.append(f"{figures.alone} 段只有一人答过,未计入 · answered by one annotator alone, not counted")
    if figures.uncommon:
        notes.append(f"{figures.uncommon} 段不是人人答过,未计入 · not answered by all, not counted")
    if count:
        notes.append(
            f"方括号内为 95% 区间,按整份文档重抽样 · in brackets 95 % intervals from resampling whole documents: "
            f"{count} 次 draws, seed {seed}"
        )
    if count and figures.coarse:
        notes.append(
            f"仅 {figures.documents} 份文档,区间粗略且偏窄 · only {figures.documents} documents: intervals are coarse, "
            "and rather too narrow"
        )
    return tuple(notes)


def _as_json(
    figures: Agreement, found: Differences, scheme: Scheme, files: list[Path], count: int, seed: int
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "scheme": scheme.fingerprint,
        "files": [path.name for path in files],
        "resamples": count,
        "seed": seed,
        **asdict(figures),
        "pairs": [_pair_json(pair) for pair in found.pairs],
        "disputed": [_disputed_json(each) for each in found.disputed],
    }


def _pair_json(pair: Pair) -> dict[str, Any]:
    sections = [{"first": one, "second": other, "paragraphs": n} for (one, other), n in pair.sections.items()]
    return {**asdict(pair), "sections": sections}


def _disputed_json(each: Disputed) -> dict[str, Any]:
    paragraph = each.paragraph
    return {
        "uid": paragraph.uid,
        "document": paragraph.document,
        "index": paragraph.index,
        "path": paragraph.path,
        "clean": paragraph.clean,
        "labels": each.labels,
        "pairs": each.pairs,
        "answers": {
            name: {"section": example.section, "themes": example.themes} for name, example in each.answers.items()
        },
    }
