"""Fit the fallback: examples in, `LinearWeights` and `Decisions` out.

Logistic regression (scikit-learn) on the feature blocks of `fazhi.model.scorers.features`; one head a theme, one for
the section. The scheme's own words join the examples: every phrase of a theme's `takes` is a short paragraph about
it, every section's name a chapter heading above one. Decisions are chosen on scores of reports that were left out.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from fazhi.model.bundle import Decisions, SectionChain
from fazhi.model.labels import HEADING, Example, Scheme
from fazhi.model.report import Paragraph
from fazhi.model.scorers import LinearScorer, log_softmax, sigmoid
from fazhi.model.scorers.features import BLOCKS, blocks_of, grams
from fazhi.model.scorers.linear import LinearWeights
from fazhi.model.tagger import decode_sections, same_chapter
from fazhi.training.decisions import (
    chain_of,
    margin_for,
    section_temperature,
    theme_temperature,
    theme_thresholds,
)
from fazhi.training.settings import LinearSettings
from fazhi.training.splits import folds

Array = NDArray[np.float64]
Blocks = tuple[Counter[str], ...]
_ALMOST_ONE = 1 - 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class AnsweredReport:
    """The paragraphs of one report with their answers.

    Attributes:
        source: Where the answers came from, as in the examples.
        themes: (n, themes).
        sections: (n,), columns in scheme order.
    """

    source: str
    paragraphs: tuple[Paragraph, ...]
    themes: NDArray[np.bool_]
    sections: NDArray[np.int64]


def answered_reports(examples: Sequence[Example], scheme: Scheme) -> list[AnsweredReport]:
    """Group examples by the hash of their document, paragraphs in order: the folds of everything that follows."""
    groups: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        groups[example.sha256].append(example)
    return [_report_of(sorted(group, key=lambda example: example.index), scheme) for group in groups.values()]


def fit_linear(reports: Sequence[AnsweredReport], scheme: Scheme, settings: LinearSettings) -> LinearScorer:
    """Fit weights on all reports, and decisions on scores from folds that left each report out."""
    left_out: dict[int, tuple[Array, Array]] = {}
    for held_out in folds(len(reports), settings.folds, settings.seed):
        inside = set(held_out.tolist())
        fold = _fit_weights([each for here, each in enumerate(reports) if here not in inside], scheme, settings)
        left_out |= {here: fold.logits(reports[here].paragraphs) for here in inside}
    decisions = _decide(reports, [left_out[here] for here in range(len(reports))], scheme, settings)
    return LinearScorer.of(_fit_weights(reports, scheme, settings).weights, decisions)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Training rows: token blocks with answers; a row may be for the theme heads, the section head or both."""

    blocks: list[Blocks]
    themes: NDArray[np.bool_]
    sections: NDArray[np.int64]
    importance: Array
    for_themes: NDArray[np.bool_]
    for_sections: NDArray[np.bool_]


def _fit_weights(reports: Sequence[AnsweredReport], scheme: Scheme, settings: LinearSettings) -> LinearScorer:
    """Return a scorer with fitted weights and decisions that decide nothing yet."""
    rows = _join(_rows_of(reports, scheme), _scheme_rows(scheme, settings.scheme_weight))
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


def _rows_of(reports: Sequence[AnsweredReport], scheme: Scheme) -> _Rows:
    sections = np.concatenate([report.sections for report in reports])
    return _Rows(
        blocks=[blocks for report in reports for blocks in blocks_of(report.paragraphs)],
        themes=np.concatenate([report.themes for report in reports]),
        sections=sections,
        importance=np.ones(len(sections)),
        for_themes=np.ones(len(sections), dtype=bool),
        for_sections=sections != scheme.section_ids.index(HEADING),
    )


