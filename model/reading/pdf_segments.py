"""Characters of a page to the pieces of lines that they form: a `Page` in, `Segment`s out, in no order yet.

    法 治 政 府 [wide blank] 12件   ->  two segments on one baseline: 法治政府 | 12件

A segment ends at a wide blank or at a rule (the border of a table cell). y grows downwards from here on. What is
printed askew (watermarks) is left out and counted. Which segments belong together is for the files after this one.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mode

import numpy as np

from fazhi.model.reading.pdf_pages import Boxes, Page
from fazhi.model.reading.pdf_words import unit_length

# Sizes (a size: width of one Chinese character) that part cells and columns; justified lines stretch blanks as well.
_WIDE, _WIDE_BLANK = 0.8, 1.5
_SAME_LINE = 0.45  # sizes between baselines; room for superscripts, less than any line spacing
_STEP_BACK, _JUMP = 0.5, 0.8
_WORD_GAP = 0.2  # sizes; blank between Latin words where the file has no blank character
_SKEW = 0.05  # radians
_DOUBLE = 0.15  # sizes by which bold is faked


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of text on a baseline.

    Attributes:
        unit: Width of its first word, which would have to fit where the line before ends.
        blank_before: The file has a blank before it, so that Latin words do not run together.
        cells: It is a table row, its cells joined by tabs.
    """

    text: str
    left: float
    right: float
    y: float
    size: float
    unit: float
    blank_before: bool = False
    cells: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page's segments, its rules turned likewise (left, top, right, bottom), and pieces of text printed askew."""

    segments: tuple[Segment, ...]
    rules: Boxes
    askew: int


Glyph = tuple[str, float, float, float, float, bool]  # character, left, right, y, size, whether a blank stands before


def draw(page: Page) -> Drawn:
    """Return the segments of a page, turned so that its text runs from left to right."""
    if not page.text:
        return Drawn((), np.zeros((0, 4), np.float32), 0)
    quarters = np.rint(page.places[:, 7] / (math.pi / 2)).astype(int)
    straight = np.abs(page.places[:, 7] - quarters * (math.pi / 2)) < _SKEW
    turn = mode((quarters[straight] % 4).tolist()) if straight.any() else 0
    kept = straight & (quarters % 4 == turn)
    askew = int(np.count_nonzero(np.diff(np.concatenate(([True], kept)).astype(int)) == -1))
    spans = _turned(page.places[:, :4], turn)
    baseline = (-page.places[:, 5], page.places[:, 4], page.places[:, 5], -page.places[:, 4])[turn]
    columns = (spans[:, 0].tolist(), spans[:, 2].tolist(), baseline.tolist(), page.places[:, 6].tolist())
    glyphs = zip(page.text, *columns, kept.tolist(), strict=True)
    rules = _turned(page.rules, turn)
    return Drawn(tuple(_segments(_runs(glyphs), rules)), rules, askew)


def _turned(boxes: Boxes, turn: int) -> Boxes:
    """Return (left, top, right, bottom), y downwards, of boxes on a page whose text runs at `turn` quarters."""
    left, bottom, right, top = boxes.T
    edges = (
        (left, -top, right, -bottom),
        (bottom, left, top, right),
        (-right, bottom, -left, top),
        (-top, -right, -bottom, -left),
    )
    return np.stack(edges[turn], axis=1)


def _runs(glyphs: Iterator[tuple[str, float, float, float, float, bool]]) -> Iterator[list[Glyph]]:
    """Cut the characters where drawing jumps; blanks become marks of the character after them."""
    run: list[Glyph] = []
    blank = False
    for char, left, right, y, size, kept in glyphs:
        if not kept:
            continue
        if char.isspace() or not char.isprintable():  # zero-width ones and places in symbol fonts are no blanks
            blank = blank or char.isspace()
            continue
        if run and not _goes_on(run[-1], left, y, size, blank):
            yield run
            run = []
        run.append((char, left, right, y, size, blank))
        blank = False
    if run:
        yield run


def _goes_on(last: Glyph, left: float, y: float, size: float, blank: bool) -> bool:
    gap = (left - last[2]) / max(size, last[4])
    return abs(y - last[3]) <= _STEP_BACK / 2 * size and -_STEP_BACK <= gap <= (_WIDE_BLANK if blank else _JUMP)


def _segments(runs: Iterator[list[Glyph]], rules: Boxes) -> Iterator[Segment]:
    """Join the runs that stand on one baseline, up to wide blanks and rules."""
    upright = rules[(rules[:, 3] - rules[:, 1]) > (rules[:, 2] - rules[:, 0])]
    for line in _baselines(sorted(runs, key=lambda run: run[0][3])):
        y = max(line, key=len)[0][3]
        borders = sorted(((upright[:, 0] + upright[:, 2]) / 2)[(upright[:, 1] < y) & (upright[:, 3] > y - 1)].tolist())
        glyphs: list[Glyph] = []
        for run in _without_doubles(sorted(line, key=lambda run: run[0][1])):
            for glyph in run:
                if glyphs and _parts(glyphs[-1], glyph, borders):
                    yield _segment(glyphs, y)
                    glyphs = []
                glyphs.append(glyph)
        yield _segment(glyphs, y)


def _baselines(runs: list[list[Glyph]]) -> Iterator[list[list[Glyph]]]:
    line: list[list[Glyph]] = []
    for run in runs:
        if line and run[0][3] - line[0][0][3] > _SAME_LINE * max(run[0][4], line[0][0][4]):
            yield line
            line = []
        line.append(run)
    if line:
        yield line


def _without_doubles(runs: list[list[Glyph]]) -> Iterator[list[Glyph]]:
    """Leave out what is drawn a second time in the same place, as bold or shadow is faked."""
    last: list[Glyph] = []
    for run in runs:
        twice = last and abs(run[0][1] - last[0][1]) < _DOUBLE * run[0][4] and len(run) == len(last)
        if not (twice and all(a[0] == b[0] for a, b in zip(run, last, strict=True))):
            yield run
        last = run


def _parts(last: Glyph, glyph: Glyph, borders: Sequence[float]) -> bool:
    """Tell whether a wide blank or the border of a cell stands between two characters."""
    if glyph[1] - last[2] > (_WIDE_BLANK if glyph[5] else _WIDE) * min(last[4], glyph[4]):
        return True
    middle_of_last, middle = (last[1] + last[2]) / 2, (glyph[1] + glyph[2]) / 2
    return any(middle_of_last < border < middle for border in borders)


def _segment(glyphs: list[Glyph], y: float) -> Segment:
    pieces = [glyphs[0][0]]
    for last, glyph in pairwise(glyphs):
        pieces.append(" " * (glyph[5] or _is_word_gap(last, glyph)) + glyph[0])
    size = Counter(round(glyph[4], 1) for glyph in glyphs).most_common(1)[0][0]
    left, right = glyphs[0][1], max(glyph[2] for glyph in glyphs)
    unit = glyphs[min(unit_length("".join(pieces)), len(glyphs)) - 1][2] - left
    return Segment("".join(pieces), left, right, y, size, unit, glyphs[0][5])


def _is_word_gap(last: Glyph, glyph: Glyph) -> bool:
    return last[0] < "\u2e80" and glyph[0] < "\u2e80" and glyph[1] - last[2] > _WORD_GAP * glyph[4]
