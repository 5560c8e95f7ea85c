"""`fazhi tag` behind its options: find the inputs, tag them, hand results on, say what happened."""

import dataclasses
import gc
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fazhi.model.bundle import identity_of
from fazhi.model.reading import InputError, one_line
from fazhi.model.tagger import TaggedReport, Tagger, load_tagger
from fazhi.serving.batch import Outcome, TagSettings, tag_all
from fazhi.serving.destination import (
    EXPLAINED,
    FORMATS,
    STDOUT,
    Destination,
    Results,
    Write,
    check_formats,
    folder_of_results,
    single_file,
)
from fazhi.serving.genre import doubt
from fazhi.serving.inputs import EXTRACTED, Inputs, check_output, check_places, find_inputs
from fazhi.serving.remarks import Remarks
from fazhi.serving.resume import Run, result_path, run_of, still_to_do
from fazhi.serving.summary import Summary

DEFAULT_FOLDER = Path("fazhi-out")
_FEW = 8  # reports under which starting processes costs more than it saves

Progress = Callable[[int], AbstractContextManager[Callable[[], None]]]


@dataclass(frozen=True, slots=True)
class TagRequest:
    """The options of `fazhi tag`, as given; empty means not given. Of the bundle it has the folder that was found."""

    paths: tuple[str, ...]
    form: str
    out: Path | None
    single: str
    bundle: Path
    min_score: float
    workers: int
    encoding: str | None
    resume: bool
    keep_text: bool
    summary: bool | None
    explain: bool

    @property
    def folder(self) -> Path:
        """Where results go that have a file each."""
        return self.out or DEFAULT_FOLDER


def run_tag(request: TagRequest, progress: Progress) -> int:
    """Tag everything; return the exit code.

    Raises:
        InputError: Options that contradict each other, no usable bundle, a result that cannot be written.
    """
    forms = _forms_of(request)
    tagger = load(request)
    found = find_inputs(request.paths)
    if request.single:
        check_output(found.files, request.single)
    settings = settings_of(request, tagger)
    run = run_of({**settings, "manifest": identity_of(tagger.bundle.folder)}, found.files)
    results = Results(tagger, forms, settings, run)
    inputs = found if request.single else _of_folder(found, request, results, run)
    summary = Summary(tagger.bundle)
    results.remarks.left_out = inputs.left_out
    for error in inputs.errors:
        _fail(error, results)
    failed = _tag_into(_destination(request, results), inputs, summary, request, results, progress)
    _show(request, summary, results, len(found.files) - len(inputs.files))
    if not failed and not inputs.errors:
        return 0
    return 1 if failed < len(found.files) else 2


def load(request: TagRequest) -> Tagger:
    """Load the tagger. From here on garbage is collected, and all that stands now is left out of the search for it."""
    tagger = load_tagger(request.bundle, request.min_score)
    gc.freeze()
    gc.enable()
    return tagger


def _tag_into(
    destination: Destination,
    inputs: Inputs,
    summary: Summary,
    request: TagRequest,
    results: Results,
    progress: Progress,
) -> int:
    """Tag the inputs, write and count the results; return how many failed."""
    settings = TagSettings(request.bundle, request.min_score, request.encoding, request.keep_text, request.explain)
    workers = workers_for(request.workers, len(inputs.files))
    failed = 0
    with destination as write, progress(len(inputs.files)) as advance:
        for outcome in tag_all(inputs.files, results.tagger, settings, workers):
            error = outcome.error
            if outcome.report is not None:
                error = _write(write, outcome, outcome.report, request)
            if outcome.report is not None and error is None:
                summary.add(outcome.report)
                warn(outcome, outcome.report, results.tagger, results.remarks)
            elif error is not None:
                failed += 1
                _fail(error, results)
            advance()
    return failed


def workers_for(wanted: int, files: int) -> int:
    """Return how many processes read that many files: what was asked for, with 0 as many as pay."""
    return wanted or (len(os.sched_getaffinity(0)) if files >= _FEW else 1)


