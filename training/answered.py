"""Lines that several readers answered — headings, sentences — as far as they are alike."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar


class _Answered(Protocol):
    @property
    def answers(self) -> tuple[Any, ...]: ...


Answered = TypeVar("Answered", bound=_Answered)


def with_one_answer(lines: Sequence[Answered]) -> tuple[Answered, ...]:
    """Return the lines whose answers are all the same: those that are learnt from."""
    return tuple(each for each in lines if len(set(each.answers)) == 1)


def parts_of(data: Any, subject: str) -> tuple[Any, str, Any]:
    """Return subject, writer and answers of a decoded line; subject and answers are for the caller to check.

    Args:
        data: An object with these fields and no others.
        subject: Name of the field that was answered.

    Raises:
        ValueError: Other fields, or a writer that is no name; says what was expected and what was found.
    """
    fields = {subject, "writer", "answers"}
    if not isinstance(data, dict) or set(data) != fields:
        raise ValueError(f"expected an object with {', '.join(sorted(fields))}, found {data!r:.80}")
    if not isinstance(data["writer"], str):
        raise ValueError(f"writer should be a name, found {data['writer']!r:.80}")
    return data[subject], data["writer"], data["answers"]
