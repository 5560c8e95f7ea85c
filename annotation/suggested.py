"""What a result chose, and how often people keep what the model suggested: annotations in, labels and shares out.

    share_of(annotations)  ->  Suggested(seen=40, kept=31, section=38, themes=32)

Label Studio marks what came of a suggestion (`origin`), but not what was taken away from it; so an answer is also held
against the copy of the suggestion that it carries. Answers that started from nothing are not counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fazhi.model.labels import SECTION, THEMES

Result = Sequence[Mapping[str, Any]]
"""Items as Label Studio stores them, one a control."""

_FROM_A_SUGGESTION = {"prediction", "prediction-changed"}


@dataclass(frozen=True, slots=True)
class Suggested:
    """Counts of answers.

    Attributes:
        seen: Answers that started from a suggestion.
        kept: Of these, with section and themes as suggested.
        section: Of these, with the section as suggested.
        themes: Of these, with exactly the themes suggested, none included.
    """

    seen: int
    kept: int
    section: int
    themes: int


def chosen(result: Result, control: str) -> list[str]:
    """Return the labels that were chosen in a control.

    Raises:
        ValueError: The control holds something that is no choice.
    """
    values = [item.get("value") for item in result if item.get("from_name") == control]
    labels = [value.get("choices") if isinstance(value, dict) else None for value in values]
    if not all(isinstance(each, list) and all(isinstance(label, str) for label in each) for each in labels):
        raise ValueError(f"has an answer in {control} that is no choice")
    return [label for each in labels for label in each or ()]


def labels_of(result: Any) -> dict[str, frozenset[str]] | None:
    """Return what a result chose in section and themes; None where it holds anything else than choices."""
    if not isinstance(result, list) or not all(isinstance(item, dict) for item in result):
        return None
    try:
        return {control: frozenset(chosen(result, control)) for control in (SECTION, THEMES)}
    except ValueError:
        return None


def share_of(annotations: Sequence[Mapping[str, Any]]) -> Suggested:
    """Count how often suggestions were kept, over answers whose results `chosen` can read.

    A suggestion that cannot be read is none of ours, and an answer to it is not counted.
    """
    started = [each for each in annotations if _started_from_one(each["result"])]
    pairs = [(labels_of(each["result"]), labels_of(_suggestion(each))) for each in started]
    both = [(answer, said) for answer, said in pairs if answer is not None and said is not None and said[SECTION]]
    return Suggested(
        seen=len(both),
        kept=sum(answer == said for answer, said in both),
        section=sum(answer[SECTION] == said[SECTION] for answer, said in both),
        themes=sum(answer[THEMES] == said[THEMES] for answer, said in both),
    )


def _started_from_one(result: Result) -> bool:
    """Say whether any part of the answer came of a suggestion."""
    return bool({str(item.get("origin")) for item in result} & _FROM_A_SUGGESTION)


def _suggestion(annotation: Mapping[str, Any]) -> Any:
    """Return the result of the suggestion whose copy the answer carries."""
    said = annotation.get("prediction")
    return said.get("result") if isinstance(said, dict) else None
