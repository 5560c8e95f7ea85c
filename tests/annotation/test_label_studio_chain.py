"""The whole chain with a real Label Studio: two people's answers train a bundle whose suggestions come back to them."""

import dataclasses
import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from fazhi.annotation.cli import app
from fazhi.annotation.interface import answers_shown
from fazhi.annotation.review import EARLIER
from fazhi.annotation.suggested import chosen
from fazhi.model import load_tagger
from fazhi.model.labels import read_examples, trainable, write_examples

ANSWERS = (  # paragraph by paragraph: text, section, themes of the first person, themes of the second
    ("某市法治政府建设年度报告", "title", (), ()),
    ("一、工作情况", "heading", (), ()),
    ("建成数字政府平台,网上办理事项120项。", "work", ("digital",), ("digital",)),
    ("开展普法宣传和行政执法检查,查办案件30件。", "work", ("enforcement", "publicity"), ("enforcement",)),
    ("修订规章3件,清理规范性文件。", "work", (), ("capacity",)),
    ("二、下一步打算", "heading", (), ()),
    ("加强执法人员培训。", "plan", ("capacity",), ("capacity",)),
)
DISPUTED = (3, 4)


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "乙.txt"
    path.write_text("\n".join(text for text, *_ in ANSWERS) + "\n", encoding="utf-8")
    return path


def answered(server, report, title, second):
    """Create, push, and let two people answer; return the tasks by their paragraphs."""
    server.annotate("create", title, "--double", 2)
    server.annotate("push", report, "--project", title, "--bundle", "linear")
    export = server.studio.export(server.studio.project(title))
    tasks = {task["data"]["index"]: task["id"] for task in export.tasks}
    assert sorted(tasks) == list(range(len(ANSWERS)))
    for index, (_, section, mine, theirs) in enumerate(ANSWERS):
        server.answer(tasks[index], section, *mine)
        server.answer(tasks[index], section, *theirs, token=second)
    return tasks


def train(root, scheme, tmp_path, *files):
    """Fit the linear bundle on these files and on the real reports, which give every theme its paragraphs."""
    shipped = (root / "training" / "linear.toml").read_text(encoding="utf-8")
    settings = tmp_path / "tiny.toml"
    settings.write_text(shipped.replace("folds = 5", "folds = 2"), encoding="utf-8")
    gold = read_examples(root / "seeds" / "gold.jsonl", scheme)
    write_examples(tmp_path / "gold.jsonl", [dataclasses.replace(each, source="label-studio") for each in gold])
    command = [sys.executable, "-c", "from fazhi.training.cli import app; app()", "linear", *files]
    command += [tmp_path / "gold.jsonl", "--out", tmp_path / "bundle", "--version", "9.9.9", "--settings", settings]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return tmp_path / "bundle"


