"""Rounds played with answers that are there already: examples in, learning curves of every strategy out.

    simulate(material, Trial(("random", "badge"), rounds=10, size=50, seeds=5), advance)[0].curve  ->  array (5, 10)

Of near-identical paragraphs the first is kept, as in a pool. For each seed the documents are dealt into a part to learn
from and a part to score on, so that no paragraph is scored beside its neighbours or its like. Features are computed
once a seed and frozen; the first round has no answers and is `cold` for all strategies but the blind ones. Scores are
macro F1 of the fast learner at a threshold of 0.5.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from fazhi.annotation.rounds.alike import firsts
from fazhi.annotation.rounds.honest import macro_f1
from fazhi.annotation.rounds.learner import Features, frozen, probabilities
from fazhi.annotation.rounds.pool import Sieve
from fazhi.annotation.rounds.start import queries_of
from fazhi.annotation.sampling.strategies import BLIND, COLD, SECOND, STRATEGIES, Known, Strategy
from fazhi.annotation.sampling.uncertainty import Array, Rows
from fazhi.model.labels import Example, Scheme, theme_flags
from fazhi.model.reading import InputError

RANDOM = "random"
GOAL = 0.95
"""Share of the macro F1 with all answers that is aimed at."""
_SCORED = 0.2
_EVEN = 0.5
_FEWEST_DOCUMENTS = 5
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Trial:
    """What is played.

    Attributes:
        strategies: Names of STRATEGIES.
        rounds: In each game.
        size: Questions a round.
        seeds: Games for each strategy, from 0.
    """

    strategies: tuple[str, ...]
    rounds: int
    size: int
    seeds: int


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Paragraphs with their answers.

    Attributes:
        texts: Of n paragraphs.
        documents: (n,), in which each stands.
        answers: (n, themes).
        queries: A text for each theme.
    """

    texts: Sequence[str]
    documents: NDArray[np.str_]
    answers: Flags
    queries: Sequence[str]

    def at(self, rows: Rows) -> "Material":
        """Return the material of some rows."""
        return Material([self.texts[row] for row in rows], self.documents[rows], self.answers[rows], self.queries)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One seed's material: rows of the pool first, then those to score on, then the themes' own words.

    Attributes:
        answers: (n + themes, themes), of pool and scored rows, and of each theme's words, which are about it alone.
        pool: How many rows may be asked.
        full: Macro F1 when all of them are answered.
    """

    features: Features
    answers: Flags
    pool: int
    full: float

    @property
    def words(self) -> Rows:
        """Rows of the themes' own words, (themes,); the learner knows them from the start."""
        rows, themes = self.answers.shape
        return np.arange(rows - themes, rows)


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """How a strategy did.

    Attributes:
        labels: (rounds,), answers after each round.
        curve: (seeds, rounds), macro F1.
        full: (seeds,), macro F1 with all answers.
    """

    strategy: str
    labels: Rows
    curve: Array
    full: Array

    @property
    def area(self) -> Array:
        """Area under each curve (seeds,), as a share of its width: the macro F1 on average on the way."""
        return np.asarray(np.trapezoid(self.curve, self.labels, axis=1) / (self.labels[-1] - self.labels[0]))

    def needed(self, goal: float) -> float:
        """Return the answers until the mean of the curves reaches a macro F1; infinite if it never does."""
        return labels_needed(self.labels, self.curve.mean(axis=0), goal)


def material_of(examples: Sequence[Example], scheme: Scheme) -> Material:
    """Return examples, one a paragraph, as material; of near-identical ones the first."""
    answers = theme_flags([each.themes for each in examples], scheme)
    documents = np.array([each.sha256 for each in examples])
    whole = Material([each.clean for each in examples], documents, answers, queries_of(scheme))
    return whole.at(distinct(whole.texts))


def distinct(texts: Sequence[str]) -> Rows:
    """Return the rows that a pool of these texts may ask: of near-identical ones the first."""
    return np.unique(firsts(texts, Sieve().alike))


def simulate(material: Material, trial: Trial, advance: Callable[[int], None]) -> list[Played]:
    """Play all games of all strategies.

    Raises:
        InputError: Too few documents, or fewer paragraphs to learn from than the rounds ask.
    """
    tables = [table_of(material, dealt(material, seed), seed) for seed in range(trial.seeds)]
    smallest, asked = min(table.pool for table in tables), trial.rounds * trial.size
    if asked > smallest:
        raise InputError("--rounds", f"ask {asked} of {smallest} paragraphs", "lower --rounds or --size")
    labels, full = np.arange(1, trial.rounds + 1) * trial.size, np.array([table.full for table in tables])
    played = []
    for strategy in trial.strategies:
        curves = []
        for seed, table in enumerate(tables):
            curves.append(play(table, strategy, (trial.rounds, trial.size), seed))
            advance(1)
        played.append(Played(strategy, labels, np.array(curves), full))
    return played


