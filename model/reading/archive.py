"""A .zip of reports: its path in, what it holds out, and one report of it at a time as a `Document`.

    archive = read_archive("2023.zip")
    checked(archive.entries)        ->  [Entry("2023.zip", "县区/甲.docx", …), …], [InputError("2023.zip/../乙.txt: …")]
    read_entry(archive.entries[0])  ->  Document(name="2023.zip/县区/甲.docx", …)

Which endings are reports is for whoever asks. Nothing is unpacked to disk; a name in an archive may come out as a place
for results, so one that points outside is refused. Limits on single members are in `container`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fazhi.model.reading.container import Member, read_directory, unpack
from fazhi.model.reading.document import MAX_BYTES, Document, document_from_bytes, opened
from fazhi.model.reading.errors import InputError

MAX_UNPACKED = 2_000_000_000
"""Bytes of all reports in an archive, unpacked; they are read one at a time."""

_STARTS = (b"PK\x03\x04", b"PK\x05\x06")  # the first entry, or the end where there is none
_OF_DOCUMENTS = {"[Content_Types].xml", "word/document.xml", "OFD.xml", "mimetype", "content.xml"}
_OUTSIDE = re.compile(r"/|[A-Za-z]:|(?:.*/)?\.\.(?:/|$)", re.DOTALL)  # absolute, a Windows drive, the folder above


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in an archive.

    Attributes:
        archive: Path of the archive.
        name: Inside it, with `/` between folders.
    """

    archive: str
    name: str
    member: Member

    @property
    def path(self) -> str:
        """What results call it."""
        return f"{self.archive}/{self.name}"


@dataclass(frozen=True, slots=True)
class Archive:
    """The directory of a .zip.

    Attributes:
        entries: Files, in order of their names.
        is_document: It is a Word document or its like, not an archive of reports.
    """

    path: str
    entries: tuple[Entry, ...]
    is_document: bool


def is_zip(path: Path) -> bool:
    """Say whether a file begins as a .zip does; no where it cannot be opened, for reading will say why.

    A pipe is left alone: what is looked at there would be gone for the reading.
    """
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(_STARTS[0])) in _STARTS
    except (OSError, ValueError):
        return False


def read_archive(path: str) -> Archive:
    """Read what a .zip holds.

    Raises:
        InputError: It cannot be read, is damaged, or goes beyond the limits of `container`.
    """
    with opened(Path(path)) as file:
        members = read_directory(file, path)
    files = [member for member in members if not member.name.endswith(("/", "\\"))]
    entries = [Entry(path, name, member) for member in files if (name := _tidy(member.name))]
    ordered = sorted(entries, key=lambda entry: entry.name)
    return Archive(path, tuple(ordered), any(member.name in _OF_DOCUMENTS for member in members))


def checked(entries: Sequence[Entry]) -> tuple[list[Entry], list[InputError]]:
    """Separate the entries of one archive that may be read from those that may not.

    Raises:
        InputError: They would unpack to more than `MAX_UNPACKED`.
    """
    if sum(entry.member.size for entry in entries) > MAX_UNPACKED:
        size = f"{MAX_UNPACKED // 1_000_000_000} GB"
        raise InputError(entries[0].archive, f"unpacks to more than {size}", "split it into smaller archives")
    good: dict[str, Entry] = {}
    errors = []
    for entry in entries:
        error = _doubt(entry, entry.name in good)
        if error:
            errors.append(error)
        else:
            good[entry.name] = entry
    return list(good.values()), errors


def read_entry(entry: Entry, encoding: str | None = None) -> Document:
    """Read and decode one file of an archive.

    Raises:
        InputError: The archive cannot be read any more, or the file in it cannot be read.
    """
    with opened(Path(entry.archive)) as file:
        data = unpack(file, entry.member, entry.path, MAX_BYTES)
    return document_from_bytes(data, entry.path, encoding)


def _tidy(name: str) -> str:
    """Return a name with `/` between folders (some Windows packers write the other) and no empty ones."""
    name = name.replace("\\", "/")
    absolute = "/" if name.startswith("/") else ""
    return absolute + "/".join(part for part in name.split("/") if part not in {"", "."})


def _doubt(entry: Entry, is_there: bool) -> InputError | None:
    """Return why an entry may not be read, if so."""
    if _OUTSIDE.match(entry.name):
        return InputError(entry.path, "has a name that points outside the archive", "pack it anew, with plain names")
    if not entry.member.is_plain:
        return InputError(entry.path, "is a link, not a file", "pack the file itself")
    if entry.name.lower().endswith(".zip"):
        return InputError(entry.path, "is an archive inside an archive", f"unpack {entry.archive} and give the folder")
    if is_there:
        return InputError(entry.path, "is in the archive twice", "the first is read; give the other its own name")
    return None
