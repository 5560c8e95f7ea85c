"""How the CPU encoder deals paragraphs out to its threads."""

import pytest

from fazhi.model.scorers.fast import _batches
from fazhi.model.scorers.windows import Window


def windows(*lengths):
    return [Window(row, tuple(range(length)), 0, length) for row, length in enumerate(lengths)]


@pytest.mark.parametrize(
    ("lengths", "threads", "dealt"),
    [
        ([], 2, []),
        ([300], 2, [[300]]),
        ([60] * 8, 1, [[60] * 8]),  # 480 tokens: one batch
        ([60] * 8, 2, [[60] * 4] * 2),  # of at most 240
        ([60] * 20, 2, [[60] * 5] * 4),  # 1,200 tokens are two rounds of 512 at most, so four batches of 300
        ([40, 100, 40, 60, 90, 50, 60, 40], 2, [[100, 90], [60, 60, 50, 40], [40, 40]]),  # at most 240, padding counted
        ([600, 30], 2, [[600], [30]]),
    ],
)
def test_every_thread_gets_as_much_as_the_others(lengths, threads, dealt):
    assert [[len(each.ids) for each in batch] for batch in _batches(windows(*lengths), threads)] == dealt
