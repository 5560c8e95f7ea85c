"""A comparison as a workbook made for people: themes, sections, what is not found, reports, and how to read it.

    comparison_workbook(comparison, scheme, thresholds, facts)  ->  the bytes of an .xlsx

Small enough to be built in memory. Looks and safe text come from `xlsx_cells`; figures from `compare`.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter import Workbook

from fazhi.model.labels import Scheme
from fazhi.serving.compare import LETTERS, Comparison, Line, NotFound, Side
from fazhi.serving.compare_table import NOT_FOUND_EN, NOT_FOUND_ZH, SAME
from fazhi.serving.counts import RULE_EN, RULE_ZH
from fazhi.serving.xlsx_cells import CellText, Looks, row_height

GAP_HEADERS = ("边", "主题", "该边见到", "报告", "最接近得分", "阈值", "段序号", "最接近的段落")
_GAP_WIDTHS = (5, 20, 9, 34, 11, 7, 8, 80)
_NOTE_WIDTHS = (60, 76)
_HEAD_HEIGHT, _CHART_WIDTH, _CHART_HEIGHT = 34, 760, 640  # points; pixels
_BAR = "#9dc3e6"
_SHADES = ("#1f5c8b", "#9dc3e6", "#c58b3a", "#e8cf9f", "#6f7f4a", "#c2cdaa")  # of sides in the chart


def comparison_workbook(
    comparison: Comparison, scheme: Scheme, thresholds: Sequence[float], facts: Mapping[str, str]
) -> bytes:
    """Return the file."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        sheets = _Sheets(workbook, comparison, scheme)
        sheets.write_lines("主题", comparison.themes, {each.id: (each.zh, each.en) for each in scheme.themes}, True)
        sheets.write_lines(
            "部分", comparison.sections, {each.id: (each.zh, each.en) for each in scheme.sections}, False
        )
        sheets.write_gaps(dict(zip(scheme.theme_ids, thresholds, strict=True)))
        sheets.write_reports()
        sheets.write_notes(facts)
    return content.getvalue()


