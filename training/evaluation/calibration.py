"""Whether a score of 0.8 means eight in ten: scores and answers in, errors out.

    adaptive_error(scores, answers)  ->  0.03

Bins of equal mass, class by class: adaptive calibration error, Nixon et al. 2019, "Measuring Calibration in Deep
Learning" (CVPR Workshops). Beside it the Brier score (Brier 1950) and what the best constant, the base rate, would
get: p(1 - p).
"""

from dataclasses import dataclass

import numpy as np

from fazhi.model.labels import Scheme
from fazhi.training.evaluation.material import Answers, Array, Flags, ModelTags

BINS = 10


@dataclass(frozen=True, slots=True)
class LabelCalibration:
    """Calibration of one label's scores; `base_brier` is the Brier score of its base rate."""

    id: str
    adaptive_error: float
    brier: float
    base_brier: float


@dataclass(frozen=True, slots=True)
class ReliabilityPoint:
    """Scores that lie together: their mean, the share of them that were right, how many they are."""

    score: float
    share: float
    count: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """Calibration of a model on a trial.

    Attributes:
        bins: Bins of the adaptive errors.
        mean: Means over the themes.
        themes: Each theme.
        section: The given section, right or not (top label).
        theme_reliability: All themes' scores together, by tenths of the score.
        section_reliability: Likewise of the given section's posterior.
    """

    bins: int
    mean: LabelCalibration
    themes: tuple[LabelCalibration, ...]
    section: LabelCalibration
    theme_reliability: tuple[ReliabilityPoint, ...]
    section_reliability: tuple[ReliabilityPoint, ...]


def calibrate(answers: Answers, model: ModelTags, scheme: Scheme) -> Calibration:
    """Measure the calibration of theme scores and of the posterior of the section that was given."""
    themes = tuple(
        label_calibration(name, model.theme_scores[:, column], answers.themes[:, column])
        for column, name in enumerate(scheme.theme_ids)
    )
    posterior = np.take_along_axis(model.section_scores, model.given.sections[:, None], axis=1)[:, 0]
    right = model.given.sections == answers.sections
    return Calibration(
        bins=BINS,
        mean=_mean(themes),
        themes=themes,
        section=label_calibration("section", posterior, right),
        theme_reliability=reliability(model.theme_scores.ravel(), answers.themes.ravel()),
        section_reliability=reliability(posterior, right),
    )


def label_calibration(name: str, scores: Array, answers: Flags) -> LabelCalibration:
    """Measure one label; scores and answers are (n,)."""
    rate = float(answers.mean())
    return LabelCalibration(name, adaptive_error(scores, answers), brier(scores, answers), rate * (1 - rate))


def adaptive_error(scores: Array, answers: Flags, bins: int = BINS) -> float:
    """Return the mean over equal-mass bins of |mean score - share of answers|."""
    order = np.argsort(scores, kind="stable")
    parts = np.array_split(order, min(bins, len(order)))
    return float(np.mean([abs(scores[part].mean() - answers[part].mean()) for part in parts]))


def brier(scores: Array, answers: Flags) -> float:
    """Return the mean squared distance of scores from answers."""
    return float(((scores - answers) ** 2).mean())


def reliability(scores: Array, answers: Flags, bins: int = BINS) -> tuple[ReliabilityPoint, ...]:
    """Return the points of a reliability diagram: bins of equal width, empty ones left out."""
    places = np.minimum((scores * bins).astype(int), bins - 1)
    return tuple(
        ReliabilityPoint(float(scores[here].mean()), float(answers[here].mean()), int(here.sum()))
        for here in (places == place for place in range(bins))
        if here.any()
    )


def _mean(labels: tuple[LabelCalibration, ...]) -> LabelCalibration:
    columns = zip(*((label.adaptive_error, label.brier, label.base_brier) for label in labels), strict=True)
    return LabelCalibration("mean", *(float(np.mean(column)) for column in columns))
