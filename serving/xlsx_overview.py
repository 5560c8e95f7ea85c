"""Sheet 汇总 of the workbook: reports by themes, in paragraphs and in shares of the text.

    count(report)  ->  Counts(paragraphs=31, body=24, check=5, characters=4210, …)

Body is every paragraph that is no heading; headings count neither as paragraphs of a theme nor as text. A paragraph
with two themes counts in both, so that a row of shares may add up to more than one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook

from fazhi.model.labels import HEADING, Scheme
from fazhi.model.tagger import TaggedReport
from fazhi.serving.xlsx_cells import CellText, Looks, row_height

SHEET = "汇总"
RULE_ZH = (
    "正文指小标题以外的全部段落,段落数和占比都只计正文;占比 = 带该主题的正文段落的字数 ÷ 全部正文字数"
    "(清洗后的文字)。一段有两个主题,两边都计,所以各占比之和可以超过 100%。"
)
RULE_EN = (
    "Body is every paragraph but headings; counts and shares take body only. Share = characters of the body paragraphs "
    "with the theme ÷ characters of all body paragraphs (cleaned text). A paragraph with two themes counts in both, so "
    "shares may add up to more than 100%."
)
HEADERS = ("报告", "段落", "正文段", "待核", "正文字数")
_HEAD_ROW, _FIRST_ROW = 3, 4
_WIDTHS = (36, 7, 7, 7, 10)
_THEME_WIDTH = 9
_PRINT_SCALE = 58  # per cent at which the wider half, the counts, fits on A4


@dataclass(frozen=True, slots=True)
class Counts:
    """One row: a report, or all of them.

    Attributes:
        check: Paragraphs in the band `check`, headings too.
        characters: Of the clean text of body paragraphs.
        theme_paragraphs: Body paragraphs of each theme, scheme order.
        theme_characters: Characters of their clean text.
    """

    paragraphs: int
    body: int
    check: int
    characters: int
    theme_paragraphs: tuple[int, ...]
    theme_characters: tuple[int, ...]

    @property
    def shares(self) -> tuple[float, ...]:
        """Share of the body text that each theme's paragraphs hold; 0 where there is no body."""
        return tuple(part / max(self.characters, 1) for part in self.theme_characters)


def count(report: TaggedReport) -> Counts:
    """Count a report."""
    body = [each for each in report.paragraphs if each.section != HEADING]
    themes = [[len(each.paragraph.clean) for each in body if theme in each.themes] for theme in report.theme_ids]
    return Counts(
        paragraphs=len(report.paragraphs),
        body=len(body),
        check=sum(each.band == "check" for each in report.paragraphs),
        characters=sum(len(each.paragraph.clean) for each in body),
        theme_paragraphs=tuple(map(len, themes)),
        theme_characters=tuple(map(sum, themes)),
    )


def total(rows: Sequence[Counts]) -> Counts:
    """Add up rows, of which there is at least one."""
    return Counts(
        paragraphs=sum(row.paragraphs for row in rows),
        body=sum(row.body for row in rows),
        check=sum(row.check for row in rows),
        characters=sum(row.characters for row in rows),
        theme_paragraphs=tuple(map(sum, zip(*(row.theme_paragraphs for row in rows), strict=True))),
        theme_characters=tuple(map(sum, zip(*(row.theme_characters for row in rows), strict=True))),
    )


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
