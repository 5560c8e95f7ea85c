"""The strategies by name: what is known of a pool in, rows of it out, most useful first.

    STRATEGIES["badge"](known, 50, rng)  ->  array([812, 3, …])

They are compared by `fazhi round simulate`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fazhi.annotation.sampling.diversity import by_queries, core_set, k_means
from fazhi.annotation.sampling.mixtures import badge, useful_clusters
from fazhi.annotation.sampling.uncertainty import (
    Array,
    Rows,
    disagreement,
    entropy,
    least_confidence,
    margin,
    rare_boosted,
    threshold_closeness,
    top,
)


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What is known of a pool of n rows.

    Attributes:
        embeddings: (n, d).
        queries: (q, d), of the themes' definitions.
        answered: (m, d), embeddings of what is answered.
        answers: (m, labels), what they are answered with.
        probabilities: (n, labels), by the model that learned from the answers.
        second: (n, labels), by another model.
        thresholds: (labels,), probabilities over which the other model gives labels.
    """

    embeddings: Array
    queries: Array
    answered: Array
    answers: NDArray[np.bool_]
    probabilities: Array
    second: Array
    thresholds: Array

    @property
    def counts(self) -> Array:
        """Rows answered with each label (labels,)."""
        return np.asarray(self.answers.sum(axis=0), dtype=np.float64)


Strategy = Callable[[Known, int, np.random.Generator], Rows]

STRATEGIES: dict[str, Strategy] = {
    "random": lambda known, count, rng: rng.permutation(len(known.embeddings))[:count],
    "confidence": lambda known, count, rng: top(least_confidence(known.probabilities), count, rng),
    "margin": lambda known, count, rng: top(margin(known.probabilities), count, rng),
    "entropy": lambda known, count, rng: top(entropy(known.probabilities), count, rng),
    "threshold": lambda known, count, rng: top(threshold_closeness(known.second, known.thresholds), count, rng),
    "rare": lambda known, count, rng: top(
        rare_boosted(entropy(known.probabilities), known.probabilities, known.counts), count, rng
    ),
    "k-means": lambda known, count, rng: k_means(known.embeddings, np.ones(len(known.embeddings)), count, rng),
    "core-set": lambda known, count, rng: core_set(known.embeddings, known.answered, count, rng),
    "mixture": lambda known, count, rng: useful_clusters(
        rare_boosted(entropy(known.probabilities), known.probabilities, known.counts), known.embeddings, count, rng
    ),
    "badge": lambda known, count, rng: badge(known.probabilities, known.embeddings, count, rng),
    "disagreement": lambda known, count, rng: top(disagreement(known.probabilities, known.second), count, rng),
    "cold": lambda known, count, rng: by_queries(known.embeddings, known.queries, count, rng),
}
"""Name -> strategy."""

BLIND = frozenset({"random", "k-means", "core-set", "cold"})
"""Strategies that need no model, and so no answers."""
SECOND = frozenset({"threshold", "disagreement"})
"""Strategies that ask the second model."""
COLD = "cold"
"""The strategy of a first round without answers."""
DEFAULT = "margin"
"""The largest area under the curve on folds of our documents and of CAIL2019: docs/rounds.md."""
