"""Splits of reports into folds: always whole documents, so that no paragraph sees its neighbour in training."""

import numpy as np
from numpy.typing import NDArray


def folds(reports: int, count: int, seed: int) -> list[NDArray[np.int64]]:
    """Return the held-out reports of each fold: disjoint, together all of them, as even as can be.

    Args:
        reports: Number of reports.
        count: Wanted folds; with fewer reports each report is a fold.
        seed: Orders the reports before they are dealt out.
    """
    order = np.random.default_rng(seed).permutation(reports)
    return [np.sort(part) for part in np.array_split(order, min(count, reports))]
