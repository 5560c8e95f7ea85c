"""`fazhi round status` and `history`: round folders in, lines for people out. Reads only."""

from collections.abc import Sequence
from pathlib import Path

from fazhi.annotation.rounds.folder import Round, rounds_in
from fazhi.annotation.rounds.learned import questions_of, votes_of_rounds
from fazhi.annotation.rounds.setup import Course
from fazhi.model.labels import Scheme
from fazhi.model.reading import InputError

_NEXT = {
    "selected": "fazhi round push --project …",
    "pushed": "people answer, then fazhi round pull",
    "answered": "fazhi round train",
    "trained": "fazhi round close",
    "closed": "fazhi round start",
}


def last_round(rounds: Path) -> tuple[Round, list[Round]]:
    """Return the newest round, and all.

    Raises:
        InputError: None was begun.
    """
    begun = rounds_in(rounds)
    if not begun:
        raise InputError(str(rounds), "has no round", "fazhi round start --pool REPORTS")
    return begun[-1], begun


def status_of(rounds: Path, course: Course, scheme: Scheme) -> str:
    """Return where the rounds stand and what comes next, a line each."""
    round_, begun = last_round(rounds)
    asked = questions_of(rounds, begun)
    audited = sum(each.audit for each in asked)
    reserve = len(course.reserve)
    lines: list[tuple[str, object]] = [
        ("段落池 · pool, without near-duplicates", len(course.open) + reserve),
        ("已问 · asked so far", len(asked)),
        ("抽查 · for the audit, of the reserve", f"{audited}/{reserve}"),
        ("已答 · answered so far", len({each.uid for each in votes_of_rounds(rounds, begun, scheme)})),
        ("模型 · suggestions by", round_.suggested),
        ("下一步 · next", _NEXT[round_.state]),
    ]
    return "\n".join([described(round_, rounds), *(f"{name}: {value}" for name, value in lines)])


def described(round_: Round, rounds: Path) -> str:
    """Return a round in one line."""
    questions = questions_of(rounds, [round_])
    parts = f"{sum(each.audit for each in questions)} 抽查 audit, {sum(each.twice for each in questions)} 两次 twice"
    return (
        f"第 {round_.number:03d} 轮 · round {round_.state}: {len(questions)} 题 questions ({parts}), {round_.strategy}"
    )


def history_of(rounds: Path, begun: Sequence[Round]) -> str:
    """Return all rounds, a line each."""
    return "\n".join(described(each, rounds) for each in begun)
