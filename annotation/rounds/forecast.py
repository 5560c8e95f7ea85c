"""What more answers would buy: the learning curve so far in, paragraphs for one more point of macro F1 out.

    forecast((Point(100, 0.60, 0.05), Point(200, 0.70, 0.04), Point(300, 0.74, 0.04)), rng)  ->  Forecast(more=27, …)

The error, 1 - F1, is taken to fall as a power of the answers (Hestness et al. 2017, "Deep Learning Scaling is
Predictable, Empirically"): a straight line through logarithms. The curve's own uncertainty is drawn again and again.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fazhi.annotation.sampling.uncertainty import Array

FEWEST = 3
"""Points under which nothing is forecast: a line goes through any two."""
GAIN = 0.01
_DRAWS, _TAILS = 2000, (5, 95)
_LEAST_ERROR = 0.001
_NO_END, _MOST_LOG = 1e6, 100.0  # answers beyond which nobody counts; what is beyond that overflows
_NORMAL_95 = 3.92  # widths: a 95 % interval is that many standard deviations wide


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a learning curve.

    Attributes:
        paragraphs: Answers that were learned from.
        macro_f1: What came of it.
        deviation: Standard deviation of that figure.
    """

    paragraphs: int
    macro_f1: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many more answers one point of macro F1 takes; None stands for no end: the curve does not rise so far.

    Attributes:
        more: The best guess.
        low: Of the middle 90 % of draws.
        high: As above.
    """

    more: int | None
    low: int | None
    high: int | None


def deviation_of(low: float, high: float) -> float:
    """Return the standard deviation that belongs to a 95 % interval."""
    return (high - low) / _NORMAL_95


def forecast(points: Sequence[Point], rng: np.random.Generator) -> Forecast | None:
    """Return the forecast from the last point on; None below three points with different counts."""
    counts = np.array([each.paragraphs for each in points], dtype=np.float64)
    if len(np.unique(counts)) < FEWEST:
        return None
    scores = np.array([each.macro_f1 for each in points])
    deviations = np.array([each.deviation for each in points])
    drawn = scores + deviations * rng.standard_normal((_DRAWS, len(points)))
    low, high = np.percentile(_more(counts, drawn), _TAILS, method="nearest")
    return Forecast(*(_whole(value) for value in (float(_more(counts, scores[None])[0]), float(low), float(high))))


def _more(counts: Array, scores: Array) -> Array:
    """Fit a line through logarithms to each row of scores (draws, points); return answers for one point more."""
    logs, errors = np.log(counts), np.log(np.clip(1 - scores, _LEAST_ERROR, None))
    centred = logs - logs.mean()
    slopes = errors @ centred / (centred @ centred)
    now = np.exp(errors.mean(axis=1) + slopes * (logs[-1] - logs.mean()))
    rises = (slopes < 0) & (now > GAIN)
    logs_more = np.log1p(-GAIN / np.where(rises, now, 1.0)) / np.where(rises, slopes, -1.0)
    return np.asarray(np.where(rises, counts[-1] * np.expm1(np.minimum(logs_more, _MOST_LOG)), np.inf))


def _whole(value: float) -> int | None:
    return None if value > _NO_END else math.ceil(value)
