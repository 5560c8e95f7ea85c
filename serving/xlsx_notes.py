"""Sheet 说明 of the workbook: what produced it, how to read it, how to give corrections back.

Facts come in as name and value; Chinese stands left, English beside it. Themes and sections are listed with their ids.
"""

from collections.abc import Mapping, Sequence

from xlsxwriter import Workbook

from fazhi.model.labels import ANSWER_COLUMNS, Scheme
from fazhi.serving.counts import RULE_EN, RULE_ZH
from fazhi.serving.xlsx_cells import LIMIT, CellText, Looks, row_height

SHEET = "说明"
CUT_CELLS = "截断的单元格 · cells cut"
_WIDTHS = (56, 72, 16)

_READING = (
    (f"“汇总”表:每份报告一行。{RULE_ZH}", f"Sheet 汇总: a row per report. {RULE_EN}"),
    (
        "“段落”表:每段一行,顺序与原文相同。“部分”说明这一段在报告里起什么作用,每段只有一个;“主题”可以没有,也可以有几个。",
        "Sheet 段落: a row per paragraph, in the order of the text. 部分 (section) is the part it plays in the report, "
        "exactly one; 主题 (themes) may be none or several.",
    ),
    (
        "“得分”是校准后的概率,0 到 1;带底色的,是机器给了这个主题。这些列可用表头上方的 [-] 收起。",
        "得分 (scores) are calibrated probabilities from 0 to 1; a coloured cell is a theme that was given. "
        "The [-] above the header folds these columns away.",
    ),
    (
        "浅黄色的行“待核”:得分靠近阈值,或部分拿不准,请先看这些。“已核”填“是”后,黄色消失。",
        "Light yellow rows are 待核 (to check): a score near its threshold, or the section in doubt. Begin with these. "
        "The yellow goes when 已核 (reviewed) says 是.",
    ),
    (
        "很长的段落,行高不够,点中单元格,在编辑栏里看全文。",
        "Where a long paragraph is taller than its row, click the cell and read it in the formula bar.",
    ),
    (
        f"Excel 容不下的控制字符换成了 �;超过 {LIMIT:,} 字的单元格截断并注明。",
        f"Control characters that Excel cannot hold became �; cells over {LIMIT:,} characters are cut, with a mark.",
    ),
)
_ANSWERING = (
    (
        f"在“{ANSWER_COLUMNS.section}”里选正确的部分;在各“{ANSWER_COLUMNS.theme}主题”列里选“是”或“否”。都有下拉列表。",
        f"Choose the right section in {ANSWER_COLUMNS.section}, and 是 (yes) or 否 (no) in the column of each theme. "
        "All have drop-down lists.",
    ),
    (
        "空白表示没有判断:既不是“是”,也不是“否”,也不算同意机器的标注。",
        "Blank means not judged: neither yes nor no, nor agreement with the machine.",
    ),
    (
        f"一段的部分和十二个主题都判断了,在“{ANSWER_COLUMNS.reviewed}”里选“是”;只取用这样的行。标题、落款等不带主题的部分,主题可以空着。",
        f"When section and all twelve themes of a paragraph are judged, choose 是 in {ANSWER_COLUMNS.reviewed} "
        "(reviewed); only such rows are taken. Sections without themes (a title, a closing …) may leave them blank.",
    ),
    (
        "可以排序、筛选、调整列宽。请不要改表头、表名,不要删除隐藏的列:更正靠它们找回是哪份报告的哪一段。",
        "Sort, filter and resize as you like. Please keep headers, sheet names and hidden columns: a correction "
        "finds its report and paragraph by them.",
    ),
    (
        "改完存为 .xlsx(不要存为 .csv),把这个文件交回给发给您的人。",
        "Save as .xlsx (not .csv) and return the file to whoever sent it.",
    ),
)


class Notes:
    """The sheet, written at the end, when all facts are known."""

    def __init__(self, workbook: Workbook, looks: Looks, text: CellText) -> None:
        """Add the sheet."""
        self._sheet, self._looks, self._text, self._row = workbook.add_worksheet(SHEET), looks, text, 0
        for column, width in enumerate(_WIDTHS):
            self._sheet.set_column(column, column, width)

    def write(self, facts: Mapping[str, str], scheme: Scheme) -> None:
        """Write everything."""
        self._block("由什么产生", "What produced this", list(facts.items()))
        self._line(CUT_CELLS, str(self._text.cut))
        self._block("怎样读", "How to read it", _READING)
        self._block("怎样交回更正", "How to give corrections back", _ANSWERING)
        self._block("主题", "Themes", ())
        for theme, head in zip(scheme.themes, self._looks.theme_heads, strict=True):
            self._line(theme.zh, theme.en, theme.id, head)
        self._block("部分", "Sections", ())
        for section in scheme.sections:
            self._line(section.zh, section.en, section.id)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)  # A4
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_footer("&L&A&R&P / &N")

    def _block(self, zh: str, en: str, lines: Sequence[tuple[str, str]]) -> None:
        self._row += 1 if self._row else 0
        self._line(zh, en, "", self._looks.left_head, self._looks.left_head)
        for left, right in lines:
            self._line(left, right)

    def _line(self, left: str, right: str, third: str = "", look: object = None, beside: object = None) -> None:
        text = self._looks.quoted  # facts name files, and a file may be called =1+1
        left, right = self._text.fit(left), self._text.fit(right)
        self._sheet.set_row(self._row, row_height(zip((left, right), _WIDTHS[:2], strict=True)))
        self._sheet.write_string(self._row, 0, left, look or text)
        self._sheet.write_string(self._row, 1, right, beside or text)
        if third:
            self._sheet.write_string(self._row, 2, third, self._looks.note)
        self._row += 1
