"""How a frame (the page, or a column of it) is set: its left and right margin, line spacing, kind of indent.

Lines of the same frame on pages of the same side (left and right pages of a bound report differ) are measured together;
a page with enough lines of its own is measured for itself. What to do with the margins is for `pdf_paragraphs`.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mode

from fazhi.model.reading.pdf_columns import Region
from fazhi.model.reading.pdf_segments import Segment
from fazhi.model.reading.pdf_words import HANGING

INDENT = 1.2  # sizes: less is a hanging mark or the play of a justified line, a paragraph's indent is 2
_ENOUGH = 10  # lines that say for themselves
_RARE = 0.04  # share of lines that may stick out
_PLAY = 0.6  # sizes that line ends differ by
_HANG = 1.0  # sizes that a mark may stand outside the right margin
_LOW = 0.2  # quantile of the distances between lines; the larger ones are between paragraphs


@dataclass(frozen=True, slots=True)
class Margins:
    """The measures of one frame.

    Attributes:
        left: Where lines begin that go on.
        right: Where full lines end.
        sure: More than one line ends there.
        pitch: Usual distance between baselines.
        indented: Paragraphs begin with an indent, so that a line without one goes on.
        hanging: The first line sticks out and the others are indented.
    """

    left: float
    right: float
    sure: bool
    pitch: float
    indented: bool
    hanging: bool


def margins(pages: Sequence[Sequence[Region]]) -> dict[tuple[int, int], Margins]:
    """Return (page, region) -> margins, both counted from 0."""
    together: dict[tuple[str, int], list[Sequence[Segment]]] = defaultdict(list)
    for number, page in enumerate(pages):
        for region in page:
            together[region.frame, number % 2].append(region.lines)
    shared = {key: _measure(regions) for key, regions in together.items()}
    found = {}
    for number, page in enumerate(pages):
        for index, region in enumerate(page):
            usual = shared[region.frame, number % 2]
            found[number, index] = _own(region.lines, usual) if len(region.lines) >= _ENOUGH else usual
    return found


def body_size(pages: Sequence[Sequence[Region]]) -> float:
    """Return the size of most characters, 0 where there is none."""
    counts: dict[float, int] = defaultdict(int)
    for page in pages:
        for region in page:
            for line in region.lines:
                counts[line.size] += len(line.text)
    return max(counts, key=lambda size: counts[size], default=0.0)


def _own(lines: Sequence[Segment], usual: Margins) -> Margins:
    """Measure a region for itself; a page of short lines only does not have a narrower frame."""
    own = _measure([lines])
    right = own.right if usual.right - own.right < 2 * lines[0].size else usual.right
    left = own.left if own.left - usual.left < INDENT * lines[0].size else usual.left
    return Margins(left, right, usual.sure, usual.pitch, usual.indented, usual.hanging)


def _measure(regions: Sequence[Sequence[Segment]]) -> Margins:
    every = [line for lines in regions for line in lines]
    size = mode(line.size for line in every)
    plain = [line for line in every if not line.cells] or every
    left = _edge([line.left for line in plain], _PLAY * size)
    right = -_edge([_HANG * size * (line.text[-1] in HANGING) - line.right for line in plain], _PLAY * size)
    steps = sorted(b.y - a.y for lines in regions for a, b in pairwise(lines) if a.size == b.size == size)
    pitch = steps[int(len(steps) * _LOW)] if steps else 1.5 * size
    inwards = outwards = 0
    for lines in regions:
        for above, below in pairwise(lines):
            full = right - above.right < 2 * size
            inwards += full and below.left - above.left > INDENT * size and above.left - left < size
            outwards += full and above.left - below.left > INDENT * size
    sure = sum(right - line.right < _PLAY * size for line in plain) > 1
    return Margins(left, right, sure, pitch, indented=outwards > inwards, hanging=inwards > outwards)


def _edge(values: Sequence[float], play: float) -> float:
    """Return the outermost (least) place near which more than a few lines have their edge."""
    ordered = sorted(values)
    needed = int(_RARE * len(ordered))
    for index, value in enumerate(ordered):
        last = index + needed
        if last >= len(ordered) or ordered[last] - value <= play:
            return value
    return ordered[0]
