"""What is taken for what: themes with one another, sections with one another.

A theme has no single rival, so a pair is counted where a paragraph *misses* one theme of its answer and *has* another
that the answer lacks. Such a paragraph counts once for every such pair; one that only misses, or only adds, counts in
the margins.
"""

from dataclasses import dataclass

import numpy as np

from fazhi.training.evaluation.material import Answers, Columns, Flags, Given


@dataclass(frozen=True, slots=True)
class ThemeConfusion:
    """Pairs of a missed and a spurious theme.

    Attributes:
        pairs: (themes, themes) paragraphs: missed the row's theme and got the column's instead.
        missed: (themes,), all paragraphs that missed it.
        missed_alone: (themes,), those of them that got no spurious theme.
        spurious: (themes,), all paragraphs that got it without answer.
        spurious_alone: (themes,), those of them that missed no theme.
    """

    pairs: tuple[tuple[int, ...], ...]
    missed: tuple[int, ...]
    missed_alone: tuple[int, ...]
    spurious: tuple[int, ...]
    spurious_alone: tuple[int, ...]


def theme_confusion(answers: Answers, given: Given) -> ThemeConfusion:
    """Count the pairs."""
    missed, spurious = answers.themes & ~given.themes, given.themes & ~answers.themes
    return ThemeConfusion(
        pairs=_rows(missed.T.astype(np.int64) @ spurious.astype(np.int64)),
        missed=_sums(missed),
        missed_alone=_sums(missed[~spurious.any(axis=1)]),
        spurious=_sums(spurious),
        spurious_alone=_sums(spurious[~missed.any(axis=1)]),
    )


def section_confusion(answers: Answers, given: Given, sections: int) -> tuple[tuple[int, ...], ...]:
    """Return (sections, sections) paragraphs: rows are answers, columns what was given."""
    table = np.zeros((sections, sections), dtype=np.int64)
    np.add.at(table, (answers.sections, given.sections), 1)
    return _rows(table)


def _sums(flags: Flags) -> tuple[int, ...]:
    return tuple(flags.sum(axis=0).tolist())


def _rows(table: Columns) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(row) for row in table.tolist())
