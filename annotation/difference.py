"""Two exports of one project, an older and a newer: which answers are new, changed or gone.

    difference(older, newer)  ->  Difference(new=12, changed=1, gone=(Gone("a.txt", 7, "li@example.org"),), removed=0)

Answers are known by the identity that Label Studio gives them once, not by the numbers of tasks, which it uses again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fazhi.annotation.export import Export

_Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Gone:
    """An answer that is no longer on the server.

    Attributes:
        index: Place of the paragraph in its document, as the task said.
    """

    document: str
    index: int | str
    annotator: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What happened between two exports.

    Attributes:
        new: Answers that the older one lacks.
        changed: Answers that were changed since.
        gone: Answers that the newer one lacks.
        removed: Tasks that the newer one lacks, answered or not.
    """

    new: int
    changed: int
    gone: tuple[Gone, ...]
    removed: int


def difference(older: Export, newer: Export) -> Difference:
    """Compare two exports."""
    before, after = _answers(older), _answers(newer)
    return Difference(
        new=len(after.keys() - before.keys()),
        changed=sum(_time(before[name]) != _time(after[name]) for name in before.keys() & after.keys()),
        gone=tuple(_gone(older, *pair) for name, pair in before.items() if name not in after),
        removed=len(_uids(older) - _uids(newer)),
    )


def _answers(export: Export) -> dict[str, tuple[_Object, _Object]]:
    """Return tasks and annotations by the lasting identity of the annotations."""
    pairs = ((task, each) for task in export.tasks for each in task["annotations"])
    return {str(each.get("unique_id") or each["id"]): (task, each) for task, each in pairs}


def _time(pair: tuple[_Object, _Object]) -> str:
    return str(pair[1]["updated_at"])


def _uids(export: Export) -> set[str]:
    return {str(_data(task).get("uid", task["id"])) for task in export.tasks}


def _gone(export: Export, task: _Object, annotation: _Object) -> Gone:
    data = _data(task)
    annotator = export.name_of(annotation.get("completed_by"))
    return Gone(str(data.get("document", f"task {task['id']}")), data.get("index", "?"), annotator)


def _data(task: _Object) -> _Object:
    data = task.get("data")
    return data if isinstance(data, dict) else {}
