"""Fit the fallback: examples in, `LinearWeights` and `Decisions` out.

Logistic regression (scikit-learn) on the feature blocks of `fazhi.model.scorers.features`; one head a theme, one for
the section. The scheme's own words join the examples: every phrase of a theme's `takes` is a short paragraph about
it, every section's name a chapter heading above one. Decisions are chosen on scores of reports that were left out.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from fazhi.model.bundle import Decisions, SectionChain
from fazhi.model.labels import HEADING, Scheme
from fazhi.model.scorers import LinearScorer, log_softmax, sigmoid
from fazhi.model.scorers.features import BLOCKS
from fazhi.model.scorers.linear import LinearWeights
from fazhi.model.tagger import decode_sections, same_chapter
from fazhi.training.decisions import (
    chain_of,
    margin_for,
    section_temperature,
    theme_temperature,
    theme_thresholds,
)
from fazhi.training.rows import AnsweredReport, Blocks, join, rows_of, scheme_rows
from fazhi.training.settings import LinearSettings
from fazhi.training.splits import folds

Array = NDArray[np.float64]
_ALMOST_ONE = 1 - 1e-12


def fit_linear(reports: Sequence[AnsweredReport], scheme: Scheme, settings: LinearSettings) -> LinearScorer:
    """Fit weights on all reports, and decisions on scores from folds that left each report out."""
    left_out: dict[int, tuple[Array, Array]] = {}
    for held_out in folds(len(reports), settings.folds, settings.seed):
        inside = set(held_out.tolist())
        fold = _fit_weights([each for here, each in enumerate(reports) if here not in inside], scheme, settings)
        left_out |= {here: fold.logits(reports[here].paragraphs) for here in inside}
    decisions = _decide(reports, [left_out[here] for here in range(len(reports))], scheme, settings)
    return LinearScorer.of(_fit_weights(reports, scheme, settings).weights, decisions)


def _fit_weights(reports: Sequence[AnsweredReport], scheme: Scheme, settings: LinearSettings) -> LinearScorer:
    """Return a scorer with fitted weights and decisions that decide nothing yet."""
    rows = join(rows_of(reports, scheme), scheme_rows(scheme, settings.scheme_weight))
    tokens, idf, matrices = _vectorise(rows.blocks, settings.min_reports_of_token)
    themes, sections = rows.for_themes, rows.for_sections
    theme_matrix = _weighted(matrices, settings.theme_blocks)[themes]
    section_matrix = _weighted(matrices, settings.section_blocks)[sections]
    heads = [
        _fit_head(theme_matrix, rows.themes[themes, column], rows.importance[themes], settings.theme_c)
        for column in range(len(scheme.themes))
    ]
    section_weights, section_bias = _fit_sections(
        section_matrix, rows.sections[sections], rows.importance[sections], len(scheme.sections), settings.section_c
    )
    weights = LinearWeights(
        tokens=tokens,
        idf=idf,
        block_weights=np.array([settings.theme_blocks, settings.section_blocks], dtype=np.float32),
        theme_weights=np.stack([head for head, _ in heads], axis=1).astype(np.float32),
        theme_bias=np.array([bias for _, bias in heads], dtype=np.float32),
        section_weights=section_weights.astype(np.float32),
        section_bias=section_bias.astype(np.float32),
    )
    return LinearScorer.of(weights, _undecided(scheme))


def _vectorise(
    rows: Sequence[Blocks], min_count: int
) -> tuple[tuple[tuple[str, ...], ...], NDArray[np.float32], list[csr_matrix]]:
    """Return, per block, vocabulary and tf-idf matrix, and the idf of all features one after the other."""
    tokens, idfs, matrices = [], [], []
    for block in range(len(BLOCKS)):
        seen = Counter(token for row in rows for token in row[block])
        kept = {token for token, count in seen.items() if count >= min_count}
        vectorizer = DictVectorizer(dtype=np.float64)
        counts = vectorizer.fit_transform([{t: c for t, c in row[block].items() if t in kept} for row in rows])
        transformer = TfidfTransformer(sublinear_tf=True).fit(counts)
        tokens.append(tuple(vectorizer.get_feature_names_out()))
        idfs.append(transformer.idf_.astype(np.float32))
        matrices.append(transformer.transform(counts))
    return tuple(tokens), np.concatenate(idfs), matrices


def _weighted(matrices: Iterable[csr_matrix], weights: Iterable[float]) -> csr_matrix:
    return csr_matrix(hstack([matrix * weight for matrix, weight in zip(matrices, weights, strict=True)]))


def _fit_head(matrix: csr_matrix, answers: NDArray[np.bool_], importance: Array, c: float) -> tuple[Array, float]:
    """Fit one theme; a theme that no example has gets a head that never gives it."""
    if not answers.any():
        return np.zeros(matrix.shape[1]), -10.0
    head = LogisticRegression(C=c, class_weight="balanced", solver="liblinear").fit(matrix, answers, importance)
    return head.coef_[0], float(head.intercept_[0])


def _fit_sections(
    matrix: csr_matrix, answers: NDArray[np.int64], importance: Array, sections: int, c: float
) -> tuple[Array, Array]:
    """Fit the section's softmax; sections that no example has keep a bias that rules them out."""
    model = LogisticRegression(C=c, class_weight="balanced", solver="newton-cg").fit(matrix, answers, importance)
    weights, bias = np.zeros((matrix.shape[1], sections)), np.full(sections, -10.0)
    weights[:, model.classes_], bias[model.classes_] = model.coef_.T, model.intercept_
    return weights, bias


