"""`fazhi annotate adjudicate`: votes in; a file of verdicts and a file of what is still to be read out.

Both are files of examples. The votes stay where they are, and training takes them together: `fazhi train examples.jsonl
verdicts.jsonl`. The review file holds the competing votes, all of a paragraph together.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fazhi.annotation.adjudication import MAJORITY, UNANIMOUS, Adjudication, Answer, Contest, adjudicate
from fazhi.annotation.grid import Grid, label_names, show
from fazhi.annotation.outputs import check_outputs
from fazhi.model.labels import Example, Scheme, load_scheme, read_examples, write_examples
from fazhi.model.reading import InputError

SHOWN = 20


def adjudicate_files(
    files: Annotated[
        list[Path], typer.Argument(help="各人的答案,可含已有的终裁 · votes; verdicts that are there may be among them")
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="写入的终裁 · the file of verdicts to write")],
    review: Annotated[Path | None, typer.Option(help="待审的段,默认 OUT.review.jsonl · what is left to read")] = None,
) -> None:
    """终裁 · settle votes by majority, and list the paragraphs that votes leave open."""
    review = out.with_suffix(".review.jsonl") if review is None else review
    scheme = load_scheme()
    read = {path: read_examples(path, scheme) for path in files}
    check_outputs([path for path, examples in read.items() if _has_votes(examples)], (out, review))
    every = [example for examples in read.values() for example in examples]
    found = adjudicate(every, scheme)
    if not (found.before or found.new or found.contests):
        what = f"has {len(every)} answers to {found.single} paragraphs, none of them answered twice"
        raise InputError(", ".join(map(str, files)), what, "add the votes of another annotator")
    write_examples(review, (vote for contest in found.contests for vote in contest.votes))
    write_examples(out, (*found.before, *found.new))
    _print(found, scheme, review)


def _has_votes(examples: Sequence[Example]) -> bool:
    """Say whether replacing these would lose votes; verdicts come out again."""
    return any(example.kind == "vote" for example in examples)


def _print(found: Adjudication, scheme: Scheme, review: Path) -> None:
    settled = Counter(verdict.annotator for verdict in found.new)
    counts = {
        "一致 · unanimous": settled[UNANIMOUS],
        "多数 · by majority": settled[MAJORITY],
        "原有终裁 · verdicts there before": len(found.before),
        "只有一票 · a single vote, no verdict": found.single,
        f"待审 · contested, in {review}": len(found.contests),
    }
    typer.echo("\n".join(f"{name}: {count}" for name, count in counts.items()))
    show([_contest_grid(found.contests, scheme)], Console())


def _contest_grid(contests: Sequence[Contest], scheme: Scheme) -> Grid:
    names = label_names(scheme)
    rows = tuple(
        (
            f"{each.votes[0].document} {each.votes[0].index}",
            "; ".join(_said(entry, names) for entry in each.answers.items()),
        )
        for each in contests[:SHOWN]
    )
    title = f"待审的段 · contested paragraphs (前 first {len(rows)} / {len(contests)})"
    return Grid(title, ("段 paragraph", "相争的答案 · competing answers"), rows)


def _said(entry: tuple[Answer, tuple[str, ...]], names: dict[str, str]) -> str:
    (section, themes), annotators = entry
    return f"{', '.join(annotators)}: {' + '.join(names[label] for label in (section, *themes))}"
