"""The cut itself. Two passes: lines to pieces, pieces to paragraphs with level and path.

1. A line is one piece, cut before each enumerated item (`items`).
2. A piece with a mark (`marks`) and one sentence is a heading when text or a lower rank follows; it is body when
   an assignment line, a mark of the same or a higher rank, a closing line or the end follows. With more text
   after its first sentence it is body too, but its head enters the path.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from fazhi.model.cleaning import BLANKS, Cleaned, clean, is_damaged
from fazhi.model.reading import Document, InputError
from fazhi.model.report.items import Item, item_starts, leading_item
from fazhi.model.report.marks import LONGEST_HEAD, Mark, head_text, is_one_sentence, leading_mark
from fazhi.model.report.paragraph import Paragraph, Report

# Lines that a heading cannot announce: responsible units and time limits, closings, enclosures, dates.
_NO_BODY = re.compile(
    r"[(【\[]?(?:(?:责任|牵头|配合|主办|协办|承办|主责|参加)[^,。;:]{0,6}(?:单位|部门|科室|处室|领导|人)"
    r"|落实单位|落实部门|完成单位|完成时限|完成时间)[^,。;:]{0,8}:"
    r"|(?:特此|专此)(?:报告|汇报)|(?:附件|附表)[::\d ]"
    r"|(?:\d{4}|[〇零一二三四五六七八九]{4})年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日$"
)
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of one line.

    Attributes:
        start: In the clean text.
        text: Trimmed words.
        marker: As it stands, of a heading mark or an item.
        mark: Where it may be a heading, or enters the path as a run-in head.
        rank: Heads of this rank and below end here; items numbered like heads end them too.
        runs_into_items: Enumerated items follow in the same line.
    """

    start: int
    text: str
    marker: str
    mark: Mark | None
    rank: int | None
    runs_into_items: bool


def segment(document: Document) -> Report:
    """Cut a document into paragraphs.

    Raises:
        InputError: The document has only blanks, zero-width ones included.
    """
    cleaned = clean(document.text)
    pieces = list(_pieces(cleaned.text))
    if not pieces:
        raise InputError(document.name, "has no paragraphs", "the file holds only blanks; check it")
    levels = [_level(*pair) for pair in zip_longest(pieces, pieces[1:])]
    columns = zip(pieces, _spans(document.text, cleaned, pieces), levels, _paths(pieces), strict=True)
    paragraphs = tuple(
        Paragraph(
            index=index,
            count=len(pieces),
            start=start,
            end=end,
            text=document.text[start:end],
            clean=piece.text,
            level=level,
            marker=piece.marker,
            path=path,
            flags=("damaged",) if is_damaged(piece.text) else (),
        )
        for index, (piece, (start, end), level, path) in enumerate(columns)
    )
    return Report(document.name, document.sha256, paragraphs)


def _pieces(text: str) -> Iterator[_Piece]:
    lines = [match for match in _LINE.finditer(text) if match[0].strip(BLANKS)]
    bodies = [match[0].strip(BLANKS) for match in lines]
    last: Item | None = None  # of the line above
    running: Item | None = None  # the same, where it belongs to an enumeration that was cut
    for match, line, following in zip(lines, bodies, [*bodies[1:], ""], strict=False):
        items = item_starts(line, last, following)
        leading = leading_item(line)
        if not items and leading and running and leading.follows(running):
            items = [leading]
        start = match.start() + len(match[0]) - len(match[0].lstrip(BLANKS))
        yield from _cut_line(line, start, items)
        running = items[-1] if items else None
        last = running or leading


def _cut_line(line: str, start: int, items: list[Item]) -> Iterator[_Piece]:
    """Cut one line; a mark counts at its head, unless an enumeration of the same marks runs through the line."""
    if not items or items[0].start > 0:
        yield _head_piece(line[: items[0].start] if items else line, start, bool(items))
    for here, item in enumerate(items):
        end = items[here + 1].start if here + 1 < len(items) else len(line)
        words = line[item.start : end].rstrip(BLANKS)
        yield _Piece(start + item.start, words, item.marker, None, item.rank, False)


def _head_piece(words: str, start: int, runs_into_items: bool) -> _Piece:
    words = words.rstrip(BLANKS)
    mark = leading_mark(words)
    if mark:
        return _Piece(start, words, mark.text, mark, mark.rank, runs_into_items)
    item = leading_item(words)
    return _Piece(start, words, item.marker if item else "", None, None, runs_into_items)


def _level(piece: _Piece, following: _Piece | None) -> int:
    """Decide rule 2 of the file's head; 0 for what is no heading."""
    if piece.mark is None or len(piece.text) > LONGEST_HEAD or not is_one_sentence(piece.text):
        return 0
    if piece.runs_into_items:
        return piece.mark.level
    if following is None or _NO_BODY.match(following.text):
        return 0
    return piece.mark.level if following.rank is None or following.rank > piece.mark.rank else 0


def _paths(pieces: list[_Piece]) -> Iterator[tuple[str, ...]]:
    """Yield the heads above each piece: a mark ends those of its rank and below, then stands above what follows."""
    above: list[tuple[int, str]] = []
    for piece in pieces:
        above = [head for head in above if piece.rank is None or head[0] < piece.rank]
        yield tuple(text for _, text in above)
        if piece.mark:
            above = [*above, (piece.mark.rank, head_text(piece.text))]


def _spans(original: str, cleaned: Cleaned, pieces: list[_Piece]) -> list[tuple[int, int]]:
    """Return original spans: from a piece's first character to the last non-blank one before the next piece."""
    starts = [int(cleaned.origin[piece.start]) for piece in pieces]
    ends = [*starts[1:], len(original)]
    return [(start, start + len(original[start:end].rstrip(BLANKS))) for start, end in zip(starts, ends, strict=True)]
