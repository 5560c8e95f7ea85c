"""What earlier rounds asked and what was learned from them: round folders in, questions and examples out.

Answers to audit questions are left out here, once, for training and for selection.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from fazhi.annotation.rounds.folder import ANSWERS, QUESTIONS, VERDICTS, Round, folder_of
from fazhi.annotation.rounds.questions import Question, read_questions
from fazhi.model.labels import Example, Scheme, read_examples, trainable


def questions_of(rounds: Path, begun: Iterable[Round]) -> list[Question]:
    """Return all questions of rounds, in order."""
    return [each for round_ in begun for each in read_questions(folder_of(rounds, round_.number) / QUESTIONS)]


def votes_of_rounds(rounds: Path, begun: Iterable[Round], scheme: Scheme) -> list[Example]:
    """Return votes and verdicts of rounds that are answered."""
    folders = [folder_of(rounds, each.number) for each in begun if each.is_at_least("answered")]
    files = [folder / name for folder in folders for name in (ANSWERS, VERDICTS) if (folder / name).exists()]
    return [example for file in files for example in read_examples(file, scheme)]


def learned_from(rounds: Path, begun: Sequence[Round], base: Sequence[Example], scheme: Scheme) -> list[Example]:
    """Return one answer a paragraph, of the base and of rounds, without what audits asked.

    Raises:
        InputError: Answers differ and no verdict settles them.
    """
    audited = {each.uid for each in questions_of(rounds, begun) if each.audit}
    votes = [each for each in votes_of_rounds(rounds, begun, scheme) if each.uid not in audited]
    return trainable([*base, *votes])
