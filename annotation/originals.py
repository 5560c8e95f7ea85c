"""The reports behind answers, found again: hashes of their texts in, reports cut anew out.

    find_originals({"7b1b92…": "seeds/reports/000.txt"}, [Path("seeds/reports")])  ->  Originals({"7b1b92…": …}, …)

A report is known by the hash of its text: it may have moved or been renamed. Files of the name it had are read first,
and reading stops when all are found. Which paragraphs are asked for is not looked at.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from fazhi.model.reading import Document, Entry, InputError, checked, is_zip, read_archive, read_document, read_entry
from fazhi.model.report import Report, segment

_ENDINGS = (".txt", ".docx", ".pdf", ".html", ".htm", ".xhtml", ".mht", ".mhtml")


@dataclass(frozen=True, slots=True)
class Originals:
    """What was found.

    Attributes:
        reports: By the hash of their text.
        others: Names (without folders) of files that were read and hold another text.
        errors: Files that could not be read.
    """

    reports: Mapping[str, Report]
    others: frozenset[str]
    errors: tuple[InputError, ...]


def find_originals(wanted: Mapping[str, str], places: Sequence[Path], encoding: str | None = None) -> Originals:
    """Look for reports in files, folders at any depth and .zip archives.

    Args:
        wanted: Hash of a text -> what the report was called.
        places: Where to look.
        encoding: As it was given to `fazhi tag`.

    Raises:
        InputError: One of the places does not exist. What cannot be read inside them is among the `errors`.
    """
    names = {PurePath(name).name for name in wanted.values()}
    errors: list[InputError] = []
    found = sorted(sources(places, errors), key=lambda source: PurePath(_name(source)).name not in names)
    reports: dict[str, Report] = {}
    others: set[str] = set()
    for source in found:
        if len(reports) == len(wanted):
            break
        try:
            document = read_source(source, encoding)
            if document.sha256 in wanted:
                reports[document.sha256] = segment(document)
            else:
                others.add(PurePath(document.name).name)
        except InputError as error:
            errors.append(error)
    return Originals(reports, frozenset(others), tuple(errors))


def sources(places: Sequence[Path], errors: list[InputError]) -> list[Path | Entry]:
    """Return the reports in files, folders at any depth and .zip archives.

    Args:
        places: Where to look.
        errors: Takes what is wrong with archives.

    Raises:
        InputError: One of the places does not exist.
    """
    for place in places:
        if not place.exists():
            raise InputError(str(place), "does not exist", "give files and folders of reports")
    return list(_sources(places, errors))


def read_source(source: Path | Entry, encoding: str | None) -> Document:
    """Read a file or what an archive holds.

    Raises:
        InputError: It cannot be read.
    """
    return read_entry(source, encoding) if isinstance(source, Entry) else read_document(source, encoding)


def _sources(places: Sequence[Path], errors: list[InputError]) -> Iterator[Path | Entry]:
    for place in places:
        if place.is_dir():
            for file in _files_below(place):
                yield from _opened(file, errors)
        else:
            yield from _opened(place, errors)


def _files_below(folder: Path) -> Iterator[Path]:
    """Yield reports and archives in order of their names; nothing hidden, nothing behind linked folders."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        wanted = (name for name in sorted(names) if name.lower().endswith((*_ENDINGS, ".zip")))
        yield from (Path(place, name) for name in wanted if not name.startswith((".", "~$")))


def _opened(path: Path, errors: list[InputError]) -> Iterator[Path | Entry]:
    """Take a file as it is, an archive as the reports that it holds."""
    if path.suffix.lower() in _ENDINGS or not is_zip(path):
        yield path
        return
    try:
        archive = read_archive(str(path))
        if archive.is_document:
            yield path
            return
        good, refused = checked([entry for entry in archive.entries if entry.name.lower().endswith(_ENDINGS)])
    except InputError as error:
        errors.append(error)
        return
    errors += refused
    yield from good


def _name(source: Path | Entry) -> str:
    return source.path if isinstance(source, Entry) else str(source)