def _decide(
    reports: Sequence[AnsweredReport],
    left_out: Sequence[tuple[Array, Array]],
    scheme: Scheme,
    settings: LinearSettings,
) -> Decisions:
    themes = _decide_themes(
        np.concatenate([themes for themes, _ in left_out]),
        np.concatenate([report.themes for report in reports]),
        settings,
    )
    sections = _decide_sections(reports, [sections for _, sections in left_out], scheme, settings)
    return Decisions(**themes, **sections)


def _decide_themes(logits: Array, answers: NDArray[np.bool_], settings: LinearSettings) -> dict[str, Any]:
    """Return the themes' part of the decisions, from left-out logits (n, themes)."""
    temperature = theme_temperature(logits, answers)
    scores = sigmoid(logits / temperature)
    thresholds = theme_thresholds(scores, answers, settings.threshold_shrink)
    cuts = np.log(thresholds) - np.log1p(-np.array(thresholds))
    distances = np.abs(logits / temperature - cuts)
    return {
        "theme_thresholds": thresholds,
        "theme_temperature": temperature,
        "theme_margin": margin_for(distances, (scores >= thresholds) == answers, settings.sure_accuracy),
    }


def _decide_sections(
    reports: Sequence[AnsweredReport], logits: Sequence[Array], scheme: Scheme, settings: LinearSettings
) -> dict[str, Any]:
    """Return the section's part of the decisions, from left-out logits (n, sections) of each report."""
    heading = scheme.section_ids.index(HEADING)
    answers = np.concatenate([report.sections for report in reports])
    body = answers != heading
    others = np.delete(np.concatenate(logits)[body], heading, axis=1)
    temperature = section_temperature(others, _without(answers[body], heading))
    chain = chain_of([_steps_of(report, heading) for report in reports], len(scheme.sections), settings.chain_prior)
    posteriors = np.concatenate(
        [
            decode_sections(report.paragraphs, log_softmax(each / temperature), heading, chain)
            for report, each in zip(reports, logits, strict=True)
        ]
    )[body]
    certainty = np.log(posteriors.max(axis=1)) - np.log1p(-np.minimum(posteriors.max(axis=1), _ALMOST_ONE))
    right = posteriors.argmax(axis=1) == answers[body]
    margin = margin_for(certainty, right, settings.sure_accuracy)
    return {"section_temperature": temperature, "section_minimum": float(sigmoid(np.array(margin))), "chain": chain}


def _steps_of(report: AnsweredReport, heading: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    body = np.flatnonzero(report.sections != heading)
    pairs = [(report.paragraphs[one], report.paragraphs[other]) for one, other in pairwise(body)]
    return report.sections[body], np.array([same_chapter(one, other) for one, other in pairs], dtype=bool)


def _without(columns: NDArray[np.int64], left_out: int) -> NDArray[np.int64]:
    return np.asarray(columns - (columns > left_out))


def _undecided(scheme: Scheme) -> Decisions:
    themes, sections = len(scheme.themes), len(scheme.sections)
    flat = (0.0,) * sections
    chain = SectionChain(flat, (flat,) * sections, (flat,) * sections)
    return Decisions((0.5,) * themes, 1.0, 1.0, 0.0, 0.0, chain)
