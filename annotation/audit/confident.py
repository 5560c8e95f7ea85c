"""Confident learning: given classes and left-out probabilities in; which look wrong, and how wrong, out.

    disputed(np.array([0, 0, 1, 1]), probabilities)  ->  array([False, True, False, False])

Northcutt, Jiang & Chuang 2021, "Confident Learning: Estimating Uncertainty in Dataset Labels", 3.1; for several labels
a row Thyagarajan et al. 2022, "Identifying Incorrect Annotations in Multi-Label Classification Data", 3. Knows nothing
of themes and sections.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Columns = NDArray[np.int64]
Flags = NDArray[np.bool_]
WORST_WEIGHS = 0.8
"""How much each worse label weighs against all better ones together (Thyagarajan et al. 2022, 4: alpha = 0.8)."""


def thresholds(given: Columns, probabilities: Array) -> Array:
    """Return how sure a model is of a class on average where it was given; infinite where it never was.

    Args:
        given: (n,), classes from 0.
        probabilities: (n, classes).
    """
    of_class = given[:, None] == np.arange(probabilities.shape[1])
    count = of_class.sum(axis=0)
    summed = np.where(of_class, probabilities, 0.0).sum(axis=0)
    averages: Array = np.divide(summed, count, out=np.full(count.shape, np.inf), where=count > 0)
    return averages


def disputed(given: Columns, probabilities: Array) -> Flags:
    """Say where a model is confident of another class: what lies off the diagonal of the confident joint.

    A class is confident where its probability reaches its threshold; of several the most probable counts.
    """
    reached = probabilities >= thresholds(given, probabilities)
    best = np.where(reached, probabilities, -1.0).argmax(axis=1)
    found: Flags = reached.any(axis=1) & (best != given)
    return found


def disputed_labels(given: Flags, probabilities: Array) -> Flags:
    """Do so for each of several yes/no labels; given and probabilities are (n, labels)."""
    both = np.stack([1 - probabilities, probabilities], axis=2)
    columns = (disputed(given[:, place].astype(np.int64), both[:, place]) for place in range(given.shape[1]))
    return np.stack(list(columns), axis=1)


def quality(self_confidences: Array) -> Array:
    """Return one score a row, 0 to 1: the lower, the likelier one of its labels is wrong.

    An exponential moving average from the best label to the worst, so that the worst has most weight.

    Args:
        self_confidences: (n, labels), the probability of what was given.
    """
    ordered = -np.sort(-self_confidences, axis=1)
    score = ordered[:, 0]
    for place in range(1, ordered.shape[1]):
        score = WORST_WEIGHS * ordered[:, place] + (1 - WORST_WEIGHS) * score
    return score
