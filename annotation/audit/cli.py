"""`fazhi annotate audit`: answers and left-out scores in; tables, JSON, a page and a file of what to review out."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from fazhi.annotation.access import Asked
from fazhi.annotation.audit.duplicates import Twins, twins
from fazhi.annotation.audit.page import render, suspect_grid, twin_grid
from fazhi.annotation.audit.suspects import Suspect, chosen_rows, suspects
from fazhi.annotation.home import DEFAULT_HOME
from fazhi.annotation.outputs import check_outputs, write_json
from fazhi.annotation.project_cli import Home, TokenFile, Url, put_to_review
from fazhi.model.labels import (
    Example,
    LeftOut,
    load_scheme,
    read_examples,
    read_left_out,
    trainable,
    write_examples,
)
from fazhi.model.showing import show
from fazhi.model.writing import replacing

FORMAT = 1


def audit(
    files: Annotated[list[Path], typer.Argument(help="答案 · examples; where votes differ, with their verdicts")],
    oof: Annotated[Path, typer.Option(help="`fazhi train` 写出的 oof.jsonl · what training wrote")],
    model: Annotated[str | None, typer.Option(help="oof.jsonl 中的哪个模型 · which model of oof.jsonl")] = None,
    protocol: Annotated[str, typer.Option(help="哪种留出方式 · which way of leaving out")] = "folds",
    similar: Annotated[
        float, typer.Option(min=0.5, max=1.0, help="近乎相同的下限 · least similarity of near-duplicates")
    ] = 0.8,
    json_: Annotated[Path | None, typer.Option("--json", help="写入的 .json · everything as JSON")] = None,
    html: Annotated[Path | None, typer.Option(help="写入的 .html · everything as a page")] = None,
    review: Annotated[
        Path | None, typer.Option(help="写入的待复核段落,最可疑的在前 · examples to look at again, worst first")
    ] = None,
    project: Annotated[
        str, typer.Option(help="把这些段落推到此复核项目,没有就新建 · put them into this project, worst first")
    ] = "",
    url: Url = "",
    token_file: TokenFile = None,
    home: Home = DEFAULT_HOME,
) -> None:
    """核查 · find likely label errors, worst first, and near-duplicates that are answered differently."""
    check_outputs((*files, oof), (json_, html, review))
    scheme = load_scheme()
    examples = trainable([each for path in files for each in read_examples(path, scheme)])
    rows = chosen_rows(read_left_out(oof, scheme), protocol, model)
    found, pairs = suspects(examples, rows, scheme), twins(examples, scheme, similar)
    notes = _notes(examples, rows)
    if json_ is not None:
        write_json(json_, _as_json(found, pairs, rows[0], (len(examples), similar)))
    if html is not None:
        with replacing(html) as file:
            file.write(render(found, pairs, scheme, notes))
    again = to_review(examples, found, pairs)
    if review is not None:
        write_examples(review, again)
    show([suspect_grid(found, scheme), twin_grid(pairs, scheme)], Console())
    for note in (*notes, f"{len(found)} 段可疑 suspects, {len(pairs)} 对相近而不同 pairs alike that differ"):
        typer.echo(note, err=True)
    if project and again:
        put_to_review(Asked(url, token_file, home), project, again, scheme)


def to_review(examples: Iterable[Example], found: Iterable[Suspect], pairs: Iterable[Twins]) -> list[Example]:
    """Return each paragraph to look at once: suspects, worst first, then members of pairs."""
    by_uid = {example.uid: example for example in examples}
    uids = [*(each.example.uid for each in found), *(uid for each in pairs for uid in each.uids)]
    return [by_uid[uid] for uid in dict.fromkeys(uids)]


def _notes(examples: list[Example], rows: list[LeftOut]) -> tuple[str, ...]:
    scored = len({example.uid for example in examples} & {row.uid for row in rows})
    counts = f"{len(examples)} 段有答案 answered, 其中 {scored} 段有留出的分数 scored unseen"
    first = f"{rows[0].model}, {rows[0].protocol}: {counts}"
    method = "方法 method: Northcutt et al. 2021, Thyagarajan et al. 2022 (confident joint; self-confidence, EMA)"
    return first, method


def _as_json(
    found: tuple[Suspect, ...], pairs: tuple[Twins, ...], row: LeftOut, settings: tuple[int, float]
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "scheme": row.scheme,
        "model": row.model,
        "protocol": row.protocol,
        "answered": settings[0],
        "similar": settings[1],
        "suspects": [
            {
                **_place(each.example),
                "score": each.score,
                "labels": [asdict(label) for label in each.labels],
                "model_section": each.given.section,
                "model_themes": each.given.themes,
            }
            for each in found
        ],
        "twins": [
            {
                "similarity": each.similarity,
                "labels": each.labels,
                "uids": each.uids,
                "one": _place(each.one),
                "other": _place(each.other),
            }
            for each in pairs
        ],
    }


def _place(example: Example) -> dict[str, Any]:
    names = ("uid", "document", "index", "path", "clean", "section", "themes", "annotator")
    return {name: getattr(example, name) for name in names}
