"""Sheet 段落 of the workbook: a row per paragraph, and beside the tags the columns in which people answer.

    文件 | 序号 | 标题路径 | 原文 | 部分 | 主题 | 把握 | 部分得分 | 得分:… | 核定:部分 | 核定:… | 已核 | (hidden) uid …

Written row by row. The answers' headers are `ANSWER_COLUMNS`, which a reader of corrections shares.
"""

from typing import Any

from xlsxwriter import Workbook

from fazhi.model.labels import ANSWER_COLUMNS, Scheme, uid_of
from fazhi.model.report import SEGMENTER_VERSION
from fazhi.model.tagger import TaggedParagraph, TaggedReport
from fazhi.serving.xlsx_cells import CellText, Looks, looks_like_formula, row_height

HEADERS = (
    ANSWER_COLUMNS.document,
    ANSWER_COLUMNS.index,
    "标题路径",
    "原文",
    ANSWER_COLUMNS.given_section,
    ANSWER_COLUMNS.given_themes,
    "把握",
    "部分得分",
)
SCORE = "得分:"
BANDS = {"sure": "有把握", "check": "待核"}
MOST_ROWS = 1_048_576
"""Rows of a sheet, header included, by Excel's specification."""

_WIDTHS = (24, 6, 22, 64, 11, 20, 8, 8)
_WRAPPED = tuple(_WIDTHS[HEADERS.index(name)] for name in ("标题路径", "原文", "主题"))
_FROZEN = HEADERS.index("原文") + 1  # the text stays in sight while a person answers
_BAND = HEADERS.index("把握")
_NARROW, _DIGITS, _HEAD_HEIGHT = 8, 4, 66
_HELP = {
    "error_title": "请从下拉列表中选择",
    "error_message": "请选列表中的一项;空白表示没有判断。\nChoose from the list; blank means not judged.",
}


class Paragraphs:
    """The sheet; `rows` counts those written, header included."""

    def __init__(self, workbook: Workbook, looks: Looks, text: CellText, scheme: Scheme) -> None:
        """Add the sheet and write its header."""
        self._sheet, self._looks, self._text = workbook.add_worksheet(ANSWER_COLUMNS.sheet), looks, text
        self._scheme, self._fingerprint, self.rows = scheme, scheme.fingerprint, 1
        self._sections = {each.id: each.zh for each in scheme.sections}
        self._themes = {each.id: each.zh for each in scheme.themes}
        self._scores = len(HEADERS)
        self._answers = self._scores + len(scheme.themes)
        self._reviewed = self._answers + 1 + len(scheme.themes)
        self._write_header()

    def add(self, report: TaggedReport) -> None:
        """Write the rows of one report."""
        document = self._text.fit(report.document)
        for tagged in report.paragraphs:
            self._write_tags(document, tagged)
            self._write_scores(tagged)
            self._write_hidden(report, tagged)
            self.rows += 1

    def complete(self) -> None:
        """Set what needs to know the last row: drop-downs, filters, marks."""
        sheet, looks, last = self._sheet, self._looks, self.rows - 1
        self._drop_down(self._answers, self._answers, [each.zh for each in self._scheme.sections])
        self._drop_down(self._answers + 1, self._reviewed, [ANSWER_COLUMNS.yes, ANSWER_COLUMNS.no])
        band, done = (f"${_letters(column)}2" for column in (_BAND, self._reviewed))
        mark = f'=AND({band}="{BANDS["check"]}",{done}<>"{ANSWER_COLUMNS.yes}")'
        sheet.conditional_format(
            1, 0, last, self._scores - 1, {"type": "formula", "criteria": mark, "format": looks.check}
        )
        asked = {"type": "formula", "criteria": "=TRUE", "format": looks.asked}
        sheet.conditional_format(1, self._answers, last, self._reviewed, asked)
        sheet.autofilter(0, 0, last, self._reviewed)
        sheet.freeze_panes(1, _FROZEN)
        sheet.print_area(0, 0, last, self._scores - 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&R&P / &N")

    def _write_header(self) -> None:
        sheet, looks = self._sheet, self._looks
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.set_column(self._scores, self._answers - 1, _NARROW, None, {"level": 1})
        sheet.set_column(self._answers, self._answers, 14, looks.answer)
        sheet.set_column(self._answers + 1, self._reviewed, _NARROW, looks.answer)
        hidden = self._reviewed + 1
        sheet.set_column(hidden, hidden + len(ANSWER_COLUMNS.hidden) - 1, 16, None, {"hidden": True})
        sheet.set_row(0, _HEAD_HEIGHT)
        themed = looks.theme_heads
        scores = tuple(f"{SCORE}{each.zh}" for each in self._scheme.themes)
        names = (*HEADERS, *scores, *ANSWER_COLUMNS.headers(self._scheme))
        heads = (*[looks.head] * self._scores, *themed, looks.head, *themed, *[looks.head] * (1 + len(names)))
        for column, (name, head) in enumerate(zip(names, heads, strict=False)):
            sheet.write_string(0, column, name, head)

    def _write_tags(self, document: str, tagged: TaggedParagraph) -> None:
        paragraph, sheet, row, fit = tagged.paragraph, self._sheet, self.rows, self._text.fit
        path, text = fit(" > ".join(paragraph.path)), fit(paragraph.text)
        themes = "\n".join(self._themes[theme] for theme in tagged.themes)
        sheet.set_row(row, row_height(zip((path, text, themes), _WRAPPED, strict=True)))
        sheet.write_string(row, 0, document, self._looks.name)
        sheet.write_number(row, 1, paragraph.index, self._looks.index)
        self._write_text(2, path)
        self._write_text(3, text)
        self._write_text(4, self._sections[tagged.section])
        self._write_text(5, themes)
        self._write_text(_BAND, BANDS[tagged.band])
        sheet.write_number(row, 7, round(tagged.section_score, _DIGITS), self._looks.sure)

    def _write_scores(self, tagged: TaggedParagraph) -> None:
        scored = zip(self._scheme.theme_ids, tagged.theme_scores, self._looks.given, strict=True)
        for column, (theme, score, given) in enumerate(scored, start=self._scores):
            look = given if theme in tagged.themes else self._looks.score
            self._sheet.write_number(self.rows, column, round(score, _DIGITS), look)

    def _write_hidden(self, report: TaggedReport, tagged: TaggedParagraph) -> None:
        start, end = tagged.paragraph.start, tagged.paragraph.end
        values: tuple[str | int, ...] = (
            uid_of(report.sha256, start, end),
            report.sha256,
            start,
            end,
            self._fingerprint,
            report.model,
            SEGMENTER_VERSION,
        )
        for column, value in enumerate(values, start=self._reviewed + 1):
            if isinstance(value, int):
                self._sheet.write_number(self.rows, column, value)
            else:
                self._sheet.write_string(self.rows, column, self._text.fit(value))

    def _write_text(self, column: int, text: str) -> None:
        look = self._looks.quoted if looks_like_formula(text) else self._looks.text
        if text:
            self._sheet.write_string(self.rows, column, text, look)
        else:
            self._sheet.write_blank(self.rows, column, None, look)

    def _drop_down(self, first: int, last: int, words: list[str]) -> None:
        options: dict[str, Any] = {"validate": "list", "source": words, **_HELP}
        if self._sheet.data_validation(1, first, self.rows - 1, last, options):
            raise ValueError(f"{words} do not fit a drop-down list, which holds 255 characters")


def _letters(column: int) -> str:
    """Return a column's letters: 0 -> A, 28 -> AC."""
    more, last = divmod(column, 26)
    return (_letters(more - 1) if more else "") + chr(ord("A") + last)
