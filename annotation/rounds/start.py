"""`fazhi round start`: a pool and what was learned so far in, the questions of a new round out.

    start_round(rounds, Wanted(50, ""), tagger)  ->  (Round(number=3, state="selected", …), True)

Started again while a round is open, it changes nothing. Chance comes from the rounds' seed and the number of the round,
so that a start that was killed chooses the same questions when it is repeated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from fazhi.annotation.progress import progress
from fazhi.annotation.rounds.alike import like_any
from fazhi.annotation.rounds.folder import QUESTIONS, Round, folder_of, hash_of, rounds_in, write_round
from fazhi.annotation.rounds.learned import learned_from, questions_of
from fazhi.annotation.rounds.learner import frozen, probabilities
from fazhi.annotation.rounds.pool import Pooled, reports_of
from fazhi.annotation.rounds.questions import Question, write_questions
from fazhi.annotation.rounds.setup import Course, opened
from fazhi.annotation.sampling.strategies import BLIND, COLD, DEFAULT, STRATEGIES, Known
from fazhi.annotation.sampling.uncertainty import Array
from fazhi.annotation.tasks import Task, tasks_of
from fazhi.model.labels import Example, Scheme, theme_flags
from fazhi.model.reading import InputError
from fazhi.model.tagger import TaggedReport, Tagger


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants of a round.

    Attributes:
        size: Questions.
        strategy: One of STRATEGIES; empty chooses.
    """

    size: int
    strategy: str = ""


@dataclass(frozen=True, slots=True)
class _Scored:
    """The pool as a bundle tags it, by uid."""

    tasks: Mapping[str, Task]
    scores: Mapping[str, tuple[float, ...]]


def start_round(rounds: Path, wanted: Wanted, tagger: Tagger) -> tuple[Round, bool]:
    """Begin a round, unless one is open; return it, and whether it is new.

    Raises:
        InputError: No such strategy, one that needs answers before there are any, or nothing is left to ask.
    """
    scheme = tagger.bundle.scheme
    course, before = opened(rounds, scheme), rounds_in(rounds)
    if before and before[-1].state != "closed":
        return before[-1], False
    learned = learned_from(rounds, before, course.base, scheme)
    strategy = _strategy(wanted.strategy, learned)
    seed = (course.setup.seed, len(before))
    rng = np.random.default_rng(seed)
    audit, candidates = _left(rounds, course, before)
    audits = audit[: round(wanted.size * course.setup.audit)]
    scored = _score(course, tagger, len(before))
    chosen = _choose(candidates, learned, scored, tagger, (strategy, wanted.size - len(audits)), rng)
    questions = _mixed(chosen, audits, scored, course.setup.twice, rng)
    if not questions:
        raise InputError(str(rounds), "has nothing left to ask", "begin another folder with more reports")
    folder = folder_of(rounds, len(before))
    write_questions(folder / QUESTIONS, questions)
    begun = Round(
        len(before), "selected", strategy, seed, scheme.fingerprint, tagger.bundle.label, _versions(),
        {QUESTIONS: hash_of(folder / QUESTIONS)},
    )  # fmt: skip
    write_round(rounds, begun)
    return begun, True


def check_strategy(name: str) -> None:
    """Refuse a strategy that is none.

    Raises:
        InputError: Names those that there are.
    """
    if name not in STRATEGIES:
        raise InputError("--strategy", f"knows no {name!r}", f"choose of {', '.join(STRATEGIES)}")


def queries_of(scheme: Scheme) -> list[str]:
    """Return a text for each theme, for a first round without answers."""
    return [f"{theme.zh},{theme.definition},{theme.takes}" for theme in scheme.themes]


def _strategy(asked: str, learned: Sequence[Example]) -> str:
    if not asked:
        return DEFAULT if learned else COLD
    check_strategy(asked)
    if asked not in BLIND and not learned:
        blind = ", ".join(sorted(BLIND))
        raise InputError("--strategy", f"{asked} needs answers and there are none", f"choose of {blind}, or --examples")
    return asked


def _left(rounds: Path, course: Course, before: Sequence[Round]) -> tuple[list[Pooled], list[Pooled]]:
    """Return what was neither asked nor answered elsewhere: of the audit reserve, and of the rest."""
    asked = {each.uid for each in questions_of(rounds, before)}
    texts = [each.clean for each in course.base]
    both = [*course.reserve, *course.open]
    known = like_any([each.paragraph.clean for each in both], texts, course.setup.alike)
    left = {each.uid for each, is_known in zip(both, known, strict=True) if not is_known and each.uid not in asked}
    return [each for each in course.reserve if each.uid in left], [each for each in course.open if each.uid in left]


def _score(course: Course, tagger: Tagger, number: int) -> _Scored:
    reports = reports_of(course.pool)
    tagged: list[TaggedReport] = []
    with progress("标注 tagging", len(reports)) as advance:
        for report in reports:
            tagged.append(tagger.tag(report))
            advance(1)
    tasks = [tasks_of(report, tagger.bundle.scheme, number) for report in tagged]
    scores = {
        task.uid: each.theme_scores
        for report, cut in zip(tagged, tasks, strict=True)
        for each, task in zip(report.paragraphs, cut, strict=True)
    }
    return _Scored({task.uid: task for cut in tasks for task in cut}, scores)


def _choose(
    candidates: Sequence[Pooled],
    learned: Sequence[Example],
    scored: _Scored,
    tagger: Tagger,
    how: tuple[str, int],
    rng: np.random.Generator,
) -> list[Pooled]:
    """Return what a strategy, by its name and how many, chooses."""
    strategy, count = how[0], min(how[1], len(candidates))
    if not count:
        return []
    second = np.array([scored.scores[each.uid] for each in candidates])
    known = _known(candidates, learned, tagger.bundle.scheme, second, np.array(tagger.thresholds))
    return [candidates[row] for row in STRATEGIES[strategy](known, count, rng)]


def _known(
    candidates: Sequence[Pooled], learned: Sequence[Example], scheme: Scheme, second: Array, thresholds: Array
) -> Known:
    queries = queries_of(scheme)
    texts = [*(each.paragraph.clean for each in candidates), *(each.clean for each in learned), *queries]
    features = frozen(texts, seed=0)
    here, there = len(candidates), len(texts) - len(queries)
    answers = theme_flags([each.themes for each in learned], scheme)
    known = np.concatenate([answers, np.eye(len(queries), dtype=bool)])
    first = probabilities(features.rows, np.arange(here, len(texts)), known)[:here]
    return Known(
        embeddings=features.embeddings[:here],
        queries=features.embeddings[there:],
        answered=features.embeddings[here:there],
        answers=known[: len(learned)],
        probabilities=first,
        second=second,
        thresholds=thresholds,
    )


def _mixed(
    chosen: Sequence[Pooled], audits: Sequence[Pooled], scored: _Scored, twice: float, rng: np.random.Generator
) -> list[Question]:
    """Return questions in the order of their use, the audit's in places by chance, some of all asked twice."""
    size = len(chosen) + len(audits)
    places = set(rng.choice(size, len(audits), replace=False).tolist())
    again = set(rng.choice(size, round(size * twice), replace=False).tolist())
    ours, theirs = iter(chosen), iter(audits)
    return [
        Question(scored.tasks[next(theirs if place in places else ours).uid], place in places, place in again)
        for place in range(size)
    ]


def _versions() -> dict[str, str]:
    return {name: version(name) for name in ("fazhi", "numpy", "scikit-learn")}
