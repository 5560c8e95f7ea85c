"""The numbers of an <ol>, which stand in no text: `<ol start=2 type=a>` counts `b.` and on.

Counts one list; where its items begin and end is left to `html_lines`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_INTEGER = re.compile(r"\s*([+-]?[0-9]{1,9})(?![0-9])")
_STYLE = re.compile(
    r"list-style(?:-type)?\s*:[^;]{0,200}?(none|disc|circle|square|decimal|(?:lower|upper)-(?:alpha|latin|roman)"
    r"|cjk-ideographic|(?:simp|trad)-chinese-informal)",
    re.IGNORECASE,
)
_LAST_CHINESE, _LAST_ROMAN = 99, 3999
_TYPES = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_UNMARKED = ("none", "disc", "circle", "square")
_DIGITS = "〇一二三四五六七八九"
_ROMAN = (("M", 1000), ("CM", 900), ("D", 500), ("CD", 400), ("C", 100), ("XC", 90), ("L", 50), ("XL", 40),
          ("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1))  # fmt: skip


@dataclass(slots=True)
class Numbering:
    """A list that is being counted.

    Attributes:
        style: CSS name of the numbers.
        number: Number of the next item.
        step: 1, or -1 in a reversed list.
    """

    style: str
    number: int
    step: int

    def next_mark(self, item: Mapping[str, str]) -> str:
        """Return the mark of the next <li>, which may set its own number; empty where items have none."""
        self.number = _integer(item.get("value"), self.number)
        mark = number_mark(self.number, _style(item, self.style))
        self.number += self.step
        return mark


def numbering(attributes: Mapping[str, str]) -> Numbering:
    """Begin an <ol>. A reversed one without a start has no marks: its first number is known only at its end."""
    reverse = "reversed" in attributes
    style = "none" if reverse and "start" not in attributes else _style(attributes, "decimal")
    return Numbering(style, _integer(attributes.get("start"), 1), -1 if reverse else 1)


def number_mark(number: int, style: str) -> str:
    """Write a number with the stop that browsers show: `3.`, `c.`, `iii.`, `三、`; decimal where the style ends."""
    if style in _UNMARKED:
        return ""
    if style.endswith(("ideographic", "informal")) and 1 <= number <= _LAST_CHINESE:
        return _chinese(number) + "、"
    if style.endswith(("alpha", "latin")) and number >= 1:
        return _cased(_letters(number), style) + "."
    if style.endswith("roman") and 1 <= number <= _LAST_ROMAN:
        return _cased(_roman(number), style) + "."
    return f"{number}."


def _style(attributes: Mapping[str, str], otherwise: str) -> str:
    """Return the style that an element sets; CSS goes before the old attribute, as in browsers."""
    match = _STYLE.search(attributes.get("style", ""))
    return match[1].lower() if match else _TYPES.get(attributes.get("type", ""), otherwise)


def _integer(value: str | None, otherwise: int) -> int:
    match = _INTEGER.match(value or "")
    return int(match[1]) if match else otherwise


def _cased(letters: str, style: str) -> str:
    return letters.lower() if style.startswith("lower") else letters


def _chinese(number: int) -> str:
    """Write 1-99: 十二, 二十."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


def _letters(number: int) -> str:
    """Write A … Z, AA …: a numeral system of 26 without a zero."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _roman(number: int) -> str:
    letters = ""
    for letter, worth in _ROMAN:
        count, number = divmod(number, worth)
        letters += letter * count
    return letters
