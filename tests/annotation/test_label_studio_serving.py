"""A real Label Studio connected to a running `fazhi serve`: whoever opens a task gets live suggestions."""

import json

import pytest
from served import served

from fazhi.annotation.interface import interface_of
from fazhi.annotation.suggested import chosen
from fazhi.annotation.tasks import tasks_of
from fazhi.model import load_tagger
from fazhi.model.reading import document_from_text

TEXT = "某市法治政府建设报告\n一、工作情况\n(一)严格执法\n共开展行政执法检查3次,办结行政处罚案件5件。"


@pytest.fixture(scope="module")
def tagged():
    return load_tagger("linear").tag(document_from_text(TEXT, "甲.txt"))


@pytest.fixture
def opened(server, scheme, tagged):
    """A project of tasks without suggestions, as many as there are paragraphs."""
    project = server.studio.create("在线建议", interface_of(scheme), 1, "sequential")
    server.studio.add_tasks(project, [{**task.body, "predictions": []} for task in tasks_of(tagged, scheme)])
    yield project
    server.call("DELETE", f"/api/projects/{project.id}/")


def connect_backend(server, project, service):
    """Add the service as a person does in the project's settings; return the answer."""
    body = {"project": project.id, "url": f"{service.url}/studio", "title": "fazhi", "is_interactive": False}
    return server.call("POST", "/api/ml/", json=body, timeout=60)


def tasks_in(server, project):
    """Return the tasks in the order of their paragraphs."""
    return sorted(server.studio.export(project).tasks, key=lambda task: task["data"]["index"])


def asked_of(server):
    """Return what the server was asked for so far, by anybody; its log has each line twice."""
    lines = dict.fromkeys(server.home.log.read_text(encoding="utf-8").splitlines())
    return [line.split('"')[1] for line in lines if "[django.server:" in line]


def test_a_task_that_is_opened_shows_what_the_service_says(server, opened, tagged):
    with served("--bundle", "linear") as service:
        connected = connect_backend(server, opened, service)
        assert connected.status_code == 201, connected.text
        assert connected.json()["state"] == "CO"
        tasks = tasks_in(server, opened)
        assert [task["predictions"] for task in tasks] == [[]] * 4
        before = len(asked_of(server))
        seen = [
            server.call("GET", f"/api/tasks/{task['id']}/?project={opened.id}", timeout=60).json() for task in tasks
        ]
        lines = service.lines()
    suggested = [task["predictions"] for task in seen]
    assert [len(each) for each in suggested] == [1] * 4
    assert {each["model_version"] for [each] in suggested} == {tagged.model}
    assert [chosen(each["result"], "section") for [each] in suggested] == [[each.section] for each in tagged.paragraphs]
    assert chosen(suggested[3][0]["result"], "themes") == ["enforcement"]
    routes = {(line["route"], line["status"]) for line in lines if line["message"] == "request"}
    assert routes == {("/studio/health", 200), ("/studio/setup", 200), ("/studio/predict", 200)}
    assert server.token not in json.dumps(lines)
    # Each opening sent the token to /studio/setup; had it been used, somebody else would have asked for something too.
    assert asked_of(server)[before:] == [f"GET /api/tasks/{task['id']}/?project={opened.id} HTTP/1.1" for task in tasks]
