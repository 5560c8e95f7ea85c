"""questions.jsonl: what a round asks, most useful first. Writer and reader side by side.

    read_questions(Path("rounds/003/questions.jsonl"))[0]  ->  Question(task=…, audit=False, twice=True)

A line is a task as it is pushed, and why it is asked: chosen by a strategy, or drawn for the audit.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fazhi.annotation.tasks import Task, paragraph_of
from fazhi.model.labels.lines import read_lines
from fazhi.model.writing import replacing


@dataclass(frozen=True, slots=True)
class Question:
    """A paragraph that a round asks.

    Attributes:
        audit: It is drawn by chance; its answer is never used for training or selection.
        twice: A second person answers it too.
    """

    task: Task
    audit: bool
    twice: bool

    @property
    def uid(self) -> str:
        """The paragraph's identity."""
        return self.task.uid

    @property
    def answers(self) -> int:
        """How many people should answer."""
        return 2 if self.twice else 1


def write_questions(path: Path, questions: Iterable[Question]) -> None:
    """Write one question a line; a reader never sees half a file."""
    with replacing(path) as file:
        for each in questions:
            file.write(json.dumps({**each.task.body, "audit": each.audit, "twice": each.twice}, ensure_ascii=False))
            file.write("\n")


def read_questions(path: Path) -> list[Question]:
    """Read and check every line.

    Raises:
        InputError: The file cannot be read, or lines are bad.
    """
    return read_lines(path, _question_of, "the questions that `fazhi round start` wrote")


def _question_of(data: Any) -> Question:
    """Build and check one line; ValueError says what was expected."""
    names = {"data", "meta", "predictions", "audit", "twice"}
    if not isinstance(data, dict) or set(data) != names:
        raise ValueError(f"expected an object with {', '.join(sorted(names))}")
    paragraph_of(data)
    said = data["predictions"]
    if not isinstance(said, list) or len(said) != 1 or not isinstance(said[0], dict) or "model_version" not in said[0]:
        raise ValueError("expected one suggestion of a named model")
    if type(data["audit"]) is not bool or type(data["twice"]) is not bool:
        raise ValueError("audit and twice should be true or false")
    return Question(Task(data["data"], data["meta"], said[0]), data["audit"], data["twice"])
