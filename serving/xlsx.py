"""The XLSX result, made for people: tagged reports in, one workbook of three sheets out.

    with XlsxResults(Path("all.xlsx"), scheme, {"模型 bundle": "fazhi-linear@0.1.0"}) as results:
        results.add(report)

Holds no report: rows go to temporary files as reports go by. What stands in the sheets is for `xlsx_overview`,
`xlsx_paragraphs` and `xlsx_notes`; reading corrections back is for others (`fazhi.model.labels.ANSWER_COLUMNS`).
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxFileError

from fazhi.model.labels import Scheme
from fazhi.model.reading import InputError
from fazhi.model.tagger import TaggedReport
from fazhi.model.writing import check_file, part_of
from fazhi.serving.xlsx_cells import CellText, Looks
from fazhi.serving.xlsx_notes import Notes
from fazhi.serving.xlsx_overview import Overview
from fazhi.serving.xlsx_paragraphs import MOST_ROWS, Paragraphs

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class XlsxResults:
    """A workbook under way: appears under its name when the block ends well and a report was added.

    Args:
        path: The workbook; an older one is replaced.
        facts: Name and value, for the last sheet. Read when the block ends, so that what was skipped may still come in.
    """

    def __init__(self, path: Path, scheme: Scheme, facts: Mapping[str, str]) -> None:
        self._path, self._scheme, self._facts = path, scheme, facts
        self._part = part_of(path)

    def __enter__(self) -> Self:
        """Begin.

        Raises:
            InputError: The place cannot be written; said now, not after an hour of tagging.
        """
        check_file(self._path)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._part.write_bytes(b"")
        except OSError as error:
            raise InputError(str(self._path), f"cannot be written ({error.strerror})", "choose another place") from None
        self._scratch = TemporaryDirectory(prefix="fazhi-xlsx-")
        self._workbook = Workbook(str(self._part), {**_OPTIONS, "tmpdir": self._scratch.name})
        text, looks = CellText(), Looks(self._workbook, self._scheme)
        self._overview = Overview(self._workbook, looks, text, self._scheme)
        self._paragraphs = Paragraphs(self._workbook, looks, text, self._scheme)
        self._notes = Notes(self._workbook, looks, text)
        return self

    def add(self, report: TaggedReport) -> None:
        """Write the rows of one report.

        Raises:
            InputError: More rows than a sheet of Excel has; no space for temporary files.
        """
        if self._paragraphs.rows + len(report.paragraphs) > MOST_ROWS:
            raise InputError(
                str(self._path),
                f"should have at most {MOST_ROWS:,} rows, and {report.document} goes beyond",
                "write CSV, or several workbooks",
            )
        try:
            self._overview.add(report)
            self._paragraphs.add(report)
        except OSError as error:
            raise self._incomplete(error) from None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Complete the workbook, or leave nothing behind.

        Raises:
            InputError: It could not be completed.
        """
        try:
            if kind is None and self._overview.rows:
                self._complete()
        except (OSError, XlsxFileError) as failure:
            raise self._incomplete(failure) from None
        finally:
            for sheet in self._workbook.worksheets():
                with suppress(OSError):  # a full disk once more
                    sheet.row_data_fh.close()  # open where the workbook was not closed
            self._scratch.cleanup()
            self._part.unlink(missing_ok=True)

    def _complete(self) -> None:
        self._overview.complete()
        self._paragraphs.complete()
        self._notes.write(self._facts, self._scheme)
        self._workbook.close()
        os.replace(self._part, self._path)

    def _incomplete(self, error: Exception) -> InputError:
        return InputError(str(self._path), f"could not be completed ({error})", "free some space, run again")
