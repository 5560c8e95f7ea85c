"""The round trip with a real Label Studio: reports go in once, answers of people come back, whatever breaks is one line."""

import itertools
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fazhi.annotation import push as pushing
from fazhi.annotation.cli import app
from fazhi.annotation.client import connect
from fazhi.annotation.export import read_export
from fazhi.annotation.home import Home
from fazhi.annotation.interface import interface_of
from fazhi.annotation.pull import run_pull
from fazhi.annotation.push import Cut, cut_tasks, run_push
from fazhi.annotation.refusal import UnreachableError
from fazhi.annotation.server import serving
from fazhi.annotation.suggested import chosen
from fazhi.annotation.tasks import Filter
from fazhi.model import load_tagger
from fazhi.model.labels import read_examples, uid_of
from fazhi.model.reading import InputError, read_document
from fazhi.model.report import segment

TEXT = "某市法治政府建设报告\n一、工作情况\n“引号”与\"直引号\"、'单'引号;\u3000全角\u3000与\\n<b>&amp;𠮷$text。\n推进数字政府建设。\n"
HEAD, BODY = 1, 2


@pytest.fixture(scope="module")
def tagger():
    return load_tagger("linear")


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "甲.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def project(server, request):
    """Make a project of the test's own, for two people a paragraph."""
    title = request.node.name[:40]
    done = server.annotate("create", title, "--double", 2)
    assert done.exit_code == 0, (done.output, done.exception)
    return server.studio.project(title)


def tasks_by_index(server, project):
    export = server.studio.export(project)
    return {task["data"]["index"]: task for task in export.tasks}


def test_reports_go_in_once_and_answers_come_back_word_for_word(server, project, report, tagger, scheme, tmp_path):
    paragraphs = segment(read_document(report)).paragraphs
    to_push = ("push", report, "--project", project.id, "--bundle", "linear", "--round", 3)
    dry = server.annotate(*to_push, "--dry-run")
    assert "paragraphs to add: 4\n" in dry.stdout
    assert server.studio.project(str(project.id)).tasks == 0
    assert "paragraphs to add: 4\n" in server.annotate(*to_push).stdout
    again = server.annotate(*to_push)
    assert again.exit_code == 0
    assert "paragraphs to add: 0\n" in again.stdout
    assert "there already, nothing to do: 4\n" in again.stdout
    shown = server.studio.project(str(project.id))
    assert (shown.tasks, shown.model_version) == (4, tagger.bundle.label)

    tasks = tasks_by_index(server, project)
    expected = {each.paragraph.index: each for each in tagger.tag(report).paragraphs}
    for index, task in tasks.items():
        (number,) = task["predictions"]
        said = server.call("GET", f"/api/predictions/{number}/").json()
        assert chosen(said["result"], "section") == [expected[index].section]
        assert chosen(said["result"], "themes") == list(expected[index].themes)

    second = server.sign_up("li@example.org")
    for index, task in tasks.items():
        section = "heading" if index == HEAD else "work"
        server.answer(task["id"], section, "digital")
        server.answer(task["id"], section, "digital", "publicity", token=second)
    out = tmp_path / "examples.jsonl"
    pulled = server.annotate("pull", "--project", project.id, "-o", out)
    assert (pulled.exit_code, pulled.stderr) == (0, "")
    assert "answered: 4\n" in pulled.stdout
    votes = read_examples(out, scheme)
    assert [each.text for each in votes[::2]] == [each.text for each in paragraphs]
    assert [each.path for each in votes[::2]] == [each.path for each in paragraphs]
    assert {(each.annotator, each.themes) for each in votes} == {
        ("fazhi@localhost.local", ("digital",)),
        ("li@example.org", ("digital", "publicity")),
    }
    assert {(each.round, each.kind, each.source) for each in votes} == {(3, "vote", "label-studio")}


def test_breaks_and_blanks_of_every_kind_survive(server, project, tagger, report):
    tasks, _ = cut_tasks(Cut((report,), Filter()), tagger)
    body = tasks[BODY].body
    hard = '一\n二\r\n三\u3000\u2028四\t“五”\\" 😀\u200b 六 '
    server.studio.add_tasks(project, [{**body, "data": {**body["data"], "text": hard}}])
    (task,) = server.studio.export(project).tasks
    assert task["data"]["text"] == hard
    assert task["meta"] == body["meta"]


