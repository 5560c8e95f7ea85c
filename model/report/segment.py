"""The cut itself. Two passes: lines to pieces, pieces to paragraphs with level and path.

1. A line is one piece, cut before each enumerated item (`items`).
2. A piece with a mark (`marks`) and one sentence is a heading when text or a lower rank follows; it is body when
   an assignment line, a mark of the same or a higher rank, a closing line or the end follows. With more text
   after its first sentence it is body too, but its head enters the path.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fazhi.model.cleaning import BLANKS, Cleaned, clean, is_damaged
from fazhi.model.reading import Document, InputError
from fazhi.model.report.items import Item, item_starts, leading_item
from fazhi.model.report.marks import Mark, head_text, is_one_sentence, leading_mark
from fazhi.model.report.paragraph import Paragraph, Report

_LONGEST_HEADING = 80  # characters; a longer sentence behind a mark says something rather than name what follows
_NO_BODY = re.compile(  # lines that a heading cannot announce
    r"\(?(?:责任|牵头|配合|主办|协办|承办|落实|主责|参加|完成)(?:单位|部门|科室|处室|领导|人)\)?[::]"
    r"|(?:特此|专此)(?:报告|汇报|报告如上)|(?:附件|附表)[:: ]|\d{4}年\d{1,2}月\d{1,2}日$"
)
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of one line: `start` in the clean text, its trimmed words, its mark or item marker."""

    start: int
    text: str
    marker: str
    mark: Mark | None
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
    spans = _spans(document.text, cleaned, pieces)
    path: list[tuple[int, str]] = []
    paragraphs = []
    for index, (piece, (start, end)) in enumerate(zip(pieces, spans, strict=True)):
        following = pieces[index + 1] if index + 1 < len(pieces) else None
        if piece.mark:
            path = [entry for entry in path if entry[0] < piece.mark.rank]
        paragraphs.append(
            Paragraph(
                index=index,
                count=len(pieces),
                start=start,
                end=end,
                text=document.text[start:end],
                clean=piece.text,
                level=piece.mark.level if piece.mark and _is_heading(piece, following) else 0,
                marker=piece.marker,
                path=tuple(head for _, head in path),
                flags=("damaged",) if is_damaged(piece.text) else (),
            )
        )
        if piece.mark:
            path = [*path, (piece.mark.rank, head_text(piece.text))]
    return Report(document.name, document.sha256, tuple(paragraphs))


def _pieces(text: str) -> Iterator[_Piece]:
    lines = [match for match in _LINE.finditer(text) if match[0].strip(BLANKS)]
    bodies = [match[0].strip(BLANKS) for match in lines]
    before: Item | None = None
    for here, (match, line) in enumerate(zip(lines, bodies, strict=True)):
        start = match.start() + len(match[0]) - len(match[0].lstrip(BLANKS))
        items = item_starts(line, before, bodies[here + 1] if here + 1 < len(bodies) else "")
        yield from _cut_line(line, start, items)
        before = items[-1] if items else leading_item(line)


def _cut_line(line: str, start: int, items: list[Item]) -> Iterator[_Piece]:
    """Cut one line; a mark counts at its head, unless an enumeration of the same marks runs through the line."""
    if not items or items[0].start > 0:
        yield _head_piece(line[: items[0].start] if items else line, start, bool(items))
    for here, item in enumerate(items):
        end = items[here + 1].start if here + 1 < len(items) else len(line)
        yield _Piece(start + item.start, line[item.start : end].rstrip(BLANKS), item.marker, None, False)


def _head_piece(words: str, start: int, runs_into_items: bool) -> _Piece:
    words = words.rstrip(BLANKS)
    mark = leading_mark(words)
    item = None if mark else leading_item(words)
    marker = mark.text if mark else item.marker if item else ""
    return _Piece(start, words, marker, mark, runs_into_items)


def _is_heading(piece: _Piece, following: _Piece | None) -> bool:
    """Decide rule 2 of the file's head for a piece with a mark."""
    if len(piece.text) > _LONGEST_HEADING or not is_one_sentence(piece.text):
        return False
    if piece.runs_into_items:
        return True
    if following is None or _NO_BODY.match(following.text):
        return False
    return following.mark is None or piece.mark is None or following.mark.rank > piece.mark.rank


def _spans(original: str, cleaned: Cleaned, pieces: list[_Piece]) -> list[tuple[int, int]]:
    """Return original spans: from a piece's first character to the last non-blank one before the next piece."""
    starts = [int(cleaned.origin[piece.start]) for piece in pieces]
    ends = [*starts[1:], len(original)]
    return [(start, start + len(original[start:end].rstrip(BLANKS))) for start, end in zip(starts, ends, strict=True)]
