"""What models learn from beside reports: answered headings and answered sentences. All take part in every fold."""

from dataclasses import dataclass
from pathlib import Path

from fazhi.model.labels import Scheme
from fazhi.training.headings import AnsweredHeading, read_headings, unanimous
from fazhi.training.sentences import AnsweredSentence, agreed, read_sentences


@dataclass(frozen=True, slots=True)
class SupplementFiles:
    """Files of answered headings and sentences, or None where there is none."""

    headings: Path | None = None
    sentences: Path | None = None


NO_FILES = SupplementFiles()


@dataclass(frozen=True, slots=True)
class Supplement:
    """Answered headings, for the section, and answered sentences, for the themes; with one answer each."""

    headings: tuple[AnsweredHeading, ...] = ()
    sentences: tuple[AnsweredSentence, ...] = ()


NO_SUPPLEMENT = Supplement()


def read_supplement(files: SupplementFiles, scheme: Scheme) -> Supplement:
    """Read what there is.

    Raises:
        InputError: Bad lines, or too little with one answer.
    """
    headings, sentences = files.headings, files.sentences
    return Supplement(
        headings=unanimous(read_headings(headings, scheme), str(headings)) if headings else (),
        sentences=agreed(read_sentences(sentences, scheme), str(sentences)) if sentences else (),
    )
