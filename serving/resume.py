"""Going on where an interrupted run stopped: which results in a folder are already good.

`.fazhi-run.json` in the folder says what the results there are of: the settings, the exact model, and the report of
each. A result is good when it is of this very report and newer than it (or the archive that holds it) and than that
note, which keeps its date while reports are only added. A report is as new as the copy that is there, whatever date
the copy kept.
"""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fazhi.model.reading import InputError
from fazhi.model.writing import replacing
from fazhi.serving.inputs import STDIN, Input

_RECORD = ".fazhi-run.json"


@dataclass(frozen=True, slots=True)
class Run:
    """What results are of.

    Attributes:
        settings: What they depend on beside their reports.
        reports: Path of the report of each place.
    """

    settings: dict[str, Any]
    reports: dict[str, str]


def run_of(settings: dict[str, Any], inputs: Iterable[Input]) -> Run:
    """Return what results of these inputs are of; standard input is nothing to go on with."""
    return Run(settings, {each.place: _report_of(each) for each in inputs if each.path != STDIN})


def still_to_do(inputs: Sequence[Input], folder: Path, forms: Sequence[str], run: Run) -> list[Input]:
    """Return the inputs without a good result in every format.

    Raises:
        InputError: The results in the folder come from a run with other settings.
    """
    before = _recorded(folder)
    if before is None:
        return list(inputs)
    if before.settings != run.settings:
        names = sorted({*before.settings, *run.settings})
        changed = ", ".join(name for name in names if before.settings.get(name) != run.settings.get(name))
        what = f"holds results of other settings ({changed})"
        raise InputError(str(folder), what, "leave out --resume, or choose another folder")
    return [
        each
        for each in inputs
        if before.reports.get(each.place) != run.reports.get(each.place)
        or not all(_is_good(each, folder, form) for form in forms)
    ]


def remember(folder: Path, run: Run) -> None:
    """Note which run writes into a folder; results from before other settings or another report count as old."""
    before, record = _recorded(folder), folder / _RECORD
    goes_on = before is not None and before.settings == run.settings
    known = before.reports if before is not None and goes_on else {}
    if goes_on and known == {**known, **run.reports}:
        return
    is_added_to = goes_on and all(known.get(place, report) == report for place, report in run.reports.items())
    date = record.stat().st_mtime_ns if is_added_to else None
    with replacing(record) as file:
        json.dump(asdict(Run(run.settings, {**known, **run.reports})), file, ensure_ascii=True)
    if date is not None:
        os.utime(record, ns=(date, date))


def result_path(each: Input, folder: Path, form: str) -> Path:
    """Return where the result of an input goes."""
    return folder / f"{each.place}.{form}"


def _report_of(each: Input) -> str:
    return str(Path(each.file).absolute())


def _recorded(folder: Path) -> Run | None:
    """Return what the results of a folder are of, None where there is no note or it is unreadable."""
    try:
        found = Run(**json.loads((folder / _RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return found if isinstance(found.settings, dict) and isinstance(found.reports, dict) else None


def _is_good(each: Input, folder: Path, form: str) -> bool:
    result = result_path(each, folder, form)
    if each.path == STDIN or not _is_file(result) or not _is_file(Path(each.file)):
        return False
    report = Path(each.file).stat()
    newest = max(report.st_mtime_ns, report.st_ctime_ns, (folder / _RECORD).stat().st_mtime_ns)
    return result.stat().st_mtime_ns >= newest


def _is_file(path: Path) -> bool:
    """Say whether a file is there; no where its name is too long to be, for writing will say so."""
    try:
        return path.is_file()
    except OSError:
        return False
