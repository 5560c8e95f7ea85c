"""Where results go: a folder with one file a report, or one file for all, or standard output.

Each is a context that gives a function to call per report. Files are complete or absent.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any, TextIO

from fazhi.model.reading import InputError
from fazhi.model.tagger import TaggedReport
from fazhi.model.writing import replacing
from fazhi.serving.inputs import Input
from fazhi.serving.outputs import render
from fazhi.serving.resume import remember, result_path

STDOUT = "-"

Write = Callable[[Input, TaggedReport], None]
Destination = AbstractContextManager[Write]


@contextmanager
def folder_of_results(folder: Path, form: str, header: str, settings: dict[str, Any]) -> Iterator[Write]:
    """Write every report to its own file, complete the moment it is tagged; the run's settings before the first."""
    noted = False

    def write(source: Input, report: TaggedReport) -> None:
        nonlocal noted
        if not noted:
            remember(folder, settings)
            noted = True
        with replacing(result_path(source, folder, form)) as file:
            file.write(header + render(report, form))

    yield write


@contextmanager
def single_file(name: str, form: str, header: str) -> Iterator[Write]:
    """Write all reports to one file, opened at the first: where nothing could be tagged, an older result stays."""
    with ExitStack() as stack:
        opened: list[TextIO] = []

        def write(_: Input, report: TaggedReport) -> None:
            if not opened:
                opened.append(stack.enter_context(_standard_output() if name == STDOUT else replacing(Path(name))))
                opened[0].write(header)
            opened[0].write(render(report, form))

        yield write


@contextmanager
def _standard_output() -> Iterator[TextIO]:
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
