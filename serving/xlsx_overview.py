"""Sheet 汇总 of the workbook: reports by themes, in paragraphs and in shares of the text.

How paragraphs and shares are counted is for `counts`.
"""

from xlsxwriter import Workbook

from fazhi.model.labels import Scheme
from fazhi.model.tagger import TaggedReport
from fazhi.serving.counts import RULE_EN, RULE_ZH, Counts, count, total
from fazhi.serving.xlsx_cells import CellText, Looks, row_height

SHEET = "汇总"
HEADERS = ("报告", "段落", "正文段", "待核", "正文字数")
_HEAD_ROW, _FIRST_ROW = 3, 4
_WIDTHS = (36, 7, 7, 7, 10)
_THEME_WIDTH = 9
_PRINT_SCALE = 58  # per cent at which the wider half, the counts, fits on A4


class Overview:
    """The sheet, written row by row while reports go by."""

    def __init__(self, workbook: Workbook, looks: Looks, text: CellText, scheme: Scheme) -> None:
        """Add the sheet and write all that stands above the first report."""
        self._sheet, self._looks, self._text = workbook.add_worksheet(SHEET), looks, text
        self.rows: list[Counts] = []
        self._write_top(scheme)

    def add(self, report: TaggedReport) -> None:
        """Write the row of one report."""
        counts = count(report)
        self._write_row(self._text.fit(report.document), counts, self._looks.number, self._looks.share)
        self.rows.append(counts)

    def complete(self) -> None:
        """Write the total, and what needs to know the last row."""
        themes, last = len(self.rows[0].theme_paragraphs), _FIRST_ROW + len(self.rows) - 1
        self._write_row("合计 total", total(self.rows), self._looks.total, self._looks.total_share)
        first = len(HEADERS) + themes
        scale = {"type": "2_color_scale", "min_color": "#ffffff", "max_color": "#9dc3e6"}
        self._sheet.conditional_format(_FIRST_ROW, first, last, first + themes - 1, scale)
        self._sheet.autofilter(_HEAD_ROW, 0, last, first + themes - 1)
        self._sheet.freeze_panes(_FIRST_ROW, 1)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)  # A4
        self._sheet.set_print_scale(_PRINT_SCALE)  # all columns on one sheet of paper cannot be read
        self._sheet.set_margins(left=0.4, right=0.4)
        self._sheet.set_v_pagebreaks([first])  # counts, then shares
        self._sheet.repeat_columns(0)
        self._sheet.repeat_rows(_HEAD_ROW)
        self._sheet.set_footer("&L&A&R&P / &N")

    def _write_top(self, scheme: Scheme) -> None:
        sheet, looks, first = self._sheet, self._looks, len(HEADERS)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.set_column(first, first + 2 * len(scheme.themes) - 1, _THEME_WIDTH)
        sheet.write_string(0, 0, "汇总 Summary", looks.title)
        width = sum(_WIDTHS[1:]) + _THEME_WIDTH * len(scheme.themes)
        for row, rule in enumerate((RULE_ZH, RULE_EN)):
            sheet.set_row(row, row_height([(rule, width)]))
            sheet.merge_range(row, 1, row, first + len(scheme.themes) - 1, rule, looks.note)
        for block, name in enumerate(("正文段落数 · body paragraphs", "占正文字数 · share of body text")):
            start = first + block * len(scheme.themes)
            sheet.merge_range(2, start, 2, start + len(scheme.themes) - 1, name, looks.head)
        sheet.set_row(_HEAD_ROW, 52)
        for column, name in enumerate(HEADERS):
            sheet.write_string(_HEAD_ROW, column, name, looks.head)
        for column, theme in enumerate(scheme.themes):
            for start in (first, first + len(scheme.themes)):
                sheet.write_string(_HEAD_ROW, start + column, theme.zh, looks.theme_heads[column])

    def _write_row(self, name: str, counts: Counts, number: object, share: object) -> None:
        row = _FIRST_ROW + len(self.rows)
        self._sheet.set_row(row, row_height([(name, _WIDTHS[0])]))
        self._sheet.write_string(row, 0, name, self._looks.total if number is self._looks.total else self._looks.quoted)
        numbers = (counts.paragraphs, counts.body, counts.check, counts.characters, *counts.theme_paragraphs)
        for column, value in enumerate(numbers, start=1):
            self._sheet.write_number(row, column, value, number)
        for column, part in enumerate(counts.shares, start=1 + len(numbers)):
            self._sheet.write_number(row, column, part, share)
