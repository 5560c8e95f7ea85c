"""`fazhi annotate remap`: answers of an older cut and the reports behind them in; answers of today's cut out.

Which answers are carried is for `overlap`. What is not stands in a second file, as it was answered; pushing the reports
asks about those paragraphs again.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from fazhi.annotation.originals import Originals, find_originals
from fazhi.annotation.outputs import check_outputs
from fazhi.annotation.overlap import Remapped, is_older, remap
from fazhi.model.labels import Example, load_scheme, read_examples, write_examples
from fazhi.model.reading import InputError


def remap_answers(
    examples: Annotated[Path, typer.Argument(help="旧切分下的答案 · answers under an older cut")],
    reports: Annotated[
        list[Path], typer.Option(help="报告文件、文件夹或 .zip,可重复 · reports, folders, .zip; repeat for more")
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="写入的答案,可为原文件 · the file to write, or the same")],
    more: Annotated[list[Path] | None, typer.Argument(help="更多报告 · more reports, after --reports")] = None,
    left: Annotated[Path | None, typer.Option(help="未沿用的答案,默认 OUT.left.jsonl · answers not carried")] = None,
    encoding: Annotated[str | None, typer.Option(help="与标注时相同 · as it was given to fazhi tag")] = None,
) -> None:
    """改切分 · carry answers to the paragraphs of today's cut; exit code 1 where some are not carried."""
    left = out.with_suffix(".left.jsonl") if left is None else left
    places = [*reports, *(more or ())]
    check_outputs(places, (out, left))
    check_outputs((examples,), (left,))
    if left.exists():
        raise InputError(
            str(left), "is there already, and answers in it would be lost", "move it, or name another --left"
        )
    answers = read_examples(examples, load_scheme())
    originals = originals_of(answers, places, encoding)
    found = remap(answers, originals.reports)
    for error in originals.errors if found.missing else ():
        typer.echo(f"fazhi: {error}", err=True)
    for line in (*unclear_lines(found), *_missing_lines(found)):
        typer.echo(f"fazhi: {line}", err=True)
    if found.left:
        write_examples(left, found.left)  # first, so that no answer is in neither file
    write_examples(out, (*found.kept, *found.carried))
    typer.echo(_summary(found, left))
    raise typer.Exit(1 if found.left else 0)


def originals_of(answers: Sequence[Example], places: Sequence[Path], encoding: str | None) -> Originals:
    """Find the reports of answers that belong to an older cut.

    Raises:
        InputError: One of the places does not exist.
    """
    return find_originals({each.sha256: each.document for each in answers if is_older(each)}, places, encoding)


def unclear_lines(found: Remapped) -> list[str]:
    """Name every paragraph that answers are not carried to."""
    return [
        f"{each.document} paragraph {each.index}, {each.sources[0].annotator}: {each.why}" for each in found.unclear
    ]


def _missing_lines(found: Remapped) -> list[str]:
    names = dict.fromkeys(each.document for each in found.missing)
    return [f"{name}: is not found under --reports, with the text that was answered" for name in names]


def _summary(found: Remapped, left: Path) -> str:
    counts = {
        "已是新切分 · under today's cut already": len(found.kept),
        "按重叠沿用 · carried by overlap": len(found.carried),
        "段落须重答 · paragraphs to answer again": len({each.uid for each in found.unclear}),
        f"未沿用的答案,在 · answers not carried, in {left}": len(found.left),
    }
    return "\n".join(f"{name}: {count}" for name, count in counts.items())
