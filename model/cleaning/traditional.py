"""Traditional to simplified with OpenCC's t2s, only where traditional characters occur.

    to_simplified("依法行政，質量")  ->  "依法行政，质量"   (only 質量 goes through OpenCC)

The pure-Python converter reads some 0.27 million characters a second, a hundred times slower than the test whether
a stretch needs it. Every entry of t2s keeps the number of characters, so the alignment is untouched.

Mended beside OpenCC: its table leaves 著 alone, which in traditional text mostly stands for 着 (著力, 存在著).
"""

import re
from functools import cache
from pathlib import Path

import opencc

_LONGEST = 400  # characters a stretch; the converter's time grows faster than a stretch's length
# 著 stays in the words of writing and renown.
_ZHE = re.compile(r"著(?![名作述书称者录])(?<![显卓昭土名原专论编译遗巨合拙撰]著)")
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"


def to_simplified(text: str) -> str:
    """Return text of the same length in simplified characters."""
    suspects = text.translate(_suspects())
    if suspects == text:
        return text
    simplified = _stretches().sub(lambda match: _convert(match, suspects), text)
    is_traditional = text.translate(_certain()) != text
    return _ZHE.sub("着", simplified) if is_traditional else simplified


def _convert(match: re.Match[str], suspects: str) -> str:
    """Convert a stretch in which some character may change; the others are not worth the converter's time."""
    stretch = match[0]
    if suspects[match.start() : match.end()] == stretch:
        return stretch
    simplified = str(_converter().convert(stretch))
    return simplified if len(simplified) == len(stretch) else stretch.translate(_certain())


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _stretches() -> re.Pattern[str]:
    return re.compile(rf"[{_HAN}]{{1,{_LONGEST}}}")


@cache
def _suspects() -> dict[int, str]:
    """Return characters that t2s changes alone or in some word (瞭: 瞭望, but 了解)."""
    return {ord(old): next(new for new in forms if new != old) for old, forms in _table() if {*forms} != {old}}


@cache
def _certain() -> dict[int, str]:
    """Return characters that no simplified text has."""
    return {ord(old): forms[0] for old, forms in _table() if old not in forms}


@cache
def _table() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return OpenCC's own table of single characters: each with its simplified forms, the usual one first."""
    path = Path(opencc.__file__).parent / "dictionary" / "TSCharacters.txt"
    pairs = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if "\t" in line)
    return tuple((old, tuple(new.split(" "))) for old, new in pairs)
