"""The honest score: answers of audits and a model's tags in, macro F1 with its interval out, from 200 paragraphs on.

    audit_score(answers, tags, documents, rng)  ->  Score(paragraphs=212, macro_f1=0.81, low=0.74, …)

Audited paragraphs are a random sample of the pool and were never trained on; paragraphs of the same reports were.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fazhi.annotation.sampling.uncertainty import Array, Rows

FEWEST = 200
"""Audited paragraphs under which no figure is given."""
_DRAWS, _TAILS = 1000, (2.5, 97.5)
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Score:
    """What a model is worth on some paragraphs.

    Attributes:
        macro_f1: Of the themes that the answers have.
        low: Of the middle 95 % when whole reports are drawn again (cluster bootstrap: Davison & Hinkley 1997, 3.8).
        high: As above.
        themes: F1 of each theme; None of those that the answers do not have.
    """

    paragraphs: int
    macro_f1: float
    low: float
    high: float
    themes: tuple[float | None, ...]


def audit_score(answers: Flags, tags: Flags, documents: Rows, rng: np.random.Generator) -> Score | None:
    """Return the score; None below 200 paragraphs. Arguments are those of `score_of`."""
    return score_of(answers, tags, documents, rng) if len(answers) >= FEWEST else None


def score_of(answers: Flags, tags: Flags, documents: Rows, rng: np.random.Generator) -> Score:
    """Return the score of tags beside answers.

    Args:
        answers: (n, themes); at least one is true.
        tags: (n, themes), the model's.
        documents: (n,), each row's report, from 0.
        rng: Draws reports.
    """
    outcomes = np.stack([answers & tags, ~answers & tags, answers & ~tags], axis=1).astype(np.int64)
    count = int(documents.max()) + 1
    counts = np.zeros((count, *outcomes.shape[1:]), dtype=np.int64)
    np.add.at(counts, documents, outcomes)
    drawn = rng.multinomial(count, np.full(count, 1 / count), size=_DRAWS)
    low, high = np.nanpercentile(macro_f1(np.tensordot(drawn, counts, axes=1)), _TAILS)
    whole = counts.sum(axis=0)
    themes = tuple(
        float(2 * right / (2 * right + spurious + missed)) if right + missed else None
        for right, spurious, missed in whole.T
    )
    return Score(len(answers), float(macro_f1(whole[None])[0]), float(low), float(high), themes)


def macro_f1(outcomes: NDArray[np.int64]) -> Array:
    """Return macro F1 (n,) of counts (n, 3, themes): right, spurious, missed; over themes that answers have."""
    right, spurious, missed = np.moveaxis(outcomes, 1, 0).astype(np.float64)
    below = 2 * right + spurious + missed
    each = np.divide(2 * right, below, out=np.zeros_like(below), where=below > 0)
    supported = right + missed > 0
    many = supported.sum(axis=1)
    summed = (each * supported).sum(axis=1)
    return np.asarray(np.divide(summed, many, out=np.full(len(many), np.nan), where=many > 0))
