"""Answers come home: a project in, examples.jsonl and the export beside it out, and what is different since last time.

    run_pull(studio, project, Path("examples.jsonl"), scheme)  ->  Pulled(votes=…, since=…)

The export is kept because a server keeps no history: where answers are gone from it, the older export is kept as well.
What answers mean is for `votes`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fazhi.annotation.client import Project, Studio
from fazhi.annotation.difference import Difference, difference
from fazhi.annotation.export import Export, read_export, write_export
from fazhi.annotation.interface import misfits, offered
from fazhi.annotation.overlap import is_older
from fazhi.annotation.votes import Votes, votes_of
from fazhi.model.labels import Scheme, write_examples
from fazhi.model.reading import InputError

_SHOWN = 10  # answers that are gone, by name


@dataclass(frozen=True, slots=True)
class Pulled:
    """What came of a pull.

    Attributes:
        export: Where the export was written.
        since: What is different from the pull before; None at the first.
        kept: Where the older export was moved, because answers are gone.
        misfits: How the project's interface differs from the scheme.
    """

    votes: Votes
    export: Path
    since: Difference | None
    kept: Path | None
    misfits: tuple[str, ...]


def export_beside(out: Path) -> Path:
    """Return where the export of a file of examples is kept."""
    return out.with_name(f"{out.name.removesuffix('.jsonl')}.export.json")


def run_pull(
    studio: Studio, project: Project, out: Path, scheme: Scheme, check: Callable[[Export], None] = lambda _: None
) -> Pulled:
    """Export the project, write examples and export; nothing is written unless all of it arrived.

    Args:
        studio: Where.
        project: Which.
        out: The file of examples.
        scheme: What answers must fit.
        check: Refuses an export that is not what was asked for, before anything is written.

    Raises:
        InputError: The server fails, the check refuses, or another project was pulled to this place.
    """
    beside = export_beside(out)
    older = read_export(beside) if beside.exists() else None
    if older is not None and older.url != project.url:
        raise InputError(str(beside), f"is the export of {older.url}, not {project.url}", "give another -o")
    newer = studio.export(project)
    check(newer)
    votes = votes_of(newer, scheme)
    since = difference(older, newer) if older is not None else None
    kept = _keep(beside, older) if older is not None and since is not None and since.gone else None
    write_export(beside, newer)
    write_examples(out, votes.examples)
    return Pulled(votes, beside, since, kept, tuple(misfits(offered(project.config, project.url), scheme)))


def summary_of(pulled: Pulled) -> str:
    """Return what happened, a line each, for people."""
    votes, since, suggested = pulled.votes, pulled.since, pulled.votes.suggested
    always: list[tuple[str, object]] = [
        ("段落 · paragraphs in the project", votes.tasks),
        ("已答 · answered", votes.answered),
        ("票 · votes", len(votes.examples)),
    ]
    sometimes = [
        ("跳过 · skipped", votes.skipped),
        ("空答 · empty submissions", votes.empty),
        ("草稿,未取用 · drafts, not taken", votes.drafts),
        ("被同一人更新的答案取代 · replaced by a newer answer of the same person", votes.older),
        ("有备注,见导出文件 · with a note, see the export", votes.notes),
        ("旧切分的票 · votes of an older cut, see fazhi annotate remap", sum(map(is_older, votes.examples))),
        ("未取用,原因见上 · not taken, see above", len(votes.problems)),
    ]
    lines = [f"{name}: {value}" for name, value in (*always, *(each for each in sometimes if each[1]))]
    if suggested.seen:
        lines.append(
            f"照机器建议 · suggestions kept: {_share(suggested.kept, suggested.seen)}; 部分 section "
            f"{_share(suggested.section, suggested.seen)}; 主题 themes {_share(suggested.themes, suggested.seen)}"
        )
    if since is not None:
        counts = f"新增 new {since.new}, 改动 changed {since.changed}, 消失 gone {len(since.gone)}"
        lines.append(f"自上次 · since the last pull: {counts}; 删除的段落 paragraphs removed {since.removed}")
    return "\n".join(lines)


def gone_lines(pulled: Pulled) -> list[str]:
    """Name answers that are gone from the server, for standard error."""
    if pulled.since is None or not pulled.since.gone:
        return []
    gone = pulled.since.gone
    lines = [f"gone: {each.document}, paragraph {each.index}, {each.annotator}" for each in gone[:_SHOWN]]
    lines += [f"gone: {len(gone) - _SHOWN} more"] if len(gone) > _SHOWN else []
    return [*lines, f"gone: the older export is kept as {pulled.kept}"]


def _keep(beside: Path, older: Export) -> Path:
    """Move the older export aside under its own time."""
    moment = older.exported.replace(":", "").replace("+0000", "Z")
    return beside.rename(beside.with_name(f"{beside.name.removesuffix('.json')}.{moment}.json"))


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} ({part / whole:.0%})"
