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
    trial = text.translate(_characters())
    if trial == text:
        return text
    return _ZHE.sub("着", _stretches().sub(lambda match: _convert(match, trial), text))


def _convert(match: re.Match[str], trial: str) -> str:
    """Convert a stretch if the trial, character by character, says that something in it changes."""
    stretch = match[0]
    if trial[match.start() : match.end()] == stretch:
        return stretch
    simplified = str(_converter().convert(stretch))
    return simplified if len(simplified) == len(stretch) else trial[match.start() : match.end()]


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _stretches() -> re.Pattern[str]:
    return re.compile(rf"[{_HAN}]{{1,{_LONGEST}}}")


@cache
def _characters() -> dict[int, str]:
    """Return OpenCC's own table of single characters, those that t2s changes."""
    table = Path(opencc.__file__).parent / "dictionary" / "TSCharacters.txt"
    pairs = (line.split("\t") for line in table.read_text(encoding="utf-8").splitlines() if "\t" in line)
    return {ord(old): new.split(" ")[0] for old, new in pairs if new.split(" ")[0] != old}