class _Sheets:
    """The sheets of one workbook under way."""

    def __init__(self, workbook: Workbook, comparison: Comparison, scheme: Scheme) -> None:
        self._workbook, self._comparison, self._scheme = workbook, comparison, scheme
        self._looks, self._text = Looks(workbook, scheme), CellText()
        self._heads = dict(zip(scheme.theme_ids, self._looks.theme_heads, strict=True))
        style = {
            "font_name": "Microsoft YaHei",
            "font_size": 10,
            "valign": "top",
            "bottom": 1,
            "bottom_color": "#d9d9d9",
        }
        self._points = workbook.add_format({**style, "num_format": "+0.0;-0.0;0", "bold": True, "align": "right"})
        self._missed = workbook.add_format({**style, "font_color": "#9a4d00", "align": "right"})

    def write_lines(self, name: str, lines: Sequence[Line], names: Mapping[str, tuple[str, str]], themed: bool) -> None:
        """Write themes or sections: shares of all sides, their difference, paragraphs, reports; a chart of shares."""
        sheet, sides = self._workbook.add_worksheet(name), len(self._comparison.sides)
        letters = LETTERS[:sides]
        heads = [name, "English", *(f"{each} 占比\nshare" for each in letters), f"{letters[-1]}−A\n百分点 pp"]
        heads += [f"{each} 段\nparagraphs" for each in letters] + [f"{each} 份\nreports" for each in letters]
        self._begin(sheet, heads, (24, 46, *[10] * (3 * sides + 1)))
        for row, line in enumerate(lines, start=1):
            sheet.write_string(row, 0, names[line.id][0], self._heads[line.id] if themed else self._looks.text)
            sheet.write_string(row, 1, names[line.id][1], self._looks.text)
            self._write_sides(sheet, row, line, themed)
            sheet.write_number(row, 2 + sides, 100 * line.difference, self._points)
        bars = {"type": "data_bar", "bar_color": _BAR, "min_type": "num", "min_value": 0}
        most = max(each.share for line in lines for each in line.sides) or 1
        sheet.conditional_format(1, 2, len(lines), 1 + sides, {**bars, "max_type": "num", "max_value": most})
        sheet.fit_to_pages(1, 1)
        sheet.insert_chart(len(lines) + 2, 0, self._chart(name, len(lines)))

    def write_gaps(self, thresholds: Mapping[str, float]) -> None:
        """Write a row for every report and theme that is not found in it."""
        sheet, row = self._workbook.add_worksheet("未见"), 1
        self._begin(sheet, GAP_HEADERS, _GAP_WIDTHS)
        for place, letter in enumerate(LETTERS[: len(self._comparison.sides)]):
            for line, theme in zip(self._comparison.themes, self._scheme.themes, strict=True):
                for gap in line.sides[place].not_found:
                    found = "是" if line.sides[place].found else "否"
                    self._write_gap(sheet, row, (letter, theme.zh, found), gap, thresholds[line.id])
                    row += 1
        sheet.autofilter(0, 0, max(row - 1, 1), len(GAP_HEADERS) - 1)

    def write_reports(self) -> None:
        """Write a row for every report: its body, and the share of every theme."""
        sheet, row = self._workbook.add_worksheet("报告"), 1
        themes = [theme.zh for theme in self._scheme.themes]
        self._begin(sheet, ("边", "报告", "正文段", "正文字数", *themes), (5, 40, 8, 9, *[9] * len(themes)))
        for letter, side in zip(LETTERS, self._comparison.sides, strict=False):
            for each in side.reports:
                sheet.write_string(row, 0, letter, self._looks.index)
                sheet.write_string(row, 1, self._text.fit(each.document), self._looks.quoted)
                sheet.write_number(row, 2, each.counts.body, self._looks.number)
                sheet.write_number(row, 3, each.counts.characters, self._looks.number)
                for column, share in enumerate(each.counts.shares, start=4):
                    sheet.write_number(row, column, share, self._looks.share)
                row += 1
        sheet.autofilter(0, 0, max(row - 1, 1), 3 + len(themes))

    def write_notes(self, facts: Mapping[str, str]) -> None:
        """Write the sides, how to read the sheets, and what produced them."""
        sheet = self._workbook.add_worksheet("说明")
        for column, width in enumerate(_NOTE_WIDTHS):
            sheet.set_column(column, column, width)
        sides = [_about(*each) for each in zip(LETTERS, self._comparison.sides, strict=False)]
        same = [tuple(SAME.split(" · "))] if self._comparison.same else []
        rules = [
            (RULE_ZH, RULE_EN),
            (NOT_FOUND_ZH, NOT_FOUND_EN),
            ("差 = 末边占比 − 首边占比(百分点)", "Difference: share on the last side less the first (pp)"),
        ]
        for row, cells in enumerate([*sides, *same, *rules, *facts.items()]):
            texts = [self._text.fit(cell) for cell in cells]
            sheet.set_row(row, row_height((text, width - 8) for text, width in zip(texts, _NOTE_WIDTHS, strict=True)))
            for column, text in enumerate(texts):
                sheet.write_string(row, column, text, self._looks.quoted)
        self._print(sheet)

    def _begin(self, sheet: Any, heads: Sequence[str], widths: Sequence[float]) -> None:
        for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, head, self._looks.head)
        sheet.set_row(0, _HEAD_HEIGHT)
        sheet.freeze_panes(1, 2)
        sheet.repeat_rows(0)
        self._print(sheet)

    def _print(self, sheet: Any) -> None:
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&R&P / &N")

    def _write_sides(self, sheet: Any, row: int, line: Line, themed: bool) -> None:
        sides = len(line.sides)
        for place, each in enumerate(line.sides):
            if each.found or not themed:
                sheet.write_number(row, 2 + place, each.share, self._looks.share)
            else:
                sheet.write_string(row, 2 + place, "未见", self._missed)
            sheet.write_number(row, 3 + sides + place, each.paragraphs, self._looks.number)
            sheet.write_string(row, 3 + 2 * sides + place, f"{each.found_in}/{each.reports}", self._looks.index)

    def _write_gap(self, sheet: Any, row: int, about: tuple[str, str, str], gap: NotFound, threshold: float) -> None:
        near, looks = gap.nearest, self._looks
        words = self._text.fit(near.words) if near else ""
        document = self._text.fit(gap.document)
        sheet.set_row(row, row_height([(words, _GAP_WIDTHS[-1]), (document, _GAP_WIDTHS[3])]))
        for column, cell in enumerate(about):
            sheet.write_string(row, column, cell, looks.text)
        sheet.write_string(row, 3, document, looks.quoted)
        if near:
            sheet.write_number(row, 4, round(near.score, 4), looks.sure)
            sheet.write_number(row, 6, near.index, looks.index)
            sheet.write_string(row, 7, words, looks.quoted)
        sheet.write_number(row, 5, threshold, looks.sure)

    def _chart(self, name: str, lines: int) -> Any:
        """Return paired bars of shares, in the order of the rows; the sheet holds their figures."""
        chart, sides = self._workbook.add_chart({"type": "bar"}), self._comparison.sides
        for place, (letter, side, shade) in enumerate(zip(LETTERS, sides, _SHADES, strict=False)):
            chart.add_series(
                {
                    "name": f"{letter}  {self._text.fit(side.name)}",
                    "categories": [name, 1, 0, lines, 0],
                    "values": [name, 1, 2 + place, lines, 2 + place],
                    "fill": {"color": shade},
                    "gap": 60,
                }
            )
        chart.set_title({"name": "占正文字数的比例 · share of body text", "name_font": {"size": 11}})
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"num_format": "0%", "major_gridlines": {"visible": True, "line": {"color": "#d9d9d9"}}})
        chart.set_legend({"position": "top"})
        chart.set_size({"width": _CHART_WIDTH, "height": _CHART_HEIGHT})
        return chart


def _about(letter: str, side: Side) -> tuple[str, str]:
    skipped = f" · {side.skipped} 份未能读取 could not be read" if side.skipped else ""
    return f"{letter}  {side.name}", f"{len(side.reports)} 份报告 reports · 正文 body {side.body} 段{skipped}"
