"""Many files through one tagger: inputs in, tagged reports or errors out, in order, in bounded memory.

With more than one worker each process loads the tagger once; the results keep the order of the inputs.
"""

import sys
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from fazhi.model.reading import MAX_BYTES, Document, InputError, document_from_bytes, read_document, read_entry
from fazhi.model.tagger import TaggedReport, Tagger, explain, load_tagger
from fazhi.serving.inputs import STDIN, Input

_AHEAD = 4  # reports per worker that may wait for their turn to be written


@dataclass(frozen=True, slots=True)
class TagSettings:
    """What a worker needs to build its tagger, from the folder of a bundle, and to read its files."""

    bundle: Path
    min_score: float
    encoding: str | None
    keep_text: bool = False
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """One input and what became of it.

    Attributes:
        report: The result, or None with the `error` that says why not.
        text: What the spans count in, where it is to be kept.
        furniture: Rows of page furniture that reading left out.
        warnings: What of the file could not be read.
    """

    source: Input
    report: TaggedReport | None
    error: InputError | None
    text: str | None = None
    furniture: int = 0
    warnings: tuple[str, ...] = ()


def tag_all(inputs: Sequence[Input], tagger: Tagger, settings: TagSettings, workers: int) -> Iterator[Outcome]:
    """Tag every input; one that fails gives an outcome with its error and stops nothing."""
    if workers <= 1 or len(inputs) <= 1:
        for each in inputs:
            yield _tag(each, tagger, settings)
        return
    with ProcessPoolExecutor(min(workers, len(inputs)), initializer=_start_worker, initargs=(settings,)) as pool:
        waiting: deque[Future[Outcome]] = deque()
        try:
            for each in inputs:
                waiting.append(_submit(pool, each, tagger, settings))
                if len(waiting) >= _AHEAD * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, each: Input, tagger: Tagger, settings: TagSettings) -> Future[Outcome]:
    """Hand an input to a worker; standard input is read here, since workers have none."""
    if each.path != STDIN:
        return pool.submit(_tag_in_worker, each)
    here: Future[Outcome] = Future()
    here.set_result(_tag(each, tagger, settings))
    return here


def _tag(each: Input, tagger: Tagger, settings: TagSettings) -> Outcome:
    try:
        document = _read(each, settings.encoding)
        text = document.text if settings.keep_text else None
        report = tagger.tag(document)
        if settings.explain:
            report = explain(report, document, tagger.scorer)
        return Outcome(each, report, None, text, document.furniture, document.warnings)
    except InputError as error:
        return Outcome(each, None, error)


def _read(each: Input, encoding: str | None) -> Document:
    if each.path == STDIN:
        return document_from_bytes(sys.stdin.buffer.read(MAX_BYTES + 1), "<stdin>", encoding)
    return read_entry(each.entry, encoding) if each.entry else read_document(each.path, encoding)


_worker: dict[str, tuple[Tagger, TagSettings]] = {}


def _start_worker(settings: TagSettings) -> None:
    _worker["ready"] = (load_tagger(settings.bundle, settings.min_score, threads=1), settings)


def _tag_in_worker(each: Input) -> Outcome:
    tagger, settings = _worker["ready"]
    return _tag(each, tagger, settings)
