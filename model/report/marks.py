"""The marks at the head of a line and their ranks.

    第一章 / 第一部分  0      一、  1      (一)  2      1.  3      (1) ① 1)  4

A mark of rank 0 is a heading of level 1, so that `一、` below it stays level 1 too: rank 0 shifts nothing.
"""

import re
from dataclasses import dataclass

_NUMERALS = "一二三四五六七八九十百"
# 2.3万, 3.15晚会: a number, not a mark; but 1.2024年 is mark and year, and 、 is no decimal point.
NUMBER_MARK = r"(?:、|\.(?:(?!\d)|(?=(?:19|20)\d\d ?[年—~-])))"
_MARK = re.compile(
    rf"(?P<r0>第[{_NUMERALS}\d]{{1,3}}(?:章|部分|篇)[、,:.]?)"
    # 一、二线城市 and 一、二、三产业: coordinated numerals, not a mark
    rf"|(?P<r1>(?!一、二[、级线类等审期])[{_NUMERALS}]{{1,3}}[、.])"
    rf"|(?P<r2>\([{_NUMERALS}]{{1,3}}\)[、.]?|[{_NUMERALS}]{{1,3}}\)|[㈠-㈩])"
    rf"|(?P<r3>(?<!\d)\d{{1,2}}{NUMBER_MARK}|[⒈-⒛])"
    r"|(?P<r4>\(\d{1,2}\)[、.]?|\d{1,2}\)|[①-⑳]|[⑴-⒇])"
)
LONGEST_HEAD = 80
"""Characters; a longer sentence behind a mark says something rather than name what follows."""

_LONGEST_ENTRY = 200  # characters of a path entry; a head without any stop would be repeated in all that follows
_SENTENCE_END = re.compile(r"[。!?][”’)》」]*")
_FINAL_STOP = "。.;:,、!? "


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as it stands, and its rank 0-4."""

    text: str
    rank: int

    @property
    def level(self) -> int:
        """Heading level 1-4."""
        return max(self.rank, 1)


def leading_mark(line: str) -> Mark | None:
    """Return the heading mark that a line (trimmed clean text) begins with, if any."""
    match = _MARK.match(line)
    if match is None:
        return None
    return Mark(match[0], int((match.lastgroup or "r0")[1]))


def first_sentence(line: str) -> str:
    """Return the line up to and with its first sentence end, all of it where there is none."""
    end = _SENTENCE_END.search(line)
    return line[: end.end()] if end else line


def head_text(line: str) -> str:
    """Return mark and first sentence without the final stop: the entry in heading paths."""
    return first_sentence(line)[:_LONGEST_ENTRY].rstrip(_FINAL_STOP)


def is_one_sentence(line: str) -> bool:
    """Tell whether nothing runs on after the first sentence."""
    return not line[len(first_sentence(line)) :].strip()
