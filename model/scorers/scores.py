"""What models and scorers give, and the two functions that make probabilities of logits.

    CalibratedScorer(model, decisions).score(paragraphs).themes  ->  array (paragraphs, themes)

A model (`LogitModel`) gives raw logits, a `Scorer` calibrated probabilities. Temperatures enter here and only here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fazhi.model.bundle import Decisions
from fazhi.model.report import Paragraph

Array = NDArray[np.float64]
Logits = tuple[Array, Array]
"""Raw logits of n paragraphs: (n, themes) and (n, sections), columns in scheme order."""


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


class LogitModel(Protocol):
    """The socket behind a scorer: whatever was learned, before temperatures.

    A model may say `by_paragraph = True`: no paragraph's logits depend on the others (`together`).
    """

    def logits(self, paragraphs: Sequence[Paragraph]) -> Logits:
        """Return raw logits of the paragraphs of one report, in order."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class CalibratedScorer:
    """A model with the temperatures of a bundle's decisions."""

    model: LogitModel
    decisions: Decisions

    def score(self, paragraphs: Sequence[Paragraph]) -> Scores:
        """Score the paragraphs of one report, in order."""
        return calibrated(self.model.logits(paragraphs), self.decisions)


@dataclass(frozen=True, slots=True)
class Shares:
    """What the logits of a second model count where they are added to those of a first."""

    themes: float
    sections: float

    @property
    def count(self) -> bool:
        """Whether the second model has any say."""
        return bool(self.themes or self.sections)


@dataclass(frozen=True, slots=True, eq=False)
class Blend:
    """Two models whose logits are added: the first as they are, the second times its shares."""

    first: LogitModel
    second: LogitModel
    shares: Shares

    def logits(self, paragraphs: Sequence[Paragraph]) -> Logits:
        """Return the sums, (n, themes) and (n, sections)."""
        return blended(self.first.logits(paragraphs), self.second.logits(paragraphs), self.shares)


def blended(first: Logits, second: Logits, shares: Shares) -> Logits:
    """Add the second logits times their shares to the first."""
    return first[0] + shares.themes * second[0], first[1] + shares.sections * second[1]


def calibrated(logits: Logits, decisions: Decisions) -> Scores:
    """Return what logits mean under the temperatures of `decisions`."""
    themes, sections = logits
    return Scores(sigmoid(themes / decisions.theme_temperature), log_softmax(sections / decisions.section_temperature))


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
