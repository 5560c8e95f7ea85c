"""A project in which contested paragraphs are settled: contests go there, verdicts come back.

    push_contests(studio, "终裁项目", contests, scheme)       makes the project if there is none
    pull_settled(studio, "终裁项目", Path("v.answers.jsonl"), scheme)  ->  Pulled(…), whose votes are to become verdicts

What tasks hold and which answers settle is for `verdicts`. Paragraphs that `review` put into a project come back the
same way.
"""

from collections.abc import Sequence
from pathlib import Path

from fazhi.annotation.adjudication import Contest
from fazhi.annotation.client import Studio
from fazhi.annotation.create import found_or_made
from fazhi.annotation.export import Export
from fazhi.annotation.interface import ANSWERS, answers_shown, interface_of
from fazhi.annotation.pull import Pulled, run_pull
from fazhi.annotation.review import put
from fazhi.annotation.verdicts import contest_tasks, settles
from fazhi.model.labels import Scheme
from fazhi.model.reading import InputError


def push_contests(studio: Studio, wanted: str, contests: Sequence[Contest], scheme: Scheme) -> str:
    """Put contested paragraphs into a project that shows their answers; return what was done, for people.

    Raises:
        InputError: A project that shows no competing answers, or the server fails.
    """
    width = min(max(len(contest.answers) for contest in contests), len(ANSWERS))
    config = interface_of(scheme, width)
    project = found_or_made(studio, wanted, config)
    shown = answers_shown(project.config)
    if not shown:
        raise InputError(project.url, "shows no competing answers", "give the title of a project that is not there yet")
    if shown < width:
        studio.update(project, config)
    return put(studio, project, contest_tasks(contests, scheme), scheme)


def pull_settled(studio: Studio, wanted: str, out: Path, scheme: Scheme) -> Pulled:
    """Bring the answers of such a project home, with the export beside them.

    Raises:
        InputError: A project in which anything else is asked, or the server fails.
    """
    return run_pull(studio, studio.project(wanted), out, scheme, _check_settles)


def _check_settles(export: Export) -> None:
    others = [task["id"] for task in export.tasks if not settles(task)]
    if others:
        what = f"holds paragraphs that were not put there to be settled ({len(others)}, task {others[0]} for one)"
        raise InputError(export.url, what, "for votes: fazhi annotate pull")
