"""Where results go: a folder with files for each report, one file for all, or standard output.

Each is a context that gives a function to call per report. Files are complete or absent.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

from fazhi.model.reading import InputError
from fazhi.model.tagger import TaggedReport, Tagger
from fazhi.model.writing import check_file, replacing
from fazhi.serving.batch import Outcome
from fazhi.serving.inputs import EXTRACTED
from fazhi.serving.outputs import LINES, header, render
from fazhi.serving.page import render_page
from fazhi.serving.remarks import Remarks
from fazhi.serving.resume import Run, remember, result_path

STDOUT = "-"
WORKBOOK = "fazhi.xlsx"  # in a folder of results: one for all reports

Write = Callable[[Outcome, TaggedReport], None]
Destination = AbstractContextManager[Write]


@dataclass(frozen=True, slots=True)
class Results:
    """What every destination needs to know.

    Attributes:
        tagger: Names the bundle, its scheme and thresholds.
        forms: Of `FORMATS`.
        settings: What results depend on beside their reports, as people are told.
        run: What `--resume` goes by, where results go into a folder.
        remarks: What failed or is doubtful; complete when the last report was written.
    """

    tagger: Tagger
    forms: tuple[str, ...]
    settings: dict[str, Any]
    run: Run | None = None
    remarks: Remarks = field(default_factory=Remarks)

    def page(self, reports: Sequence[TaggedReport]) -> str:
        """Return one HTML page for reports."""
        bundle = self.tagger.bundle
        return render_page(reports, bundle.scheme, self.tagger.thresholds, bundle.label)


@contextmanager
def folder_of_results(folder: Path, results: Results) -> Iterator[Write]:
    """Write every report to its own files, complete the moment it is tagged; the run's settings before the first."""
    noted = False
    with ExitStack() as stack:
        workbook = stack.enter_context(_workbook(str(folder / WORKBOOK), results)) if "xlsx" in results.forms else None

        def write(outcome: Outcome, report: TaggedReport) -> None:
            nonlocal noted
            if not noted:
                if results.run:
                    remember(folder, results.run)
                noted = True
            if outcome.text is not None:
                _write_file(folder / f"{outcome.source.place}{EXTRACTED}", outcome.text)
            for form in results.forms:
                if form != "xlsx":
                    with _WRITERS[form](str(result_path(outcome.source, folder, form)), results) as write_one:
                        write_one(outcome, report)
            if workbook:
                workbook(outcome, report)

        yield write


def single_file(name: str, results: Results) -> Destination:
    """Write all reports to one file, begun at the first: where nothing could be tagged, an older result stays."""
    return _WRITERS[results.forms[0]](name, results)


def check_formats(forms: Sequence[str], single: str) -> None:
    """Refuse what cannot be written: an unknown format, a missing library, a file of bytes on standard output.

    Raises:
        InputError: Such a format; said now, not after an hour of tagging.
    """
    for form in forms:
        if form not in FORMATS:
            raise InputError("--format", f"{form!r} is not a format", f"choose of {', '.join(FORMATS)}")
    if single == STDOUT and forms[0] not in _ON_STDOUT:
        raise InputError(f"--format {forms[0]}", "is no text for standard output", f"write it with -o FILE.{forms[0]}")
    if "parquet" in forms:
        try:
            import_module("fazhi.serving.parquet")
        except ImportError as error:
            raise InputError("--format parquet", f"needs {error.name}", "pip install 'fazhi[scale]'") from None


@contextmanager
def _lines(form: str, name: str, _: Results) -> Iterator[Write]:
    with ExitStack() as stack:
        opened: list[TextIO] = []

        def write(_: Outcome, report: TaggedReport) -> None:
            if not opened:
                opened.append(stack.enter_context(open_result(name)))
                opened[0].write(header(form, report.theme_ids))
            opened[0].write(render(report, form))

        yield write


@contextmanager
def _page(name: str, results: Results) -> Iterator[Write]:
    """Hold the reports until the end: a page begins with what it says of all of them."""
    if name != STDOUT:
        check_file(Path(name))
    reports: list[TaggedReport] = []
    yield lambda _, report: reports.append(report)
    if reports:
        with open_result(name) as file:
            file.write(results.page(reports))


@contextmanager
def _workbook(name: str, results: Results) -> Iterator[Write]:
    from fazhi.serving.xlsx import XlsxResults  # noqa: PLC0415 - its library only for workbooks

    facts = facts_of(results)
    with XlsxResults(Path(name), results.tagger.bundle.scheme, facts) as workbook:
        yield lambda _, report: workbook.add(report)
        facts |= results.remarks.facts()


@contextmanager
def _table(name: str, results: Results) -> Iterator[Write]:
    from fazhi.serving.parquet import parquet_results  # noqa: PLC0415 - its library only for Parquet

    bundle = results.tagger.bundle
    about = {"bundle": bundle.label, "scheme": bundle.scheme.fingerprint, "settings": json.dumps(results.settings)}
    with parquet_results(Path(name), bundle.scheme.theme_ids, about) as add:
        yield lambda _, report: add(report)


def facts_of(results: Results) -> dict[str, str]:
    """Return what produced the results, as name and value in the order of a sheet."""
    bundle = results.tagger.bundle
    themes = zip(bundle.scheme.themes, results.tagger.thresholds, strict=True)
    return {
        "模型 bundle": bundle.label,
        "类型 kind": bundle.manifest.kind,
        "创建 created": bundle.manifest.created,
        "阈值 thresholds": "; ".join(f"{theme.short} {threshold:.2f}" for theme, threshold in themes),
        "设置 settings": "\n".join(f"{name}={value}" for name, value in results.settings.items()),
    }


@contextmanager
def open_result(name: str) -> Iterator[TextIO]:
    """Open a file that is complete or absent, or standard output under the name `-`."""
    if name != STDOUT:
        with replacing(Path(name)) as file:
            yield file
        return
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")  # type: ignore[union-attr]
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(
            "standard output", f"cannot be written ({error.strerror})", "write to a file: -o FILE"
        ) from None


def _write_file(path: Path, content: str) -> None:
    with replacing(path) as file:
        file.write(content)


_WRITERS: dict[str, Callable[[str, Results], Destination]] = {
    "jsonl": partial(_lines, "jsonl"),
    "csv": partial(_lines, "csv"),
    "html": _page,
    "xlsx": _workbook,
    "parquet": _table,
}
"""How each format becomes one file, for all reports or for a single one."""

FORMATS = tuple(_WRITERS)
EXPLAINED = ("jsonl", "html")
"""Formats that show which words earned a theme; tables, written beside them, stay as they are without."""
_ON_STDOUT = (*LINES, "html")