def test_answers_of_an_older_cut_are_not_asked_for_again(server, project, report, tagger, tmp_path, scheme):
    """The older cut had two paragraphs, title with heading and both of the body; neither was answered with a theme."""
    tasks, _ = cut_tasks(Cut((report,), Filter()), tagger)
    text, sha256 = read_document(report).text, tasks[0].meta["sha256"]
    for first, last in ((0, HEAD), (BODY, BODY + 1)):
        start, end = tasks[first].meta["start"], tasks[last].meta["end"]
        data = {**tasks[first].data, "text": text[start:end], "uid": uid_of(sha256, start, end)}
        meta = {**tasks[first].meta, "end": end, "segmenter": "older"}
        server.studio.add_tasks(project, [{"data": data, "meta": meta, "predictions": []}])
    for index, task in tasks_by_index(server, project).items():
        server.answer(task["id"], "work" if index == BODY else "title")
    to_push = ("push", report, "--project", project.id, "--bundle", "linear")
    pushed = server.annotate(*to_push)
    assert "paragraphs to add: 1\n" in pushed.stdout
    assert "not asked again; after pulling: fazhi annotate remap: 3\n" in pushed.stdout
    who = f"{report} paragraph {HEAD}, fazhi@localhost.local"
    assert pushed.stderr == f"fazhi: warning asked again: {who}: is a heading now, and was answered as title\n"
    assert "there already, nothing to do: 1\n" in server.annotate(*to_push).stdout
    pulled = server.annotate("pull", "--project", project.id, "-o", tmp_path / "e.jsonl")
    assert "votes of an older cut, see fazhi annotate remap: 2\n" in pulled.stdout
    to_remap = ["remap", tmp_path / "e.jsonl", "--reports", report, "-o", tmp_path / "new.jsonl"]
    CliRunner().invoke(app, [*map(str, to_remap)])
    found = [(each.index, each.section) for each in read_examples(tmp_path / "new.jsonl", scheme)]
    assert found == [(0, "title"), (BODY, "work"), (BODY + 1, "work")]


def test_another_bundle_adds_its_suggestions_to_the_same_tasks(server, project, tagger, report):
    studio = server.studio
    run_push(studio, str(project.id), Cut((report,), Filter()), tagger, dry_run=False)
    tasks, _ = cut_tasks(Cut((report,), Filter()), tagger)
    other = [type(task)(task.data, task.meta, {**task.prediction, "model_version": "other@2"}) for task in tasks]
    pushing.push(studio, studio.project(str(project.id)), other, lambda _: None)
    inventory = studio.inventory(project)
    assert (len(inventory.tasks), inventory.doubled) == (4, ())
    assert sorted(bundle for _, bundle in inventory.suggestions) == sorted([tagger.bundle.label] * 4 + ["other@2"] * 4)
    assert studio.project(str(project.id)).model_version == "other@2"


def test_skipped_paragraphs_and_deleted_answers_are_seen(server, project, report, tmp_path):
    server.annotate("push", report, "--project", project.id, "--bundle", "linear")
    tasks, out = tasks_by_index(server, project), tmp_path / "examples.jsonl"
    first = server.answer(tasks[BODY]["id"], "work", "digital")
    server.answer(tasks[HEAD]["id"], "heading", skipped=True)
    pulled = server.annotate("pull", "--project", project.id, "-o", out)
    assert "votes: 1\n" in pulled.stdout
    assert "skipped: 1\n" in pulled.stdout
    server.call("DELETE", f"/api/annotations/{first}/")
    again = server.annotate("pull", "--project", project.id, "-o", out)
    assert f"gone: {report}, paragraph {BODY}, fazhi@localhost.local\n" in again.stderr
    assert "new 0, 改动 changed 0, 消失 gone 1" in again.stdout
    (kept,) = tmp_path.glob("examples.export.2*.json")
    assert [
        each["id"] for task in read_export(kept).tasks for each in task["annotations"] if not each["was_cancelled"]
    ] == [first]
    assert out.read_text(encoding="utf-8") == ""
    assert "is the export of" in str(server.annotate("pull", "--project", other_project(server), "-o", out).exception)


def other_project(server):
    server.annotate("create", "另一个项目")
    return "另一个项目"


def test_an_interface_changed_by_hand_is_seen_and_its_answers_are_not_orphaned(
    server, project, report, scheme, tmp_path
):
    server.annotate("push", report, "--project", project.id, "--bundle", "linear")
    theirs = interface_of(scheme).replace('alias="digital"', 'alias="novel"')
    server.call("PATCH", f"/api/projects/{project.id}/", json={"label_config": theirs})
    task = tasks_by_index(server, project)[BODY]["id"]
    answer = server.answer(task, "work", "novel")
    refused = server.annotate("push", report, "--project", project.id, "--bundle", "linear").exception
    assert "themes lacks digital; themes offers novel, which the scheme does not know — fazhi annotate update" in str(
        refused
    )
    pulled = server.annotate("pull", "--project", project.id, "-o", tmp_path / "a.jsonl")
    assert pulled.exit_code == 1
    assert (
        f"task {task} ({project.url}/data?task={task}): has labels that the scheme does not know: novel"
        in pulled.stderr
    )
    assert "warning interface: themes lacks digital" in pulled.stderr
    update = ("update", "--project", project.id)
    assert f"would lose answers: themes=novel in 1 tasks ({task})" in str(server.annotate(*update).exception)
    server.call("DELETE", f"/api/annotations/{answer}/")
    assert "已更新 updated" in server.annotate(*update).stdout
    assert "无需更新 nothing to change" in server.annotate(*update).stdout


