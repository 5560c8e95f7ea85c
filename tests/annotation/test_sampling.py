"""Strategies on values worked out by hand; chance only where the answer does not depend on it."""

import numpy as np
import pytest

from fazhi.annotation.sampling.diversity import by_queries, core_set, k_means, unit
from fazhi.annotation.sampling.mixtures import badge, useful_clusters
from fazhi.annotation.sampling.strategies import BLIND, COLD, DEFAULT, STRATEGIES, Known
from fazhi.annotation.sampling.uncertainty import (
    disagreement,
    entropy,
    least_confidence,
    margin,
    rare_boosted,
    rareness,
    threshold_closeness,
    top,
)

SEEDS = range(20)


def rng(seed=0):
    return np.random.default_rng(seed)


def column(*values):
    return np.array(values, dtype=float)[:, None]


def test_the_most_useful_come_first_and_equals_by_chance():
    useful = np.array([0.1, 0.9, 0.5, 0.5])
    orders = {tuple(top(useful, 3, rng(seed)).tolist()) for seed in SEEDS}
    assert orders == {(1, 2, 3), (1, 3, 2)}


@pytest.mark.parametrize("count", [-1, 3])
def test_no_more_than_there_are(count):
    with pytest.raises(ValueError, match=f"expected to pick 0 to 2 rows, found {count}"):
        top(np.array([0.1, 0.2]), count, rng())


def test_doubt_in_the_likelier_answers_is_averaged():
    """Likelier answers 0.9 and 0.6: doubts 0.1 and 0.4; then 0.5 and 1.0: doubts 0.5 and 0."""
    assert least_confidence(np.array([[0.9, 0.4], [0.5, 1.0]])).tolist() == pytest.approx([0.25, 0.25])


def test_the_margin_lies_between_the_two_likeliest_sets():
    """Best set 0.9 · 0.6 = 0.54, second 0.9 · 0.4 = 0.36; best 0.5 · 1 and second the same."""
    assert margin(np.array([[0.9, 0.4], [0.5, 1.0], [1.0, 0.0]])).tolist() == pytest.approx([0.82, 1.0, 0.0])


def test_entropy_is_in_bits_and_averaged():
    """A quarter: 0.25 · 2 + 0.75 · log2(4/3) = 0.811278; the other label is certain."""
    assert entropy(np.array([[0.5, 0.5], [0.25, 1.0]])).tolist() == pytest.approx([1.0, 0.405639], abs=1e-6)


def test_closeness_falls_with_log_odds_from_the_threshold():
    """0.8 and 0.2 are odds of 4 and 1/4: from threshold 0.5 closeness is 1/4; on its threshold it is 1."""
    thresholds = np.array([0.5, 0.2])
    found = threshold_closeness(np.array([[0.8, 0.999], [0.999, 0.2]]), thresholds)
    assert found.tolist() == pytest.approx([0.25, 1.0])


def test_models_disagree_where_one_is_sure_of_yes_and_the_other_of_no():
    """Sure and opposite: one bit of the mean's entropy, nothing of their own; equals: nothing."""
    one, other = np.array([[1.0, 0.0], [0.7, 0.7]]), np.array([[0.0, 0.0], [0.7, 0.7]])
    assert disagreement(one, other).tolist() == pytest.approx([0.5, 0.0], abs=1e-6)
    with pytest.raises(ValueError, match=r"one shape, found \(2, 2\) and \(1, 2\)"):
        disagreement(one, other[:1])


def test_rare_labels_weigh_more():
    """Weights 1/1 and 1/4, of 5/4: 0.8 and 0.2. A row sure of the rare one: 1 + 0.8 · 2; of the common one 1 + 0.4."""
    counts = np.array([0.0, 3.0])
    assert rareness(counts).tolist() == pytest.approx([0.8, 0.2])
    boosted = rare_boosted(np.array([0.5, 0.5, 0.5]), np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), counts)
    assert boosted.tolist() == pytest.approx([1.3, 0.7, 0.5])


def test_clusters_give_their_middle_the_larger_first():
    """Centres 1 and 10.5 lie nearest rows 1 and 3 or 4; three rows are more than two."""
    found = [k_means(column(0, 1, 2, 10, 11), np.ones(5), 2, rng(seed)).tolist() for seed in SEEDS]
    assert {row[0] for row in found} == {1}
    assert {row[1] for row in found} <= {3, 4}


