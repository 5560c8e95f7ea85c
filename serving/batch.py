"""Many files through one tagger: inputs in, tagged reports or errors out, in order, in bounded memory.

How several processes share them is for `workers`.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fazhi.model.reading import MAX_BYTES, Document, InputError, document_from_bytes, read_document, read_entry
from fazhi.model.tagger import TaggedReport, Tagger, explain
from fazhi.serving.inputs import STDIN, Input


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
        yield from (tag_one(each, tagger, settings) for each in inputs)
        return
    from fazhi.serving.workers import tag_side_by_side  # noqa: PLC0415 - a twentieth of the time of one report

    yield from tag_side_by_side(inputs, tagger, settings, workers)


def tag_one(each: Input, tagger: Tagger, settings: TagSettings) -> Outcome:
    """Read and tag one input."""
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
