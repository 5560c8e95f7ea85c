"""Strategies of the small-text library (PyPI, MIT; development only) in the shape of ours, for `rounds.py`.

    SMALL_TEXT["small-text CVIRS"](known, 50, rng)  ->  array([812, 3, …])

Only what they choose is compared: features, learner, rounds and deals of documents are ours. The library draws from
numpy's global generator, so that is seeded before each choice.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from small_text import CategoryVectorInconsistencyAndRanking, EmbeddingKMeans, LightweightCoreset, QueryStrategy

from fazhi.annotation.sampling.strategies import Known, Strategy
from fazhi.annotation.sampling.uncertainty import Rows


class Told:
    """What the library calls a classifier: it knows the rows' scores and embeddings; a data set is rows."""

    def __init__(self, known: Known) -> None:
        self.probabilities = known.probabilities
        self.embeddings = np.concatenate([known.embeddings, known.answered])

    def predict_proba(self, rows: Rows) -> NDArray[np.float64]:
        return self.probabilities[rows]

    def embed(self, rows: Rows, pbar: str | None = None) -> NDArray[np.float64]:
        return self.embeddings[rows]


def theirs(build: Callable[[], QueryStrategy]) -> Strategy:
    def choose(known: Known, count: int, rng: np.random.Generator) -> Rows:
        np.random.seed(int(rng.integers(2**31)))  # noqa: NPY002 - the one that the library draws from
        here, both = len(known.embeddings), len(known.embeddings) + len(known.answered)
        rows = np.arange(both)
        y = csr_matrix(known.answers.astype(np.int64))
        return np.asarray(build().query(Told(known), rows, rows[:here], rows[here:], y, n=count), dtype=np.int64)

    return choose


SMALL_TEXT: dict[str, Strategy] = {
    "small-text CVIRS": theirs(lambda: CategoryVectorInconsistencyAndRanking(pbar=None)),
    "small-text light coreset": theirs(LightweightCoreset),
    "small-text k-means": theirs(EmbeddingKMeans),
}
