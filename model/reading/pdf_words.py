"""What may stand between two pieces of text that were broken apart: nothing in Chinese, a blank between Latin words.

joined("依法", "行政", blank=False)  ->  "依法行政"        joined("rule of", "law", blank=False)  ->  "rule of law"
"""

import re

_LATIN = re.compile(r"[0-9A-Za-z\u00c0-\u024f]")
_WORD = re.compile(r"[0-9A-Za-z\u00c0-\u024f.,%/:@_-]+")
# Straight and curly quotes cling to both sides (Unicode line breaking, class QU; LibreOffice does so, Word less).
_NO_START = frozenset("“‘、。，．,.·：；:;？！?!…—～”’\"')）]】〕》〉」』%％℃°‰")
_NO_END = frozenset("“‘”’\"'(（[【〔《〈「『￥$")
HANGING = frozenset("、。，．,.：；:;”’）)")
"""Marks that may stand outside the right margin."""


def joined(before: str, after: str, *, blank: bool) -> str:
    """Put two pieces together.

    Args:
        before: Ends where the line was broken.
        after: Goes on there.
        blank: Whether the file has a blank between them.
    """
    words = bool(_LATIN.fullmatch(before[-1])) and bool(_LATIN.match(after))
    return f"{before} {after}" if blank or words else before + after


def unit_length(text: str) -> int:
    """Return how many characters at the start of a line may not be parted: a word, and the marks that cling to it."""
    end = 0
    while end < len(text) and (end == 0 or _cling(text[end - 1], text[end])):
        word = _WORD.match(text, end)
        end = word.end() if word else end + 1
    return end


def _cling(before: str, after: str) -> bool:
    """Tell whether no line ends between two characters; LibreOffice does not begin one with digits behind a comma."""
    return after in _NO_START or before in _NO_END or (before in _NO_START and bool(_WORD.match(after)))
