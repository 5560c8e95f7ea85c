"""Pinyin that a converter put in brackets after a character, and what is left of it where bytes were lost.

    素質(zhì)高      ->  素質高
    專家?guī)熘贫?     ->  專家�熘贫?    the bracket's other half and the character before it are gone

Only documents that have tone marks in brackets are touched: `(app)` or `(de)` in an ordinary report stays.
"""

import re
from collections.abc import Iterator

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿĀÁǍÀĒÉĚÈŌÓǑÒ"
_SYLLABLE = rf"[a-züɡ{_TONED}\u0300-\u036f]{{1,7}}"
_TONED_BRACKET = re.compile(rf"[(?\ufffd][a-züɡ\u0300-\u036f]{{0,4}}[{_TONED}\u0300-\u036f]")
_PLAIN = (  # a syllable without tone mark: in a document full of pinyin, (men) is one, (app) is none
    r"(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:[iu]?ang?|iong|[iu]?a[io]?|[eio]ng|[eiu]n|ian|uan|ei|ou|ui|iu|ie|u[eo]|er|[aeiouüv])"
)
_LOST = re.compile(rf"\?(?=[a-züɡ]*[{_TONED}\u0300-\u036f])(?={_SYLLABLE}\))")
_BRACKETED = rf"(?:(?=[a-züɡ]*[{_TONED}\u0300-\u036f]){_SYLLABLE}|{_PLAIN})"
_PINYIN = re.compile(
    rf"(?<=[\u2e80-\u9fff\U00020000-\U0003ffff])\( ?{_BRACKETED} ?\)|(?<=\ufffd){_SYLLABLE}\)",
)


def mark_lost(folded: str) -> str:
    """Put U+FFFD for the `?` that stands where a character and its opening bracket were lost; same length."""
    return _LOST.sub("\ufffd", folded) if _TONED_BRACKET.search(folded) else folded


def pinyin_spans(folded: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of pinyin, orphans too (after `mark_lost`); nothing in text without tone marks."""
    if _TONED_BRACKET.search(folded):
        yield from (match.span() for match in _PINYIN.finditer(folded))
