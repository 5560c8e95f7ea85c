"""A new labelling interface under answers that are there: which answers would it orphan?

    orphans(export.tasks, interface_of(scheme))  ->  {"themes=数字": (4, 9)}

The server accepts an interface that lacks labels in use; their answers would be shown to nobody. Skipped answers and
drafts count too, since people come back to them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from fazhi.annotation.client import Project, Studio
from fazhi.annotation.interface import answers_shown, check_interface, interface_of, offered
from fazhi.model.labels import Scheme
from fazhi.model.reading import InputError

_SHOWN = 5  # tasks that are named for a label


def update_interface(studio: Studio, project: Project, scheme: Scheme) -> bool:
    """Give the project the interface of the scheme; return whether anything had to be changed.

    Competing answers that it shows stay.

    Raises:
        InputError: Answers would be orphaned; the message names the labels and their tasks.
    """
    config = interface_of(scheme, answers_shown(project.config))
    check_interface(config)
    offered(project.config, project.url)
    if _canonical(config) == _canonical(project.config):
        return False
    export = studio.export(project)
    lost = orphans(export.tasks, config)
    if lost:
        named = "; ".join(f"{what} in {_tasks(numbers)}" for what, numbers in lost.items())
        first = export.task_url(next(iter(lost.values()))[0])
        raise InputError(project.url, f"would lose answers: {named}", f"answer these anew first: {first}")
    studio.update(project, config)
    return True


def orphans(tasks: Sequence[Mapping[str, Any]], config: str) -> dict[str, tuple[int, ...]]:
    """Return what is answered and would no longer be offered -> numbers of the tasks."""
    offer = offered(config, "labelling interface")
    controls = {str(each.get("name")) for each in etree.fromstring(config).iter() if each.get("toName")}
    lost: dict[str, list[int]] = {}
    for task in tasks:
        for item in _items(task):
            control = str(item.get("from_name"))
            value = item.get("value")
            labels = value.get("choices") if isinstance(value, dict) else None
            strange = [label for label in labels or () if label not in offer.get(control, ())]
            for what in [f"{control}={label}" for label in strange] or ([control] if control not in controls else []):
                lost.setdefault(what, []).append(task["id"])
    return {what: tuple(dict.fromkeys(numbers)) for what, numbers in lost.items()}


def _canonical(config: str) -> str:
    """Return an interface without the blanks between tags, which the server changes."""
    return str(etree.canonicalize(config, strip_text=True))


def _items(task: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the parts of all answers and drafts of a task."""
    for each in (*task["annotations"], *task.get("drafts", ())):
        result = each.get("result") if isinstance(each, dict) else None
        yield from (item for item in result or () if isinstance(item, dict))


def _tasks(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:_SHOWN]))
    return f"{len(numbers)} tasks ({shown}{', …' if len(numbers) > _SHOWN else ''})"
