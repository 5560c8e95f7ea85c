"""Sections of a whole report at once: what a paragraph is depends on its chapter and on what stands around it.

A Markov chain over the paragraphs that are no headings, with the scorer's probabilities as evidence and two sets of
transitions: within a chapter, where the section hardly ever changes, and across a chapter heading. Posteriors by the
forward-backward algorithm (Rabiner 1989, "A tutorial on hidden Markov models", section III). Headings are fixed by the
segmenter; they separate chapters and take no part in the chain.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fazhi.model.bundle import SectionChain
from fazhi.model.report import Paragraph
from fazhi.model.scorers import log_softmax, softmax

Array = NDArray[np.float64]
_NEVER = -1e9


def decode_sections(paragraphs: Sequence[Paragraph], scores: Array, heading: int, chain: SectionChain) -> Array:
    """Return posteriors (n, sections) of a report's paragraphs.

    Args:
        paragraphs: Of the report, in order.
        scores: (n, sections), log-probabilities of each paragraph by itself.
        heading: Column of the heading section.
        chain: What follows what.
    """
    posteriors = np.zeros_like(scores)
    body = np.flatnonzero([paragraph.level == 0 for paragraph in paragraphs])
    posteriors[:, heading] = 1.0
    if len(body):
        evidence = scores[body].copy()
        evidence[:, heading] = _NEVER
        posteriors[body] = _forward_backward(evidence, np.array(chain.initial), _steps(paragraphs, body, chain))
    return posteriors


def same_chapter(before: Paragraph, paragraph: Paragraph) -> bool:
    """Tell whether two paragraphs stand under the same outermost head (or both under none)."""
    return before.path[:1] == paragraph.path[:1]


def _steps(paragraphs: Sequence[Paragraph], body: NDArray[np.int64], chain: SectionChain) -> list[Array]:
    """Return the transitions from each body paragraph to the next."""
    within, across = np.array(chain.within), np.array(chain.across)
    pairs = pairwise(paragraphs[place] for place in body)
    return [within if same_chapter(one, other) else across for one, other in pairs]


def _forward_backward(evidence: Array, initial: Array, steps: Sequence[Array]) -> Array:
    forward, backward = np.zeros_like(evidence), np.zeros_like(evidence)
    forward[0] = log_softmax(initial + evidence[0])
    for here, step in enumerate(steps, start=1):
        forward[here] = log_softmax(_log_dot(forward[here - 1], step) + evidence[here])
    for here in range(len(steps) - 1, -1, -1):
        backward[here] = log_softmax(_log_dot(backward[here + 1] + evidence[here + 1], steps[here].T))
    return softmax(forward + backward)


def _log_dot(row: Array, matrix: Array) -> Array:
    """Return log(exp(row) @ exp(matrix)) without leaving the logarithm."""
    together = row[:, None] + matrix
    top = together.max(axis=0)
    return np.asarray(top + np.log(np.exp(together - top).sum(axis=0)))
