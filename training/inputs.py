"""Files of examples to answered reports: everything that makes training pointless is refused here, before it begins."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fazhi.model.labels import Scheme, read_examples, trainable
from fazhi.model.reading import InputError
from fazhi.training.headings import AnsweredHeading, read_headings, unanimous
from fazhi.training.rows import AnsweredReport, answered_reports

_FEWEST_REPORTS = 3
_FEWEST_PARAGRAPHS = 5  # with a theme, under which nothing can be said of it


@dataclass(frozen=True, slots=True, eq=False)
class TrainingData:
    """Answered reports and headings, and the hashes of the files that they came from.

    Attributes:
        sha256: Of the examples, all that an encoder learns from.
        headings: With one answer each.
        headings_sha256: Of the headings; empty without any.
    """

    reports: tuple[AnsweredReport, ...]
    sha256: str
    headings: tuple[AnsweredHeading, ...] = ()
    headings_sha256: str = ""

    @property
    def identity(self) -> str:
        """What a manifest calls the data: the hash of the examples, or one of both hashes."""
        both = f"{self.sha256}{self.headings_sha256}".encode()
        return hashlib.sha256(both).hexdigest() if self.headings else self.sha256


def read_training_data(paths: Sequence[Path], scheme: Scheme, headings: Path | None = None) -> TrainingData:
    """Read examples and group them into reports; read answered headings where there are any.

    Raises:
        InputError: Bad lines, conflicting answers, too few reports, a theme that hardly any paragraph has, or bad
            headings.
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
    if headings is None:
        return TrainingData(tuple(reports), _hash_of(paths))
    answered = unanimous(read_headings(headings, scheme), str(headings))
    return TrainingData(tuple(reports), _hash_of(paths), answered, _hash_of([headings]))


def _hash_of(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()
