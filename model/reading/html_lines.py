"""Events of an HTML parser to lines: what a browser would show on lines of their own.

    <p>一、<b>总结</b><br>二、计划</p><table><tr><td>甲<td>乙</table>  ->  一、总结 / 二、计划 / 甲<tab>乙

`HtmlLines` is the target of an lxml parser: no tree is built and nothing recurses, so depth costs only a list entry.
What is never shown (scripts, styles, `hidden`, `display: none` on the element itself) is left out. Style sheets are
not read. Blanks run together as in browsers; a source line break between two Chinese characters is nothing.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fazhi.model.reading.errors import InputError
from fazhi.model.reading.html_elements import is_block, is_hidden, keeps_breaks
from fazhi.model.reading.html_lists import Numbering, numbering

_RUN = re.compile(r"[ \t\n\r\f]+")
_VISIBLE = re.compile("[^\\s\u00ad\u200b-\u200f\u2060\ufeff]")
_CHINESE_MARKS = frozenset("“”‘’…—·")  # wide in Chinese print, ambiguous in Unicode
_SHORT_ROW = 60  # characters up to which a cell of several lines stays in its row
_MOST_WORK = 5_000_000_000  # open elements times end tags: the parser looks through all the former for a stray latter


@dataclass(slots=True)
class _Row:
    """A table row: lines of its finished cells; whether one is open; whether it holds a table, so lays out the page."""

    cells: list[list[str]] = field(default_factory=list)
    is_open: bool = False
    is_layout: bool = False


class HtmlLines:
    """Collects lines; `close` returns them.

    A table row is one line, its cells joined by tabs, when every cell is one line or short; a row that holds a table
    or longer text is layout, and its cells' lines stay lines.

    Args:
        name: What the user called the file.
        end_tags: How many the markup has; bounds the depth.
    """

    def __init__(self, name: str, end_tags: int) -> None:
        self._name, self._end_tags = name, end_tags
        self._closers: list[Callable[[], None]] = []  # one for each open element
        self._hidden_from = 0  # depth of the outermost element that is not shown; 0: none
        self._kept = 0  # open elements whose line breaks count
        self._lists: list[Numbering | None] = []
        self._rows: list[_Row] = []
        self._lines: list[list[str]] = [[]]  # of the page and of each open cell
        self._pieces: list[str] = []  # of the line at hand
        self._mark = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open an element.

        Raises:
            InputError: Nested so deeply that stray end tags would take the parser minutes.
        """
        if len(self._closers) * self._end_tags > _MOST_WORK:
            raise InputError(self._name, "is nested too deeply", "save the page again from a browser, or as .txt")
        if not self._hidden_from and is_hidden(tag, attributes):
            self._hidden_from = len(self._closers) + 1
        self._closers.append(self._pass if self._hidden_from else self._open(tag, attributes))

    def end(self, tag: str) -> None:  # noqa: ARG002  (lxml calls it so)
        """Close the element opened last."""
        self._closers.pop()()
        if len(self._closers) < self._hidden_from:
            self._hidden_from = 0

    def data(self, text: str) -> None:
        """Take text."""
        if self._hidden_from:
            return
        if not self._kept:
            self._pieces.append(text)
            return
        first, *others = text.split("\n")
        self._pieces.append(first)
        for line in others:
            self._break()
            self._pieces.append(line)

    def close(self) -> list[str]:
        """End the page and return its lines; none is blank."""
        while self._closers:
            self._closers.pop()()
        self._break()
        return self._lines[0]

    def _open(self, tag: str, attributes: Mapping[str, str]) -> Callable[[], None]:
        """Do what an element does at its start and return what it does at its end."""
        breaks = is_block(tag, attributes)
        if breaks:
            self._break()
        opener = _OPENERS.get(tag)
        if opener:
            return opener(self, attributes)
        if keeps_breaks(tag, attributes):
            self._kept += 1
            return self._end_kept if breaks else self._end_kept_inline
        return self._break if breaks else self._pass

    def _open_row(self, _attributes: Mapping[str, str]) -> Callable[[], None]:
        if self._rows and self._rows[-1].is_open:
            self._rows[-1].is_layout = True
        self._rows.append(_Row())
        return self._end_row

    def _open_cell(self, _attributes: Mapping[str, str]) -> Callable[[], None]:
        if not self._rows or self._rows[-1].is_open:
            return self._break  # a cell outside a row, or in another cell: a block
        self._rows[-1].is_open = True
        self._lines.append([])
        return self._end_cell

    def _open_list(self, attributes: Mapping[str, str]) -> Callable[[], None]:
        self._lists.append(numbering(attributes))
        return self._end_list

    def _open_plain_list(self, _attributes: Mapping[str, str]) -> Callable[[], None]:
        self._lists.append(None)
        return self._end_list

    def _open_item(self, attributes: Mapping[str, str]) -> Callable[[], None]:
        counted = self._lists[-1] if self._lists else None
        self._mark = counted.next_mark(attributes) if counted else ""
        return self._end_item

    def _pass(self) -> None:
        """Close an element that breaks no line."""

    def _end_kept(self) -> None:
        self._break()
        self._kept -= 1

    def _end_kept_inline(self) -> None:
        self._kept -= 1

    def _end_cell(self) -> None:
        self._break()
        row = self._rows[-1]
        row.cells.append(self._lines.pop())
        row.is_open = False

    def _end_row(self) -> None:
        self._break()
        self._lines[-1] += _row_lines(self._rows.pop())

    def _end_list(self) -> None:
        self._break()
        self._lists.pop()

    def _end_item(self) -> None:
        self._break()
        self._mark = ""

    def _break(self) -> None:
        """End the line at hand, if there is anything to see on it."""
        raw = "".join(self._pieces)
        self._pieces.clear()
        if not _VISIBLE.search(raw):
            return
        line = (raw if self._kept else _RUN.sub(_one_blank, raw).lstrip(" ")).rstrip()
        if self._mark:
            line = line.lstrip()
            line = self._mark + (" " if line[:1].isdigit() else "") + line  # 1. 5月, not 1.5月
            self._mark = ""
        self._lines[-1].append(line)


