"""How useful each paragraph is by itself: probabilities (n, labels) in, usefulness (n,) out, higher is more useful.

    entropy(np.array([[0.5, 0.5], [0.5, 1.0]]))  ->  array([1.0, 0.5])

Labels count as independent, as one-vs-rest heads see them. Picking by usefulness is `top`.
"""

import numpy as np
from numpy.typing import NDArray

from fazhi.model.tagger.tagger import log_odds

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
_ALMOST_ONE = 1e-9


def top(useful: Array, count: int, rng: np.random.Generator) -> Rows:
    """Return the most useful rows, the best first; equals come in an order by chance.

    Raises:
        ValueError: More rows are wanted than there are.
    """
    check_count(count, len(useful))
    order = rng.permutation(len(useful))
    return order[np.argsort(-useful[order], kind="stable")][:count]


def check_count(count: int, rows: int) -> None:
    """Refuse to pick more rows than there are.

    Raises:
        ValueError: Says both counts.
    """
    if not 0 <= count <= rows:
        raise ValueError(f"expected to pick 0 to {rows} rows, found {count}")


def least_confidence(probabilities: Array) -> Array:
    """Return the doubt in a row's likelier answers, averaged over labels: 0 to 0.5.

    Lewis & Gale 1994, "A Sequential Algorithm for Training Text Classifiers".
    """
    return np.asarray(1.0 - _confidence(probabilities).mean(axis=1))


def margin(probabilities: Array) -> Array:
    """Return 1 less the distance in probability between the two likeliest sets of labels: 0 to 1.

    The second set differs from the first in the row's most doubtful label. Averaged over labels instead, the margin
    would order rows exactly as `least_confidence` does: of two classes it is twice that. Scheffer, Decomain & Wrobel
    2001, "Active Hidden Markov Models for Information Extraction".
    """
    confidence = _confidence(probabilities)
    lowest = confidence.min(axis=1)
    best = confidence.prod(axis=1)
    return np.asarray(1.0 - best * (1.0 - (1.0 - lowest) / lowest))


def entropy(probabilities: Array) -> Array:
    """Return the entropy in bits, averaged over labels: 0 to 1.

    Shannon 1948; for selection Settles 2009, "Active Learning Literature Survey", 3.1.
    """
    likely = np.clip(probabilities, _ALMOST_ONE, 1 - _ALMOST_ONE)
    bits = -likely * np.log2(likely) - (1 - likely) * np.log2(1 - likely)
    return np.asarray(bits.mean(axis=1))


def threshold_closeness(probabilities: Array, thresholds: Array) -> Array:
    """Return how near a row's nearest label is to its threshold (labels,): 1 on it, towards 0 far away.

    Distance is in log-odds, as it is for the band `check`: it falls to 1/e at a distance of 1. Tong & Koller 2001,
    "Support Vector Machine Active Learning", 4.1, with thresholds for the hyperplane.
    """
    distance = np.abs(log_odds(probabilities) - log_odds(thresholds))
    return np.asarray(np.exp(-distance.min(axis=1)))


def disagreement(one: Array, other: Array) -> Array:
    """Return how far two models differ: Jensen-Shannon divergence in bits, averaged over labels, 0 to 1.

    McCallum & Nigam 1998, "Employing EM and Pool-Based Active Learning for Text Classification", a committee of two.

    Raises:
        ValueError: Arrays of different shapes.
    """
    if one.shape != other.shape:
        raise ValueError(f"expected scores of one shape, found {one.shape} and {other.shape}")
    return np.asarray(entropy((one + other) / 2) - (entropy(one) + entropy(other)) / 2)


def rareness(answered: Array) -> Array:
    """Return weights of labels by how few rows are answered with them (labels,); they sum to 1.

    Inverse frequency, one added: a label that nobody has met weighs most and not infinitely.
    """
    weights = 1.0 / (1.0 + answered)
    return np.asarray(weights / weights.sum())


def rare_boosted(useful: Array, probabilities: Array, answered: Array) -> Array:
    """Multiply usefulness by 1 + the weight of the labels that a row is expected to have.

    Plain doubt keeps finding more of common labels (Attenberg & Provost 2010, "Why Label When You Can Search?").

    Args:
        useful: (n,).
        probabilities: (n, labels).
        answered: (labels,), rows answered with each label.
    """
    return np.asarray(useful * (1.0 + probabilities @ rareness(answered) * len(answered)))


def _confidence(probabilities: Array) -> Array:
    """Return the probability of each label's likelier answer, yes or no."""
    return np.asarray(np.maximum(probabilities, 1.0 - probabilities))