def test_a_personal_access_token_works_from_a_file_of_ones_own(server, project, tmp_path):
    made = server.call("POST", "/api/token/").json()["token"]
    file = tmp_path / "token"
    file.write_text(made + "\n", encoding="utf-8")
    file.chmod(0o600)
    done = server.annotate("update", "--project", project.title, "--url", server.url, "--token-file", file)
    assert (done.exit_code, done.stdout) == (0, f"无需更新 nothing to change: {project.url}\n")


@pytest.mark.parametrize(
    "token", ["0" * 40, "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjQ5MDAwMDAwMDB9.AAAA", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA"]
)
def test_a_wrong_token_is_one_line_without_the_token(server, token):
    with pytest.raises(
        InputError, match=r"^http://127\.0\.0\.1:\d+: refuses the token \(.* — copy a token from"
    ) as caught:
        connect(server.url, token)
    assert token not in str(caught.value)


def test_what_is_not_there_is_named(server, project):
    assert "has no projects called '没有'" in str(server.annotate("update", "--project", "没有").exception)
    server.call("DELETE", f"/api/projects/{project.id}/")
    gone = server.annotate("update", "--project", project.id).exception
    assert str(gone) == f"{server.url}: has no project {project.id} — check the project; it may have been deleted"
    with pytest.raises(InputError, match=f"has no project {project.id} any more"):
        server.studio.add_tasks(project, [{"data": {"text": "一"}, "predictions": []}])
    again = server.annotate("create", "同名项目"), server.annotate("create", "同名项目")
    assert [each.exit_code for each in again] == [0, 1]
    assert "has a project called '同名项目' already" in str(again[1].exception)


def test_the_folder_keeps_its_secrets(server, label_studio):
    command = Path(f"/proc/{server.process.pid}/cmdline").read_text(encoding="utf-8")
    secrets = server.home.secrets()
    assert not [name for name, value in secrets.items() if value in command]
    for name in (*secrets, "studio.log"):
        assert stat.S_IMODE((server.home.folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(server.home.folder.stat().st_mode) == 0o700
    port = int(server.url.rsplit(":", 1)[1])
    with pytest.raises(InputError, match="has a server at .* already"), serving(server.home, label_studio, 0):
        pass
    elsewhere = Home(server.home.folder.parent / "elsewhere")
    with pytest.raises(InputError, match=f"port {port}: is taken"), serving(elsewhere, label_studio, port):
        pass


def test_the_demo_is_one_command_and_leaves_nothing_running(label_studio, root, tmp_path):
    home = Home(tmp_path / "home")
    command = [
        sys.executable,
        "-c",
        "from fazhi.annotation.cli import app; app()",
        "demo",
        "--no-browser",
        "--port",
        "0",
    ]
    command += ["--home", home.folder, "--program", label_studio, "--bundle", "linear"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True, encoding="utf-8") as running:
        try:
            said = list(itertools.takewhile(lambda line: not line.startswith("Ctrl-C"), running.stdout))
            url, secrets = home.running_url(), home.secrets()
            with connect(url, secrets["token"]) as studio:
                tasks = studio.project("法治报告试标").tasks
        finally:
            running.terminate()
            ended = running.wait(30)
    assert (tasks, ended) == (293, 128 + signal.SIGTERM)
    assert f"就绪 ready: {url}\n" in said
    assert f"密码 password: {secrets['password']}\n" in said
    assert secrets["token"] not in "".join(said)
    with pytest.raises(UnreachableError):
        connect(url, secrets["token"])


def test_a_server_killed_in_the_middle_of_a_push_and_of_a_pull(
    label_studio, tagger, root, scheme, tmp_path, monkeypatch
):
    monkeypatch.setattr(pushing, "_PAUSES", ())
    monkeypatch.setattr(pushing, "_AT_ONCE", 60)
    home, out = Home(tmp_path / "home"), tmp_path / "examples.jsonl"
    tasks, _ = cut_tasks(Cut((root / "seeds" / "reports",), Filter()), tagger)
    wanted = sorted(task.uid for task in tasks)
    with serving(home, label_studio, 0) as started, connect(started.url, home.secrets()["token"]) as studio:
        project = studio.create("断电试验", interface_of(scheme), 1, "sequential")

        told = []

        def kill_in_the_next_request(done):
            told.append(done)
            if told == [0, 60, 60]:  # nothing was there, two requests arrived
                threading.Timer(0.05, started.process.kill).start()

        with pytest.raises(UnreachableError):
            pushing.push(studio, project, tasks, kill_in_the_next_request)
    with serving(home, label_studio, 0) as started, connect(started.url, home.secrets()["token"]) as studio:
        project = studio.project("断电试验")
        before = studio.inventory(project)
        assert 120 <= len(before.tasks) < len(wanted)
        pushing.push(studio, project, tasks, lambda _: None)
        after = studio.inventory(project)
        assert sorted(after.tasks) == wanted
        assert len(after.suggestions) == len(wanted)
        assert (after.doubled, after.foreign) == ((), 0)
        threading.Timer(0.05, started.process.kill).start()
        with pytest.raises(UnreachableError):
            run_pull(studio, project, out, scheme)
        assert list(tmp_path.glob("examples*")) == []
