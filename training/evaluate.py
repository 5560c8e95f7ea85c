"""Tagged paragraphs against answers: precision, recall, F1 with support, micro and macro, exact match.

Metrics are scikit-learn's. A theme or section that the answers never have is left out of macro averages and said so.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_fscore_support

from fazhi.model.labels import Scheme


@dataclass(frozen=True, slots=True)
class LabelScore:
    """Scores of one label; support is the number of answers that have it."""

    id: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well tags meet answers on n paragraphs.

    Attributes:
        exact: Share of paragraphs whose set of themes is right.
        section_accuracy: Share of paragraphs whose section is right.
    """

    paragraphs: int
    theme_micro_f1: float
    theme_macro_f1: float
    section_macro_f1: float
    section_accuracy: float
    exact: float
    themes: tuple[LabelScore, ...]
    sections: tuple[LabelScore, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values, rounded to four places."""
        return {name: rounded(value) for name, value in asdict(self).items()}


def evaluate(
    given: NDArray[np.bool_],
    answers: NDArray[np.bool_],
    sections: NDArray[np.int64],
    section_answers: NDArray[np.int64],
    scheme: Scheme,
) -> Evaluation:
    """Compare tags (n, themes), (n,) with answers of the same shapes."""
    themes = _scores(given, answers, scheme.theme_ids)
    columns = np.arange(len(scheme.sections))
    kinds = _scores(sections[:, None] == columns, section_answers[:, None] == columns, scheme.section_ids)
    micro = precision_recall_fscore_support(answers, given, average="micro", zero_division=0)
    return Evaluation(
        paragraphs=len(answers),
        theme_micro_f1=float(micro[2]),
        theme_macro_f1=_macro(themes),
        section_macro_f1=_macro(kinds),
        section_accuracy=float((sections == section_answers).mean()),
        exact=float((given == answers).all(axis=1).mean()),
        themes=themes,
        sections=kinds,
    )


def _scores(given: NDArray[np.bool_], answers: NDArray[np.bool_], ids: tuple[str, ...]) -> tuple[LabelScore, ...]:
    columns = precision_recall_fscore_support(answers, given, average=None, zero_division=0)
    return tuple(
        LabelScore(name, float(precision), float(recall), float(f1), int(support))
        for name, precision, recall, f1, support in zip(ids, *columns, strict=True)
    )


def _macro(scores: tuple[LabelScore, ...]) -> float:
    """Average over the labels that the answers have; 0 where they have none."""
    return float(np.mean([score.f1 for score in scores if score.support] or [0.0]))


def rounded(value: Any) -> Any:
    """Return JSON values with floats rounded to four places, however deep they lie."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {name: rounded(entry) for name, entry in value.items()}
    return [rounded(entry) for entry in value] if isinstance(value, list | tuple) else value
