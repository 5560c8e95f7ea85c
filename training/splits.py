"""Splits of reports into folds: always whole documents, so that no paragraph sees its neighbour in training."""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray


def folds(sources: Sequence[Hashable], count: int, seed: int) -> list[NDArray[np.int64]]:
    """Return the held-out reports of each fold: disjoint, together all of them, every source spread evenly.

    Args:
        sources: Of each report, where it came from: five real reports among many written ones lie in five folds.
        count: Wanted folds; with fewer reports each report is a fold.
        seed: Orders the reports of a source before they are dealt out.
    """
    random = np.random.default_rng(seed)
    order: list[int] = []
    for source in dict.fromkeys(sources):
        order += random.permutation([place for place, each in enumerate(sources) if each == source]).tolist()
    parts = min(count, len(sources))
    return [np.sort(np.array(order[start::parts], dtype=np.int64)) for start in range(parts)]
