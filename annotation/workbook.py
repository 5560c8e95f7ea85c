"""A workbook that came back from people, to the rows of its sheet of paragraphs: named cells, nothing judged.

    read_rows(Path("all.xlsx"), scheme)  ->  [Row(number=2, cells={"uid": "52705a…", "核定:部分": "工作情况", …}), …]

The file has been through other hands and programs: its container, its XML and its size are checked here before openpyxl
sees it. Columns are found by their headers and may stand in any order. What the cells say is for `workbook_answers`.
"""

import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from fazhi.model.labels import ANSWER_COLUMNS, Scheme
from fazhi.model.reading import MAX_BYTES, InputError
from fazhi.model.reading.container import Member, read_directory, too_large, unpack
from fazhi.model.reading.document import opened

MAX_UNPACKED = 200_000_000
"""Bytes of all parts, unpacked; an answered row of the sheet has some 3,400."""
MAX_TAGS = 10_000_000
"""XML tags in all parts; an answered row has some 220, and each becomes an object."""
MAX_RUN = 200_000
"""Tags without a new row or shared string between them: what openpyxl holds at once."""
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 256  # Excel's rows; the sheet has some 40 columns, and people may insert some

_STREAMED = re.compile(rb"<(?:\w+:)?(?:row|si)\b")
_ZIP = b"PK\x03\x04"
_GIVE = "give the .xlsx that `fazhi tag` wrote, saved as .xlsx"
_ANEW = "open it in Excel, WPS or LibreOffice and save it anew as .xlsx"
_BROKEN = (  # what openpyxl raises on a damaged file, by reading its source
    ArithmeticError, AttributeError, BadZipFile, EOFError, InvalidFileException, LookupError, OSError, SyntaxError,
    TypeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the sheet.

    Attributes:
        number: As the program shows it, the header being 1.
        cells: Header -> value as stored; None where the cell is blank.
    """

    number: int
    cells: Mapping[str, object]

    def word(self, header: str) -> str:
        """Return a cell as text without blanks around it; empty where it is blank."""
        value = self.cells[header]
        return "" if value is None else str(value).strip()


def read_rows(path: Path, scheme: Scheme) -> list[Row]:
    """Return the rows in which a person has answered something.

    Raises:
        InputError: No workbook, hostile or damaged, without the sheet or one of its columns, or with a column twice.
    """
    data = _checked(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on drop-downs and styles that openpyxl does not know
            rows = list(_wanted(_sheet_rows(data, str(path)), str(path), scheme))
    except _BROKEN as error:
        raise InputError(str(path), f"is a damaged workbook ({error!r:.200})", _ANEW) from None
    return rows


def _checked(path: Path) -> io.BytesIO:
    """Read the file; unpack each part once, one at a time, so that openpyxl meets no size that is not known."""
    with opened(path) as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise InputError(str(path), f"is larger than {MAX_BYTES // 1_000_000} MB", "remove pictures, or split it")
    if not data.startswith(_ZIP):
        raise InputError(str(path), "is no .xlsx workbook, or locked with a password", _GIVE)
    held = io.BytesIO(data)
    left, tags = MAX_UNPACKED, 0
    for member in read_directory(held, str(path)):
        if member.size > left:
            raise too_large(str(path), MAX_UNPACKED)
        left -= member.size
        tags += _tags(held, member, str(path))
        if tags > MAX_TAGS:
            raise InputError(str(path), f"has more than {MAX_TAGS:,} XML tags", "split it into smaller workbooks")
    return held


def _tags(file: io.BytesIO, member: Member, name: str) -> int:
    """Count the tags of a part; refuse entities, which only a DOCTYPE can define, and runs that are too long."""
    where = f"{name}:{member.name}"
    data = unpack(file, member, where, MAX_UNPACKED)
    if b"<!DOCTYPE" in (data.replace(b"\0", b"") if b"\0" in data else data):  # UTF-16 too
        raise InputError(where, "contains a DOCTYPE, which no workbook has", _ANEW)
    starts = [0, *(match.start() for match in _STREAMED.finditer(data)), len(data)]
    if max(data.count(b"<", start, end) for start, end in pairwise(starts)) > MAX_RUN:
        raise InputError(where, f"has more than {MAX_RUN:,} XML tags in one row or table of styles", _ANEW)
    return data.count(b"<")


def _sheet_rows(data: io.BytesIO, name: str) -> Iterator[tuple[Any, ...]]:
    book = load_workbook(data, read_only=True, data_only=True, keep_links=False)
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if ANSWER_COLUMNS.sheet not in sheets:
        found = ", ".join(sheets) or "none"
        raise InputError(name, f"has no sheet {ANSWER_COLUMNS.sheet}, only {found:.200}", _GIVE)
    # The limits are said because the file's own dimension may be missing, wrong or beyond Excel.
    rows = sheets[ANSWER_COLUMNS.sheet].iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True)
    yield from rows


def _wanted(rows: Iterator[tuple[Any, ...]], name: str, scheme: Scheme) -> Iterator[Row]:
    """Keep the columns that matter, and the rows with an answer."""
    columns = _columns(next(rows, ()), name, scheme)
    answers = (ANSWER_COLUMNS.section, *ANSWER_COLUMNS.themes(scheme), ANSWER_COLUMNS.reviewed)
    for number, values in enumerate(rows, start=2):
        row = Row(number, {header: values[column] for header, column in columns.items()})
        if any(row.word(header) for header in answers):
            yield row


def _columns(header: Sequence[Any], name: str, scheme: Scheme) -> dict[str, int]:
    """Find where each column stands."""
    given = (
        ANSWER_COLUMNS.document,
        ANSWER_COLUMNS.index,
        ANSWER_COLUMNS.given_section,
        ANSWER_COLUMNS.given_themes,
    )
    wanted = (*given, *ANSWER_COLUMNS.headers(scheme))
    names = ["" if value is None else str(value).strip() for value in header]
    where = f"{name}, sheet {ANSWER_COLUMNS.sheet}"
    missing = [each for each in wanted if each not in names]
    if missing:
        hint = "put headers and hidden columns back, or tag the reports again with this fazhi"
        raise InputError(where, f"lacks {len(missing)} columns: {', '.join(missing)}", hint)
    twice = [each for each in wanted if names.count(each) > 1]
    if twice:
        raise InputError(where, f"has columns twice: {', '.join(twice)}", "remove the copies")
    return {each: names.index(each) for each in wanted}