def play(
    table: Table, strategy: str, counts: tuple[int, int], seed: int, strategies: Mapping[str, Strategy] = STRATEGIES
) -> Array:
    """Return the macro F1 after each round of one game.

    Args:
        table: What is played with.
        strategy: Its name.
        counts: Rounds, and questions a round.
        seed: Of the draws.
        strategies: By their names.
    """
    rounds, size = counts
    rng = np.random.default_rng((seed, size))
    asked = np.empty(0, dtype=np.int64)
    scores: Array | None = None
    curve = []
    for _ in range(rounds):
        left = np.setdiff1d(np.arange(table.pool), asked)
        name = strategy if scores is not None or strategy in BLIND else COLD
        chosen = strategies[name](_known(table, name, left, asked, scores), size, rng)
        asked = np.concatenate([asked, left[chosen]])
        scores = _learned(table.features.rows, asked, table)
        curve.append(_f1(scores, table))
    return np.array(curve)


def dealt(material: Material, seed: int) -> Flags:
    """Draw documents to score on; return which paragraphs stand in them (n,).

    Raises:
        InputError: Too few documents.
    """
    documents = np.unique(material.documents)
    if len(documents) < _FEWEST_DOCUMENTS:
        raise InputError("examples", f"come from {len(documents)} documents", f"give at least {_FEWEST_DOCUMENTS}")
    order = np.random.default_rng(seed).permutation(documents)
    return np.isin(material.documents, order[: max(1, round(_SCORED * len(documents)))])


def table_of(material: Material, scored: Flags, seed: int) -> Table:
    """Compute what stays the same in all games of a deal.

    Args:
        material: Paragraphs and answers.
        scored: (n,), rows to score on; the others are the pool.
        seed: Of the embeddings.
    """
    order, pool = np.argsort(scored, kind="stable"), int((~scored).sum())
    features = frozen([*(material.texts[row] for row in order), *material.queries], seed)
    words = np.eye(len(material.queries), dtype=bool)
    table = Table(features, np.concatenate([material.answers[order], words]), pool, np.nan)
    return replace(table, full=_f1(_learned(features.rows, np.arange(pool), table), table))


def labels_needed(labels: Rows, curve: Array, goal: float) -> float:
    """Return where a curve first reaches a goal, straight between its points; infinite where it never does."""
    reached = np.flatnonzero(curve >= goal)
    if not len(reached):
        return float("inf")
    here = int(reached[0])
    if here == 0:
        return float(labels[0])
    share = (goal - curve[here - 1]) / (curve[here] - curve[here - 1])
    return float(labels[here - 1] + share * (labels[here] - labels[here - 1]))


def _learned(seen: csr_matrix | Array, asked: Rows, table: Table) -> Array:
    """Return what heads say of all rows, by features or embeddings, after some were answered."""
    where = np.concatenate([asked, table.words])
    return probabilities(seen, where, table.answers[where])


def _known(table: Table, strategy: str, left: Rows, asked: Rows, scores: Array | None) -> Known:
    """Return what is known before a round; the second model learns from the embeddings alone, where it is asked."""
    embeddings, themes = table.features.embeddings, table.answers.shape[1]
    first = np.zeros((len(left), themes)) if scores is None else scores[left]
    second = _learned(embeddings, asked, table)[left] if strategy in SECOND else np.zeros_like(first)
    return Known(
        embeddings=embeddings[left],
        queries=embeddings[table.words],
        answered=embeddings[asked],
        answers=table.answers[asked],
        probabilities=first,
        second=second,
        thresholds=np.full(themes, _EVEN),
    )


def _f1(scores: Array, table: Table) -> float:
    """Return macro F1 on the rows behind the pool."""
    scored = slice(table.pool, int(table.words[0]))
    given, right = scores[scored] >= _EVEN, table.answers[scored]
    counts = [(right & given).sum(axis=0), (~right & given).sum(axis=0), (right & ~given).sum(axis=0)]
    return float(macro_f1(np.stack(counts)[None])[0])
