"""Files of examples to answered reports: everything that makes training pointless is refused here, before it begins."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fazhi.model.labels import Scheme, read_examples, trainable
from fazhi.model.reading import InputError
from fazhi.training.resuming import hash_of
from fazhi.training.rows import AnsweredReport, answered_reports
from fazhi.training.supplement import NO_FILES, Supplement, SupplementFiles, read_supplement

_FEWEST_REPORTS = 3
_FEWEST_PARAGRAPHS = 5  # with a theme, under which nothing can be said of it


@dataclass(frozen=True, slots=True, eq=False)
class TrainingData:
    """Answered reports, what is learnt from beside them, and the hashes of the files.

    Attributes:
        examples_sha256: Of the examples.
        sentences_sha256: Of the answered sentences; empty without.
        identity: Of everything; what a manifest calls the data.
    """

    reports: tuple[AnsweredReport, ...]
    supplement: Supplement
    examples_sha256: str
    sentences_sha256: str
    identity: str


def read_training_data(paths: Sequence[Path], scheme: Scheme, files: SupplementFiles = NO_FILES) -> TrainingData:
    """Read examples and group them into reports; read answered headings and sentences where there are any.

    Raises:
        InputError: Bad lines, conflicting answers, too few reports, a theme that hardly any paragraph has, or bad
            headings or sentences.
    """
    examples = trainable([example for path in paths for example in read_examples(path, scheme)])
    reports = answered_reports(examples, scheme)
    if len(reports) < _FEWEST_REPORTS:
        raise InputError("examples", f"come from {len(reports)} reports", f"give at least {_FEWEST_REPORTS}")
    support = np.sum([report.themes.sum(axis=0) for report in reports], axis=0)
    rare = [
        f"{theme} ({int(count)})"
        for theme, count in zip(scheme.theme_ids, support, strict=True)
        if count < _FEWEST_PARAGRAPHS
    ]
    if rare:
        what = f"have fewer than {_FEWEST_PARAGRAPHS} paragraphs with {', '.join(rare)}"
        raise InputError("examples", what, "annotate more paragraphs with these themes")
    return TrainingData(
        tuple(reports),
        read_supplement(files, scheme),
        examples_sha256=hash_of(paths),
        sentences_sha256=hash_of([files.sentences]) if files.sentences else "",
        identity=_identity(paths, files.headings, files.sentences),
    )


def _identity(examples: Sequence[Path], *beside: Path | None) -> str:
    """Return the hash of the examples, or one of its hash and those of the files beside them."""
    hashes = [hash_of(examples), *(hash_of([path]) for path in beside if path)]
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()
