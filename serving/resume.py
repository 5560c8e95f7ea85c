"""Going on where an interrupted run stopped: which results in a folder are already good.

A result is good when it is newer than its report and the folder's last run had the same settings. The settings of a run
lie beside its results in `.fazhi-run.json`.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fazhi.model.reading import InputError
from fazhi.serving.inputs import STDIN, Input
from fazhi.serving.outputs import replacing

_RECORD = ".fazhi-run.json"


def still_to_do(inputs: Sequence[Input], folder: Path, form: str, settings: dict[str, Any]) -> list[Input]:
    """Return the inputs without a good result.

    Raises:
        InputError: The results in the folder come from a run with other settings.
    """
    record = folder / _RECORD
    if not record.is_file():
        return list(inputs)
    if json.loads(record.read_text(encoding="utf-8")) != settings:
        raise InputError(str(folder), "holds results of other settings", "leave out --resume, or choose another folder")
    return [each for each in inputs if not _is_good(each, folder, form)]


def remember(folder: Path, settings: dict[str, Any]) -> Path:
    """Note the settings of the run that writes into a folder; return the file."""
    record = folder / _RECORD
    with replacing(record) as file:
        json.dump(settings, file)
    return record


def result_path(each: Input, folder: Path, form: str) -> Path:
    """Return where the result of an input goes."""
    return folder / f"{each.place}.{form}"


def _is_good(each: Input, folder: Path, form: str) -> bool:
    result = result_path(each, folder, form)
    if each.path == STDIN or not result.is_file() or not Path(each.path).is_file():
        return False
    return result.stat().st_mtime_ns >= Path(each.path).stat().st_mtime_ns
