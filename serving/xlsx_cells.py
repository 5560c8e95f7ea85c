"""What every sheet of the workbook is made of: text that a cell can hold, and the looks of cells.

    CellText().fit("a" + chr(0) + "b")  ->  "a�b"

Text comes from reports and is hostile: it must stay text, in XML and in Excel. Sheets decide where it goes.
"""

import re
from collections.abc import Iterable
from math import ceil
from typing import Any

from xlsxwriter import Workbook

from fazhi.model.labels import Scheme
from fazhi.serving.colors import ink_on, tint

LIMIT = 32_767  # UTF-16 units in a cell, by Excel's specification
CUT = "……【此处截断,全文见原文件 · cut here, see the file】"
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML 1.0 has no place for
_FORMULA = ("=", "+", "-", "@", "\t", "\n")
_FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}
_LINE = {"bottom": 1, "bottom_color": "#d9d9d9"}
_HEAD = {**_FONT, **_LINE, "bold": True, "text_wrap": True, "align": "center", "valign": "vcenter"}
_UNIT, _WIDE = 7.0, 13.6  # pixels: a digit, which column widths count in; a Chinese character
_LINE_POINTS, _PADDING, _TALLEST = 14.0, 3.0, 409.0
_GRAY = "#eceff1"


class CellText:
    """Makes text fit for cells and counts what it had to cut."""

    def __init__(self) -> None:
        """Start with nothing cut."""
        self.cut = 0

    def fit(self, text: str) -> str:
        """Return text that Excel and XML can hold: line feeds only, no control characters, not over the limit."""
        text = _ILLEGAL.sub("�", text.replace("\r\n", "\n").replace("\r", "\n"))
        if text.startswith("<r>") and text.endswith("</r>"):
            text += " "  # XlsxWriter would take it for markup of its own and write it unescaped
        if 2 * len(text) <= LIMIT:
            return text
        units = text.encode("utf-16-le")
        if len(units) <= 2 * LIMIT:
            return text
        self.cut += 1
        return units[: 2 * (LIMIT - len(CUT))].decode("utf-16-le", errors="ignore") + CUT


def looks_like_formula(text: str) -> bool:
    """Say whether text would become a formula if a person edited its cell and pressed Enter."""
    return text.startswith(_FORMULA)


def row_height(cells: Iterable[tuple[str, float]]) -> float:
    """Return the points that a row of wrapped cells needs, given as text and column width.

    LibreOffice takes rows as tall as the file says, so the file has to say it. An estimate, a little generous; Excel
    allows no row over 409 points.
    """
    return min(max(_lines(text, width) for text, width in cells) * _LINE_POINTS + _PADDING, _TALLEST)


def _lines(text: str, width: float) -> int:
    room = width * _UNIT - _UNIT
    return sum(max(ceil(_pixels(line) / room), 1) for line in text.split("\n"))


def _pixels(line: str) -> float:
    wide = (len(line.encode("utf-8")) - len(line)) / 2  # Chinese characters have three bytes
    return wide * _WIDE + (len(line) - wide) * _UNIT


class Looks:
    """The formats of one workbook, made once."""

    def __init__(self, workbook: Workbook, scheme: Scheme) -> None:
        """Add the formats to the workbook."""

        def look(*parts: dict[str, Any], **more: Any) -> Any:
            return workbook.add_format({key: value for part in (*parts, more) for key, value in part.items()})

        self.text = look(_FONT, _LINE, text_wrap=True)
        self.name = look(_FONT, _LINE, quote_prefix=True)
        self.quoted = look(_FONT, _LINE, text_wrap=True, quote_prefix=True)
        self.note = look(_FONT, font_color="#607d8b", text_wrap=True)
        self.title = look(_FONT, bold=True, font_size=12)
        self.head = look(_HEAD, bg_color=_GRAY)
        self.left_head = look(_HEAD, bg_color=_GRAY, align="left")
        self.index = look(_FONT, _LINE, align="center")
        self.number = look(_FONT, _LINE, num_format='#,##0;-#,##0;"·"', align="right")
        self.share = look(_FONT, _LINE, num_format='0.0%;-0.0%;"·"', align="right")
        self.score = look(_FONT, _LINE, num_format="0.00", align="center", font_color="#90a4ae")
        self.sure = look(_FONT, _LINE, num_format="0.00", align="center")
        self.answer = look(_FONT, align="center")
        self.total = look(_FONT, bold=True, top=1, num_format='#,##0;-#,##0;"·"')
        self.total_share = look(_FONT, bold=True, top=1, num_format='0.0%;-0.0%;"·"')
        self.check = workbook.add_format({"bg_color": "#fff4cc"})
        self.asked = workbook.add_format({"bg_color": "#eaf4fb", "border": 1, "border_color": "#c9dfee"})
        self.theme_heads = tuple(
            look(_HEAD, bg_color=each.color, font_color=ink_on(each.color)) for each in scheme.themes
        )
        self.given = tuple(
            look(_FONT, _LINE, num_format="0.00", align="center", bold=True, bg_color=tint(each.color))
            for each in scheme.themes
        )
