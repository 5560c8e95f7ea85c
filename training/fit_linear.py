"""Fit the fallback: answered reports in, `LinearModel` out.

Logistic regression (scikit-learn) on the feature blocks of `fazhi.model.scorers.features`; one head a theme, one for
the section. Answered sentences join the paragraphs for the themes, and the scheme's own words do: every phrase of a
theme's `takes` is a short paragraph about it, every section's name a chapter heading above one.

Answered headings get a head of their own, on the blocks of headings alone, so that what a text says cannot explain a
telling heading away: the chapter decides. Its weights are added to those of the section.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from fazhi.model.labels import Scheme
from fazhi.model.scorers import LinearModel
from fazhi.model.scorers.features import BLOCKS
from fazhi.model.scorers.linear import LinearWeights
from fazhi.training.headings import AnsweredHeading
from fazhi.training.rows import AnsweredReport, Blocks, heading_rows, join, rows_of, scheme_rows, sentence_rows
from fazhi.training.settings import LinearSettings
from fazhi.training.supplement import NO_SUPPLEMENT, Supplement
from fazhi.training.two_classes import by_class

Array = NDArray[np.float64]
_UNTOLD = -1  # stands for the section of a heading that does not tell


def fit_linear(
    reports: Sequence[AnsweredReport],
    scheme: Scheme,
    settings: LinearSettings,
    supplement: Supplement = NO_SUPPLEMENT,
) -> LinearModel:
    """Fit the weights of all heads; of headings and sentences, the first answer counts."""
    headings, sentences = supplement.headings, supplement.sentences
    rows = join(
        rows_of(reports, scheme),
        scheme_rows(scheme, settings.scheme_weight),
        sentence_rows(sentences, scheme, settings.sentence_weight),
    )
    tokens, idf, everything = _vectorise([*rows.blocks, *heading_rows(headings)], settings.min_reports_of_token)
    matrices = [matrix[: len(rows.blocks)] for matrix in everything]
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
    section_weights *= np.repeat(settings.section_blocks, list(map(len, tokens)))[:, None]
    if headings:
        above = csr_matrix(hstack([matrix[len(rows.blocks) :] for matrix in everything]))
        section_weights += settings.heading_share * _fit_headings(above, headings, scheme, settings.heading_c)
    weights = LinearWeights(
        tokens=tokens,
        idf=idf,
        theme_blocks=np.array(settings.theme_blocks, dtype=np.float32),
        sentence_share=np.array(settings.sentence_share, dtype=np.float32),
        theme_weights=np.stack([head for head, _ in heads], axis=1).astype(np.float32),
        theme_bias=np.array([bias for _, bias in heads], dtype=np.float32),
        section_weights=section_weights.astype(np.float32),
        section_bias=section_bias.astype(np.float32),
    )
    return LinearModel.of(weights)


def _vectorise(
    rows: Sequence[Blocks], min_count: int
) -> tuple[tuple[tuple[str, ...], ...], NDArray[np.float32], list[csr_matrix]]:
    """Return, per block, vocabulary and tf-idf matrix, and the idf of all features one after the other.

    A block's idf is taken over the rows that have any of its tokens: headings alone do not make words of texts rarer.
    """
    tokens, idfs, matrices = [], [], []
    for block in range(len(BLOCKS)):
        seen = Counter(token for row in rows for token in row[block])
        kept = {token for token, count in seen.items() if count >= min_count}
        if not kept:  # texts without any heading, say
            tokens.append(())
            idfs.append(np.zeros(0, dtype=np.float32))
            matrices.append(csr_matrix((len(rows), 0)))
            continue
        vectorizer = DictVectorizer(dtype=np.float64)
        counts = vectorizer.fit_transform([{t: c for t, c in row[block].items() if t in kept} for row in rows])
        transformer = TfidfTransformer(sublinear_tf=True).fit(counts[counts.getnnz(axis=1) > 0])
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
    seen = np.unique(answers)
    if len(seen) == 1:
        return np.zeros((matrix.shape[1], sections)), np.where(np.arange(sections) == seen[0], 0.0, -10.0)
    model = LogisticRegression(C=c, class_weight="balanced", solver="newton-cg").fit(matrix, answers, importance)
    weights, bias = np.zeros((matrix.shape[1], sections)), np.full(sections, -10.0)
    weights[:, model.classes_], bias[model.classes_] = by_class(model.coef_).T, by_class(model.intercept_)
    return weights, bias


def _fit_headings(matrix: csr_matrix, headings: Sequence[AnsweredHeading], scheme: Scheme, c: float) -> Array:
    """Return what headings weigh for each section, (features, sections).

    Without intercept, and centred over the sections that headings tell: a paragraph below none weighs nothing, one
    below a heading that does not tell little.
    """
    columns = {section: column for column, section in enumerate(scheme.section_ids)}
    answers = np.array([columns[each.answers[0]] if each.answers[0] else _UNTOLD for each in headings])
    model = LogisticRegression(C=c, class_weight="balanced", solver="newton-cg", fit_intercept=False)
    model.fit(matrix, answers)
    told = model.classes_ != _UNTOLD
    weights = np.zeros((matrix.shape[1], len(columns)))
    found = by_class(model.coef_)[told]
    weights[:, model.classes_[told]] = (found - found.mean(axis=0)).T
    return weights
