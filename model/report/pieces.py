"""Pieces of a clean text, to be scored alone or left out: sentences, the clauses of one, windows over a clause.

    sentences("一是严格执法,公正司法。推进普法。", 2)        ->  [(2, 12), (12, 17)]
    clauses("一是严格执法,公正司法。推进普法。", (2, 12))    ->  [(2, 6), (7, 11)]
    windows((2, 6))                                          ->  []           a short clause is not cut further

Never more than `MOST` of a kind: neighbours are taken together where a text has more, windows move in longer steps.
Which piece counts is for whoever asks.
"""

import re
from collections.abc import Sequence

Span = tuple[int, int]

MOST = 24
"""Pieces that anything is cut into at most; bounds the work."""

_LONGEST = 16  # characters of a clause that stays whole: most do, and a whole one reads better
_WINDOW, _STEP = 8, 2  # characters of a window and, at least, from one to the next; there is no list of words
_SENTENCE = re.compile(r"[^。!?;]+(?:[。!?;]+[”’)》]*)*")
_CLAUSE = re.compile(r"[^,、;:。!?()]+")


def sentences(text: str, start: int = 0) -> list[Span]:
    """Return the sentences of a text from `start` on, with their stops; parts between semicolons count as such."""
    return _few([match.span() for match in _SENTENCE.finditer(text, start)])


def clauses(text: str, sentence: Span) -> list[Span]:
    """Return the clauses of a sentence and the parts of its enumerations, without the stops around them."""
    return _few([match.span() for match in _CLAUSE.finditer(text, *sentence)])


def windows(clause: Span) -> list[Span]:
    """Return stretches of equal length that slide over a clause, the last at its end; none over a short clause."""
    start, end = clause
    if end - start <= _LONGEST:
        return []
    last = end - _WINDOW
    step = max(_STEP, -(-(last - start) // (MOST - 1)))
    return [(at, at + _WINDOW) for at in (*range(start, last, step), last)]


def _few(spans: Sequence[Span]) -> list[Span]:
    """Take neighbours together until there are no more than `MOST`."""
    size = max(1, -(-len(spans) // MOST))
    runs = [spans[at : at + size] for at in range(0, len(spans), size)]
    return [(run[0][0], run[-1][1]) for run in runs]
