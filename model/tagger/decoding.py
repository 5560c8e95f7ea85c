"""Sections of a whole report at once: what a paragraph is depends on what stands around it.

A first-order Markov chain over the sections (`initial`, `transitions`) with the scorer's probabilities as evidence;
posteriors by the forward-backward algorithm (Rabiner 1989, "A tutorial on hidden Markov models", section III).
Heading paragraphs are fixed by the segmenter, so their column is certain and every other paragraph's is closed.
"""

import numpy as np
from numpy.typing import NDArray

from fazhi.model.scorers import log_softmax, softmax

Array = NDArray[np.float64]
_NEVER = -1e9


def decode_sections(
    scores: Array, is_heading: NDArray[np.bool_], heading: int, initial: Array, transitions: Array
) -> Array:
    """Return posteriors (n, sections) of a report's paragraphs.

    Args:
        scores: (n, sections), log-probabilities of each paragraph by itself.
        is_heading: (n,), where the segmenter found headings.
        heading: Column of the heading section.
        initial: (sections,), log-probabilities of the first paragraph.
        transitions: (sections, sections), log-probabilities of column after row.
    """
    if not len(scores):
        return scores
    evidence = mask_headings(scores, is_heading, heading)
    forward, backward = np.zeros_like(evidence), np.zeros_like(evidence)
    forward[0] = log_softmax(initial + evidence[0])
    for here in range(1, len(evidence)):
        forward[here] = log_softmax(_log_dot(forward[here - 1], transitions) + evidence[here])
    for here in range(len(evidence) - 2, -1, -1):
        backward[here] = log_softmax(_log_dot(backward[here + 1] + evidence[here + 1], transitions.T))
    return softmax(forward + backward)


def mask_headings(scores: Array, is_heading: NDArray[np.bool_], heading: int) -> Array:
    """Close the heading column for other paragraphs, and all other columns for headings."""
    masked = scores.copy()
    masked[~is_heading, heading] = _NEVER
    masked[is_heading] = _NEVER
    masked[is_heading, heading] = 0.0
    return masked


def _log_dot(row: Array, matrix: Array) -> Array:
    """Return log(exp(row) @ exp(matrix)) without leaving the logarithm."""
    together = row[:, None] + matrix
    top = together.max(axis=0)
    return np.asarray(top + np.log(np.exp(together - top).sum(axis=0)))
