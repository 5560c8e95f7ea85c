"""A server that is not there: projects, tasks and answers in memory, and death at any request, before or after it."""

import copy

from round_material import SCHEME, Killed
from studio_exports import answer, item

from fazhi.annotation.client import Project
from fazhi.annotation.export import Export
from fazhi.annotation.interface import interface_of
from fazhi.annotation.plan import inventory_of


class FakeStudio:
    """Answers as `Studio` does."""

    def __init__(self, *titles):
        self.url, self.titles = "http://ls", titles
        self.tasks = {number: [] for number in range(1, len(titles) + 1)}
        self.shown, self.requests, self.deadly = {}, 0, None

    def _ask(self, effect):
        here, self.requests = self.requests, self.requests + 1
        if self.deadly == (here, "before"):
            raise Killed
        done = effect()
        if self.deadly == (here, "after"):
            raise Killed
        return done

    def project(self, wanted):
        number = int(wanted) if wanted.isdecimal() else self.titles.index(wanted) + 1
        url = f"{self.url}/projects/{number}"
        return self._ask(
            lambda: Project(number, self.titles[number - 1], interface_of(SCHEME), len(self.tasks[number]), "", url)
        )

    def inventory(self, project):
        tasks = self.tasks[project.id]
        said = [(task["id"], each["model_version"], each["result"]) for task in tasks for each in task["predictions"]]
        return self._ask(lambda: inventory_of([(task["id"], task["data"], task["meta"]) for task in tasks], said))

    def add_tasks(self, project, bodies):
        tasks = self.tasks[project.id]

        def add():
            for body in bodies:
                tasks.append({"id": 100 * project.id + len(tasks), **copy.deepcopy(body), "annotations": []})

        self._ask(add)

    def show_suggestions(self, project, model):
        self._ask(lambda: self.shown.__setitem__(project.id, model))

    def export(self, project):
        users = {"1": "zhang@example.org", "2": "li@example.org"}
        tasks = copy.deepcopy([{**task, "predictions": [1]} for task in self.tasks[project.id]])
        return self._ask(
            lambda: Export(project.url, project.title, project.config, users, "2026-03-02T00:00:00Z", tasks)
        )

    def answer(self, number, user, *themes, section="work"):
        """Let a person answer all tasks of a project alike; titles and headings as the cut says."""
        for task in self.tasks[number]:
            label = "title" if task["data"]["index"] == 0 else section
            chosen = [item("themes", *themes)] if themes and label == section else []
            task["annotations"].append(answer(10 * task["id"] + user, user, item("section", label), *chosen))

    def uids(self, number):
        return [task["data"]["uid"] for task in self.tasks[number]]
