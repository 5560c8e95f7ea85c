"""A file, or bytes from elsewhere, to a `Document`: size and type are checked here, decoding is in `text`."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from fazhi.model.reading.errors import InputError
from fazhi.model.reading.extract import Extract
from fazhi.model.reading.text import decode

MAX_BYTES = 100_000_000
"""The largest file that is read: 100 MB, some 5,000 times a usual report."""

# First bytes of formats that people keep reports in and that are no plain text, with the way out.
_FOREIGN = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "is a Word 97, WPS or locked Word file",
        "save it without a password as .docx, or: soffice --headless --convert-to docx FILE",
    ),
    (b"Rar!\x1a\x07", "is a RAR archive", "unpack it and give the folder, or pack it as .zip"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7z archive", "unpack it and give the folder, or pack it as .zip"),
    (b"{\\rtf", "is an RTF file", "save it as .docx, or: soffice --headless --convert-to docx FILE"),
    (b"\x89PNG", "is a picture", "fazhi reads text; run character recognition first"),
    (b"\xff\xd8\xff", "is a picture", "fazhi reads text; run character recognition first"),
)

_ZIP, _PDF = b"PK\x03\x04", b"%PDF-"
_PDF_HEAD = 1_024  # bytes in which readers look for the mark of a PDF
_WEB_PAGES, _WEB_ARCHIVES = (".html", ".htm", ".xhtml"), (".mht", ".mhtml")
_HEAD, _BOM_AND_BLANKS = 200, b"\xef\xbb\xbf \t\r\n"


@dataclass(frozen=True, slots=True)
class Document:
    """The decoded text of one file.

    Attributes:
        name: What the user called it; goes into every result.
        text: Code points exactly as decoded, or as extracted from a Word document, PDF or web page; spans count in it.
        encoding: Python codec name that decoded it; `extracted` where it was not plain text.
        sha256: Hash of `text` as UTF-8: the same report in another encoding has the same one.
        furniture: Running heads and page numbers of a PDF that are not in `text`, in rows.
        warnings: What of the report could not be read and what to do about it, for the user to see.
    """

    name: str
    text: str
    encoding: str
    sha256: str
    furniture: int = 0
    warnings: tuple[str, ...] = ()


def read_document(path: Path | str, encoding: str | None = None) -> Document:
    """Read and decode one file.

    Args:
        path: The file.
        encoding: What the user says it is; without it the encoding is found out.

    Raises:
        InputError: Missing, no permission, a folder, too large, empty, binary or undecodable.
    """
    return document_from_bytes(_read_bytes(Path(path)), str(path), encoding)


def document_from_bytes(data: bytes, name: str, encoding: str | None = None) -> Document:
    """Decode bytes that came from anywhere (standard input, an archive, an upload).

    Raises:
        InputError: Too large, empty, binary or undecodable.
    """
    if len(data) > MAX_BYTES:
        raise _too_large(name)
    for magic, what, hint in _FOREIGN:
        if data.startswith(magic):
            raise InputError(name, what, hint)
    extract = _extractor(data, name)
    if extract:
        found = extract(data, name, encoding)
        document = document_from_text(found.text, name, "extracted")
        return replace(document, furniture=found.furniture, warnings=found.warnings)
    text, used = decode(data, name, encoding)
    return document_from_text(text, name, used)


def document_from_text(text: str, name: str, encoding: str = "str") -> Document:
    """Wrap text that is already decoded.

    Raises:
        InputError: Nothing but blanks.
    """
    if not text or text.isspace():
        raise InputError(name, "is empty", "nothing to tag; check the file")
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Document(name, text, encoding, digest)


def _extractor(data: bytes, name: str) -> Callable[[bytes, str, str | None], Extract] | None:
    """Return what takes the text out of a container or markup; its library is imported only then. None: plain text."""
    ending = Path(name).suffix.lower()
    if data.startswith(_ZIP):
        from fazhi.model.reading.docx import docx_text  # noqa: PLC0415

        return lambda data, name, _: Extract(docx_text(data, name))
    if data[:_HEAD].lstrip(_BOM_AND_BLANKS).startswith(_PDF) or (ending == ".pdf" and _PDF in data[:_PDF_HEAD]):
        from fazhi.model.reading.pdf import pdf_text  # noqa: PLC0415

        return lambda data, name, _: pdf_text(data, name)
    if ending in _WEB_ARCHIVES:
        from fazhi.model.reading.mht import mht_text  # noqa: PLC0415

        return lambda data, name, _: Extract(mht_text(data, name))
    if ending in _WEB_PAGES or data[:_HEAD].lstrip(_BOM_AND_BLANKS).lower().startswith((b"<!doctype html", b"<html")):
        from fazhi.model.reading.html import html_text  # noqa: PLC0415

        return lambda data, name, encoding: Extract(html_text(data, name, encoding))
    return None


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for reading; whatever the system objects becomes a line for the user.

    Raises:
        InputError: Missing, no permission, a folder, or broken.
    """
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise InputError(str(path), "does not exist", "check the path; it may have been moved or deleted") from None
    except IsADirectoryError:
        raise InputError(str(path), "is a folder, not a file") from None
    except PermissionError:
        raise InputError(str(path), "may not be read (no permission)", "change its permissions or copy it") from None
    except (OSError, ValueError) as error:
        raise InputError(str(path), f"cannot be read ({error})", "check the disk or the name") from None


def _read_bytes(path: Path) -> bytes:
    """Read at most one byte more than the limit, so that a growing or endless file cannot fill the memory."""
    with opened(path) as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _too_large(str(path))
    return data


def _too_large(name: str) -> InputError:
    """Say the limit in the unit that file managers show."""
    return InputError(name, f"is larger than {MAX_BYTES // 1_000_000} MB", "split it into single reports")
