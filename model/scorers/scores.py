"""What scorers give, and the two functions that make probabilities of logits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fazhi.model.report import Paragraph

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Scores of n paragraphs, columns in scheme order.

    Attributes:
        themes: (n, themes), calibrated probabilities, independent of each other.
        sections: (n, sections), log-probabilities of each paragraph by itself, before the report is decoded.
    """

    themes: Array
    sections: Array


class Scorer(Protocol):
    """The socket that every kind of model fits."""

    def score(self, paragraphs: Sequence[Paragraph]) -> Scores:
        """Score the paragraphs of one report, in order; an empty sequence gives arrays of no rows."""
        ...


def sigmoid(logits: Array) -> Array:
    """Logistic function, exact at both ends."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)))


def log_softmax(logits: Array) -> Array:
    """Log of the softmax over the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def softmax(logits: Array) -> Array:
    """Softmax over the last axis."""
    return np.exp(log_softmax(logits))
