"""`fazhi tag` behind its options: find the inputs, tag them, write results, say what happened."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from rich.console import Console

from fazhi.model.reading import InputError
from fazhi.model.tagger import TaggedReport, Tagger, load_tagger
from fazhi.serving.batch import Outcome, TagSettings, tag_all
from fazhi.serving.inputs import Input, Inputs, check_places, find_inputs
from fazhi.serving.outputs import FORMATS, header, render, replacing
from fazhi.serving.summary import Summary

DEFAULT_FOLDER = Path("fazhi-out")
_STDOUT = "-"
_FEW = 8  # reports under which starting processes costs more than it saves
_NARROWEST = 100  # columns of the summary where no terminal says its width

Progress = Callable[[int], AbstractContextManager[Callable[[], None]]]
Writer = Callable[[Input, TaggedReport], None]


@dataclass(frozen=True, slots=True)
class TagRequest:
    """The options of `fazhi tag`, as given; empty means not given."""

    paths: tuple[str, ...]
    form: str
    out: Path | None
    single: str
    bundle: str | None
    min_score: float
    workers: int
    encoding: str | None
    summary: bool | None


def run_tag(request: TagRequest, progress: Progress) -> int:
    """Tag everything; return the exit code.

    Raises:
        InputError: Options that contradict each other, no usable bundle, a result that cannot be written.
    """
    form = _form_of(request)
    tagger = load_tagger(request.bundle, request.min_score)
    inputs = find_inputs(request.paths)
    if not request.single:
        check_places(inputs.files)
    summary = Summary(tagger.bundle)
    failed = [*inputs.errors]
    for error in inputs.errors:
        _complain(error)
    with _writer(request, form, tagger) as write, progress(len(inputs.files)) as advance:
        for outcome in _outcomes(request, inputs, tagger):
            if outcome.report is not None:
                write(outcome.source, outcome.report)
                summary.add(outcome.report)
            elif outcome.error is not None:
                failed.append(outcome.error)
                _complain(outcome.error)
            advance()
    tagged = len(inputs.files) - (len(failed) - len(inputs.errors))
    _report(request, summary, inputs, tagged)
    return 0 if not failed else 1 if tagged else 2


def _outcomes(request: TagRequest, inputs: Inputs, tagger: Tagger) -> Iterator[Outcome]:
    workers = request.workers or (len(os.sched_getaffinity(0)) if len(inputs.files) >= _FEW else 1)
    settings = TagSettings(request.bundle, request.min_score, request.encoding)
    return tag_all(inputs.files, tagger, settings, workers)


def _form_of(request: TagRequest) -> str:
    if request.out is not None and request.single:
        raise InputError("--out and -o", "exclude each other", "--out DIR for a file a report, -o FILE for one file")
    form = request.form or Path(request.single).suffix.lstrip(".").lower() or FORMATS[0]
    if form not in FORMATS:
        raise InputError("--format", f"{form!r} is not a format", f"choose {' or '.join(FORMATS)}")
    return form


@contextmanager
def _writer(request: TagRequest, form: str, tagger: Tagger) -> Iterator[Writer]:
    """Give the function that writes one report where the options want it."""
    head = header(form, tagger.bundle.scheme.theme_ids)
    if not request.single:
        folder = request.out or DEFAULT_FOLDER
        yield lambda source, report: _write_one(folder / f"{source.place}.{form}", head + render(report, form))
        return
    with ExitStack() as stack:
        opened: list[TextIO] = []

        def write(_: Input, report: TaggedReport) -> None:
            """Open the file at the first report: where nothing could be tagged, an older result stays."""
            if not opened:
                opened.append(stack.enter_context(_single_file(request.single)))
                opened[0].write(head)
            opened[0].write(render(report, form))

        yield write


@contextmanager
def _single_file(name: str) -> Iterator[TextIO]:
    if name == _STDOUT:
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")  # type: ignore[union-attr]
        yield sys.stdout
        return
    with replacing(Path(name)) as file:
        yield file


def _write_one(path: Path, content: str) -> None:
    with replacing(path) as file:
        file.write(content)


def _complain(error: InputError) -> None:
    print(f"fazhi: {error}", file=sys.stderr)


def _report(request: TagRequest, summary: Summary, inputs: Inputs, tagged: int) -> None:
    """Print the summary where a person reads along; in a pipe only if it was asked for."""
    to_stdout = request.single != _STDOUT
    stream = sys.stdout if to_stdout else sys.stderr
    if not (stream.isatty() if request.summary is None else request.summary) or not tagged:
        return
    console = Console(file=stream, width=None if stream.isatty() else _NARROWEST)
    summary.show(console)
    if inputs.left_out:
        console.print(f"{inputs.left_out} 个文件不是 .txt,未读 · files left out: not .txt", style="yellow")
    if to_stdout:
        console.print(f"结果 results: {request.single or request.out or DEFAULT_FOLDER}")
