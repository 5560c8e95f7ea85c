"""Paragraphs that are useful and differ: scores and embeddings in, rows out.

badge(probabilities, embeddings, 50, rng)  ->  array([812, 3, …])
"""

import numpy as np

from fazhi.annotation.sampling.diversity import k_means
from fazhi.annotation.sampling.uncertainty import Array, Rows, check_count, top

_WIDER = 10
_EVEN = 0.5


def useful_clusters(
    useful: Array, embeddings: Array, count: int, rng: np.random.Generator, wider: int = _WIDER
) -> Rows:
    """Return rows near the centres of the most useful part of the pool, clustered by weight of usefulness.

    Zhdanov 2019, "Diverse Mini-Batch Active Learning", algorithm 1.

    Args:
        useful: (n,), not negative.
        embeddings: (n, d).
        count: Rows to pick.
        rng: For ties and first centres.
        wider: How many times as many rows are clustered (beta, 10 in the paper).
    """
    best = top(useful, min(wider * count, len(useful)), rng)
    return best[k_means(embeddings[best], useful[best], count, rng)]


def badge(probabilities: Array, embeddings: Array, count: int, rng: np.random.Generator) -> Rows:
    """Return rows whose gradients are long and point in different directions, drawn as k-means++ draws centres.

    Ash et al. 2020, "Deep Batch Active Learning by Diverse, Uncertain Gradient Lower Bounds" (BADGE), for logistic
    heads: were the likelier answers true, the loss of head l would pull its weights by (p_l - answer_l) x. The gradient
    (labels x d) is the outer product of both, so |a x - b y|^2 = |a|^2 |x|^2 + |b|^2 |y|^2 - 2 (a.b)(x.y), and it is
    never built. As in the authors' program the longest comes first; the others are drawn in proportion to the squared
    distance from the nearest that was picked (Arthur & Vassilvitskii 2007).

    Args:
        probabilities: (n, labels).
        embeddings: (n, d), what the heads see.
        count: Rows to pick.
        rng: Draws.
    """
    check_count(count, len(embeddings))
    pulls = probabilities - (probabilities >= _EVEN)
    lengths = (pulls**2).sum(axis=1) * (embeddings**2).sum(axis=1)
    nearest = np.full(len(embeddings), np.inf)
    picked: list[int] = []
    for _ in range(count):
        here = _drawn(nearest, picked, rng) if picked else int(lengths.argmax())
        picked.append(here)
        shared = (pulls @ pulls[here]) * (embeddings @ embeddings[here])
        nearest = np.minimum(nearest, np.maximum(lengths + lengths[here] - 2 * shared, 0.0))
        nearest[picked] = 0.0
    return np.array(picked, dtype=np.int64)


def _drawn(weights: Array, picked: list[int], rng: np.random.Generator) -> int:
    """Draw in proportion to weights; where all are nothing, any row that was not picked."""
    if not weights.any():
        weights = np.ones(len(weights))
        weights[picked] = 0.0
    return int(rng.choice(len(weights), p=weights / weights.sum()))
