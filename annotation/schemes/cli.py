"""`fazhi annotate scheme`: two labels.toml and a file of answers in; what changed, or rewritten answers, out."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fazhi.annotation.outputs import check_outputs
from fazhi.annotation.schemes.changes import Changes, changes
from fazhi.annotation.schemes.moves import plan, read_moves
from fazhi.annotation.schemes.rewriting import Rewritten, rewrite
from fazhi.model.labels import Example, Scheme, load_scheme, read_examples, write_examples
from fazhi.model.reading import InputError
from fazhi.model.showing import Grid, label_names, show

app = typer.Typer(no_args_is_help=True, help="标签体系变更 · answers after a change of the label scheme")

Old = Annotated[Path, typer.Argument(help="旧 labels.toml · the scheme of the answers")]
New = Annotated[Path, typer.Argument(help="新 labels.toml · the scheme to come")]
Answers = Annotated[Path, typer.Argument(help="旧体系下的答案 · answers under the old scheme")]
Out = Annotated[Path, typer.Option("-o", "--out", help="写入的答案 · the file to write; may be the one that is read")]
Map = Annotated[list[str] | None, typer.Option("--map", help="旧=新,可重复 · old=new; repeat for more")]


@app.command()
def diff(
    old: Old,
    new: New,
    files: Annotated[list[Path] | None, typer.Argument(help="旧体系下的答案 · answers under the old scheme")] = None,
    review: Annotated[
        Path | None, typer.Option(help="写入含改写标签的答案 · answers with a reworded label, to look at again")
    ] = None,
) -> None:
    """比较 · say what differs between two schemes, and how many answers hang on it."""
    check_outputs((old, new, *(files or ())), (review,))
    before, after = load_scheme(old), load_scheme(new)
    found = changes(before, after)
    examples = [example for path in files or () for example in read_examples(path, before)]
    same = before.fingerprint == after.fingerprint
    verdict = "不变:答案可用 · the same: answers stay valid" if same else "已变:须改写 · another: rewrite the answers"
    typer.echo(f"指纹 fingerprint {before.fingerprint} → {after.fingerprint}: {verdict}")
    if found.reordered:
        typer.echo("次序有变 · the order differs")
    show([_grid(found, before, after, examples)], Console())
    if review is not None:
        waiting = _reworded(found, examples)
        write_examples(review, waiting)
        typer.echo(f"待复核 · to look at again, in {review}: {len(waiting)}")


@app.command()
def rename(old: Old, new: New, examples: Answers, out: Out, moves: Map = None) -> None:
    """改名 · other ids for the same labels, or the same ids in another order."""
    _show(_run(old, new, examples, (moves, "rename"), (out, None)), out, None)


@app.command()
def merge(old: Old, new: New, examples: Answers, out: Out, moves: Map = None) -> None:
    """合并 · several labels become one (--map a=c --map b=c); a theme given up becomes none (--map a=)."""
    _show(_run(old, new, examples, (moves, "merge"), (out, None)), out, None)


@app.command()
def split(
    old: Old,
    new: New,
    examples: Answers,
    out: Out,
    moves: Map = None,
    review: Annotated[Path | None, typer.Option(help="待复核,默认 OUT.review.jsonl · what to look at again")] = None,
) -> None:
    """拆分 · one label becomes several (--map a=b,c, or --map a=a,c); its paragraphs are to be looked at again."""
    review = out.with_suffix(".review.jsonl") if review is None else review
    check_outputs((examples,), (out, review))
    _show(_run(old, new, examples, (moves, "split"), (out, review)), out, review)


def _run(
    old: Path, new: Path, examples: Path, asked: tuple[list[str] | None, str], results: tuple[Path, Path | None]
) -> Rewritten:
    """Rewrite and write; the review first, so that no answer is in neither file."""
    check_outputs((old, new), results)
    before, after = load_scheme(old), load_scheme(new)
    if before.fingerprint == after.fingerprint:
        raise InputError(str(new), f"has the ids of {old} in their order", "the answers are valid as they are")
    moves, verb = asked
    whole = plan(before, after, read_moves(moves or ()), verb)
    found = rewrite(read_examples(examples, before), whole, before, after)
    out, review = results
    if review is not None:
        write_examples(review, found.review)
    write_examples(out, found.kept)
    return found


def _show(found: Rewritten, out: Path, review: Path | None) -> None:
    typer.echo(f"已改写 · rewritten, in {out}: {len(found.kept)}")
    for name, count in found.given_up.items():
        typer.echo(f"已放弃 · given up, {name}: {count}")
    if review is not None:
        paragraphs = len({example.uid for example in found.review})
        typer.echo(
            f"待复核(暂定,勿用于训练) · to look at again (provisional, not to train on), in {review}: {paragraphs}"
        )
    typer.echo(
        "旧体系的模型和 oof.jsonl 不再适用 · bundles and oof.jsonl of the old scheme no longer go with these", err=True
    )


def _grid(found: Changes, old: Scheme, new: Scheme, examples: Sequence[Example]) -> Grid:
    names = {**label_names(new), **label_names(old)}
    used = Counter(label for example in examples for label in (*example.themes, example.section))
    kinds = {
        "去掉 removed": found.removed,
        "新增 added": found.added,
        "改写 reworded": found.reworded,
        "不再带主题 no themes now": found.closed,
        "可带主题 themes now": found.opened,
    }
    rows = tuple((names[label], kind, str(used[label])) for kind, labels in kinds.items() for label in labels)
    return Grid("变更 · changes", ("标签 label", "", "答案 answers"), rows)


def _reworded(found: Changes, examples: Sequence[Example]) -> list[Example]:
    return [each for each in examples if not set(found.reworded).isdisjoint((*each.themes, each.section))]
