"""`fazhi bundle diff A B [REPORTS…]`: two bundles in, what differs between them and in their tags printed.

What a difference is, is for `differences` and `changes`; how it looks, for `diff_table`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from fazhi.model.bundle import read_bundle
from fazhi.model.reading import InputError
from fazhi.model.tagger import TaggedReport, Tagger, load_tagger
from fazhi.serving.batch import Outcome, TagSettings, tag_all
from fazhi.serving.bundles.changes import changes_of
from fazhi.serving.bundles.diff_table import Diff, as_record, show
from fazhi.serving.bundles.differences import differences
from fazhi.serving.bundles.printing import console, print_json
from fazhi.serving.inputs import STDIN, Input, find_inputs
from fazhi.serving.remarks import Remarks
from fazhi.serving.tag import Progress, complain, warn, workers_for


def run_diff(folders: tuple[Path, Path], paths: Sequence[str], as_json: bool, progress: Progress) -> int:
    """Compare two bundles, on reports if there are any; return the exit code.

    Raises:
        InputError: A bundle that is refused, a report that can be read only once.
    """
    first, second = map(read_bundle, folders)
    remarks, changes = Remarks(), None
    if paths:
        taggers = load_tagger(folders[0]), load_tagger(folders[1])
        changes = changes_of(_pairs(_files(paths, remarks), taggers, remarks, progress), first.scheme)
    diff = Diff(first, second, differences(first, second), changes)
    if as_json:
        print_json(as_record(diff))
    else:
        show(diff, console())
    if changes and not changes.reports:
        return 2
    return 1 if remarks.failed else 0


def _files(paths: Sequence[str], remarks: Remarks) -> tuple[Input, ...]:
    """Return the reports; what gave none is named.

    Raises:
        InputError: Standard input, which two bundles cannot both read.
    """
    found = find_inputs(paths)
    if any(each.path == STDIN for each in found.files):
        raise InputError(STDIN, "can be read once, and two bundles read every report", "give a file")
    for error in found.errors:
        _fail(error, remarks)
    return found.files


def _pairs(
    files: Sequence[Input], taggers: tuple[Tagger, Tagger], remarks: Remarks, progress: Progress
) -> Iterator[tuple[TaggedReport, TaggedReport]]:
    """Yield each report under both bundles, in the order of the files; one that fails is named and left out."""
    workers = workers_for(0, len(files))
    settings = (TagSettings(tagger.bundle.folder, tagger.min_score, None) for tagger in taggers)
    runs = [tag_all(files, tagger, each, workers) for tagger, each in zip(taggers, settings, strict=True)]
    with progress(len(files)) as advance:
        for was, now in zip(*runs, strict=True):
            error = was.error or now.error or _other(was, now)
            if error is not None:
                _fail(error, remarks)
            elif was.report is not None and now.report is not None:
                warn(was, was.report, taggers[0], remarks)
                yield was.report, now.report
            advance()


def _other(was: Outcome, now: Outcome) -> InputError | None:
    """Return why two readings of a file cannot be compared."""
    if was.report and now.report and was.report.sha256 != now.report.sha256:
        return InputError(was.source.path, "changed while it was compared", "run again")
    return None


def _fail(error: InputError, remarks: Remarks) -> None:
    complain(error)
    remarks.failed.append(error)
