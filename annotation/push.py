"""Reports into a project: files in, tasks with suggestions on the server out, each paragraph once.

    run_push(studio, "首次试标", Cut((Path("reports"),), Filter()), tagger, dry_run=False).summary

What fails on the way is not sent again blindly: what arrived is looked up first, and only the rest is sent. Which
paragraphs are there is for `plan`, what a task holds for `tasks`, whether answers of an older cut hold for `overlap`.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fazhi.annotation.client import Project, Studio
from fazhi.annotation.interface import misfits, offered
from fazhi.annotation.originals import read_source, sources
from fazhi.annotation.overlap import Remapped, remap, spared
from fazhi.annotation.plan import Inventory, Plan, difference_of, plan_of
from fazhi.annotation.progress import progress
from fazhi.annotation.refusal import UnreachableError
from fazhi.annotation.remap import originals_of, unclear_lines
from fazhi.annotation.tasks import Filter, Task, tasks_of
from fazhi.annotation.votes import votes_of
from fazhi.model.labels import Scheme
from fazhi.model.reading import InputError
from fazhi.model.tagger import Tagger

_AT_ONCE = 500  # tasks a request: some 0.6 MB and one second
_CARRIED = "旧切分下已答,不再问 · answered under an older cut, not asked again; after pulling: fazhi annotate remap"
_PAUSES = (1.0, 4.0)  # seconds before what is missing is looked up and sent again


@dataclass(frozen=True, slots=True)
class Cut:
    """Which reports become tasks, and how.

    Attributes:
        places: Files, folders and archives.
        encoding: What the user says their encoding is.
        round: Active-learning round.
    """

    places: tuple[Path, ...]
    wanted: Filter
    encoding: str | None = None
    round: int = 0


def cut_tasks(cut: Cut, tagger: Tagger) -> tuple[list[Task], list[InputError]]:
    """Read, cut and score reports; return the tasks, and what could not be read.

    Raises:
        InputError: A place does not exist, or no paragraph is left.
    """
    errors: list[InputError] = []
    tasks: list[Task] = []
    found = sources(cut.places, errors)
    with progress("标注 tagging", len(found)) as advance:
        for source in found:
            try:
                report = tagger.tag(read_source(source, cut.encoding))
                tasks += tasks_of(report, tagger.bundle.scheme, cut.round, cut.wanted)
            except InputError as error:
                errors.append(error)
            advance(1)
    if not tasks:
        where = ", ".join(map(str, cut.places))
        why = f"; {errors[0]}" if errors else ""
        raise InputError(where, f"gives no paragraph to push ({len(found)} reports{why})", "widen the filter")
    return tasks, errors


@dataclass(frozen=True, slots=True)
class Pushed:
    """What came of a push.

    Attributes:
        plan: What had to be sent, and was unless it was a dry run.
        summary: For people, a line each.
        errors: Reports that could not be read.
        unclear: Paragraphs that are asked about again although they, cut differently, were answered.
    """

    plan: Plan
    summary: str
    errors: tuple[InputError, ...]
    unclear: tuple[str, ...] = ()


def run_push(studio: Studio, wanted: str, cut: Cut, tagger: Tagger, dry_run: bool) -> Pushed:
    """Cut reports and push their paragraphs.

    Args:
        studio: Where.
        wanted: Number or title of the project.
        cut: Which reports.
        tagger: Gives the suggestions.
        dry_run: Only find out what would be sent.

    Raises:
        InputError: Nothing to push, no such project, or the server fails.
    """
    project = studio.project(wanted)
    check_fits(project, tagger.bundle.scheme)
    tasks, errors = cut_tasks(cut, tagger)
    inventory = studio.inventory(project)
    older = _of_older_cut(studio, project, inventory, cut, tagger.bundle.scheme)
    not_asked = spared(older, inventory.tasks)
    asked = [task for task in tasks if task.uid not in not_asked]
    plan = plan_of(asked, inventory)
    if asked and not dry_run:
        with progress("推送 pushing", plan.size) as advance:
            push(studio, project, asked, advance)
    done = "未推送 dry run, nothing sent" if dry_run else "已推送 pushed"
    lines = [difference_of(plan), *([f"{_CARRIED}: {len(not_asked)}"] if not_asked else []), f"{done}: {project.url}"]
    return Pushed(plan, "\n".join(lines), tuple(errors), tuple(unclear_lines(older)))


def _of_older_cut(studio: Studio, project: Project, inventory: Inventory, cut: Cut, scheme: Scheme) -> Remapped:
    """Carry the project's answers to today's cut; the export is asked for only where tasks of another cut are there."""
    if not inventory.recut:
        return remap((), {})
    answers = votes_of(studio.export(project), scheme).examples
    return remap(answers, originals_of(answers, cut.places, cut.encoding).reports)


def check_fits(project: Project, scheme: Scheme) -> None:
    """Refuse to push into a project that offers other labels.

    Raises:
        InputError: Says how they differ.
    """
    wrong = misfits(offered(project.config, project.url), scheme)
    if wrong:
        raise InputError(project.url, "; ".join(wrong), f"fazhi annotate update --project {project.id}")


def push(studio: Studio, project: Project, tasks: Sequence[Task], advance: Callable[[int], None]) -> None:
    """Bring the project to hold all tasks with their suggestions, which are one bundle's if any, and show these.

    Raises:
        InputError: Refused, or the server does not come back; what arrived stays, and pushing again completes it.
    """
    left: int | None = None
    for pause in (*_PAUSES, None):
        try:
            plan = plan_of(tasks, studio.inventory(project))
            advance(0 if left is None else max(left - plan.size, 0))
            left = plan.size
            for done in _sent(studio, project, plan):
                left -= done
                advance(done)
            for bundle in {task.bundle for task in tasks} - {""}:
                studio.show_suggestions(project, bundle)
        except UnreachableError:
            if pause is None:
                raise
            time.sleep(pause)
        else:
            return


def _sent(studio: Studio, project: Project, plan: Plan) -> Iterator[int]:
    """Send what is missing; yield how many things each request brought."""
    for start in range(0, len(plan.new), _AT_ONCE):
        tasks = plan.new[start : start + _AT_ONCE]
        studio.add_tasks(project, [task.body for task in tasks])
        yield len(tasks)
    for start in range(0, len(plan.suggest), _AT_ONCE):
        pairs = plan.suggest[start : start + _AT_ONCE]
        studio.add_suggestions(project, [{"task": number, **(task.prediction or {})} for number, task in pairs])
        yield len(pairs)
    for number, task in plan.renew:
        studio.change_data(number, task.data)
        yield 1