def test_weights_draw_the_centre():
    """One cluster of 0 and 4 with weights 1 and 3 has its centre at 3."""
    assert k_means(column(0, 4), np.array([1.0, 3.0]), 1, rng()).tolist() == [1]


def test_equal_rows_are_filled_up_with_others():
    assert sorted(k_means(column(0, 0, 0, 5), np.ones(4), 4, rng()).tolist()) == [0, 1, 2, 3]


def test_the_farthest_from_what_is_known_comes_first():
    """From 0: 9 is farthest, then 5 (4 from 9, 5 from 0), then 1."""
    assert core_set(column(1, 5, 9), column(0), 3, rng()).tolist() == [2, 1, 0]


def test_where_nothing_is_known_the_first_is_by_chance_and_the_next_opposite():
    found = {tuple(core_set(column(0, 9), np.empty((0, 1)), 2, rng(seed)).tolist()) for seed in SEEDS}
    assert found == {(0, 1), (1, 0)}


def test_queries_take_turns_and_do_not_ask_for_the_same_again():
    """Two rows equal the first query: when one is picked, its twin is worth 0.5 - 0.5 = 0, the other query's row 0.5."""
    rows = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 3.0]])
    for seed in SEEDS:
        found = by_queries(rows, np.array([[2.0, 0.0], [0.0, 1.0]]), 2, rng(seed)).tolist()
        assert sorted(found) == [0, 2]


def test_a_row_of_nothing_has_no_direction():
    assert unit(np.array([[0.0, 0.0], [3.0, 4.0]])).tolist() == [[0.0, 0.0], [0.6, 0.8]]


def test_gradients_that_are_long_and_differ():
    """Pulls -0.5, -0.5 and -0.1: the first is longest, its twin lies at distance 0, so the third is drawn for certain."""
    for seed in SEEDS:
        assert badge(column(0.5, 0.5, 0.9), np.ones((3, 1)), 3, rng(seed)).tolist() == [0, 2, 1]


def test_gradients_are_outer_products():
    """Against every pair built by hand: the second draw's weights are squared distances from the longest row."""
    probabilities, rows = rng(1).random((6, 3)), rng(2).random((6, 4))
    pulls = probabilities - np.round(probabilities)
    built = np.einsum("nl,nd->nld", pulls, rows).reshape(6, -1)
    first = int((built**2).sum(axis=1).argmax())
    weights = ((built - built[first]) ** 2).sum(axis=1)
    for seed in SEEDS:
        expected = rng(seed).choice(6, p=weights / weights.sum())
        assert badge(probabilities, rows, 2, rng(seed)).tolist() == [first, expected]


def test_only_the_most_useful_part_is_clustered():
    """Two wanted, twice as many clustered: rows 4 and 5 lie far out and are of no use."""
    useful, rows = np.array([0.9, 0.8, 0.9, 0.8, 0.0, 0.0]), column(0, 1, 10, 11, 500, 900)
    for seed in SEEDS:
        assert sorted(useful_clusters(useful, rows, 2, rng(seed), wider=2).tolist()) == [0, 2]


@pytest.mark.parametrize("name", STRATEGIES)
def test_every_strategy_repeats_itself_and_picks_nobody_twice(name):
    random = rng(3)
    known = Known(
        embeddings=random.random((30, 4)), queries=random.random((3, 4)), answered=random.random((5, 4)),
        answers=np.array([[1, 0, 0], [1, 0, 0], [1, 0, 0], [1, 1, 0], [0, 0, 0]], dtype=bool), probabilities=random.random((30, 3)), second=random.random((30, 3)),
        thresholds=np.array([0.5, 0.4, 0.3]),
    )  # fmt: skip
    one, other = (STRATEGIES[name](known, 30, rng(7)).tolist() for _ in range(2))
    assert one == other
    assert sorted(one) == list(range(30))


def test_the_default_and_the_first_strategy_are_among_them():
    assert {DEFAULT, COLD, *BLIND} <= set(STRATEGIES)
    assert DEFAULT not in BLIND
