"""Scores and answers to decisions: thresholds, temperatures, bands, section transitions.

Pure functions of arrays. Whoever calls them passes out-of-fold scores, so that a threshold never saw the model that
was fitted on the same paragraph.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from fazhi.model.bundle import SectionChain
from fazhi.model.scorers import log_softmax, sigmoid

Array = NDArray[np.float64]
Answers = NDArray[np.bool_]

_LOG_TEMPERATURES = np.log(0.01), np.log(100.0)  # far beyond what any model needs
_THRESHOLDS = np.round(np.arange(0.10, 0.91, 0.01), 2)
_MARGINS = np.round(np.arange(0.0, 12.01, 0.05), 2)


def theme_temperature(logits: Array, answers: Answers) -> float:
    """Return the temperature that minimises the log loss of sigmoid(logits / temperature) (Guo et al. 2017).

    Args:
        logits: (n, themes).
        answers: (n, themes).
    """
    return _temperature(lambda temperature: _log_loss(sigmoid(logits / temperature), answers))


def section_temperature(logits: Array, answers: NDArray[np.int64]) -> float:
    """Return the temperature that minimises the log loss of softmax(logits / temperature)."""
    rows = np.arange(len(answers))
    return _temperature(lambda temperature: float(-log_softmax(logits / temperature)[rows, answers].mean()))


def theme_thresholds(scores: Array, answers: Answers, shrink: float) -> tuple[float, ...]:
    """Return one threshold a theme.

    Each theme's F1 over the grid is averaged with that of all themes together, whose weight is `shrink` paragraphs
    against the theme's own support: a theme seen five times does not get a threshold of its own.

    Args:
        scores: (n, themes), out-of-fold probabilities.
        answers: (n, themes).
        shrink: Support at which a theme's own curve and the common one weigh the same.
    """
    curves = np.array([_f1_columns(scores >= threshold, answers) for threshold in _THRESHOLDS])
    common = np.array([_f1(scores >= threshold, answers) for threshold in _THRESHOLDS])
    support = answers.sum(axis=0)
    mixed = (support * curves + shrink * common[:, None]) / (support + shrink)
    return tuple(float(_middle_best(mixed[:, theme])) for theme in range(scores.shape[1]))


def margin_for(distances: Array, correct: NDArray[np.bool_], accuracy: float) -> float:
    """Return the smallest margin beyond which decisions are right at least this often.

    Args:
        distances: Any shape; how far each decision lies from where it would change.
        correct: The same shape.
        accuracy: Wanted share of right decisions beyond the margin.
    """
    for margin in _MARGINS:
        beyond = distances >= margin
        if not beyond.any() or correct[beyond].mean() >= accuracy:
            return float(margin)
    return float(_MARGINS[-1])


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """How the sections of a report follow each other, headings aside.

    Attributes:
        opening: Column of the section that the report opens with; empty where that was not answered.
        before: (n,), columns of sections.
        after: (n,), columns of those that follow.
        is_within: (n,), whether both stand in one chapter.
    """

    opening: NDArray[np.int64]
    before: NDArray[np.int64]
    after: NDArray[np.int64]
    is_within: NDArray[np.bool_]


def chain_of(steps: Sequence[Steps], sections: int, prior: float) -> SectionChain:
    """Return the chain of the sections of reports, with `prior` counts added to every opening and transition.

    Args:
        steps: Of each report.
        sections: Number of sections.
        prior: Pseudo-count, so that nothing is impossible.
    """
    initial = np.full(sections, prior)
    tables = np.full((2, sections, sections), prior)
    for each in steps:
        np.add.at(initial, each.opening, 1)
        np.add.at(tables, (np.where(each.is_within, 0, 1), each.before, each.after), 1)
    rows = np.log(tables / tables.sum(axis=2, keepdims=True))
    within, across = (tuple(tuple(map(float, row)) for row in table) for table in rows)
    return SectionChain(tuple(map(float, np.log(initial / initial.sum()))), within, across)


def _temperature(loss: Callable[[float], float]) -> float:
    """Return where a loss is least; it has one valley, being convex in 1 / temperature."""
    found = minimize_scalar(lambda log: loss(float(np.exp(log))), bounds=_LOG_TEMPERATURES, method="bounded")
    return float(np.exp(found.x))


def _log_loss(probabilities: Array, answers: Answers) -> float:
    clipped = np.clip(probabilities, 1e-9, 1 - 1e-9)
    return float(-np.where(answers, np.log(clipped), np.log1p(-clipped)).mean())


def _f1(given: Answers, answers: Answers) -> float:
    return float(2 * (given & answers).sum() / max(given.sum() + answers.sum(), 1))


def _f1_columns(given: Answers, answers: Answers) -> Array:
    return np.asarray(2 * (given & answers).sum(axis=0) / np.maximum(given.sum(axis=0) + answers.sum(axis=0), 1))


def _middle_best(curve: Array) -> float:
    """Return the middle of the grid points within a hair of the best: the edge of a plateau is an accident."""
    best = np.flatnonzero(curve >= curve.max() - 1e-9)
    return float(_THRESHOLDS[best[len(best) // 2]])
