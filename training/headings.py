"""headings.jsonl: chapter headings, each with the section of the paragraphs below it, as values.

    {"path": ["一、2022年工作开展情况", "(三)履行第一责任人职责"], "writer": "h1", "answers": ["duty", "duty", "duty"]}
    {"path": ["三、行政复议和应诉"], "writer": "h5", "answers": [null, null, null]}

Answers are what whoever wrote the heading meant and what others said who saw the path alone. A heading that stands over
work in a report and over tasks in a plan does not tell: null. Where answers differ, nothing is learnt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from fazhi.model.cleaning import clean
from fazhi.model.labels import HEADING, Scheme
from fazhi.model.labels.lines import read_lines
from fazhi.model.reading import InputError
from fazhi.model.report import head_text
from fazhi.training.answered import parts_of, with_one_answer

_FEWEST_SECTIONS = 2  # without which there is nothing to tell apart


@dataclass(frozen=True, slots=True)
class AnsweredHeading:
    """A heading path with its answers.

    Attributes:
        path: Headings from the outermost to the nearest, at least one, as the paths of paragraphs have them: cleaned,
            without the final stop.
        writer: Who wrote it.
        answers: Sections of the paragraphs below, at least one; None where the path alone does not tell.
    """

    path: tuple[str, ...]
    writer: str
    answers: tuple[str | None, ...]


def read_headings(path: Path, scheme: Scheme) -> tuple[AnsweredHeading, ...]:
    """Read and check every line.

    Raises:
        InputError: The file cannot be read, or lines are bad; the message names them all (up to 20) by number.
    """
    return tuple(read_lines(path, partial(_heading_of, scheme=scheme), "a file of answered headings"))


def unanimous(headings: Sequence[AnsweredHeading], where: str) -> tuple[AnsweredHeading, ...]:
    """Return the headings whose answers are all the same: those that are learnt from.

    Args:
        headings: As read.
        where: What the message names.

    Raises:
        InputError: They tell fewer than two sections.
    """
    chosen = with_one_answer(headings)
    told = {each.answers[0] for each in chosen} - {None}
    if len(told) < _FEWEST_SECTIONS:
        what = f"has {len(chosen)} headings with one answer, which tell {len(told)} sections"
        raise InputError(where, what, f"give headings of at least {_FEWEST_SECTIONS}")
    return chosen


def _heading_of(data: Any, scheme: Scheme) -> AnsweredHeading:
    """Build one of a line; ValueError says what was expected and what was found."""
    path, writer, answers = parts_of(data, "path")
    if not isinstance(path, list) or not path or not all(isinstance(each, str) and each.strip() for each in path):
        raise ValueError(f"path should be a list of headings, found {path!r:.80}")
    if not isinstance(answers, list) or not answers:
        raise ValueError(f"answers should be a list of sections, found {answers!r:.80}")
    strange = [each for each in answers if each is not None and (each == HEADING or each not in scheme.section_ids)]
    if strange:
        raise ValueError(f"unknown section {strange[0]!r:.40}")
    return AnsweredHeading(tuple(head_text(clean(each).text.strip()) for each in path), writer, tuple(answers))
