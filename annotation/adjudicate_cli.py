"""`fazhi annotate adjudicate`: votes in; a file of verdicts and a file of what is still to be read out.

Both are files of examples. The votes stay where they are, and training takes them together: `fazhi train examples.jsonl
verdicts.jsonl`. The review file holds the competing votes, all of a paragraph together; a project of Label Studio can
show them, and gives the verdicts back.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fazhi.annotation.access import Asked
from fazhi.annotation.adjudication import MAJORITY, UNANIMOUS, Adjudication, Answer, Contest, adjudicate
from fazhi.annotation.home import DEFAULT_HOME
from fazhi.annotation.outputs import check_outputs
from fazhi.annotation.project_cli import Home, TokenFile, Url, errors_of, reach
from fazhi.annotation.verdicts import Settled, overruled, verdicts_of
from fazhi.model.labels import Example, Scheme, load_scheme, read_examples, write_examples
from fazhi.model.reading import InputError
from fazhi.model.showing import Grid, label_names, show

SHOWN = 20


def adjudicate_files(
    files: Annotated[
        list[Path], typer.Argument(help="各人的答案,可含已有的终裁 · votes; verdicts that are there may be among them")
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="写入的终裁 · the file of verdicts to write")],
    review: Annotated[Path | None, typer.Option(help="待审的段,默认 OUT.review.jsonl · what is left to read")] = None,
    project: Annotated[
        str, typer.Option(help="把待审的段推到此项目,没有就新建 · put contested paragraphs into this project")
    ] = "",
    pull: Annotated[bool, typer.Option("--pull", help="取回该项目的终裁 · bring its verdicts home instead")] = False,
    url: Url = "",
    token_file: TokenFile = None,
    home: Home = DEFAULT_HOME,
) -> None:
    """终裁 · settle votes by majority; list, or show to somebody, the paragraphs that votes leave open."""
    if pull and not project:
        raise InputError("--pull", "does not say from which project", "add --project")
    review, answers = out.with_suffix(".review.jsonl") if review is None else review, out.with_suffix(".answers.jsonl")
    scheme = load_scheme()
    read = {path: read_examples(path, scheme) for path in files}
    check_outputs([path for path, examples in read.items() if _has_votes(examples)], (out, review, answers))
    every = [example for examples in read.values() for example in examples]
    asked = Asked(url, token_file, home)
    settled, bad = _pull(asked, project, answers, every, scheme) if pull else (Settled((), ()), 0)
    found = adjudicate(overruled(every, settled.verdicts), scheme)
    if not (found.before or found.new or found.contests):
        what = f"has {len(every)} answers to {found.single} paragraphs, none of them answered twice"
        raise InputError(", ".join(map(str, files)), what, "add the votes of another annotator")
    write_examples(review, (vote for contest in found.contests for vote in contest.votes))
    write_examples(out, (*found.before, *found.new))
    _print(found, scheme, review, len(settled.verdicts))
    if project and not pull and found.contests:
        _push(asked, project, found.contests, scheme)
    raise typer.Exit(1 if bad else 0)


def _push(asked: Asked, project: str, contests: Sequence[Contest], scheme: Scheme) -> None:
    from fazhi.annotation.settle import push_contests  # noqa: PLC0415

    with reach(asked) as studio:
        typer.echo(push_contests(studio, project, contests, scheme))


def _pull(asked: Asked, project: str, out: Path, examples: Sequence[Example], scheme: Scheme) -> tuple[Settled, int]:
    """Bring verdicts home; name answers that are none, and return how many they are."""
    from fazhi.annotation.settle import pull_settled  # noqa: PLC0415

    with reach(asked) as studio:
        pulled = pull_settled(studio, project, out, scheme)
    settled = verdicts_of(pulled.votes.examples, [each for each in examples if each.kind == "vote"])
    lines = [*errors_of(pulled), *(_disputed_line(group) for group in settled.disputed)]
    for line in lines:
        typer.echo(f"fazhi: {line}", err=True)
    return settled, len(lines)


def _disputed_line(group: Sequence[Example]) -> InputError:
    names = ", ".join(each.annotator for each in group)
    return InputError(
        f"{group[0].document} paragraph {group[0].index}", f"is settled differently by {names}", "agree on one"
    )


def _has_votes(examples: Sequence[Example]) -> bool:
    """Say whether replacing these would lose votes; verdicts come out again."""
    return any(example.kind == "vote" for example in examples)


def _print(found: Adjudication, scheme: Scheme, review: Path, pulled: int) -> None:
    settled = Counter(verdict.annotator for verdict in found.new)
    counts = {
        "一致 · unanimous": settled[UNANIMOUS],
        "多数 · by majority": settled[MAJORITY],
        "原有终裁 · verdicts there before": len(found.before) - pulled,
        **({"取回的终裁 · verdicts from the project": pulled} if pulled else {}),
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
