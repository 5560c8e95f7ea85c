"""Paragraphs that differ from one another: embeddings (n, d) in, rows of them out.

    core_set(np.array([[0.0], [1.0], [9.0]]), known=np.array([[0.0]]), count=2, rng=rng)  ->  array([2, 1])

Distance is Euclidean. How useful a row is by itself is for `uncertainty`.
"""

import warnings
from itertools import cycle, islice

import numpy as np
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

from fazhi.annotation.sampling.uncertainty import Array, Rows, check_count

_TINY = 1e-12
_SEEDS = 2**31
_RELEVANCE = 0.5


def k_means(embeddings: Array, weights: Array, count: int, rng: np.random.Generator) -> Rows:
    """Return the row nearest each of `count` cluster centres; rows of heavy clusters first.

    Zhdanov 2019, "Diverse Mini-Batch Active Learning". Where there are fewer clusters than wanted, because rows are
    equal, the rest is the core set of what was picked.

    Args:
        embeddings: (n, d).
        weights: (n,), how much each row draws a centre towards itself; ones for plain k-means.
        count: Clusters.
        rng: Seeds the first centres.
    """
    check_count(count, len(embeddings))
    weights = np.maximum(weights, _TINY)
    model = KMeans(n_clusters=count, n_init=1, random_state=int(rng.integers(_SEEDS)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer different rows than clusters, which is seen to
        labels = model.fit_predict(embeddings, sample_weight=weights)
    distance = ((embeddings - model.cluster_centers_[labels]) ** 2).sum(axis=1)
    order = np.lexsort((distance, labels))
    found, first = np.unique(labels[order], return_index=True)
    heavy = np.argsort(-np.bincount(labels, weights)[found], kind="stable")
    picked = order[first][heavy]
    return np.concatenate([picked, _rest(embeddings, picked, count - len(picked), rng)])


def core_set(embeddings: Array, known: Array, count: int, rng: np.random.Generator) -> Rows:
    """Return, one after another, the row farthest from all that is known and picked (greedy k-center).

    Sener & Savarese 2018, "Active Learning for Convolutional Neural Networks: A Core-Set Approach", algorithm 1;
    Gonzalez 1985.

    Args:
        embeddings: (n, d).
        known: (m, d), of what is answered; where nothing is, the first row is drawn by chance.
        count: Rows to pick.
        rng: For the first row.
    """
    check_count(count, len(embeddings))
    nearest = np.full(len(embeddings), np.inf)
    for each in known:
        nearest = np.minimum(nearest, _squared(embeddings, each))
    picked: list[int] = []
    for _ in range(count):
        here = int(nearest.argmax()) if picked or len(known) else int(rng.integers(len(embeddings)))
        picked.append(here)
        nearest = np.minimum(nearest, _squared(embeddings, embeddings[here]))
        nearest[picked] = -1.0  # not again, even among equal rows
    return np.array(picked, dtype=np.int64)


def by_queries(embeddings: Array, queries: Array, count: int, rng: np.random.Generator) -> Rows:
    """Return rows for a first round without answers: queries take turns, each picks what is like it and new.

    Carbonell & Goldstein 1998, "The Use of MMR" (maximal marginal relevance, lambda 0.5): cosine with the query less
    the largest cosine with what was picked.

    Args:
        embeddings: (n, d).
        queries: (q, d), such as the themes' definitions.
        count: Rows to pick.
        rng: Orders the queries.
    """
    check_count(count, len(embeddings))
    rows = unit(embeddings)
    relevance = rows @ unit(queries).T
    redundancy = np.zeros(len(rows))
    picked: list[int] = []
    for turn in islice(cycle(rng.permutation(len(queries))), count):
        value = _RELEVANCE * relevance[:, turn] - (1 - _RELEVANCE) * redundancy
        value[picked] = -np.inf
        here = int(value.argmax())
        picked.append(here)
        redundancy = np.maximum(redundancy, rows @ rows[here])
    return np.array(picked, dtype=np.int64)


def unit(vectors: Array) -> Array:
    """Return rows of length 1; a row of nothing stays so."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0))


def _rest(embeddings: Array, picked: Rows, count: int, rng: np.random.Generator) -> Rows:
    """Return further rows, far from those that were picked."""
    left = np.setdiff1d(np.arange(len(embeddings)), picked)
    return left[core_set(embeddings[left], embeddings[picked], count, rng)]


def _squared(embeddings: Array, point: Array) -> Array:
    return np.asarray(((embeddings - point) ** 2).sum(axis=1))
