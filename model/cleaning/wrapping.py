r"""Hard-wrapped lines: text that was broken at a fixed width, as mail programs and old editors do.

    "  全市共办理行政复议\n案件七件。\n"  ->  the break after 复议 is left out

A document counts as wrapped when many lines end within a few columns of one width; longer ones are taken as they are.
A run of lines is joined only if it ends like a sentence: list entries that happen to be equally long stay apart.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_WIDEST, _NARROWEST = 200, 40  # columns; a Chinese character takes two
_SLACK = 6  # columns that a line may stay short: a wide character and a mark that may not begin a line
_FEWEST = 6  # lines in a document that can be judged
_FULL_SHARE = 0.4
_INDENTED_SHARE = 0.1
_MARK = re.compile(
    r"第[一二三四五六七八九十\d]{1,3}(?:章|篇|部分)|[一二三四五六七八九十]{1,3}[、是]|\([一二三四五六七八九十\d]{1,3}\)"
    r"|[①-⑳]|\d{1,2}(?:、|[.)](?!\d))"
)
_ENDS = tuple("。!?:;”)")
_LINES = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the folded text: start and end without the blanks around, indent, and whether it is full."""

    start: int
    end: int
    indent: int
    full: bool


def wrapped_breaks(folded: str) -> Iterator[tuple[int, int]]:
    """Yield the spans (line feed with the blanks around it) that join a wrapped line to the next."""
    spans = [match.span() for match in _LINES.finditer(folded) if match[0].strip(" ")]
    widths = [_columns(folded[start:end].rstrip(" ")) for start, end in spans]
    limit = _limit(widths)
    if limit is None:
        return
    lines = [_line(folded, span, limit - _SLACK <= width <= limit) for span, width in zip(spans, widths, strict=True)]
    margin = min(line.indent for line in lines)
    indented = sum(line.indent > margin for line in lines) >= _INDENTED_SHARE * len(lines)
    run: list[tuple[int, int]] = []
    for here, after in pairwise(lines):
        if _joins(folded, here, after, margin, indented):
            run.append((here.end, after.start))
            continue
        yield from _if_sentence(folded, here, run)
        run = []
    if run:
        yield from _if_sentence(folded, lines[-1], run)


def _limit(widths: list[int]) -> int | None:
    """Return the width at which the text was broken, if it was: the one with the most lines just under it."""
    if len(widths) < _FEWEST:
        return None
    counts = Counter(widths)
    under = {width: sum(counts[width - short] for short in range(_SLACK + 1)) for width in counts}
    limit = max(under, key=lambda width: (under[width], width))
    wrapped = under[limit] >= _FULL_SHARE * len(widths) and _NARROWEST <= limit <= _WIDEST
    return limit if wrapped else None


def _line(folded: str, span: tuple[int, int], full: bool) -> _Line:
    line = folded[span[0] : span[1]]
    indent = len(line) - len(line.lstrip(" "))
    return _Line(span[0] + indent, span[0] + len(line.rstrip(" ")), indent, full)


def _joins(folded: str, here: _Line, after: _Line, margin: int, indented: bool) -> bool:
    """Tell whether a line goes on in the next. Where paragraphs are indented, the indent alone decides."""
    if not here.full or after.indent > margin or folded.count("\n", here.end, after.start) != 1:
        return False
    if not indented and (_MARK.match(folded, after.start) or folded[here.end - 1] in _ENDS):
        return False
    return not (_is_latin(folded[here.end - 1]) and _is_latin(folded[after.start]))  # two words would run together


def _if_sentence(folded: str, last: _Line, run: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return run if run and folded[last.end - 1] in _ENDS else []


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _columns(line: str) -> int:
    """Return the width on a terminal: GB 18030 spends two bytes on a wide character, one on a narrow one."""
    return len(line.encode("gb18030", "replace"))