def _write(write: Write, outcome: Outcome, report: TaggedReport, request: TagRequest) -> InputError | None:
    """Write one result; where each has its own file, one that cannot be written does not stop the others."""
    try:
        write(outcome, report)
    except InputError as error:
        if request.single:
            raise
        return error
    return None


def _forms_of(request: TagRequest) -> tuple[str, ...]:
    """Return the formats that were asked for, refusing options that contradict each other."""
    for option, given in (
        ("--out", request.out is not None),
        ("--resume", request.resume),
        ("--keep-text", request.keep_text),
    ):
        if given and request.single:
            raise InputError(
                f"{option} and -o", "exclude each other", "--out DIR for files a report, -o FILE for one file"
            )
    wanted = request.form or Path(request.single).suffix.lstrip(".").lower() or FORMATS[0]
    forms = tuple(dict.fromkeys(form.strip() for form in wanted.split(",")))
    check_formats(forms, request.single)
    if request.single and len(forms) > 1:
        raise InputError("--format", f"names {len(forms)} formats for one file", "use --out DIR, or run once a format")
    if request.explain and not set(EXPLAINED) & set(forms):
        raise InputError("--explain", f"is not shown in {', '.join(forms)}", f"write {' or '.join(EXPLAINED)}")
    if "xlsx" in forms and request.resume:
        raise InputError("--format xlsx", "is one workbook of all reports", "write it anew with -o FILE.xlsx")
    return forms


def _of_folder(inputs: Inputs, request: TagRequest, results: Results, run: Run) -> Inputs:
    """Check that results have places of their own; leave out those that are there, if that was asked for."""
    check_places(inputs.files)
    places = (result_path(each, request.folder, form) for form in results.forms for each in inputs.files)
    check_output(inputs.files, *map(str, places))
    if not request.resume:
        return inputs
    wanted = (*results.forms, EXTRACTED.removeprefix(".")) if request.keep_text else results.forms
    files = still_to_do(inputs.files, request.folder, wanted, run)
    return dataclasses.replace(inputs, files=tuple(files))


def settings_of(request: TagRequest, tagger: Tagger) -> dict[str, Any]:
    """Return what a result depends on beside its report; what is not asked for is not named."""
    asked = {"explain": True} if request.explain else {}
    return {
        "bundle": tagger.bundle.label,
        "training_data": tagger.bundle.manifest.training_data,
        "min_score": request.min_score,
        "encoding": request.encoding,
        **asked,
    }


def _destination(request: TagRequest, results: Results) -> Destination:
    if request.single:
        return single_file(request.single, results)
    return folder_of_results(request.folder, results)


def complain(error: InputError) -> None:
    """Say on standard error what became of an input."""
    print(f"fazhi: {error}", file=sys.stderr)


def _fail(error: InputError, results: Results) -> None:
    complain(error)
    results.remarks.failed.append(error)


def warn(outcome: Outcome, report: TaggedReport, tagger: Tagger, remarks: Remarks) -> None:
    """Note page furniture, and say what of a file could not be read or that it does not look like a report."""
    why = doubt(report, tagger.bundle.scheme, tagger.bundle.decisions.theme_thresholds)
    remarks.furniture += outcome.furniture
    remarks.incomplete += [(report.document, warning) for warning in outcome.warnings]
    remarks.doubtful += [(report.document, why)] if why else []
    for warning in (*outcome.warnings, why):
        if warning:
            print(one_line(f"fazhi: warning {report.document}: {warning}"), file=sys.stderr)


def _show(request: TagRequest, summary: Summary, results: Results, skipped: int) -> None:
    """Print the summary where a person reads along; in a pipe only if it was asked for."""
    to_stdout = request.single != STDOUT
    stream = sys.stdout if to_stdout else sys.stderr
    if not (stream.isatty() if request.summary is None else request.summary):
        return
    from rich.text import Text  # noqa: PLC0415 - a tenth of the time of a run that shows nothing

    from fazhi.serving.summary_table import console_on, show_run  # noqa: PLC0415

    console = console_on(stream)
    show_run(console, summary, results.remarks, skipped)
    if to_stdout:
        console.print(Text(f"结果 results: {request.single or request.folder}"))
