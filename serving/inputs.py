"""What the user named on the command line to the list of files: folders walked, patterns expanded, `-` kept.

    find_inputs(["reports", "more/*.txt", "-"])  ->  Inputs(files=[…], left_out=3, errors=[])

A folder gives its .txt, .docx, .pdf, .html, .mht and .zip files at any depth, in order of their names, without what is
hidden and what fazhi itself left there (kept texts; pages, known by a mark in them). A pattern gives what it matches,
without the same. A file named outright is taken whatever its ending: reading decides. An archive (.zip) gives what a
folder would, each report an input of its own; its directory is read here, and nothing else, so that a page called as
ours are (`report.docx.html`) is counted among what was left out.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath

from fazhi.model.reading import Entry, InputError, checked, is_zip, read_archive

STDIN = "-"
EXTRACTED = ".extracted.txt"
"""What a kept text is called, after the name of its report."""

ENDINGS = (".txt", ".docx", ".pdf", ".html", ".htm", ".xhtml", ".mht", ".mhtml")
ARCHIVE = ".zip"
"""Endings of reports, and of what holds some."""
_OUR_PAGES = tuple(f"{ending}.html" for ending in ENDINGS)  # results in archives, which are not looked into here
_OUR_MARK, _MARKED = b'<meta name="generator" content="fazhi">', 200  # in every page of ours, whatever its name; bytes
_PATTERN_SIGNS = "*?["


@dataclass(frozen=True, slots=True)
class Input:
    """One file, and where its result goes below the output folder (without the ending of the format).

    Attributes:
        entry: Where it is in an archive; its path is then `archive.zip/inner/path`.
    """

    path: str
    place: str
    entry: Entry | None = None

    @property
    def file(self) -> str:
        """The file on disk that holds it."""
        return self.entry.archive if self.entry else self.path


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was found.

    Attributes:
        left_out: Files in folders and archives that have another ending than reports have.
        errors: Arguments that gave nothing, and what may not be read in folders and archives.
    """

    files: tuple[Input, ...]
    left_out: int
    errors: tuple[InputError, ...]


def find_inputs(arguments: Sequence[str]) -> Inputs:
    """Expand arguments in their order; a file that is named twice is taken once."""
    found: dict[str, Input] = {}
    left_out = 0
    errors: list[InputError] = []
    for argument in arguments:
        try:
            inputs, others = _expand(argument, errors)
        except InputError as error:
            errors.append(error)
            continue
        except OSError as error:  # such as a name longer than names can be
            errors.append(InputError(argument, f"cannot be read ({error.strerror})", "check the disk or the name"))
            continue
        left_out += others
        for each in inputs:
            found.setdefault(identity(each), each)
    return Inputs(tuple(found.values()), left_out, tuple(errors))


def identity(each: Input) -> str:
    """Return one name for one file, however it was written."""
    if each.path == STDIN:
        return STDIN
    file = os.path.realpath(each.file)  # unlike Path.resolve it survives links that lead in a circle
    return f"{file}/{each.entry.name}" if each.entry else file


def check_output(inputs: Sequence[Input], *outputs: str) -> None:
    """Refuse to write over a report.

    Raises:
        InputError: An output is one of the inputs, or an archive of some.
    """
    files = set(map(os.path.realpath, {each.file for each in inputs} - {STDIN}))
    for output in outputs:
        if output != STDIN and os.path.realpath(output) in files:
            raise InputError(output, "is one of the reports", "name another place for the results")


def check_places(inputs: Sequence[Input]) -> None:
    """Refuse inputs whose results would overwrite each other.

    Raises:
        InputError: Two inputs of one name from different folders.
    """
    seen: dict[str, str] = {}
    for each in inputs:
        if each.place in seen:
            hint = "give their common folder, or use -o FILE"
            raise InputError(each.path, f"would overwrite the result of {seen[each.place]}", hint)
        seen[each.place] = each.path


def _expand(argument: str, errors: list[InputError]) -> tuple[list[Input], int]:
    if argument == STDIN:
        return [Input(STDIN, "stdin")], 0
    if not argument:
        raise InputError("''", "is an empty name", "name a file or folder")
    path = Path(argument)
    if path.is_dir():
        return _walk(path, errors)
    if any(sign in argument for sign in _PATTERN_SIGNS) and not path.exists():
        return _match(argument, errors)
    return _open(argument, path.name, errors)


