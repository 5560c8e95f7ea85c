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


def share_of(annotations: Sequence[Mapping[str, Any]]) -> Suggested:
    """Count how often suggestions were kept, over answers whose results `chosen` can read."""
    pairs = [(_labels(each["result"]), _labels(_suggestion(each))) for each in annotations if _started_from_one(each)]
    return Suggested(
        seen=len(pairs),
        kept=sum(answer == said for answer, said in pairs),
        section=sum(answer[SECTION] == said[SECTION] for answer, said in pairs),
        themes=sum(answer[THEMES] == said[THEMES] for answer, said in pairs),
    )


def _started_from_one(annotation: Mapping[str, Any]) -> bool:
    """Say whether the answer came of a suggestion, and still carries the copy of it."""
    origins = {str(item.get("origin")) for item in annotation["result"]}
    return bool(origins & _FROM_A_SUGGESTION) and bool(_suggestion(annotation))


def _suggestion(annotation: Mapping[str, Any]) -> Result:
    """Return the copy of the suggestion; nothing where there is none, or one that is not ours."""
    said = annotation.get("prediction")
    result = said.get("result") if isinstance(said, dict) else None
    if not isinstance(result, list) or not all(isinstance(item, dict) for item in result):
        return ()
    try:
        _labels(result)
    except ValueError:
        return ()
    return result


def _labels(result: Result) -> dict[str, frozenset[str]]:
    return {control: frozenset(chosen(result, control)) for control in (SECTION, THEMES)}
