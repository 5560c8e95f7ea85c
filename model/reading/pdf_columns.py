r"""Reading order: the segments of a page in, `Region`s of lines out; columns one after the other.

    left 1 | right 1
    left 2 | right 2   ->  left 1, left 2, …, right 1, right 2, …

A gutter is a place that many lines on both sides leave free and nearly reach. Segments that remain side by side in
a region are the cells of a table without borders: one line, joined by tabs.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import mean, median

from fazhi.model.reading.pdf_segments import Segment

_FEWEST = 4  # lines on either side of a gutter
_NARROWEST = 10  # sizes; what is narrower is a column of figures, not of text
_FILLED = 0.7  # how far the lines reach on the average
_STEPS = 60  # places across the page where a gutter is looked for
_HANGING = 0.5  # sizes that a mark may hang into the gutter
_NEAR = 3  # sizes from a line's end to the gutter
_DEEPEST = 2  # four columns
_SAME_LINE = 0.45
_MARK = re.compile(r"[•·●◆■□○\-–—*]|[(（]?(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[a-zA-Z])[)）.、．:：]{1,2}|[①-⑳]")


@dataclass(frozen=True, slots=True)
class Region:
    """Lines that follow each other from top to bottom; regions with the same frame have the same margins."""

    frame: str
    lines: tuple[Segment, ...]


def regions(pages: Sequence[Sequence[Segment]]) -> list[list[Region]]:
    """Return every page's regions in reading order. A gutter found on one page counts for all."""
    gutters = [found for page in pages for found in _gutters(page)]
    hint = sorted(gutters)[len(gutters) // 2] if gutters else None
    return [list(_split(page, "page", hint)) for page in pages]


def _gutters(page: Sequence[Segment]) -> list[float]:
    found = _gutter(page)
    return [] if found is None else [found]


def _split(segments: Sequence[Segment], frame: str, hint: float | None) -> Iterator[Region]:
    """Yield the regions of a page or of a column of it."""
    if not segments:
        return
    gutter = _gutter(segments) if len(frame) <= len("page") + _DEEPEST else None
    gutter = hint if gutter is None else gutter
    plain: list[Segment] = []
    for zone in [] if gutter is None else _zones(segments, gutter):
        left, right = _sides(zone, gutter or 0.0)
        if not _is_columns(left, right, gutter or 0.0, hinted=hint is not None):
            plain += zone
            continue
        yield from _region(plain, frame)
        plain = []
        yield from _split(left, f"{frame}l", None)
        yield from _split(right, f"{frame}r", None)
    yield from _region(segments if gutter is None else plain, frame)


def _gutter(segments: Sequence[Segment]) -> float | None:
    """Return the place that most lines leave free, if there are columns beside it."""
    if len(segments) < 2 * _FEWEST:
        return None
    start, end = min(each.left for each in segments), max(each.right for each in segments)
    ordered = sorted(segments, key=lambda each: each.y)
    scores: dict[float, int] = {}
    for step in range(_STEPS // 5, _STEPS - _STEPS // 5 + 1):
        x = start + (end - start) * step / _STEPS
        zones = ((zone, *_sides(zone, x)) for zone in _zones(ordered, x))
        scores[x] = sum(len(zone) for zone, left, right in zones if _is_columns(left, right, x))
    best = max(scores, key=lambda x: scores[x])
    return _between(ordered, best) if scores[best] else None


def _between(segments: Sequence[Segment], x: float) -> float:
    """Return the middle of the blank around a place: half-way between most line ends and most line starts."""
    beside = [each for each in segments if not _crosses(each, x)]
    left, right = _sides(beside, x)
    return (median(each.right for each in left) + median(each.left for each in right)) / 2


def _zones(segments: Sequence[Segment], x: float) -> Iterator[list[Segment]]:
    """Cut a page at every line that runs across a place; such lines are zones of their own."""
    zone: list[Segment] = []
    for segment in sorted(segments, key=lambda each: each.y):
        if segment.cells or _crosses(segment, x):
            if zone:
                yield zone
            yield [segment]
            zone = []
        else:
            zone.append(segment)
    if zone:
        yield zone


def _sides(zone: Sequence[Segment], x: float) -> tuple[list[Segment], list[Segment]]:
    left = [each for each in zone if each.left + each.right < 2 * x]
    return left, [each for each in zone if each.left + each.right >= 2 * x]


def _crosses(segment: Segment, x: float) -> bool:
    return segment.left < x - _HANGING * segment.size and segment.right > x + _HANGING * segment.size


def _is_columns(left: Sequence[Segment], right: Sequence[Segment], x: float, *, hinted: bool = False) -> bool:
    if hinted and left:
        return not any(each.cells for each in left) and max(each.right for each in left) > x - _NEAR * left[0].size
    return min(len(left), len(right)) >= _FEWEST and _is_column(left) and _is_column(right)


def _is_column(lines: Sequence[Segment]) -> bool:
    start, end = min(each.left for each in lines), max(each.right for each in lines)
    wide, size = end - start, median(each.size for each in lines)
    return wide >= _NARROWEST * size and mean(each.right - start for each in lines) >= _FILLED * wide


def _region(segments: Sequence[Segment], frame: str) -> Iterator[Region]:
    """Yield the region that segments form, those on one baseline made one line."""
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda each: (each.y, each.left)):
        if rows and segment.y - rows[-1][0].y <= _SAME_LINE * max(segment.size, rows[-1][0].size):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    if rows:
        yield Region(frame, tuple(_lines(rows)))


def _lines(rows: Sequence[list[Segment]]) -> Iterator[Segment]:
    """Make rows lines; segments side by side are cells if a next row has such, too, else text with a wide blank."""
    for index, row in enumerate(rows):
        row.sort(key=lambda each: each.left)
        marked = len(row) == 2 and _MARK.fullmatch(row[0].text)  # noqa: PLR2004 - a mark, its text behind a tab stop
        beside = max(map(len, (*rows[max(index - 1, 0) : index], *rows[index + 1 : index + 2])), default=1) > 1
        cells = len(row) > 1 and beside and not marked
        right = max(each.right for each in row)
        text = ("\t" if cells else " ").join(each.text for each in row)
        yield row[0] if len(row) == 1 else replace(row[0], text=text, right=right, cells=cells)
