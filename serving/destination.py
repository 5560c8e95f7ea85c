"""Where results go: a folder with files for each report, one file for all, or standard output.

Each is a context that gives a function to call per report. Files are complete or absent.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from fazhi.model.reading import InputError
from fazhi.model.tagger import TaggedReport, Tagger
from fazhi.model.writing import replacing
from fazhi.serving.batch import Outcome
from fazhi.serving.inputs import EXTRACTED
from fazhi.serving.outputs import LINES, header, render
from fazhi.serving.page import render_page
from fazhi.serving.resume import remember, result_path

STDOUT = "-"
FORMATS = (*LINES, "html", "xlsx")
WORKBOOK = "fazhi.xlsx"  # in a folder of results: one for all reports

Write = Callable[[Outcome, TaggedReport], None]
Destination = AbstractContextManager[Write]


@dataclass(frozen=True, slots=True)
class Results:
    """What every destination needs to know.

    Attributes:
        tagger: Names the bundle, its scheme and thresholds.
        forms: Of `FORMATS`.
        settings: What results depend on beside their reports.
    """

    tagger: Tagger
    forms: tuple[str, ...]
    settings: dict[str, Any]

    def content(self, report: TaggedReport, form: str) -> str:
        """Return the whole file of one report in a format that has one."""
        if form == "html":
            return self.page([report])
        return header(form, self.tagger.bundle.scheme.theme_ids) + render(report, form)

    def page(self, reports: Sequence[TaggedReport]) -> str:
        """Return one HTML page for reports."""
        bundle = self.tagger.bundle
        return render_page(reports, bundle.scheme, self.tagger.thresholds, bundle.label)


@contextmanager
def folder_of_results(folder: Path, results: Results) -> Iterator[Write]:
    """Write every report to its own files, complete the moment it is tagged; the run's settings before the first."""
    noted = False
    with ExitStack() as stack:
        workbook = stack.enter_context(_workbook(folder / WORKBOOK, results)) if "xlsx" in results.forms else None

        def write(outcome: Outcome, report: TaggedReport) -> None:
            nonlocal noted
            if not noted:
                remember(folder, results.settings)
                noted = True
            if outcome.text is not None:
                _write_file(folder / f"{outcome.source.place}{EXTRACTED}", outcome.text)
            for form in results.forms:
                if form != "xlsx":
                    _write_file(result_path(outcome.source, folder, form), results.content(report, form))
            if workbook:
                workbook(outcome, report)

        yield write


def single_file(name: str, results: Results) -> Destination:
    """Write all reports to one file, begun at the first: where nothing could be tagged, an older result stays."""
    form = results.forms[0]
    if form == "xlsx":
        return _workbook(Path(name), results)
    return _page(name, results) if form == "html" else _lines(name, form)


@contextmanager
def _lines(name: str, form: str) -> Iterator[Write]:
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
    reports: list[TaggedReport] = []
    yield lambda _, report: reports.append(report)
    if reports:
        with open_result(name) as file:
            file.write(results.page(reports))


@contextmanager
def _workbook(path: Path, results: Results) -> Iterator[Write]:
    from fazhi.serving.xlsx import XlsxResults  # noqa: PLC0415 - its library only for workbooks

    with XlsxResults(path, results.tagger.bundle.scheme, facts_of(results)) as workbook:
        yield lambda _, report: workbook.add(report)


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
