"""Going on where an interrupted run stopped: which results in a folder are already good.

A result is good when it is newer than its report (or the archive that holds it) and than the folder's
`.fazhi-run.json`, which holds the settings of the last run there and is written anew only when they change.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fazhi.model.reading import InputError
from fazhi.model.writing import replacing
from fazhi.serving.inputs import STDIN, Input

_RECORD = ".fazhi-run.json"


def still_to_do(inputs: Sequence[Input], folder: Path, forms: Sequence[str], settings: dict[str, Any]) -> list[Input]:
    """Return the inputs without a good result in every format.

    Raises:
        InputError: The results in the folder come from a run with other settings.
    """
    if not _is_file(folder / _RECORD):
        return list(inputs)
    if _recorded(folder) != settings:
        raise InputError(str(folder), "holds results of other settings", "leave out --resume, or choose another folder")
    return [each for each in inputs if not all(_is_good(each, folder, form) for form in forms)]


def remember(folder: Path, settings: dict[str, Any]) -> None:
    """Note the settings of the run that writes into a folder; results from before a change count as old."""
    if _recorded(folder) != settings:
        with replacing(folder / _RECORD) as file:
            json.dump(settings, file)


def result_path(each: Input, folder: Path, form: str) -> Path:
    """Return where the result of an input goes."""
    return folder / f"{each.place}.{form}"


def _recorded(folder: Path) -> Any:
    """Return the settings of the last run, None where there was none or its note is unreadable."""
    try:
        return json.loads((folder / _RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _is_good(each: Input, folder: Path, form: str) -> bool:
    result = result_path(each, folder, form)
    if each.path == STDIN or not _is_file(result) or not _is_file(Path(each.file)):
        return False
    newest = max(path.stat().st_mtime_ns for path in (Path(each.file), folder / _RECORD))
    return result.stat().st_mtime_ns >= newest


def _is_file(path: Path) -> bool:
    """Say whether a file is there; no where its name is too long to be, for writing will say so."""
    try:
        return path.is_file()
    except OSError:
        return False
