"""sentences.jsonl: single sentences, each with the themes of a paragraph that says it alone, as values.

    {"text": "组织127名拟申领执法证人员参加培训和考试,合格119人。", "writer": "s1", "answers": [["capacity", "enforcement"], ["enforcement", "capacity"]]}
    {"text": "依法行政水平迈上新台阶。", "writer": "s3", "answers": [[], []]}

A paragraph of five clauses and three themes does not say which clause earns which; a sentence does. Answers are what
readers said who saw the sentence alone and not its writer's purpose. Where answers differ, nothing is learnt.
"""  # noqa: E501  # a line of a file is not to be broken

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from fazhi.model.cleaning import clean
from fazhi.model.labels import Scheme
from fazhi.model.labels.lines import read_lines
from fazhi.model.reading import InputError, document_from_text
from fazhi.model.report import Paragraph, Place, paragraph_alone
from fazhi.training.answered import parts_of, with_one_answer


@dataclass(frozen=True, slots=True)
class AnsweredSentence:
    """A sentence with its answers.

    Attributes:
        text: Cleaned, as paragraphs are.
        writer: Who wrote it.
        answers: Sets of theme ids, at least one; an empty set where the sentence has no theme.
    """

    text: str
    writer: str
    answers: tuple[frozenset[str], ...]

    @property
    def paragraph(self) -> Paragraph:
        """The sentence as a paragraph that came alone."""
        return paragraph_alone(document_from_text(self.text, self.writer), Place())


def read_sentences(path: Path, scheme: Scheme) -> tuple[AnsweredSentence, ...]:
    """Read and check every line.

    Raises:
        InputError: The file cannot be read, or lines are bad; the message names them all (up to 20) by number.
    """
    return tuple(read_lines(path, partial(_sentence_of, scheme=scheme), "a file of answered sentences"))


def agreed(sentences: Sequence[AnsweredSentence], where: str) -> tuple[AnsweredSentence, ...]:
    """Return the sentences whose answers are all the same: those that are learnt from.

    Args:
        sentences: As read.
        where: What the message names.

    Raises:
        InputError: There are none.
    """
    chosen = with_one_answer(sentences)
    if not chosen:
        raise InputError(
            where, f"has {len(sentences)} sentences, none with one answer", "give such as readers agree on"
        )
    return chosen


def _sentence_of(data: Any, scheme: Scheme) -> AnsweredSentence:
    """Build one of a line; ValueError says what was expected and what was found."""
    text, writer, answers = parts_of(data, "text")
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"text should be a sentence, found {text!r:.80}")
    if not isinstance(answers, list) or not answers or not all(isinstance(each, list) for each in answers):
        raise ValueError(f"answers should be lists of themes, found {answers!r:.80}")
    strange = [theme for each in answers for theme in each if theme not in scheme.theme_ids]
    if strange:
        raise ValueError(f"unknown theme {strange[0]!r:.40}")
    return AnsweredSentence(clean(text).text.strip(), writer, tuple(map(frozenset, answers)))