_OPENERS: dict[str, Callable[[HtmlLines, Mapping[str, str]], Callable[[], None]]] = {
    "tr": HtmlLines._open_row,  # noqa: SLF001
    "td": HtmlLines._open_cell,  # noqa: SLF001
    "th": HtmlLines._open_cell,  # noqa: SLF001
    "ol": HtmlLines._open_list,  # noqa: SLF001
    "ul": HtmlLines._open_plain_list,  # noqa: SLF001
    "menu": HtmlLines._open_plain_list,  # noqa: SLF001
    "dir": HtmlLines._open_plain_list,  # noqa: SLF001
    "li": HtmlLines._open_item,  # noqa: SLF001
}


def _row_lines(row: _Row) -> list[str]:
    """Return a row of data as one line, a row of layout as the lines of its cells in order."""
    cells = [lines for lines in row.cells if lines]
    is_data = not row.is_layout and all(len(cell) == 1 or sum(map(len, cell)) <= _SHORT_ROW for cell in cells)
    if len(cells) > 1 and is_data:
        return ["\t".join(" ".join(line.strip() for line in cell) for cell in cells)]
    return [line for cell in cells for line in cell]


def _one_blank(run: re.Match[str]) -> str:
    """Return what a run of blanks is: one, or nothing where it is a source line break in Chinese text."""
    text, (start, end) = run.string, run.span()
    if "\n" in run[0] and start and end < len(text) and _is_wide(text[start - 1]) and _is_wide(text[end]):
        return ""
    return " "


def _is_wide(char: str) -> bool:
    return char in _CHINESE_MARKS or unicodedata.east_asian_width(char) in "FW"