def _open(path: str, place: str, errors: list[InputError]) -> tuple[list[Input], int]:
    """Take a file as it is, an archive as what it holds; what may not be read of it becomes errors of their own."""
    if path.lower().endswith(ENDINGS) or not is_zip(Path(path)):
        return [Input(path, place)], 0
    try:
        archive = read_archive(path)
        if archive.is_document:
            return [Input(path, place)], 0
        visible = [entry for entry in archive.entries if not _is_hidden_inside(entry.name)]
        reports = [entry for entry in visible if _may_be_report(entry.name)]
        if not reports:
            raise InputError(path, f"holds no reports ({len(visible)} other files)", "pack .txt, .docx or web pages")
        good, refused = checked(reports)
    except InputError as error:
        errors.append(error)
        return [], 0
    errors += refused
    return [Input(entry.path, f"{place}/{entry.name}", entry) for entry in good], len(visible) - len(reports)


def _is_hidden_inside(name: str) -> bool:
    """Say whether a file in an archive is hidden, a lock, a kept text, or what a Mac packs beside the files."""
    *folders, last = PurePosixPath(name).parts
    hidden = any(part == "__MACOSX" or (part.startswith(".") and part != "..") for part in folders)
    return hidden or _is_hidden(last)


def _may_be_report(name: str) -> bool:
    """Say whether a file in an archive has a report's ending and none that our pages have."""
    return name.lower().endswith((*ENDINGS, ARCHIVE)) and not name.endswith(_OUR_PAGES)


def _walk(folder: Path, errors: list[InputError]) -> tuple[list[Input], int]:
    """Take the reports below a folder; a folder inside that cannot be read becomes an error of its own."""
    unreadable: list[OSError] = []
    files = sorted(_files_below(folder, unreadable.append))
    errors += [InputError(str(error.filename), "may not be read", "change its permissions") for error in unreadable]
    reports = [file for file in files if file.suffix.lower() in (*ENDINGS, ARCHIVE)]
    pipes = [file for file in reports if _is_pipe_or_device(file)]
    errors += [InputError(str(file), "is a pipe or device, not a file", "name it to read it") for file in pipes]
    if not reports and not unreadable:
        raise InputError(
            str(folder),
            f"holds no .txt, .docx, .pdf or web page files ({len(files)} others)",
            "give a folder of reports",
        )
    inputs, left_out = _open_all([file for file in reports if file not in pipes], folder, errors)
    return inputs, left_out + len(files) - len(reports)


def _is_pipe_or_device(file: Path) -> bool:
    """Say whether reading might wait forever or never end; what is not there at all is for reading to say."""
    try:
        return file.exists() and not file.is_file()
    except OSError:
        return False


def _open_all(files: Sequence[Path], folder: PurePath | None, errors: list[InputError]) -> tuple[list[Input], int]:
    """Open files one after another; their places are below the folder, without one their names."""
    opened = [_open(str(file), str(file.relative_to(folder)) if folder else file.name, errors) for file in files]
    return [each for inputs, _ in opened for each in inputs], sum(left_out for _, left_out in opened)


def _files_below(folder: Path, complain: Callable[[OSError], None]) -> Iterator[Path]:
    """Yield files at any depth: none hidden, none of Word's locks, nothing of ours, nothing behind linked folders."""
    for place, folders, names in os.walk(folder, onerror=complain):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files = (Path(place, name) for name in names if not _is_hidden(name))
        yield from (file for file in files if not _is_our_page(file))


def _is_our_page(file: Path) -> bool:
    """Say whether a page is one that fazhi made, by what it says of itself."""
    try:
        if file.suffix.lower() != ".html" or not file.is_file():
            return False
        with file.open("rb") as opened:
            return _OUR_MARK in opened.read(_MARKED)
    except OSError:
        return False


def _is_hidden(name: str) -> bool:
    """Say whether a name is hidden, Word's for a lock, or ours for a kept text."""
    return name.startswith((".", "~$")) or name.endswith(EXTRACTED)


def _match(pattern: str, errors: list[InputError]) -> tuple[list[Input], int]:
    """Take the files that a pattern matches: no page of ours, and what is hidden only where the pattern names it."""
    anchor, named = Path(Path(pattern).anchor), set(Path(pattern).parts)
    try:
        matched = sorted(file for file in anchor.glob(str(Path(pattern).relative_to(anchor))) if file.is_file())
    except ValueError as error:
        raise InputError(pattern, f"is no pattern ({error})", "check the pattern") from None
    files = [
        file
        for file in matched
        if not _is_our_page(file) and not any(_is_hidden(part) for part in {*file.parts} - named)
    ]
    if not files:
        raise InputError(pattern, "matches no report", "check the pattern")
    return _open_all(files, None, errors)
