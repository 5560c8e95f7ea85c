"""What is printed on every page and is no report: running heads and feet, page numbers. Segments in, fewer out.

    - 3 -   第3页 共10页   3/10   法治政府建设年度报告汇编 (the same at the top of three pages)

A row goes only from the outside of a page inwards, and only if it is a page number or stands in the same place with the
same words on other pages. Gives the number of rows left out, for nothing goes without being counted.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from fazhi.model.reading.pdf_segments import Segment

_DEEPEST = 4  # rows from the top or bottom
_SAME_PLACE = 4.0  # points
_REPEATED = 3  # pages; two where there are no more
_SAME_LINE = 0.45
_FAR = 2.5  # sizes between a bare number and the text
_NUMBER = r"(?:\d{1,4}|[一二三四五六七八九十百〇零]{1,5})"
_DECORATED = re.compile(
    rf"[-—–―－‐•·~～]+\s*\d{{1,4}}\s*[-—–―－‐•·~～]+|第\s*{_NUMBER}\s*[页頁](?:\s*[,，/|]?\s*[(（]?共\s*{_NUMBER}\s*[页頁][)）]?)?"
    rf"|共\s*{_NUMBER}\s*[页頁]\s*[,，/|]?\s*第\s*{_NUMBER}\s*[页頁]|\d{{1,4}}\s*/\s*\d{{1,4}}\s*[页頁]?|\d{{1,4}}\s*[页頁]"
    r"|[Pp](?:age)?\.?\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?"
)
_BARE = re.compile(r"\d{1,4}")
_DIGITS = re.compile(r"\d+")

Row = list[Segment]


def without_furniture(pages: Sequence[Sequence[Segment]]) -> tuple[list[list[Segment]], int]:
    """Return the pages without their furniture, and how many rows that was."""
    rows = [_rows(page) for page in pages]
    candidates = [
        (number, _key(row), row[0].y)
        for number, page in enumerate(rows)
        for row in (*page[:_DEEPEST], *page[_DEEPEST:][-_DEEPEST:])
    ]
    heads = _Heads(candidates, len(pages))
    offset = _offset(rows)
    kept, count = [], 0
    for number, page in enumerate(rows):
        inner = page
        for step in (1, -1):  # from the top, from the bottom
            while (
                inner and _is_furniture(inner[::step], number, heads, offset) and len(page) - len(inner) < 2 * _DEEPEST
            ):
                inner = inner[1:] if step == 1 else inner[:-1]
        count += len(page) - len(inner)
        kept.append([segment for row in inner for segment in row])
    return kept, count


class _Heads:
    """Which words stand in which place on how many pages."""

    def __init__(self, candidates: Sequence[tuple[int, str, float]], pages: int) -> None:
        self._enough = min(_REPEATED, max(pages, 2))
        self._pages: dict[tuple[str, int], set[int]] = {}
        for number, key, y in candidates:
            self._pages.setdefault((key, _place(y)), set()).add(number)

    def repeats(self, row: Row) -> bool:
        key, place = _key(row), _place(row[0].y)
        near = (self._pages.get((key, place + step), set()) for step in (-1, 0, 1))
        return bool(key) and len(set().union(*near)) >= self._enough


def _rows(page: Sequence[Segment]) -> list[Row]:
    """Group the segments on one baseline, from the top."""
    rows: list[Row] = []
    for segment in sorted(page, key=lambda each: (each.y, each.left)):
        if rows and segment.y - rows[-1][0].y <= _SAME_LINE * max(segment.size, rows[-1][0].size):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return rows


def _is_furniture(rows: Sequence[Row], number: int, heads: _Heads, offset: int | None) -> bool:
    """Judge the outermost row of what is left of page `number` (from 0)."""
    row, text = rows[0], _text(rows[0])
    if _DECORATED.fullmatch(text) or heads.repeats(row):
        return True
    if not _BARE.fullmatch(text):
        return False
    if offset is not None:
        return int(text) - number == offset
    far = len(rows) == 1 or abs(rows[1][0].y - row[0].y) > _FAR * rows[1][0].size
    return far and int(text) == number + 1


def _offset(rows: Sequence[Sequence[Row]]) -> int | None:
    """Return by how much bare page numbers differ from the count of pages, where at least two agree."""
    found = Counter(
        int(_text(row)) - number
        for number, page in enumerate(rows)
        for row in _ends(page)
        if _BARE.fullmatch(_text(row))
    )
    best = found.most_common(1)
    return best[0][0] if best and best[0][1] > 1 else None


def _ends(page: Sequence[Row]) -> Iterator[Row]:
    yield from page[:1]
    yield from page[1:][-1:]


def _text(row: Row) -> str:
    return " ".join(segment.text for segment in sorted(row, key=lambda each: each.left)).strip()


def _key(row: Row) -> str:
    """Return what stays the same from page to page."""
    return _DIGITS.sub("", _text(row)).strip()


def _place(y: float) -> int:
    return round(y / _SAME_PLACE)
