"""What is blank, and which blanks say nothing.

surplus_blanks("  2020 年  工作 ")  ->  spans of all but the space between 年 and 工作
"""

import re
from collections.abc import Iterator

SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\u3164\x1f"
ZERO_WIDTH = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f\ufeff"
    + "".join(map(chr, range(0xFE00, 0xFE10)))
)
BLANKS = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029" + SPACES + ZERO_WIDTH
"""Every character that is white space, zero-width or a byte-order mark: all that paragraphs may leave out."""

_HAN = "\u3400-\u4dbf\u4e00-\u9fff〇"
_MARK = "。、,;:?!()《》“”‘’〔〕【】…—"
_ZERO_WIDTH = re.compile("\u200b+")
_SURPLUS = re.compile(
    r"(?:^ +| +$)"  # around a line
    rf"| +(?=[{_MARK}])|(?<=[{_MARK}]) +"  # around punctuation
    rf"|(?<=[0-9]) +(?=[{_HAN}])|(?<=[{_HAN}]) +(?=[0-9])"  # 2020 年
    rf"|(?<=(?<![{_HAN}])[{_HAN}]) +(?=[{_HAN}](?: |$))"  # 通 知, letter-spaced titles
    r"|(?<= ) +",
    re.MULTILINE,
)


def zero_width(folded: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of zero-width characters, all of them one kind after folding."""
    return (match.span() for match in _ZERO_WIDTH.finditer(folded))


def surplus_blanks(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of blanks to leave out of folded text, which has one kind of space and nothing zero-width."""
    return (match.span() for match in _SURPLUS.finditer(text))