def _scheme_rows(scheme: Scheme, weight: float) -> _Rows:
    """Return the scheme's own words as rows.

    Every phrase of a theme's name and `takes` is a paragraph about it; every phrase of a section's name and definition
    is both a paragraph of that section and the chapter heading above one.
    """
    blocks: list[Blocks] = []
    answers: list[tuple[int, int]] = []  # (theme or -1, section or -1)
    for column, theme in enumerate(scheme.themes):
        for phrase in _phrases(theme.zh, theme.takes):
            blocks.append(_only("text", phrase))
            answers.append((column, -1))
    for column, section in enumerate(scheme.sections):
        for phrase in _phrases(section.zh, section.definition) if section.id != HEADING else ():
            blocks += [_only("text", phrase), _only("chapter", phrase)]
            answers += [(-1, column)] * 2
    themes, sections = (np.array(column) for column in zip(*answers, strict=True))
    return _Rows(
        blocks=blocks,
        themes=themes[:, None] == np.arange(len(scheme.themes)),
        sections=sections,
        importance=np.full(len(answers), weight),
        for_themes=(themes >= 0) & (weight > 0),
        for_sections=(sections >= 0) & (weight > 0),
    )


def _phrases(*texts: str) -> list[str]:
    return [phrase for text in texts for phrase in re.split("[,、;]", text) if phrase]


def _only(block: str, text: str) -> Blocks:
    return tuple(Counter(grams(text)) if name == block else Counter() for name in BLOCKS)


def _join(one: _Rows, other: _Rows) -> _Rows:
    return _Rows(
        blocks=[*one.blocks, *other.blocks],
        themes=np.concatenate([one.themes, other.themes]),
        sections=np.concatenate([one.sections, other.sections]),
        importance=np.concatenate([one.importance, other.importance]),
        for_themes=np.concatenate([one.for_themes, other.for_themes]),
        for_sections=np.concatenate([one.for_sections, other.for_sections]),
    )


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
    heading = scheme.section_ids.index(HEADING)
    theme_logits = np.concatenate([themes for themes, _ in left_out])
    section_logits = np.concatenate([sections for _, sections in left_out])
    theme_answers = np.concatenate([report.themes for report in reports])
    section_answers = np.concatenate([report.sections for report in reports])
    body = section_answers != heading
    warmth = theme_temperature(theme_logits, theme_answers)
    others = np.delete(section_logits[body], heading, axis=1)
    section_warmth = section_temperature(others, _without(section_answers[body], heading))
    chain = chain_of([_steps_of(report, heading) for report in reports], len(scheme.sections), settings.chain_prior)
    scores = sigmoid(theme_logits / warmth)
    thresholds = theme_thresholds(scores, theme_answers, settings.threshold_shrink)
    cuts = np.log(thresholds) - np.log1p(-np.array(thresholds))
    distances = np.abs(theme_logits / warmth - cuts)
    posteriors = np.concatenate(
        [
            decode_sections(report.paragraphs, log_softmax(logits / section_warmth), heading, chain)
            for report, (_, logits) in zip(reports, left_out, strict=True)
        ]
    )[body]
    certainty = np.log(posteriors.max(axis=1)) - np.log1p(-np.minimum(posteriors.max(axis=1), _ALMOST_ONE))
    right = posteriors.argmax(axis=1) == section_answers[body]
    return Decisions(
        theme_thresholds=thresholds,
        theme_temperature=warmth,
        section_temperature=section_warmth,
        theme_margin=margin_for(distances, (scores >= thresholds) == theme_answers, settings.sure_accuracy),
        section_minimum=float(sigmoid(np.array(margin_for(certainty, right, settings.sure_accuracy)))),
        chain=chain,
    )


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


def _report_of(examples: Sequence[Example], scheme: Scheme) -> AnsweredReport:
    themes = np.array([[theme in example.themes for theme in scheme.theme_ids] for example in examples])
    sections = np.array([scheme.section_ids.index(example.section) for example in examples])
    return AnsweredReport(examples[0].source, tuple(map(_paragraph_of, examples)), themes, sections)


def _paragraph_of(example: Example) -> Paragraph:
    return Paragraph(
        index=example.index,
        count=example.count,
        start=example.start,
        end=example.end,
        text=example.text,
        clean=example.clean,
        level=example.level,
        marker=example.marker,
        path=example.path,
        flags=(),
    )
