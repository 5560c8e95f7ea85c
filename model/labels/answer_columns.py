"""Where a person's answers stand in the XLSX result: names of columns, and the two words that answer.

    ANSWER_COLUMNS.headers(scheme)  ->  ("核定:部分", "核定:党的领导与统筹推进", …, "已核", "uid", "sha256", …)

Names only: `serving` writes the workbook; what reads corrections back finds the columns by these headers.
"""

from dataclasses import dataclass

from fazhi.model.labels.scheme import Scheme


@dataclass(frozen=True, slots=True)
class AnswerColumns:
    """The sheet of paragraphs, whose first row is the header: its last columns, and what an answer is set beside.

    Attributes:
        sheet: Name of the sheet.
        document: Header of what the report was called.
        index: Header of the paragraph's place in it, from 0.
        given_section: Header of the section that was given, a Chinese name.
        given_themes: Header of the themes that were given, Chinese names, one a line.
        section: Header of the drop-down of sections, which holds Chinese names.
        theme: What stands before a theme's Chinese name in the header of its yes/no column.
        reviewed: Header of the column that says that a person is done with the row.
        yes: The word for yes in theme and reviewed columns. A blank cell means: not judged.
        no: The word for no.
        hidden: Headers of the hidden columns that say which paragraph, scheme, bundle and cut an answer belongs to.
    """

    sheet: str = "段落"
    document: str = "文件"
    index: str = "序号"
    given_section: str = "部分"
    given_themes: str = "主题"
    section: str = "核定:部分"
    theme: str = "核定:"
    reviewed: str = "已核"
    yes: str = "是"
    no: str = "否"
    hidden: tuple[str, ...] = ("uid", "sha256", "start", "end", "scheme", "bundle", "segmenter")

    def themes(self, scheme: Scheme) -> tuple[str, ...]:
        """Return the headers of the yes/no columns in scheme order."""
        return tuple(f"{self.theme}{theme.zh}" for theme in scheme.themes)

    def headers(self, scheme: Scheme) -> tuple[str, ...]:
        """Return all headers in the order of the sheet: section, themes, reviewed, hidden."""
        return (self.section, *self.themes(scheme), self.reviewed, *self.hidden)


ANSWER_COLUMNS = AnswerColumns()
