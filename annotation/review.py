"""Paragraphs to look at again, in a project of their own: listed answers in, tasks with those answers out.

    review_tasks([answer of 张, answer of 张 to the next paragraph], scheme)  ->  [Task(…), Task(…)]

Whoever lists them (`audit`, `agree`, `scheme`) does not matter. An answer that is the only one is shown as a
suggestion; where answers differ none is, so that nobody is led. What reviewers say comes back through `settle`.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict

from fazhi.annotation.client import Project, Studio
from fazhi.annotation.create import found_or_made
from fazhi.annotation.interface import interface_of
from fazhi.annotation.plan import difference_of, plan_of
from fazhi.annotation.progress import progress
from fazhi.annotation.push import check_fits, push
from fazhi.annotation.tasks import Task, task_of
from fazhi.annotation.verdicts import settling
from fazhi.model.labels import Example, Said, Scheme, suggestion
from fazhi.model.reading import InputError

EARLIER = "此前的答案 earlier answer"
"""Whose suggestion the earlier answer is said to be."""


def review_tasks(examples: Sequence[Example], scheme: Scheme) -> list[Task]:
    """Return a task for each paragraph, in the order of the list."""
    paragraphs: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        paragraphs[example.uid].append(example)
    return [_task(answers, scheme) for answers in paragraphs.values()]


def push_review(studio: Studio, wanted: str, examples: Sequence[Example], scheme: Scheme) -> str:
    """Put paragraphs into a project, made if there is none; return what was done, for people.

    Raises:
        InputError: Nothing listed, the project offers other labels, or the server fails.
    """
    if not examples:
        raise InputError(f"project {wanted}", "would get no paragraphs: none is listed", "nothing is left to do")
    return put(studio, found_or_made(studio, wanted, interface_of(scheme)), review_tasks(examples, scheme), scheme)


def put(studio: Studio, project: Project, tasks: Sequence[Task], scheme: Scheme) -> str:
    """Put tasks into a project, each once; return what was done, for people.

    Raises:
        InputError: The project offers other labels, or the server fails.
    """
    check_fits(project, scheme)
    plan = plan_of(tasks, studio.inventory(project))
    with progress("推送 pushing", plan.size) as advance:
        push(studio, project, tasks, advance)
    return f"{difference_of(plan)}\n已推送 pushed: {project.url}"


def _task(answers: Sequence[Example], scheme: Scheme) -> Task:
    first = answers[0]
    if len({(each.section, frozenset(each.themes)) for each in answers}) > 1:
        return settling(task_of(asdict(first)))
    scores = {theme: float(theme in first.themes) for theme in scheme.theme_ids}
    said = Said(first.section, 1.0, first.themes, scores)
    return settling(task_of(asdict(first), suggestion(EARLIER, said, scheme)))
