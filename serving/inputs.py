"""What the user named on the command line to the list of files: folders walked, patterns expanded, `-` kept.

    find_inputs(["reports", "more/*.txt", "-"])  ->  Inputs(files=[…], left_out=3, errors=[])

Opens no file; a folder gives its .txt files at any depth, in order of their names. A file named outright is taken
whatever its ending: reading decides.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fazhi.model.reading import InputError

STDIN = "-"
_ENDINGS = (".txt",)
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
        left_out: Files in folders that have another ending than .txt.
        errors: Arguments that gave nothing.
    """

    files: tuple[Input, ...]
    left_out: int
    errors: tuple[InputError, ...]


def find_inputs(arguments: Sequence[str]) -> Inputs:
    """Expand arguments in their order; a file that is named twice is taken once."""
    found: dict[str, Input] = {}
    left_out, errors = 0, []
    for argument in arguments:
        try:
            inputs, others = _expand(argument)
        except InputError as error:
            errors.append(error)
            continue
        left_out += others
        for each in inputs:
            found.setdefault(each.path, each)
    return Inputs(tuple(found.values()), left_out, tuple(errors))


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


def _expand(argument: str) -> tuple[list[Input], int]:
    if argument == STDIN:
        return [Input(STDIN, "stdin")], 0
    path = Path(argument)
    if path.is_dir():
        return _walk(path)
    if any(sign in argument for sign in _PATTERN_SIGNS) and not path.exists():
        return _match(argument)
    return [Input(argument, path.name)], 0


def _walk(folder: Path) -> tuple[list[Input], int]:
    files = sorted(_files_below(folder))
    reports = [file for file in files if file.suffix.lower() in _ENDINGS]
    if not reports:
        raise InputError(str(folder), f"holds no .txt files ({len(files)} others)", "give a folder of .txt reports")
    return [Input(str(file), str(file.relative_to(folder))) for file in reports], len(files) - len(reports)


def _files_below(folder: Path) -> Iterator[Path]:
    """Yield files at any depth; hidden ones, and folders behind links (they may lead in a circle), stay out."""
    for entry in folder.iterdir():
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _files_below(entry)
        elif entry.is_file():
            yield entry


def _match(pattern: str) -> tuple[list[Input], int]:
    anchor = Path(Path(pattern).anchor)
    files = sorted(file for file in anchor.glob(str(Path(pattern).relative_to(anchor))) if file.is_file())
    if not files:
        raise InputError(pattern, "matches no file", "check the pattern")
    return [Input(str(file), file.name) for file in files], 0
