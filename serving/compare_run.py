"""`fazhi tag --compare A B` behind its options: every argument a side, its reports tagged, the comparison handed on.

Options are those of `fazhi tag`, in a `TagRequest`; those that make no sense here are refused. A report that stands on
two sides is tagged once. What a comparison says is for `compare`, how it looks for `compare_table` and its neighbours.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from fazhi.model.reading import InputError
from fazhi.model.tagger import Tagger
from fazhi.serving.batch import TagSettings, tag_all
from fazhi.serving.compare import LETTERS, Comparison, Figures, Side, compare, figures_of
from fazhi.serving.compare_files import FORMATS, comparison_file
from fazhi.serving.compare_table import show
from fazhi.serving.destination import STDOUT, Results, open_result
from fazhi.serving.inputs import STDIN, Inputs, check_output, find_inputs, identity
from fazhi.serving.remarks import Remarks
from fazhi.serving.summary_table import console_on
from fazhi.serving.tag import Progress, TagRequest, complain, load, settings_of, warn, workers_for

_FEWEST = 2
_NAME = "compare"  # of the files in a folder of results


def run_compare(request: TagRequest, progress: Progress) -> int:
    """Tag and compare the sides; return the exit code.

    Raises:
        InputError: Options that make no sense here, a side without a usable report, a result that cannot be written.
    """
    _refuse(request)
    files = _files_of(request)
    tagger = load(request)
    found = [_find(path) for path in request.paths]
    for name, _ in files:
        check_output([each for side in found for each in side.files], name)
    errors = [error for side in found for error in side.errors]
    remarks = Remarks(sum(side.left_out for side in found), errors)
    figures = _tag(found, tagger, request, remarks, progress)
    sides = [_side(*each, figures) for each in zip(request.paths, found, strict=True)]
    comparison = compare(sides, tagger.bundle.scheme)
    for name, form in files:
        _write(name, form, comparison, Results(tagger, (form,), settings_of(request, tagger), remarks=remarks))
    _show(request, comparison, tagger, [name for name, _ in files])
    return 1 if any(side.skipped for side in sides) else 0


def _refuse(request: TagRequest) -> None:
    """Refuse numbers of sides and options that a comparison has no use for."""
    if not _FEWEST <= len(request.paths) <= len(LETTERS):
        raise InputError(
            "--compare",
            f"takes {_FEWEST} to {len(LETTERS)} sides, found {len(request.paths)}",
            "give each side as one file, folder or quoted pattern",
        )
    for option, given in (
        ("--resume", request.resume),
        ("--keep-text", request.keep_text),
        ("--explain", request.explain),
    ):
        if given:
            raise InputError(f"{option} and --compare", "exclude each other", f"leave out {option}")
    if request.out and request.single:
        raise InputError("--out and -o", "exclude each other", "--out DIR for several formats, -o FILE for one file")
    if request.summary is False and not (request.out or request.single or request.form):
        raise InputError("--no-summary and --compare", "leave nothing to show", "write to a file: -o compare.html")


def _files_of(request: TagRequest) -> list[tuple[str, str]]:
    """Return the name and format of every file to write: none where only the table is wanted."""
    if not (request.out or request.single or request.form):
        return []
    wanted = request.form or Path(request.single).suffix.lstrip(".").lower() or ("jsonl" if request.single else "html")
    forms = tuple(dict.fromkeys(form.strip() for form in wanted.split(",")))
    for form in forms:
        if form not in FORMATS:
            raise InputError("--format", f"{form!r} is no format of a comparison", f"choose of {', '.join(FORMATS)}")
    if not request.single:
        return [(str(request.folder / f"{_NAME}.{form}"), form) for form in forms]
    if len(forms) > 1:
        raise InputError("--format", f"names {len(forms)} formats for one file", "use --out DIR, or run once a format")
    if forms == ("xlsx",) and request.single == STDOUT:
        raise InputError("--format xlsx", "is no text for standard output", "write it with -o FILE.xlsx")
    return [(request.single, forms[0])]


def _find(path: str) -> Inputs:
    """Return the inputs of one side.

    Raises:
        InputError: It has none.
    """
    found = find_inputs([path])
    if not found.files:
        raise found.errors[0]
    for error in found.errors:
        complain(error)
    return found


def _tag(
    found: Sequence[Inputs], tagger: Tagger, request: TagRequest, remarks: Remarks, progress: Progress
) -> dict[str, Figures]:
    """Return the figures of every report by the identity of its file; those that failed are named and left out."""
    every = {identity(each): each for side in found for each in side.files}
    settings = TagSettings(request.bundle, request.min_score, request.encoding)
    figures: dict[str, Figures] = {}
    with progress(len(every)) as advance:
        for outcome in tag_all(tuple(every.values()), tagger, settings, workers_for(request.workers, len(every))):
            if outcome.report is not None:
                figures[identity(outcome.source)] = figures_of(outcome.report, tagger.bundle.scheme)
                warn(outcome, outcome.report, tagger, remarks)
            elif outcome.error is not None:
                complain(outcome.error)
                remarks.failed.append(outcome.error)
            advance()
    return figures


def _side(path: str, found: Inputs, figures: dict[str, Figures]) -> Side:
    reports = tuple(figures[name] for name in map(identity, found.files) if name in figures)
    if not reports:
        raise InputError(path, "gives no report that could be read", "a comparison needs one on every side")
    return Side(_name(path), reports, len(found.files) - len(reports) + len(found.errors))


def _name(path: str) -> str:
    """Return what a side is called: the last part of its path, a pattern as it was given."""
    return "stdin" if path == STDIN else Path(path).name or Path(path).resolve().name or path


def _write(name: str, form: str, comparison: Comparison, results: Results) -> None:
    with open_result(name) as file:
        file.buffer.write(comparison_file(form, comparison, results))


def _show(request: TagRequest, comparison: Comparison, tagger: Tagger, names: Sequence[str]) -> None:
    """Print the table: always where nothing is written, else where a person reads along or asks for it."""
    stream = sys.stderr if request.single == STDOUT else sys.stdout
    if not ((stream.isatty() or not names) if request.summary is None else request.summary):
        return
    console = console_on(stream)
    show(comparison, tagger.bundle, tagger.thresholds, console)
    if request.single != STDOUT:
        for name in names:
            print(f"结果 results: {name}", file=stream)
