r"""Tables with borders: the segments inside them in, a line a row out, cells joined by tabs as in Word documents.

    | 指标 | 行政复议 | 112件 |  ->  "指标\t行政复议\t112件", however often the text in a cell is wrapped

A cell is what rules close in on four sides. A row with one filled cell (a frame around text) is left as it is. Tables
without borders are for `pdf_columns`, which knows lines.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from fazhi.model.reading.pdf_pages import Boxes
from fazhi.model.reading.pdf_segments import Segment
from fazhi.model.reading.pdf_words import joined

_TOUCH = 2.0  # points by which rules may miss each other
_MOST = 4_000_000  # segments x rules of a page that are compared
_MIDDLE = 0.35  # sizes from the baseline up to the middle of a character

Cell = tuple[int, int, int, int]  # left, top, right, bottom


def with_rows(segments: Sequence[Segment], rules: Boxes) -> list[Segment]:
    """Return the segments, those in bordered tables joined to one a row."""
    if len(rules) * len(segments) > _MOST:
        return list(segments)
    upright = rules[(rules[:, 3] - rules[:, 1]) > (rules[:, 2] - rules[:, 0])]
    flat = rules[(rules[:, 3] - rules[:, 1]) <= (rules[:, 2] - rules[:, 0])]
    if len(upright) < 3 or len(flat) < 2:  # noqa: PLR2004 - two cells beside each other
        return list(segments)
    outside: list[Segment] = []
    tables: dict[int, dict[Cell, list[Segment]]] = defaultdict(lambda: defaultdict(list))
    for segment in segments:
        cell = _cell(segment, upright, flat)
        if cell:
            tables[cell[1]][cell].append(segment)
        else:
            outside.append(segment)
    for cells in tables.values():
        if len(cells) > 1:
            outside.append(_row([cells[cell] for cell in sorted(cells)]))
        else:
            outside += next(iter(cells.values()))
    return outside


def _cell(segment: Segment, upright: Boxes, flat: Boxes) -> Cell | None:
    """Return the nearest rules around the middle of a segment."""
    x, y = (segment.left + segment.right) / 2, segment.y - _MIDDLE * segment.size
    sides = upright[(upright[:, 1] <= y + _TOUCH) & (upright[:, 3] >= y - _TOUCH)][:, [0, 2]].mean(axis=1)
    levels = flat[(flat[:, 0] <= x + _TOUCH) & (flat[:, 2] >= x - _TOUCH)][:, [1, 3]].mean(axis=1)
    before, after, above, below = sides[sides < x], sides[sides > x], levels[levels < y], levels[levels > y]
    if not (len(before) and len(after) and len(above) and len(below)):
        return None
    edges = (before.max(), above.max(), after.min(), below.min())
    left, top, right, bottom = (round(float(edge) / _TOUCH) for edge in edges)
    return left, top, right, bottom


def _row(cells: Sequence[Sequence[Segment]]) -> Segment:
    """Join each cell's lines, then the cells."""
    texts = []
    for cell in cells:
        text = ""
        for segment in sorted(cell, key=lambda each: (round(each.y / _TOUCH), each.left)):
            text = joined(text, segment.text, blank=segment.blank_before) if text else segment.text
        texts.append(text)
    every = [segment for cell in cells for segment in cell]
    first = min(every, key=lambda each: each.y)
    left, right = min(each.left for each in every), max(each.right for each in every)
    return replace(first, text="\t".join(texts), left=left, right=right, cells=True)