def test_answers_of_two_people_train_a_bundle_whose_suggestions_are_shown(server, report, root, scheme, tmp_path):
    tasks = answered(server, report, "全程试验", server.sign_up("chain@example.org"))
    examples, verdicts = tmp_path / "examples.jsonl", tmp_path / "verdicts.jsonl"
    assert f"votes: {2 * len(ANSWERS)}\n" in server.annotate("pull", "--project", "全程试验", "-o", examples).stdout

    agreed = run(
        "agree", examples, "--json", tmp_path / "agree.json", "--resamples", 0, "--review", tmp_path / "r.jsonl"
    )
    assert agreed.exit_code == 0, agreed.output
    figures = json.loads((tmp_path / "agree.json").read_text(encoding="utf-8"))
    assert (figures["paragraphs"], figures["identical"]) == (len(ANSWERS), len(ANSWERS) - len(DISPUTED))
    assert tuple(each["index"] for each in figures["disputed"]) == DISPUTED
    assert tuple(dict.fromkeys(each.index for each in read_examples(tmp_path / "r.jsonl", scheme))) == DISPUTED

    to_settle = ("adjudicate", examples, "-o", verdicts, "--project", "全程终裁")
    first = server.annotate(*to_settle)
    assert first.exit_code == 0, (first.output, first.exception)
    assert "paragraphs to add: 2\n" in first.stdout
    assert "there already, nothing to do: 2\n" in server.annotate(*to_settle).stdout
    settling = server.studio.project("全程终裁")
    assert answers_shown(settling.config) == 2
    shown = {task["data"]["index"]: task for task in server.studio.export(settling).tasks}
    assert tuple(sorted(shown)) == DISPUTED
    assert [shown[4]["data"][f"answer_{letter}"] for letter in "abc"] == [
        "工作情况\n无主题", "工作情况\n" + next(each.zh for each in scheme.themes if each.id == "capacity"), "—",
    ]  # fmt: skip
    assert "chain@example.org" not in json.dumps([task["data"] for task in shown.values()])
    server.answer(shown[3]["id"], "work", "enforcement", "publicity")
    server.answer(shown[4]["id"], "work")
    pulled = server.annotate(*to_settle, "--pull")
    assert (pulled.exit_code, pulled.stderr) == (0, "")
    settled = {each.index: each for each in read_examples(verdicts, scheme)}
    assert [settled[index].annotator for index in (2, 3, 4)] == ["unanimous", *["fazhi@localhost.local"] * 2]
    both = trainable([*read_examples(examples, scheme), *settled.values()])
    assert [(each.section, each.themes) for each in sorted(both, key=lambda each: each.index)] == [
        (section, themes) for _, section, themes, _ in ANSWERS
    ]
    assert "does not know" not in pulled.output

    tagger = load_tagger(str(train(root, scheme, tmp_path, examples, verdicts)))
    again = server.annotate("push", report, "--project", "全程试验", "--bundle", tmp_path / "bundle")
    assert f"suggestions to add to paragraphs that are there: {len(ANSWERS)}\n" in again.stdout
    project = server.studio.project("全程试验")
    assert (project.model_version, project.tasks) == ("fazhi-linear@9.9.9", len(ANSWERS))
    for each in tagger.tag(report).paragraphs:
        listed = server.call("GET", f"/api/predictions/?task={tasks[each.paragraph.index]}").json()
        (said,) = [one for one in listed if one["model_version"] == "fazhi-linear@9.9.9"]
        assert (chosen(said["result"], "section"), chosen(said["result"], "themes")) == (
            [each.section],
            list(each.themes),
        )


def test_listed_paragraphs_are_reviewed_in_a_project_of_their_own(server, report, scheme, tmp_path):
    answered(server, report, "复核之前", server.sign_up("review@example.org"))
    examples, verdicts = tmp_path / "examples.jsonl", tmp_path / "verdicts.jsonl"
    server.annotate("pull", "--project", "复核之前", "-o", examples)
    listed = [each for each in read_examples(examples, scheme) if each.index in {2, 3}]
    write_examples(tmp_path / "review.jsonl", listed)
    pushed = server.annotate("review", tmp_path / "review.jsonl", "--project", "复核项目")
    assert "paragraphs to add: 2\n" in pushed.stdout
    project = server.studio.project("复核项目")
    assert project.model_version == EARLIER
    agreed, differing = sorted(server.studio.export(project).tasks, key=lambda task: task["data"]["index"])
    (number,) = agreed["predictions"]
    assert chosen(server.call("GET", f"/api/predictions/{number}/").json()["result"], "themes") == ["digital"]
    assert differing["predictions"] == []
    server.answer(agreed["id"], "work", "digital", "capacity")
    done = server.annotate("adjudicate", examples, "-o", verdicts, "--project", "复核项目", "--pull")
    assert done.exit_code == 0, (done.output, done.exception)
    settled = {each.index: (each.annotator, each.themes) for each in read_examples(verdicts, scheme)}
    assert settled[2] == ("fazhi@localhost.local", ("digital", "capacity"))
    assert settled.keys() == {0, 1, 2, 5, 6}
    other = ("adjudicate", examples, "-o", tmp_path / "w.jsonl", "--project", "复核之前")
    wrong = server.annotate(*other, "--pull")
    assert "holds paragraphs that were not put there to be settled (7, task" in str(wrong.exception)
    assert list(tmp_path.glob("w.*")) == []
    wrong = server.annotate(*other)
    assert "shows no competing answers — give the title of a project that is not there yet" in str(wrong.exception)
