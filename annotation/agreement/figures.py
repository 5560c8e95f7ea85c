"""How far annotators agree on the section and on each label, with intervals from resampling whole documents.

    ballots = collect({"a": votes, "b": others}, scheme)
    agreement(ballots, scheme, resamples(ballots.document_count, 2000, rng)).themes[4]
        ->  LabelAgreement("enforcement", support=(41, 40), kappa=0.97, alpha=0.97, f1=0.98, …)

Paragraphs of a report resemble one another, so the report is what is drawn (cluster bootstrap: Davison & Hinkley 1997,
"Bootstrap Methods and their Application", 3.8). Pure functions; says nothing about who is right.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from fazhi.annotation.agreement.ballots import Ballots
from fazhi.annotation.agreement.coefficients import Array, Columns, alpha, coincidences, contingency, f1, kappa
from fazhi.model.labels import Scheme

COARSE = 20
"""Fewer documents than this leave an interval coarse, and rather too narrow than too wide."""
_TWO = 2
_TAILS = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Figure:
    """A coefficient, and the middle 95 % of its resamples; None where it was not resampled."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class LabelAgreement:
    """Agreement on whether paragraphs have one label.

    Attributes:
        support: Paragraphs that each annotator gave it to.
        kappa: Cohen's kappa of two annotators; None for more, and where nobody ever gave the label.
        alpha: Krippendorff's alpha; None where nobody ever gave it.
        f1: F1 between annotators, over all pairs of them; None likewise.
    """

    id: str
    support: tuple[int, ...]
    kappa: Figure | None
    alpha: Figure | None
    f1: Figure | None


@dataclass(frozen=True, slots=True)
class SectionAgreement:
    """Agreement on the section as one choice of all; the figures are None where there are no paragraphs."""

    paragraphs: int
    kappa: Figure | None
    alpha: Figure | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of annotators over the same paragraphs.

    Attributes:
        identical: Paragraphs to which all who answered gave the same section and the same set of themes.
        alone: Paragraphs that were not counted because one annotator answered them alone.
        uncommon: Paragraphs that were not counted because not all annotators answered them.
        section: Of all paragraphs.
        section_body: Without headings, whose section the segmenter gives away.
    """

    annotators: tuple[str, ...]
    documents: int
    paragraphs: int
    identical: int
    alone: int
    uncommon: int
    section: SectionAgreement
    section_body: SectionAgreement
    themes: tuple[LabelAgreement, ...]
    sections: tuple[LabelAgreement, ...]

    @property
    def coarse(self) -> bool:
        """Whether the documents are too few for smooth intervals."""
        return self.documents < COARSE


def resamples(documents: int, count: int, rng: np.random.Generator) -> Columns:
    """Draw documents with replacement, `count` times over; return how often each was drawn, (count, documents)."""
    return rng.multinomial(documents, np.full(documents, 1 / documents), size=count)


def agreement(ballots: Ballots, scheme: Scheme, drawn: Columns | None = None) -> Agreement:
    """Measure how far annotators agree.

    Args:
        ballots: Their answers.
        scheme: Names of the columns.
        drawn: From `resamples`; no intervals without it.
    """
    drawn = np.zeros((0, ballots.document_count), dtype=np.int64) if drawn is None else drawn
    given = np.where(
        ballots.sections[:, :, None] < 0, -1, ballots.sections[:, :, None] == np.arange(len(scheme.sections))
    )
    return Agreement(
        annotators=ballots.annotators,
        documents=ballots.document_count,
        paragraphs=len(ballots.answers),
        identical=sum(_is_identical(ballots, row) for row in range(len(ballots.answers))),
        alone=ballots.alone,
        uncommon=ballots.uncommon,
        section=_section(ballots, np.ones(len(ballots.answers), dtype=bool), len(scheme.sections), drawn),
        section_body=_section(ballots, ballots.body, len(scheme.sections), drawn),
        themes=_labels(ballots, ballots.themes, scheme.theme_ids, drawn),
        sections=_labels(ballots, given, scheme.section_ids, drawn),
    )


def _is_identical(ballots: Ballots, row: int) -> bool:
    answered = ballots.sections[row] >= 0
    one_section = len(set(ballots.sections[row, answered].tolist())) == 1
    return one_section and len({tuple(themes) for themes in ballots.themes[row, answered].tolist()}) == 1


def _section(ballots: Ballots, rows: NDArray[np.bool_], answers: int, drawn: Columns) -> SectionAgreement:
    shape = (ballots.document_count, answers)
    sections, documents = ballots.sections[rows], ballots.documents[rows]
    found = coincidences(sections, documents, shape)
    two = len(ballots.annotators) == _TWO
    tables = contingency(sections[:, 0], sections[:, 1], documents, shape)
    return SectionAgreement(
        paragraphs=int(rows.sum()),
        kappa=_figure(kappa(_totals(tables, drawn))) if two else None,
        alpha=_figure(alpha(_totals(found, drawn))),
    )


def _labels(ballots: Ballots, given: Columns, ids: tuple[str, ...], drawn: Columns) -> tuple[LabelAgreement, ...]:
    return tuple(_label(ballots, given[:, :, column], name, drawn) for column, name in enumerate(ids))


def _label(ballots: Ballots, given: Columns, name: str, drawn: Columns) -> LabelAgreement:
    """Measure one label; given is (paragraphs, annotators), 1, 0 or missing."""
    shape = (ballots.document_count, 2)
    support = tuple(int(count) for count in (given == 1).sum(axis=0))
    if not any(support):
        return LabelAgreement(name, support, None, None, None)
    pairs = list(combinations(range(given.shape[1]), 2))
    tables = [contingency(given[:, one], given[:, other], ballots.documents, shape) for one, other in pairs]
    pooled = _totals(np.sum(tables, axis=0), drawn)
    found = _totals(coincidences(given, ballots.documents, shape), drawn)
    has_it = found[:, 1].sum(axis=-1) > 0
    return LabelAgreement(
        id=name,
        support=support,
        kappa=_figure(np.where(has_it, kappa(pooled), np.nan)) if len(pairs) == 1 else None,
        alpha=_figure(np.where(has_it, alpha(found), np.nan)),
        f1=_figure(f1(pooled)),
    )


def _totals(counts: Array | Columns, drawn: Columns) -> Array:
    """Add documents up: first all of them once, then each resample; (1 + resamples, …)."""
    once = np.ones((1, len(counts)), dtype=np.int64)
    return np.tensordot(np.concatenate([once, drawn]), counts, axes=1).astype(np.float64)


def _figure(values: Array) -> Figure | None:
    """Return the first value with the interval of the others; resamples that lack the figure are left out."""
    if not np.isfinite(values[0]):
        return None
    finite = values[1:][np.isfinite(values[1:])]
    around = map(float, np.percentile(finite, _TAILS)) if len(finite) else (None, None)
    return Figure(float(values[0]), *around)
