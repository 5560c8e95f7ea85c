"""Three rounds with a real Label Studio, each command killed once and repeated twice; people answer as examples do."""

import json
import shutil
import signal

import numpy as np
import pytest
from dying_process import real, run
from round_material import contents
from sklearn.metrics import f1_score

from fazhi.annotation.rounds.folder import ANSWERS, BUNDLE, REPORT, folder_of, rounds_in
from fazhi.annotation.rounds.learned import questions_of
from fazhi.model import load_tagger
from fazhi.model.bundle import read_manifest
from fazhi.model.labels import read_examples, trainable, uid_of

PROJECT, AGAIN = "三轮试标", "三轮复答"
ROUNDS, SIZE, DOCUMENTS = 3, 100, 24
DEATHS = {"start": (7, 0, 3), "push": (7, 11, 15), "pull": (5, 9, 13), "train": (0, 2, 3), "close": (1, 2, 5)}
"""At which of its moments, before and after each request and each write, a command is killed in each round."""


@pytest.fixture(scope="module")
def answers(root, scheme):
    """What the written examples say, by uid."""
    files = [root / "seeds" / "written" / name for name in ("examples.jsonl", "verdicts.jsonl")]
    return {each.uid: each for each in trainable([each for file in files for each in read_examples(file, scheme)])}


@pytest.fixture
def pool(root, tmp_path):
    folder = tmp_path / "reports"
    folder.mkdir()
    for path in sorted((root / "seeds" / "written" / "documents").glob("*.txt"))[:DOCUMENTS]:
        shutil.copy(path, folder)
    return folder


@pytest.fixture
def command(server, tmp_path):
    """Kill a command, run it, run it again; the last changes nothing, neither in the folder nor on the server."""
    rounds = tmp_path / "rounds"

    def standing():
        """Return the folder's files, exports aside, which say when they were pulled, and the server's tasks."""
        projects = [server.studio.project(title) for title in (PROJECT, AGAIN)]
        tasks = [server.studio.inventory(project).tasks for project in projects]
        return {name: text for name, text in contents(rounds).items() if not name.endswith(".export.json")}, tasks

    def repeated(number, *words):
        home = ("--home", server.home.folder) if words[0] in {"push", "pull"} else ()
        words = [*words, "--rounds", rounds, *home]
        assert run(words, real, at=DEATHS[words[0]][number]) == -signal.SIGKILL
        assert run(words, real) == 0
        before = standing()
        assert run(words, real) == 0
        assert standing() == before, words

    return rounds, repeated


def answer(server, title, answers, token=""):
    """Answer what nobody has answered in a project."""
    for task in server.studio.export(server.studio.project(title)).tasks:
        if not task["annotations"]:
            said = answers[task["data"]["uid"]]
            server.answer(task["id"], said.section, *said.themes, token=token)


def test_three_rounds_teach_more_and_more_and_ask_nothing_twice(server, command, pool, answers, scheme):
    rounds, repeated = command
    for title in (PROJECT, AGAIN):
        server.annotate("create", title)
    second = server.sign_up("three-rounds@example.org")
    for number in range(ROUNDS):
        suggested_by = ("--bundle", "linear") if number == 0 else ()
        repeated(number, "start", "--size", SIZE, *suggested_by, *(("--pool", pool) if number == 0 else ()))
        repeated(number, "push", "--project", PROJECT, "--again", AGAIN)
        answer(server, PROJECT, answers)
        answer(server, AGAIN, answers, second)
        for step in ("pull", "train", "close"):
            repeated(number, step)
    begun = rounds_in(rounds)
    assert [each.state for each in begun] == ["closed"] * ROUNDS
    check_questions(server, rounds, begun)
    check_learning(rounds, begun, answers, scheme)
    asked = {each.uid for each in questions_of(rounds, begun)}
    first, *_, last = (macro_f1(folder_of(rounds, each.number) / BUNDLE, pool, answers, asked) for each in begun)
    assert last > first, (first, last)


def macro_f1(bundle, pool, answers, asked):
    """Return how well a round's bundle gives the themes of the pool's paragraphs that nobody was asked about."""
    tagger = load_tagger(bundle)
    given = {
        uid_of(report.sha256, each.paragraph.start, each.paragraph.end): each.themes
        for report in map(tagger.tag, sorted(pool.iterdir()))
        for each in report.paragraphs
    }
    left = sorted(given.keys() & answers.keys() - asked)
    assert len(left) > SIZE
    ids = tagger.bundle.scheme.theme_ids
    truth, found = (
        np.array([[theme in themes for theme in ids] for themes in side])
        for side in ([answers[uid].themes for uid in left], [given[uid] for uid in left])
    )
    return f1_score(truth, found, average="macro")


def check_questions(server, rounds, begun):
    """Each paragraph was asked once, and stands once in each project that it was to stand in."""
    asked = questions_of(rounds, begun)
    assert len({each.uid for each in asked}) == len(asked) == ROUNDS * SIZE
    for title, wanted in ((PROJECT, asked), (AGAIN, [each for each in asked if each.twice])):
        tasks = server.studio.export(server.studio.project(title)).tasks
        assert sorted(task["data"]["uid"] for task in tasks) == sorted(each.uid for each in wanted)


def check_learning(rounds, begun, answers, scheme):
    """Answers are those that were given, those of audits are not learned from, and the curve rises."""
    fifth = SIZE // 5
    for round_ in begun:
        folder = folder_of(rounds, round_.number)
        votes = read_examples(folder / ANSWERS, scheme)
        assert len(votes) == SIZE + SIZE // 10
        assert all(
            (each.section, each.themes) == (answers[each.uid].section, answers[each.uid].themes) for each in votes
        )
        trained = read_manifest(folder / BUNDLE)
        assert (round_.trained, trained.version) == (trained.label, f"0.{round_.number}.0")
    report = json.loads((folder_of(rounds, ROUNDS - 1) / REPORT).read_text(encoding="utf-8"))
    assert [each["paragraphs"] for each in report["curve"]] == [(SIZE - fifth) * (each + 1) for each in range(ROUNDS)]
    assert all(0 < each["left_out"]["macro_f1"] < 1 for each in report["curve"])
    assert report["agreement"] == {"twice": 30, "same_themes": 30, "same_section": 30}
    assert report["audit"]["paragraphs"] == ROUNDS * fifth
    assert report["forecast"]["one_point"] is not None
