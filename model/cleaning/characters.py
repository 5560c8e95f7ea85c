"""One character for one: spaces, full-width forms, presentation forms, quotation marks.

    fold_characters("２０２０年，依法行政")  ->  "2020年,依法行政"
    pair_quotes('深化"放管服"改革')       ->  "深化“放管服”改革"
    end_sentences("严格执法.重点抓四项.")   ->  "严格执法。重点抓四项。"

The one form is what NFKC gives (ASCII commas, colons, brackets, digits), except that quotation marks are curly.
"""

import re
import unicodedata
from functools import cache

from fazhi.model.cleaning.blanks import SPACES, ZERO_WIDTH

_SAME = {
    "、": "﹑､",
    "。": "｡",
    ",": "﹐",
    ";": "﹔",
    ":": "﹕︰∶",
    "?": "﹖",
    "!": "﹗",
    "(": "﹙",
    ")": "﹚",
    "·": "•・‧∙⋅･",
    "—": "―─━",
    "~": "〜∼",
    "“": "「﹁〝",
    "”": "」﹂〞〟",
    "‘": "『﹃",
    "’": "』﹄",
    "-": "‐‑‒–−",
    "〇": "○◯",
    "\n": "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029",
    " ": SPACES + "\t",
}
# Blocks whose members are other shapes of ordinary characters: radicals and compatibility ideographs (left behind
# by PDF extraction) and the full-width and half-width forms.
_SHAPES = (range(0x2E80, 0x2FE0), range(0xF900, 0xFB00), range(0xFF01, 0xFFEF))
_STRAIGHT = re.compile(r'"')
# A full stop typed as a Latin one, between Chinese words or at a line's end;
# not the mark of a heading (三.工作打算).
_LATIN_STOP = re.compile(
    r"(^ *(?:\([一二三四五六七八九十\d]{1,3}\)"
    r"|第[一二三四五六七八九十\d]{1,3}(?:章|篇|部分)|[一二三四五六七八九十百]{1,3})\.)"
    r"|(?<=[\u4e00-\u9fff”)》%])\.(?= ?(?:[\u4e00-\u9fff0-9“《(]|$))",
    re.MULTILINE,
)


def fold_characters(text: str) -> str:
    r"""Return text of the same length; `\r\n` becomes a space and `\n`, a lone `\r` becomes `\n`."""
    if "\r" in text:
        text = text.replace("\r\n", " \n").replace("\r", "\n")
    return text.translate(_table())


def pair_quotes(text: str) -> str:
    """Turn straight double quotation marks into opening and closing ones, line by line, where they pair up."""
    if '"' not in text:
        return text
    return "\n".join(_pair_line(line) for line in text.split("\n"))


def end_sentences(text: str) -> str:
    """Turn Latin full stops that end Chinese sentences into Chinese ones; same length."""
    return _LATIN_STOP.sub(lambda match: match[1] or "。", text)


def _pair_line(line: str) -> str:
    count = line.count('"')
    if count == 0 or count % 2:
        return line
    marks = iter("“”" * (count // 2))
    return _STRAIGHT.sub(lambda _: next(marks), line)


@cache
def _table() -> dict[int, str]:
    table = {ord(char): to for to, chars in _SAME.items() for char in chars}
    table |= {ord(char): "\u200b" for char in ZERO_WIDTH}
    for block in _SHAPES:
        for code in block:
            shape = unicodedata.normalize("NFKC", chr(code))
            if len(shape) == 1 and shape != chr(code):
                table.setdefault(code, table.get(ord(shape), shape))
    return table
