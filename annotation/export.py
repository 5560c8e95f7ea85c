"""A project as Label Studio exported it, kept beside the examples: writer and reader side by side.

    examples.jsonl  ->  examples.export.json  {"url": "…/projects/3", "config": "<View>…", "tasks": [{…}, …], …}

What a server or a file says is checked here for its shape, once: tasks with numbers, annotations with times and
results. What the answers mean is for `votes`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from fazhi.model.reading import InputError
from fazhi.model.reading.document import opened
from fazhi.model.writing import replacing


@dataclass(frozen=True, slots=True)
class Export:
    """A project at one moment.

    Attributes:
        url: Where the project is seen: `http://127.0.0.1:8080/projects/3`.
        title: What the project is called.
        config: The labelling interface at that time.
        users: Number of a user, as text -> mail address.
        exported: When, ISO 8601.
        tasks: As the server sent them, of the shape that `checked` asks for.
    """

    url: str
    title: str
    config: str
    users: Mapping[str, str]
    exported: str
    tasks: Sequence[Mapping[str, Any]]

    def task_url(self, task: object) -> str:
        """Return where a task is seen."""
        return f"{self.url}/data?task={task}"

    def name_of(self, user: object) -> str:
        """Return a user's address, or a name made of the number where the user is gone."""
        return self.users.get(str(user), f"user {user}")


def decoded(data: bytes, where: str) -> Any:
    """Decode what a server or a file says; its shape is for `checked`.

    Raises:
        InputError: Not JSON.
    """
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _not_an_export(where, f"{error!s:.200}") from None


def checked(export: Export, where: str) -> Export:
    """Return the export, having looked at the shape of every task.

    Raises:
        InputError: Not what Label Studio exports; the message names the first place that is wrong.
    """
    tasks = export.tasks
    if not isinstance(tasks, list):
        raise _not_an_export(where, f"tasks are {type(tasks).__name__}, not a list")
    for place, task in enumerate(tasks):
        wrong = next(_wrong_in(task), "")
        if wrong:
            raise _not_an_export(where, f"task {place}: {wrong}")
    return export


def write_export(path: Path, export: Export) -> None:
    """Write an export, a task a line; a reader never sees half a file."""
    about = {field.name: getattr(export, field.name) for field in fields(Export) if field.name != "tasks"}
    tasks = ",\n".join(json.dumps(task, ensure_ascii=False) for task in export.tasks)
    with replacing(path) as file:
        file.write(json.dumps(about, ensure_ascii=False).removesuffix("}"))
        file.write(f', "tasks": [\n{tasks}\n]}}\n')


def read_export(path: Path) -> Export:
    """Read an export that `write_export` wrote.

    Raises:
        InputError: The file cannot be read or is something else.
    """
    with opened(path) as file:
        data = decoded(file.read(), str(path))
    names = {field.name for field in fields(Export)}
    if not isinstance(data, dict) or set(data) != names or not isinstance(data["users"], dict):
        raise _not_an_export(str(path), f"expected an object with {', '.join(sorted(names))}")
    return checked(Export(**data), str(path))


def _wrong_in(task: Any) -> Iterator[str]:
    """Yield what is wrong with a task; further checks rely on earlier ones, so only the first is to be read."""
    if not isinstance(task, dict) or not isinstance(task.get("id"), int):
        yield "has no number"
    annotations, drafts = task.get("annotations"), task.get("drafts", [])
    if not isinstance(annotations, list) or not isinstance(drafts, list):
        yield "has no list of annotations"
    for annotation in annotations:
        if not isinstance(annotation, dict) or not isinstance(annotation.get("id"), int):
            yield "has an annotation without a number"
        result = annotation.get("result")
        if not isinstance(result, list) or not all(isinstance(item, dict) for item in result):
            yield f"annotation {annotation['id']} has no list of results"
        if not _is_time(annotation.get("updated_at")):
            yield f"annotation {annotation['id']} does not say when it was made"


def _is_time(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False


def _not_an_export(where: str, what: str) -> InputError:
    return InputError(where, f"is no export of a Label Studio project ({what})", "pull it again")
