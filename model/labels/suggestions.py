"""What a model says of a paragraph, as the object that Label Studio stores and shows: a prediction.

    suggestion("fazhi-linear@0.1.0", Said("work", 0.9, ("digital",), {"digital": 0.8, …}), scheme)
    ->  {"model_version": "fazhi-linear@0.1.0", "score": 0.8, "result": [{"from_name": "section", …}, …]}

Names of controls stand here because the labelling interface, the tasks and whatever answers Label Studio must agree on
them. Sends nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fazhi.model.labels.scheme import Scheme

TEXT, SECTION, THEMES, NOTE = "text", "section", "themes", "note"
"""Names in the labelling interface: what is shown, and what is answered about it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a model said of one paragraph.

    Attributes:
        theme_scores: Calibrated probability of every theme, by its id.
    """

    section: str
    section_score: float
    themes: tuple[str, ...]
    theme_scores: Mapping[str, float]


def suggestion(model: str, said: Said, scheme: Scheme) -> dict[str, Any]:
    """Return the prediction; ids are stored, never names, which Label Studio would not tick.

    No theme is no item at all: an item with an empty list would count as an answer.
    """
    items = [_item(SECTION, [said.section], said.section_score)]
    if said.themes:
        items.append(_item(THEMES, list(said.themes), min(said.theme_scores[theme] for theme in said.themes)))
    return {"model_version": model, "score": confidence(said, scheme), "result": items}


def confidence(said: Said, scheme: Scheme) -> float:
    """Return how sure the least sure of all decisions is: the section, and each theme given or not given.

    Label Studio's uncertainty sampling shows the lowest first. Sections that carry no themes decide alone.
    """
    themes = () if said.section in scheme.unthemed else said.theme_scores.values()
    return round(min(said.section_score, *(max(score, 1 - score) for score in themes), 1.0), 4)


def _item(control: str, labels: list[str], score: float) -> dict[str, Any]:
    value = {"choices": labels}
    return {"from_name": control, "to_name": TEXT, "type": "choices", "value": value, "score": round(score, 4)}
