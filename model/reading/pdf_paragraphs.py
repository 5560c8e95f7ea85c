"""Lines to paragraphs, by how they are set: regions in, one text a paragraph out.

    |  一是加强领导。市委高度重视,
    |全年召开会议三次。             ->  "一是加强领导。市委高度重视,全年召开会议三次。"
    |  二是…

A line goes on in the next where it is full: where the first word of the next would not have fitted on it. An indent,
a larger distance or another size begin a paragraph; the end of a column or page does not. Plain text that was broken at
a fixed width has no such measures and is for `cleaning`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fazhi.model.reading.pdf_columns import Region
from fazhi.model.reading.pdf_margins import INDENT, Margins, body_size, margins
from fazhi.model.reading.pdf_segments import Segment
from fazhi.model.reading.pdf_words import joined

_PLAY = 0.35  # sizes that a full line may stay short beyond the word that did not fit
_APART = 1.3  # line spacings: more is the distance between paragraphs
_OTHER_SIZE = 1.12
_TITLE = 1.15  # times the size of the body
_FIRST_LINE = 2.6  # sizes: up to here a blank on the left is the indent of a paragraph
_CENTRED = 1.0  # sizes that the blanks on both sides may differ by
_RARE_BLANKS = 0.25  # share of wraps
_STOPS = "。！？；：!?;:"
_MARK = re.compile(
    r"第[一二三四五六七八九十\d]{1,3}[章篇部条節节]|[一二三四五六七八九十]{1,3}[、是]|[(（][一二三四五六七八九十\d]{1,3}[)）]"
    r"|[①-⑳•●]|\d{1,2}(?:、|[.．](?!\d))"
)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line, its page and region, the measures of its frame, and the least blank before it if it is centred."""

    line: Segment
    place: tuple[int, int]
    frame: Margins
    least: float

    @property
    def blank_left(self) -> float:
        return (self.line.left - self.frame.left) / self.line.size

    @property
    def blank_right(self) -> float:
        return (self.frame.right - self.line.right) / self.line.size

    @property
    def is_centred(self) -> bool:
        return self.blank_left > self.least and abs(self.blank_left - self.blank_right) < _CENTRED


def paragraphs(pages: Sequence[Sequence[Region]]) -> list[str]:
    """Return the text of a document, a paragraph or table row each."""
    body = body_size(pages)
    placed = list(_placed(pages, body))
    pairs = list(pairwise(placed))
    wraps = [_goes_on(here, after, body) for here, after in pairs]
    blanks = sum(wrap and after.line.blank_before for wrap, (_, after) in zip(wraps, pairs, strict=True))
    trusted = blanks <= _RARE_BLANKS * sum(wraps)  # some programs end every line with a blank
    texts = [placed[0].line.text] if placed else []
    for wrap, (_, after) in zip(wraps, pairs, strict=True):
        if wrap:
            texts[-1] = joined(texts[-1], after.line.text, blank=trusted and after.line.blank_before)
        else:
            texts.append(after.line.text)
    return texts


def _placed(pages: Sequence[Sequence[Region]], body: float) -> Iterator[_Placed]:
    measures = margins(pages)
    for number, page in enumerate(pages):
        for index, region in enumerate(page):
            for line in region.lines:
                least = INDENT if line.size > _TITLE * body else _FIRST_LINE
                yield _Placed(line, (number, index), measures[number, index], least)


def _goes_on(here: _Placed, after: _Placed, body: float) -> bool:
    """Tell whether two lines that follow each other are of one paragraph."""
    if here.line.cells or after.line.cells or _differ(here.line.size, after.line.size):
        return False
    same_region = here.place == after.place
    pitch = here.frame.pitch * max(1.0, after.line.size / body)
    if same_region and after.line.y - here.line.y > _APART * pitch:
        return False
    if here.is_centred or (after.is_centred and here.line.size > _TITLE * body):
        return same_region and after.is_centred and _is_full(here, after)
    if after.blank_left > INDENT and not (after.frame.hanging and here.blank_left < after.blank_left + _CENTRED):
        return False
    if not _is_full(here, after):
        return False
    stops = not here.frame.sure and here.line.text[-1] in _STOPS
    return here.frame.indented or not (stops or _MARK.match(after.line.text))


def _is_full(here: _Placed, after: _Placed) -> bool:
    """Tell whether the start of the next line would not have fitted at the end of this one."""
    room = here.blank_right + (here.blank_left if here.is_centred else 0.0)
    return room < after.line.unit / here.line.size + _PLAY


def _differ(size: float, other: float) -> bool:
    return max(size, other) > _OTHER_SIZE * min(size, other)
