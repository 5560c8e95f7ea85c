"""Coefficients of agreement: counts in, figures out, for one table or for thousands of resampled ones at once.

    kappa(np.array([[5, 1], [1, 3]]))  ->  0.583

Counts are sums over paragraphs, so those of a document are counted once and added up however often it is drawn. Which
paragraphs, annotators and labels they stand for is for `figures`.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Columns = NDArray[np.int64]
MISSING = -1
"""Stands for an answer that an annotator did not give."""
_SMALLEST = 1e-9  # coincidences are sums of fractions


def contingency(one: Columns, other: Columns, documents: Columns, shape: tuple[int, int]) -> Columns:
    """Count two annotators' answers against each other, document by document.

    Args:
        one: (n,), answers from 0, MISSING where there is none; such paragraphs are not counted.
        other: (n,), likewise.
        documents: (n,), from 0.
        shape: How many documents and how many answers there are.

    Returns:
        (documents, answers, answers).
    """
    table = np.zeros((shape[0], shape[1], shape[1]), dtype=np.int64)
    both = (one != MISSING) & (other != MISSING)
    np.add.at(table, (documents[both], one[both], other[both]), 1)
    return table


def coincidences(answers: Columns, documents: Columns, shape: tuple[int, int]) -> Array:
    """Count pairs of answers to the same paragraph, document by document (Krippendorff 2011, C).

    A paragraph with m answers adds each of its m (m - 1) ordered pairs with weight 1 / (m - 1), so that every answer
    counts once; a paragraph with fewer than two answers adds nothing.

    Args:
        answers: (n, annotators), from 0, MISSING where there is none.
        documents: (n,), from 0.
        shape: How many documents and how many answers there are.

    Returns:
        (documents, answers, answers), symmetric.
    """
    given = (answers[:, :, None] == np.arange(shape[1])).sum(axis=1)
    count = given.sum(axis=1)
    pairs = given[:, :, None] * given[:, None, :] - given[:, :, None] * np.eye(shape[1], dtype=np.int64)
    weights = np.where(count > 1, 1 / np.maximum(count - 1, 1), 0.0)
    table = np.zeros((shape[0], shape[1], shape[1]))
    np.add.at(table, documents, pairs * weights[:, None, None])
    return table


def kappa(tables: NDArray[np.generic]) -> Array:
    """Return Cohen's kappa (Cohen 1960) of contingency tables (…, answers, answers).

    1 where both gave the same single answer throughout, which leaves it undefined; not a number for an empty table.
    """
    counts = tables.astype(np.float64)
    total = counts.sum(axis=(-2, -1))
    observed = np.trace(counts, axis1=-2, axis2=-1) * total
    expected = (counts.sum(axis=-1) * counts.sum(axis=-2)).sum(axis=-1)
    return _ratio(observed - expected, total**2 - expected, total)


def alpha(tables: NDArray[np.generic]) -> Array:
    """Return Krippendorff's alpha for nominal answers of coincidence matrices (…, answers, answers).

    With n_c the sums of the rows and n their sum: ((n - 1) Σ o_cc - Σ n_c (n_c - 1)) / (n (n - 1) - Σ n_c (n_c - 1))
    (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", C; 2019, "Content Analysis", 4th ed., 12.3).
    1 where only one answer was ever given, which leaves it undefined; not a number for an empty matrix.
    """
    counts = tables.astype(np.float64)
    each = counts.sum(axis=-1)
    total = each.sum(axis=-1)
    by_chance = (each * (each - 1)).sum(axis=-1)
    observed = (total - 1) * np.trace(counts, axis1=-2, axis2=-1)
    return _ratio(observed - by_chance, total * (total - 1) - by_chance, total)


def f1(tables: NDArray[np.generic]) -> Array:
    """Return F1 of one annotator against the other of yes/no tables (…, 2, 2): the same from either side.

    With tables of several pairs added up it is the share of agreement among what was given (Hripcsak & Rothschild
    2005, "Agreement, the F-measure, and reliability in information retrieval"). Not a number where nobody gave it.
    """
    counts = tables.astype(np.float64)
    below = 2 * counts[..., 1, 1] + counts[..., 0, 1] + counts[..., 1, 0]
    found: Array = np.divide(2 * counts[..., 1, 1], below, out=np.full(below.shape, np.nan), where=below > 0)
    return found


def _ratio(above: Array, below: Array, total: Array) -> Array:
    """Divide; 1 where there is agreement without choice, not a number where nothing was counted."""
    result = np.where(total > 0, 1.0, np.nan)
    np.divide(above, below, out=result, where=below > _SMALLEST)
    return result
