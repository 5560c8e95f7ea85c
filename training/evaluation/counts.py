"""Hits by document, and intervals from resampling whole documents.

    drawn = resamples(5, 2000, rng);  ratios(count(answers, given, 11, 5), drawn).metrics["exact"]  ->  array (2000,)

Paragraphs of a report resemble one another, so the report is what is drawn (cluster bootstrap: Davison & Hinkley 1997,
"Bootstrap Methods and their Application", 3.8). A resample is a row of how often each document was drawn; hits are
counted once and weighted, and what is drawn for one model is drawn for all, which pairs their differences.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from fazhi.training.evaluate import Evaluation
from fazhi.training.evaluation.material import Answers, Array, Columns, Flags, Given

METRICS = ("theme_micro_f1", "theme_macro_f1", "exact", "section_accuracy", "section_macro_f1")
"""The headline figures, by their names in `Evaluation`."""
COARSE = 20
"""Fewer documents than this leave an interval coarse, and rather too narrow than too wide."""
_TAILS = (2.5, 97.5)


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Hits by document.

    Attributes:
        themes: (documents, 3, themes): right, spurious, missed.
        sections: (documents, 3, sections), likewise.
        exact: (documents,), paragraphs whose set of themes is right.
        paragraphs: (documents,).
    """

    themes: Columns
    sections: Columns
    exact: Columns
    paragraphs: Columns


@dataclass(frozen=True, slots=True, eq=False)
class Ratios:
    """Figures of many resamples; not a number where a resample has nothing to divide by.

    Attributes:
        metrics: Each of METRICS, (resamples,).
        themes: F1, (resamples, themes).
        sections: F1, (resamples, sections).
    """

    metrics: dict[str, Array]
    themes: Array
    sections: Array


@dataclass(frozen=True, slots=True)
class Interval:
    """The middle 95 % of the resamples."""

    low: float
    high: float


def resamples(documents: int, count: int, rng: np.random.Generator) -> Columns:
    """Draw documents with replacement, `count` times over; return how often each was drawn, (count, documents)."""
    return rng.multinomial(documents, np.full(documents, 1 / documents), size=count)


def count(answers: Answers, given: Given, sections: int, documents: int) -> Counts:
    """Count hits by document; the last two say how many sections and documents there are."""
    columns = np.arange(sections)
    parts = {
        "themes": _outcomes(answers.themes, given.themes),
        "sections": _outcomes(answers.sections[:, None] == columns, given.sections[:, None] == columns),
        "exact": (answers.themes == given.themes).all(axis=1),
        "paragraphs": np.ones(len(answers.documents), dtype=np.int64),
    }
    return Counts(**{name: _by_document(values, answers.documents, documents) for name, values in parts.items()})


def ratios(counts: Counts, drawn: NDArray[np.int64]) -> Ratios:
    """Return figures of each resample, defined as in `evaluate`; drawn is (resamples, documents)."""
    parts = [getattr(counts, field.name) for field in fields(Counts)]
    themes, sections, exact, paragraphs = (np.tensordot(drawn, part, axes=1) for part in parts)
    metrics = {
        "theme_micro_f1": _f1(themes.sum(axis=2)),
        "theme_macro_f1": _macro(themes),
        "exact": _divide(exact, paragraphs),
        "section_accuracy": _divide(sections[:, 0].sum(axis=1), paragraphs),
        "section_macro_f1": _macro(sections),
    }
    return Ratios(metrics, _supported(themes), _supported(sections))


def interval(values: Array) -> Interval | None:
    """Return the percentile interval of (resamples,); None where no resample has the figure."""
    finite = values[np.isfinite(values)]
    return Interval(*map(float, np.percentile(finite, _TAILS))) if len(finite) else None


def headline(evaluation: Evaluation) -> dict[str, float]:
    """Return the headline figures of an evaluation."""
    return {name: float(getattr(evaluation, name)) for name in METRICS}


def _outcomes(answered: Flags, given: Flags) -> Flags:
    """Return (n, 3, labels): right, spurious, missed."""
    return np.stack([answered & given, given & ~answered, answered & ~given], axis=1)


def _by_document(values: NDArray[np.generic], of: Columns, documents: int) -> Columns:
    summed = np.zeros((documents, *values.shape[1:]), dtype=np.int64)
    np.add.at(summed, of, values.astype(np.int64))
    return summed


def _f1(outcomes: Columns) -> Array:
    """Return F1 of (…, 3) or, with labels last, of (…, 3, labels)."""
    right, spurious, missed = np.moveaxis(outcomes, 1, 0)
    return _divide(2 * right, 2 * right + spurious + missed)


def _supported(outcomes: Columns) -> Array:
    """Return F1 of each label, not a number where the resample has no answer with it."""
    return np.where(outcomes[:, 0] + outcomes[:, 2] > 0, _f1(outcomes), np.nan)


def _macro(outcomes: Columns) -> Array:
    """Average over the labels that the resample's answers have, as `evaluate` does."""
    each = _supported(outcomes)
    return _divide(np.nansum(each, axis=1), np.isfinite(each).sum(axis=1))


def _divide(above: NDArray[np.generic], below: NDArray[np.generic]) -> Array:
    result = np.full(np.shape(below), np.nan)
    np.divide(above, below, out=result, where=np.asarray(below) > 0)
    return result
