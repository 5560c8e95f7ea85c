"""`fazhi round pull`: what people answered in, answers.jsonl of the round out, and what is missing.

    pull_round(Path("rounds"), studio, scheme, enough=False).missing  ->  {"7b1b…": 1}

A round is answered when every question has as many people's answers as it should; `enough` takes it as it is. The
projects may hold other rounds' answers, which are left where they are; answers that no round asked for are named.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fazhi.annotation.client import Project, Studio
from fazhi.annotation.pull import Pulled, run_pull
from fazhi.annotation.rounds.folder import ANSWERS, Round, advanced, check_state, folder_of
from fazhi.annotation.rounds.learned import questions_of
from fazhi.annotation.rounds.questions import Question
from fazhi.annotation.rounds.status import last_round
from fazhi.model.labels import Example, Scheme, write_examples
from fazhi.model.reading import InputError


@dataclass(frozen=True, slots=True)
class Collected:
    """What came of a pull.

    Attributes:
        round: As it is now.
        missing: Answers that a question still lacks, by uid.
        strange: Answers that no round asked for; they are not taken.
        pulled: Of each project; none where the round is trained already, and nothing is pulled.
    """

    round: Round
    missing: Mapping[str, int]
    strange: tuple[Example, ...]
    pulled: tuple[Pulled, ...]


def pull_round(rounds: Path, studio: Studio, scheme: Scheme, enough: bool) -> Collected:
    """Bring the answers to the last round home; one that is trained is left alone.

    Raises:
        InputError: It was not pushed, or to another server, nobody answered, or the server fails.
    """
    round_, begun = last_round(rounds)
    check_state(rounds, round_, "pushed")
    if round_.is_at_least("trained"):
        return Collected(round_, {}, (), ())
    folder = folder_of(rounds, round_.number)
    projects = [_project(studio, url) for url in round_.projects]
    pulled = tuple(
        run_pull(studio, project, folder / f"pulled-{place}.jsonl", scheme) for place, project in enumerate(projects)
    )
    questions = questions_of(rounds, [round_])
    votes = [each for part in pulled for each in part.votes.examples]
    answers = one_each(votes, {each.uid for each in questions})
    if not answers:
        raise InputError(str(folder), "has no answer yet", "answer some questions in Label Studio")
    write_examples(folder / ANSWERS, answers)
    missing = missing_of(questions, answers)
    state = "pushed" if missing and not enough else "answered"
    asked = {each.uid for each in questions_of(rounds, begun)}
    strange = tuple(each for each in votes if each.uid not in asked)
    return Collected(advanced(rounds, round_, state, ()), missing, strange, pulled)


def one_each(votes: Iterable[Example], asked: set[str]) -> list[Example]:
    """Return the votes on what was asked, of each person the first: asking oneself again is no second opinion."""
    kept: dict[tuple[str, str], Example] = {}
    for vote in votes:
        if vote.uid in asked:
            kept.setdefault((vote.uid, vote.annotator), vote)
    return list(kept.values())


def missing_of(questions: Sequence[Question], answers: Iterable[Example]) -> dict[str, int]:
    """Return how many answers each question lacks that lacks any."""
    people: dict[str, set[str]] = defaultdict(set)
    for each in answers:
        people[each.uid].add(each.annotator)
    lacking = {each.uid: each.answers - len(people[each.uid]) for each in questions}
    return {uid: count for uid, count in lacking.items() if count > 0}


def summary_of(collected: Collected) -> str:
    """Return what happened, a line each."""
    names = {"pushed": "等待 waiting for answers", "answered": "已答 answered"}
    lines = [
        f"第 {collected.round.number:03d} 轮 · round: {names.get(collected.round.state, collected.round.state)}",
        f"缺答案 · answers missing: {sum(collected.missing.values())} ({len(collected.missing)} 段 paragraphs)",
    ]
    return "\n".join(lines)


def complaints_of(collected: Collected) -> list[str]:
    """Return what is wrong with answers that were not taken, a line each."""
    problems = [each for part in collected.pulled for each in part.votes.problems]
    lines = [str(InputError(f"task {each.task} ({each.url})", each.what)) for each in problems]
    lines += [f"{each.document} {each.index}: 从未问过 was never asked, not taken" for each in collected.strange]
    return lines


def _project(studio: Studio, url: str) -> Project:
    server, _, number = url.rpartition("/projects/")
    if server != studio.url:
        raise InputError(studio.url, f"is not where the round was pushed: {server}", f"give --url {server}")
    return studio.project(number)
