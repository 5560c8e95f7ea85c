"""What the commands of this room write beside their words: JSON, and a check that no result replaces an input."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from fazhi.model.reading import InputError
from fazhi.model.writing import replacing

_PLACES = 4


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write figures, rounded to four places."""
    with replacing(path) as file:
        file.write(json.dumps(_rounded(data), ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def check_outputs(inputs: Iterable[Path], outputs: Iterable[Path | None]) -> None:
    """Refuse results that would replace an input or one another.

    Raises:
        InputError: Two names lead to the same file.
    """
    taken = {os.path.realpath(path) for path in inputs}
    for path in filter(None, outputs):
        if os.path.realpath(path) in taken:
            raise InputError(str(path), "is an input or another result too", "name another file")
        taken.add(os.path.realpath(path))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _PLACES)
    if isinstance(value, Mapping):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value
