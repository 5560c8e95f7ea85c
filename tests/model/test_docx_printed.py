"""Word files that LibreOffice made, read by us, against the lines that LibreOffice prints for them.

`documents/README.md` says how both were made; blanks within a line are left out of the comparison.
"""

import re
import zipfile
from pathlib import Path

import pytest

from fazhi.model.reading import read_document
from fazhi.model.report import segment

FILES = sorted((Path(__file__).parent / "documents").glob("*.docx"))
# The marks of notes, where they are called and where they stand: printed, and left out by the reader.
_NOTE_MARKS = re.compile(r"(?m)(?<=。)[1-9i]$|^[1-9i]\n")


def without_blanks(text):
    return [re.sub(r"\s", "", line) for line in text.splitlines()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_lines_and_numbers_are_those_of_the_print(path):
    printed = path.with_suffix(".txt").read_text(encoding="utf-8")
    if path.stem == "parts":
        printed = _NOTE_MARKS.sub("", printed)
    assert without_blanks(read_document(path).text) == without_blanks(printed)


def test_the_numbers_are_not_typed():
    for path in FILES:
        with zipfile.ZipFile(path) as archive:
            assert not re.search(
                "一、|（一）|第一[章条]|1[.）]|①", archive.read("word/document.xml").decode().split("<w:body>")[1]
            )
    assert len(FILES) == 5


def test_the_section_tree_hangs_on_the_numbers():
    path = next(path for path in FILES if path.stem == "outline")
    paragraphs = segment(read_document(path)).paragraphs
    assert [(each.level, each.marker) for each in paragraphs[:9]] == [
        (1, "一、"), (0, ""), (2, "(一)"), (3, "1."), (0, "(1)"), (0, "①"), (0, "②"), (0, "(2)"), (3, "2."),
    ]  # fmt: skip
    assert paragraphs[5].path == ("一、主要工作", "(一)加强领导", "1.健全机制")
