"""What the user named on the command line to the list of files: folders walked, patterns expanded, `-` kept.

    find_inputs(["reports", "more/*.txt", "-"])  ->  Inputs(files=[…], left_out=3, errors=[])

Opens no file; a folder gives its .txt, .docx, .pdf, .html and .mht files at any depth, in order of their names, without
what fazhi itself left there (kept texts, pages). A file named outright is taken whatever its ending: reading decides.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fazhi.model.reading import InputError

STDIN = "-"
EXTRACTED = ".extracted.txt"
"""What a kept text is called, after the name of its report."""

_ENDINGS = (".txt", ".docx", ".pdf", ".html", ".htm", ".xhtml", ".mht", ".mhtml")
_OUR_PAGES = tuple(f"{ending}.html" for ending in _ENDINGS)  # results, not reports
_PATTERN_SIGNS = "*?["


@dataclass(frozen=True, slots=True)
class Input:
    """One file, and where its result goes below the output folder (without the ending of the format)."""

    path: str
    place: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was found.

    Attributes:
        left_out: Files in folders that have another ending than reports have.
        errors: Arguments that gave nothing.
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
        left_out += others
        for each in inputs:
            found.setdefault(identity(each), each)
    return Inputs(tuple(found.values()), left_out, tuple(errors))


def identity(each: Input) -> str:
    """Return one name for one file, however it was written."""
    return each.path if each.path == STDIN else str(Path(each.path).resolve())


def check_output(inputs: Sequence[Input], output: str) -> None:
    """Refuse to write over a report.

    Raises:
        InputError: The output is one of the inputs.
    """
    if output != STDIN and str(Path(output).resolve()) in {identity(each) for each in inputs}:
        raise InputError(output, "is one of the reports", "name another file for the results")


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
        return _match(argument)
    return [Input(argument, path.name)], 0


def _walk(folder: Path, errors: list[InputError]) -> tuple[list[Input], int]:
    """Take the reports below a folder; a folder inside that cannot be read becomes an error of its own."""
    unreadable: list[OSError] = []
    files = sorted(_files_below(folder, unreadable.append))
    errors += [InputError(str(error.filename), "may not be read", "change its permissions") for error in unreadable]
    reports = [file for file in files if file.suffix.lower() in _ENDINGS]
    if not reports and not unreadable:
        raise InputError(
            str(folder),
            f"holds no .txt, .docx, .pdf or web page files ({len(files)} others)",
            "give a folder of reports",
        )
    return [Input(str(file), str(file.relative_to(folder))) for file in reports], len(files) - len(reports)


def _files_below(folder: Path, complain: Callable[[OSError], None]) -> Iterator[Path]:
    """Yield files at any depth: none hidden, none of Word's locks, nothing of ours, nothing behind linked folders."""
    for place, folders, names in os.walk(folder, onerror=complain):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(place, name) for name in names if not _is_ours_or_hidden(name))


def _is_ours_or_hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name.endswith((EXTRACTED, *_OUR_PAGES))


def _match(pattern: str) -> tuple[list[Input], int]:
    anchor = Path(Path(pattern).anchor)
    try:
        files = sorted(file for file in anchor.glob(str(Path(pattern).relative_to(anchor))) if file.is_file())
    except ValueError as error:
        raise InputError(pattern, f"is no pattern ({error})", "check the pattern") from None
    if not files:
        raise InputError(pattern, "matches no file", "check the pattern")
    return [Input(str(file), file.name) for file in files], 0
