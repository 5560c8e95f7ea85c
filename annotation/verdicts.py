r"""Paragraphs that are put to somebody to settle, and what they say: verdicts beside the votes.

    contest_tasks(contests, scheme)[0].data  ->  {…, "answer_a": "工作情况\n数字政府", "answer_b": "工作情况\n无主题"}
    verdicts_of(answers, votes)              ->  Settled(verdicts=(…), disputed=())

Who gave an answer is not shown, nor how many did: answers stand in the order of the scheme. A task that settles says so
in its meta, so that what annotators answer elsewhere is never taken for a verdict. Talks to no server.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from fazhi.annotation.adjudication import Answer, Contest, verdict_of
from fazhi.annotation.interface import ANSWERS
from fazhi.annotation.tasks import Task, task_of
from fazhi.model.labels import Example, Scheme

_SETTLES = "settles"
_NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of answers that are to settle.

    Attributes:
        verdicts: One a paragraph.
        disputed: Paragraphs on which those who were to settle differ: their answers, all of a paragraph together.
    """

    verdicts: tuple[Example, ...]
    disputed: tuple[tuple[Example, ...], ...]


def settling(task: Task) -> Task:
    """Mark a task as one whose answer is a verdict."""
    return replace(task, meta={**task.meta, _SETTLES: True})


def settles(task: Mapping[str, Any]) -> bool:
    """Say whether an exported task was marked so."""
    meta = task.get("meta")
    return isinstance(meta, dict) and meta.get(_SETTLES) is True


def contest_tasks(contests: Sequence[Contest], scheme: Scheme) -> list[Task]:
    """Return a task for each contested paragraph, with the competing answers in `ANSWERS`."""
    return [_contest_task(contest, scheme) for contest in contests]


def verdicts_of(answers: Sequence[Example], votes: Sequence[Example]) -> Settled:
    """Turn answers of those who were to settle into verdicts.

    Args:
        answers: One an annotator and paragraph.
        votes: What is settled; gives verdicts their place and source.
    """
    said, asked = _by_uid(answers), _by_uid(votes)
    agreed = {uid: group for uid, group in said.items() if len({_answer(each) for each in group}) == 1}
    return Settled(
        tuple(
            verdict_of(asked.get(uid, group), _answer(group[0]), "+".join(each.annotator for each in group))
            for uid, group in agreed.items()
        ),
        tuple(tuple(group) for uid, group in said.items() if uid not in agreed),
    )


def overruled(examples: Sequence[Example], verdicts: Sequence[Example]) -> list[Example]:
    """Return examples with these verdicts in the place of earlier ones; votes stay."""
    new = {verdict.uid for verdict in verdicts}
    return [*(each for each in examples if each.kind == "vote" or each.uid not in new), *verdicts]


def _contest_task(contest: Contest, scheme: Scheme) -> Task:
    order = sorted(contest.answers, key=lambda answer: _place(answer, scheme))
    shown = [_words(answer, scheme) for answer in order]
    last = len(ANSWERS) - 1
    columns = [*shown[:last], "\n\n".join(shown[last:]) or _NOTHING] if len(shown) > last else shown
    columns += [_NOTHING] * (len(ANSWERS) - len(columns))
    task = task_of(asdict(contest.votes[0]))
    return settling(replace(task, data={**task.data, **dict(zip(ANSWERS, columns, strict=True))}))


def _place(answer: Answer, scheme: Scheme) -> tuple[int, ...]:
    section, themes = answer
    return scheme.section_ids.index(section), *(scheme.theme_ids.index(theme) for theme in themes)


def _words(answer: Answer, scheme: Scheme) -> str:
    """Return an answer in the words of the interface: the section, under it the themes."""
    names = {each.id: each.zh for each in scheme.sections} | {each.id: each.zh for each in scheme.themes}
    section, themes = answer
    return f"{names[section]}\n{'、'.join(names[theme] for theme in themes) or '无主题'}"


def _answer(example: Example) -> Answer:
    return example.section, example.themes


def _by_uid(examples: Sequence[Example]) -> dict[str, list[Example]]:
    groups: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        groups[example.uid].append(example)
    return groups
