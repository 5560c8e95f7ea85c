"""What a push has to do: the tasks that should be there and those that are there in, the difference out.

    plan_of(tasks, inventory)  ->  Plan(new=(…), suggest=((41, task), …), known=120, …)

Pure. Paragraphs are known by their uid, suggestions by the name of their bundle, so a push that was cut off anywhere is
completed by the next one and nothing is there twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fazhi.annotation.interface import ANSWERS
from fazhi.annotation.suggested import labels_of
from fazhi.annotation.tasks import Task
from fazhi.model.report import SEGMENTER_VERSION

Choices = Mapping[str, frozenset[str]]
"""Control -> labels chosen in it."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a project holds.

    Attributes:
        tasks: uid -> number of the task.
        cuts: uid -> hash of its document.
        suggestions: Number of a task and name of a bundle -> what it suggested; None where that cannot be read.
        doubled: Numbers of tasks that show a paragraph again.
        foreign: Tasks that are no paragraphs of ours.
        recut: Hashes of documents with tasks of another cut than today's.
        competing: uid -> the competing answers that its task shows; only of tasks that show some.
    """

    tasks: Mapping[str, int]
    cuts: Mapping[str, str]
    suggestions: Mapping[tuple[int, str], Choices | None]
    doubled: tuple[int, ...]
    foreign: int
    recut: frozenset[str] = frozenset()
    competing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be sent, and what else was seen.

    Attributes:
        new: Paragraphs that the project lacks.
        suggest: Tasks that lack this bundle's suggestion, by their numbers.
        renew: Tasks that show other competing answers than these, by their numbers: votes came or changed since.
        known: Paragraphs that are there with this bundle's suggestion, or that are to carry none.
        stale: Of these, those for which a bundle of the same name suggested something else.
        uncut: Tasks of these documents whose paragraphs were not among those pushed: filtered out, or cut differently.
        doubled: Numbers of tasks that show a paragraph again.
        foreign: Tasks that are no paragraphs of ours.
    """

    new: tuple[Task, ...]
    suggest: tuple[tuple[int, Task], ...]
    renew: tuple[tuple[int, Task], ...]
    known: int
    stale: int
    uncut: int
    doubled: tuple[int, ...]
    foreign: int

    @property
    def size(self) -> int:
        """Things to send."""
        return len(self.new) + len(self.suggest) + len(self.renew)


def inventory_of(
    tasks: Iterable[tuple[int, Any, Any]], suggestions: Iterable[tuple[int | None, str, Any]]
) -> Inventory:
    """Sort what a server listed: tasks as number, data and meta; suggestions as task, bundle and result."""
    numbers: dict[str, int] = {}
    cuts: dict[str, str] = {}
    doubled, foreign = [], 0
    recut: set[str] = set()
    competing: dict[str, tuple[str, ...]] = {}
    for number, data, meta in tasks:
        uid = data.get("uid") if isinstance(data, dict) else None
        if not isinstance(uid, str):
            foreign += 1
        elif uid in numbers:
            doubled.append(number)
        else:
            numbers[uid] = number
            cuts[uid] = str(meta.get("sha256")) if isinstance(meta, dict) else ""
            recut |= {cuts[uid]} if isinstance(meta, dict) and _is_older(meta) else set()
            competing |= {uid: _competing(data)} if _competing(data) else {}
    said = {(task, bundle): labels_of(result) for task, bundle, result in suggestions if task is not None}
    return Inventory(numbers, cuts, said, tuple(doubled), foreign, frozenset(recut), competing)


def plan_of(tasks: Sequence[Task], inventory: Inventory) -> Plan:
    """Compare what should be there with what is there; a paragraph that is given twice is taken once."""
    wanted = {task.uid: task for task in tasks}
    there = [(inventory.tasks[uid], task) for uid, task in wanted.items() if uid in inventory.tasks]
    lacking = [each for each in there if each[1].bundle and (each[0], each[1].bundle) not in inventory.suggestions]
    suggested = [(number, task) for number, task in there if (number, task.bundle) in inventory.suggestions]
    documents = {str(task.meta["sha256"]) for task in tasks}
    return Plan(
        new=tuple(task for uid, task in wanted.items() if uid not in inventory.tasks),
        suggest=tuple(lacking),
        renew=tuple(each for each in there if _is_outdated(each[1], inventory)),
        known=len(there) - len(lacking),
        stale=sum(_differs(inventory.suggestions[number, task.bundle], task) for number, task in suggested),
        uncut=sum(sha256 in documents and uid not in wanted for uid, sha256 in inventory.cuts.items()),
        doubled=inventory.doubled,
        foreign=inventory.foreign,
    )


def _is_outdated(task: Task, inventory: Inventory) -> bool:
    """Say whether a task is to show competing answers other than those that it shows."""
    wanted = _competing(task.data)
    return bool(wanted) and wanted != inventory.competing.get(task.uid)


def _competing(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the competing answers that a task shows."""
    return tuple(str(data[name]) for name in ANSWERS if name in data)


def difference_of(plan: Plan) -> str:
    """Return the plan for people, a line each."""
    always = [
        ("新段落 · paragraphs to add", len(plan.new)),
        ("补机器建议 · suggestions to add to paragraphs that are there", len(plan.suggest)),
        ("已在 · there already, nothing to do", plan.known),
    ]
    sometimes = [
        (
            "同名模型的建议不同 · other suggestions under the same bundle name; give the bundle a new version",
            plan.stale,
        ),
        ("更新相争的答案 · tasks whose competing answers change", len(plan.renew)),
        ("同一报告的其他段落 · other paragraphs of these reports in the project", plan.uncut),
        ("重复的任务 · tasks that show a paragraph again; Data Manager, Remove Duplicated Tasks", len(plan.doubled)),
        ("非本工具的任务 · tasks that fazhi did not push", plan.foreign),
    ]
    return "\n".join(f"{name}: {count}" for name, count in (*always, *(each for each in sometimes if each[1])))


def _is_older(meta: Mapping[str, Any]) -> bool:
    return bool(meta.get("segmenter", SEGMENTER_VERSION) != SEGMENTER_VERSION)


def _differs(said: Choices | None, task: Task) -> bool:
    return task.prediction is not None and said != labels_of(task.prediction["result"])
