"""`fazhi round push`: the questions of a round into Label Studio, the numbers of their tasks out.

    push_round(Path("rounds"), studio, ("首次试标", "试标复答"), scheme).state  ->  "pushed"

What is asked twice goes into a second project too: in one project each paragraph stands once. What arrived before is
not sent again, however often a push is repeated; that is for `annotation.push`.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from fazhi.annotation.client import Project, Studio
from fazhi.annotation.progress import progress
from fazhi.annotation.push import check_fits, push
from fazhi.annotation.rounds.folder import QUESTIONS, TASKS, Round, advanced, folder_of
from fazhi.annotation.rounds.questions import read_questions
from fazhi.annotation.rounds.status import last_round
from fazhi.annotation.tasks import Task
from fazhi.model.labels import Scheme
from fazhi.model.reading import InputError
from fazhi.model.writing import replacing


def push_round(rounds: Path, studio: Studio, wanted: Sequence[str], scheme: Scheme) -> Round:
    """Push the last round; one that is trained is left alone.

    Args:
        rounds: The folder.
        studio: Where.
        wanted: Number or title of the project, and of the one for second answers.
        scheme: That the projects must offer.

    Raises:
        InputError: No such project, a second one is missing, the round went elsewhere before, or the server fails.
    """
    round_, _ = last_round(rounds)
    if round_.is_at_least("trained"):
        return round_
    folder = folder_of(rounds, round_.number)
    questions = read_questions(folder / QUESTIONS)
    twice = [each.task for each in questions if each.twice]
    parts = [[each.task for each in questions], *([twice] if twice else [])]
    projects = _projects(studio, wanted, len(parts))
    for project in projects:
        check_fits(project, scheme)
    urls = tuple(each.url for each in projects)
    if round_.projects and round_.projects != urls:
        raise InputError(str(folder), f"was pushed to {', '.join(round_.projects)}", "push it there again")
    numbers = {}
    for project, tasks in zip(projects, parts, strict=True):
        numbers[project.url] = _pushed(studio, project, tasks)
    _write_tasks(folder / TASKS, numbers)
    state = "pushed" if round_.state == "selected" else round_.state
    return advanced(rounds, round_, state, (), projects=urls)


def _projects(studio: Studio, wanted: Sequence[str], count: int) -> list[Project]:
    """Look up as many projects as there are parts; they must differ.

    Raises:
        InputError: One is missing, or both are the same.
    """
    if len(wanted) < count:
        hint = "fazhi annotate create makes one; --twice 0 at the first start needs none"
        raise InputError("--again", "names no project for what is asked twice", hint)
    projects = [studio.project(each) for each in wanted[:count]]
    if len({each.url for each in projects}) < count:
        raise InputError("--again", "is the project itself", "name another: there each paragraph stands once")
    return projects


def _pushed(studio: Studio, project: Project, tasks: Sequence[Task]) -> dict[str, int]:
    """Push tasks, return their numbers by uid."""
    with progress("推送 pushing", len(tasks)) as advance:
        push(studio, project, tasks, advance)
    there = studio.inventory(project).tasks
    return {task.uid: there[task.uid] for task in tasks}


def _write_tasks(path: Path, numbers: Mapping[str, Mapping[str, int]]) -> None:
    with replacing(path) as file:
        file.write(json.dumps(numbers, indent=1) + "\n")
