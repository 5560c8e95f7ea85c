"""What differs between two bundles, as tables for people and as a record for programs. Nothing is compared here."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from fazhi.model.bundle import Bundle
from fazhi.model.labels import Scheme
from fazhi.model.showing import label_names
from fazhi.serving.bundles.changes import Change, Changes, Moved
from fazhi.serving.bundles.differences import PARTS, Difference
from fazhi.serving.bundles.printing import table

_TITLES = {
    "manifest": "来历 manifest",
    "decisions": "判定 decisions",
    "settings": "训练设置 settings",
    "metrics": "指标 metrics",
    "files": "文件 files",
}
_MOST = 40  # paragraphs in the table; all are in the record
_WORDS = 30  # of a paragraph; the record has more
_HASH = re.compile("[0-9a-f]{64}")
_LABELS = {"themes", "sections"}
_UNMOVED = 0.005  # under it both scores may be the same two digits


@dataclass(frozen=True, slots=True)
class Diff:
    """Two bundles and what differs; `changes` is None where no reports were given."""

    first: Bundle
    second: Bundle
    differences: tuple[Difference, ...]
    changes: Changes | None


def as_record(diff: Diff) -> dict[str, Any]:
    """Return everything as plain values."""
    return {
        "a": {"bundle": diff.first.label, "folder": str(diff.first.folder)},
        "b": {"bundle": diff.second.label, "folder": str(diff.second.folder)},
        "differences": [{"part": each.part, "path": each.path, "a": each.a, "b": each.b} for each in diff.differences],
        "changes": _changes_record(diff.changes) if diff.changes else None,
    }


def show(diff: Diff, console: Console) -> None:
    """Print everything but figures of single labels beyond their F1 on the body, and paragraphs beyond the first."""
    console.print(table("", ("", "模型 bundle", "文件夹 folder"), _sides(diff)))
    for part in PARTS:
        found = [each for each in diff.differences if each.part == part and _is_shown(each)]
        if found:
            console.print(table(_TITLES[part], ("名称 name", "A", "B"), map(_row, found)))
    hidden = sum(not _is_shown(each) for each in diff.differences)
    if hidden:
        console.print(f"另有 {hidden} 处,见 --json · more differences, see --json")
    if not diff.differences:
        console.print("没有不同之处 · no differences", style="bold green")
    if diff.changes:
        for each in _changes(diff.changes, diff.first.scheme):
            console.print(each)


def _sides(diff: Diff) -> Iterator[tuple[str, str, str]]:
    for letter, bundle in (("A", diff.first), ("B", diff.second)):
        yield letter, bundle.label, str(bundle.folder)


def _is_shown(each: Difference) -> bool:
    """Leave out of the table what would fill pages: sizes beside hashes, every figure of every label."""
    if each.part == "metrics" and _LABELS & set(each.path):
        return "body" in each.path and each.path[-1] == "f1"
    return not (each.part == "files" and each.path[-1] == "bytes")


def _row(each: Difference) -> tuple[Any, ...]:
    path = each.path if each.part == "manifest" else each.path[1:]
    return " / ".join(path), _short(each.a), _short(each.b)


def _short(value: Any) -> Any:
    """Cut a hash to what people compare."""
    return f"{value[:12]}…" if isinstance(value, str) and _HASH.fullmatch(value) else value


def _changes(changes: Changes, scheme: Scheme) -> Iterator[Table | Text]:
    share = len(changes.paragraphs) / max(changes.total, 1)
    yield Text(
        f"{changes.reports} 份报告 reports,{changes.total:,} 段 paragraphs:"
        f"{len(changes.paragraphs):,} 段标注有变 tagged differently ({share:.1%})",
        style="bold",
    )
    if changes.paragraphs:
        yield _themes(changes, scheme)
        if changes.sections:
            yield _sections(changes, scheme)
        yield _paragraphs(changes)


def _themes(changes: Changes, scheme: Scheme) -> Table:
    names = label_names(scheme)
    rows = [(names[each.id], each.first, each.second, each.gained, each.lost) for each in changes.themes]
    return table("主题,段 themes, paragraphs", ("主题 theme", "A", "B", "增 gained", "减 lost"), rows, (1, 2, 3, 4))


def _sections(changes: Changes, scheme: Scheme) -> Table:
    names = label_names(scheme)
    rows = [(names[was], names[now], count) for (was, now), count in changes.sections]
    return table("部分,段 sections, paragraphs", ("A", "B", "段 paragraphs"), rows, (2,))


def _paragraphs(changes: Changes) -> Table:
    heads = ("报告 report", "#", "段落 paragraph", "A → B", "最大变化 furthest")
    title, shown = "标注有变的段落 changed paragraphs", changes.paragraphs[:_MOST]
    if len(shown) < len(changes.paragraphs):
        title += f",前 {_MOST} 段,全部见 --json · the first, all in --json"
    return table(title, heads, map(_paragraph, shown), (1,))


def _paragraph(each: Change) -> tuple[Any, ...]:
    signs = [f"+{theme}" for theme in each.gained] + [f"−{theme}" for theme in each.lost]
    if each.sections[0] != each.sections[1]:
        signs.insert(0, " → ".join(each.sections))
    words = each.words if len(each.words) <= _WORDS else each.words[:_WORDS].rstrip("…") + "…"
    return each.document, each.index, words, ", ".join(signs), _furthest(each.furthest)


def _furthest(moved: Moved) -> str:
    if abs(moved.now - moved.was) < _UNMOVED:
        return "得分未变 no score moved"
    return f"{moved.theme} {moved.was:.2f} → {moved.now:.2f}"


def _changes_record(changes: Changes) -> dict[str, Any]:
    return {
        "reports": changes.reports,
        "total": changes.total,
        "themes": [asdict(each) for each in changes.themes],
        "sections": [{"was": was, "now": now, "paragraphs": count} for (was, now), count in changes.sections],
        "paragraphs": [asdict(each) for each in changes.paragraphs],
    }
