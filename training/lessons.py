"""Answered reports and sentences to what an encoder learns from: one paragraph after the other, with its answers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fazhi.model.labels import HEADING, Scheme, theme_flags
from fazhi.model.report import Paragraph
from fazhi.training.rows import AnsweredReport
from fazhi.training.sentences import AnsweredSentence

NO_SECTION = -100
"""The section of what is not asked for one, headings and sentences; cross-entropy leaves it out."""


@dataclass(frozen=True, slots=True, eq=False)
class Lessons:
    """Paragraphs with their answers.

    Attributes:
        themes: (n, themes).
        sections: (n,), columns in scheme order, or `NO_SECTION`.
    """

    paragraphs: tuple[Paragraph, ...]
    themes: NDArray[np.bool_]
    sections: NDArray[np.int64]


def lessons_of_reports(reports: Sequence[AnsweredReport], scheme: Scheme) -> Lessons:
    """Return the paragraphs of reports, in order."""
    sections = np.concatenate([report.sections for report in reports])
    return Lessons(
        paragraphs=tuple(each for report in reports for each in report.paragraphs),
        themes=np.concatenate([report.themes for report in reports]),
        sections=np.where(sections == scheme.section_ids.index(HEADING), NO_SECTION, sections),
    )


def lessons_of_sentences(sentences: Sequence[AnsweredSentence], scheme: Scheme) -> Lessons:
    """Return sentences as paragraphs; of each, the first answer counts."""
    return Lessons(
        paragraphs=tuple(each.paragraph for each in sentences),
        themes=theme_flags([each.answers[0] for each in sentences], scheme),
        sections=np.full(len(sentences), NO_SECTION),
    )
