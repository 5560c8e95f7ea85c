"""Questions go out, answers come home, a round is closed: against a server in memory, killed at every request and write."""

import json
from dataclasses import replace

import numpy as np
import pytest
from answered import answered
from fake_studio import FakeStudio
from round_material import SCHEME, Killed, begun, contents, killed_everywhere, started

from fazhi.annotation.rounds import learn
from fazhi.annotation.rounds.close import close_round
from fazhi.annotation.rounds.collect import complaints_of, pull_round, summary_of
from fazhi.annotation.rounds.folder import ANSWERS, REPORT, TASKS, TRAINING, rounds_in
from fazhi.annotation.rounds.honest import Score, audit_score, macro_f1
from fazhi.annotation.rounds.learn import Recipe, train_round
from fazhi.annotation.rounds.learned import questions_of
from fazhi.annotation.rounds.report import agreement_of
from fazhi.annotation.rounds.send import push_round
from fazhi.model import load_tagger
from fazhi.model.labels import read_examples, uid_of, write_examples
from fazhi.model.reading import InputError

BOTH = ("试标", "复答")


@pytest.fixture(scope="session")
def tagger():
    return load_tagger("linear")


@pytest.fixture
def rounds(tmp_path, tagger):
    """One round of four questions: one an audit, one asked twice."""
    begun(tmp_path / "rounds")
    started(tmp_path / "rounds", tagger)
    return tmp_path / "rounds"


def asked(rounds):
    return questions_of(rounds, rounds_in(rounds))


def state(rounds):
    return rounds_in(rounds)[-1].state


def answered_round(rounds, *themes):
    studio = FakeStudio(*BOTH)
    push_round(rounds, studio, BOTH, SCHEME)
    studio.answer(1, 1, *themes)
    studio.answer(2, 2, *themes)
    assert pull_round(rounds, studio, SCHEME, enough=False).missing == {}
    return studio


def test_questions_go_out_in_their_order_and_a_share_twice(rounds):
    studio = FakeStudio(*BOTH)
    round_ = push_round(rounds, studio, BOTH, SCHEME)
    assert (round_.state, round_.projects) == ("pushed", ("http://ls/projects/1", "http://ls/projects/2"))
    questions = asked(rounds)
    assert studio.uids(1) == [each.uid for each in questions]
    assert studio.uids(2) == [each.uid for each in questions if each.twice]
    assert studio.shown == {1: round_.suggested, 2: round_.suggested}
    numbers = json.loads((rounds / "000" / TASKS).read_text(encoding="utf-8"))
    assert list(numbers[round_.projects[0]].values()) == [100, 101, 102, 103]
    before = contents(rounds)
    assert push_round(rounds, studio, BOTH, SCHEME) == round_
    assert (contents(rounds), len(studio.tasks[1]), len(studio.tasks[2])) == (before, 4, 1)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (BOTH[:1], "--again: names no project for what is asked twice — fazhi annotate create"),
        (("试标", "1"), "--again: is the project itself — name another"),
    ],
)
def test_what_is_asked_twice_needs_a_project_of_its_own(rounds, wanted, said):
    with pytest.raises(InputError, match=said):
        push_round(rounds, FakeStudio(*BOTH), wanted, SCHEME)
    assert state(rounds) == "selected"


def test_a_round_is_pushed_to_one_place(rounds):
    push_round(rounds, FakeStudio(*BOTH), BOTH, SCHEME)
    with pytest.raises(InputError, match="was pushed to http://ls/projects/1, http://ls/projects/2 — push it there"):
        push_round(rounds, FakeStudio("甲", *BOTH), BOTH, SCHEME)
    other = FakeStudio(*BOTH)
    other.url = "http://elsewhere"
    with pytest.raises(InputError, match="is not where the round was pushed: http://ls — give --url http://ls"):
        pull_round(rounds, other, SCHEME, enough=False)


def test_a_round_waits_for_every_answer(rounds):
    """Four questions and one asked twice are five answers: nobody, then four, then one person again, then the second."""
    studio = FakeStudio(*BOTH)
    with pytest.raises(InputError, match="is selected, not yet pushed — fazhi round push first"):
        pull_round(rounds, studio, SCHEME, enough=False)
    push_round(rounds, studio, BOTH, SCHEME)
    with pytest.raises(InputError, match="has no answer yet"):
        pull_round(rounds, studio, SCHEME, enough=False)
    studio.answer(1, 1)
    (twice,) = studio.uids(2)
    assert pull_round(rounds, studio, SCHEME, enough=False).missing == {twice: 1}
    studio.answer(2, 1)
    waiting = pull_round(rounds, studio, SCHEME, enough=False)
    assert (waiting.missing, waiting.round.state) == ({twice: 1}, "pushed")
    assert "缺答案 · answers missing: 1 (1 段 paragraphs)" in summary_of(waiting)
    with pytest.raises(InputError, match="is pushed, not yet answered — fazhi round pull first"):
        train_round(rounds, SCHEME, Recipe())
    assert pull_round(rounds, studio, SCHEME, enough=True).round.state == "answered"
    assert pull_round(rounds, studio, SCHEME, enough=False).round.state == "pushed"
    studio.answer(2, 2)
    assert pull_round(rounds, studio, SCHEME, enough=False).round.state == "answered"
    votes = read_examples(rounds / "000" / ANSWERS, SCHEME)
    assert sorted(each.uid for each in votes) == sorted([*studio.uids(1), twice])


def test_an_answer_never_asked_for_is_named_and_not_taken(rounds):
    studio = answered_round(rounds)
    own = {each.uid for each in read_examples(rounds / "000" / ANSWERS, SCHEME)}
    task = next(each for each in studio.tasks[1] if each["data"]["index"])
    data, meta = task["data"], {**task["meta"], "end": task["meta"]["end"] - 1}
    uid = uid_of(meta["sha256"], meta["start"], meta["end"])
    shorter = {**task, "id": 900, "meta": meta, "data": {**data, "uid": uid, "text": data["text"][:-1]}}
    studio.tasks[1] += [shorter, {**task, "id": 901, "data": {**data, "uid": "f" * 64}}]
    collected = pull_round(rounds, studio, SCHEME, enough=False)
    assert collected.round.state == "answered"
    assert complaints_of(collected) == [
        "task 901 (http://ls/projects/1/data?task=901): uid is not that of its document and span",
        f"甲.txt {data['index']}: 从未问过 was never asked, not taken",
    ]
    assert {each.uid for each in read_examples(rounds / "000" / ANSWERS, SCHEME)} == own


def fake_training(monkeypatch, root, code=0):
    """Let the command be one that copies a bundle, or fails with a code."""
    failing = ("-c", f"import sys; sys.exit({code})")
    script = failing if code else (str(root / "tests" / "fake_training.py"),)
    monkeypatch.setattr(learn, "_FAZHI", (learn.sys.executable, *script))


def test_audits_are_not_trained_on_and_a_closed_round_makes_way(rounds, tagger, monkeypatch, root):
    answered_round(rounds, "digital")
    fake_training(monkeypatch, root)
    with pytest.raises(InputError, match="is answered, not yet trained — fazhi round train first"):
        close_round(rounds, SCHEME, untrained=False)
    assert train_round(rounds, SCHEME, Recipe()).trained == tagger.bundle.label
    learned = {each.uid for each in read_examples(rounds / "000" / TRAINING, SCHEME)}
    assert learned == {each.uid for each in asked(rounds) if not each.audit}
    assert close_round(rounds, SCHEME, untrained=False).state == "closed"
    report = json.loads((rounds / "000" / REPORT).read_text(encoding="utf-8"))
    assert (report["asked"], report["answered"], report["trained_on"]) == (4, 4, 3)
    assert report["agreement"] == {"twice": 1, "same_themes": 1, "same_section": 1}
    assert report["audit"] == {"paragraphs": 1, "fewest": 200, "score": None}
    assert report["advice"]["en"] == "Not yet: 1 paragraphs are audited; an honest score needs 200."
    assert report["left_to_ask"] == 13 - 4
    before = contents(rounds)
    for step in (lambda: train_round(rounds, SCHEME, Recipe()), lambda: close_round(rounds, SCHEME, untrained=False)):
        assert step().state == "closed"
    assert pull_round(rounds, FakeStudio(*BOTH), SCHEME, enough=False).pulled == ()
    assert contents(rounds) == before
    second, new = started(rounds, tagger)
    assert (second.number, new) == (1, True)
    assert len({each.uid for each in asked(rounds)}) == 8


def test_training_that_fails_leaves_the_round_answered(rounds, monkeypatch, root):
    answered_round(rounds)
    fake_training(monkeypatch, root, code=2)
    with pytest.raises(InputError, match=r"training.jsonl: could not be trained on \(exit code 2\) .*--untrained"):
        train_round(rounds, SCHEME, Recipe())
    assert state(rounds) == "answered"
    assert close_round(rounds, SCHEME, untrained=True).state == "closed"
    assert json.loads((rounds / "000" / REPORT).read_text(encoding="utf-8"))["bundle"] is None


def test_the_command_that_trains_says_itself_what_is_wrong(rounds, capfd):
    """The real `fazhi train linear`: four paragraphs of one report are too few."""
    answered_round(rounds)
    with pytest.raises(InputError, match=r"could not be trained on \(exit code 2\)"):
        train_round(rounds, SCHEME, Recipe())
    assert "come from 1 reports — give at least 3" in capfd.readouterr().err


def test_answers_that_differ_wait_for_a_verdict(tmp_path, tagger, monkeypatch, root):
    begun(tmp_path, audit=0.0, twice=1.0)
    started(tmp_path, tagger)
    studio = FakeStudio(*BOTH)
    push_round(tmp_path, studio, BOTH, SCHEME)
    studio.answer(1, 1, "digital")
    studio.answer(2, 2, "publicity")
    pull_round(tmp_path, studio, SCHEME, enough=False)
    fake_training(monkeypatch, root)
    with pytest.raises(InputError, match="conflicting answers for .* — adjudicate them first"):
        train_round(tmp_path, SCHEME, Recipe())
    votes = read_examples(tmp_path / "000" / ANSWERS, SCHEME)
    settled = [replace(each, kind="verdict") for each in votes if each.annotator == "li@example.org"]
    write_examples(tmp_path / "000" / "verdicts.jsonl", settled)
    train_round(tmp_path, SCHEME, Recipe())
    learned = read_examples(tmp_path / "000" / TRAINING, SCHEME)
    assert {each.themes for each in learned if each.section == "work"} == {("publicity",)}


def test_killed_at_any_request_or_write_nothing_is_asked_twice_and_nothing_is_lost(tmp_path, tagger, monkeypatch, root):
    """All steps in one, repeated from the first whenever one dies: push, answers, pull, train, close."""
    fake_training(monkeypatch, root)
    folder = tmp_path / "material"
    begun(folder)
    started(folder, tagger)
    studios = {}

    def make(rounds):
        for name, data in contents(folder).items():
            (rounds / name).parent.mkdir(parents=True, exist_ok=True)
            (rounds / name).write_bytes(data)
        studios[rounds] = FakeStudio(*BOTH)
        return rounds

    def step(rounds):
        studio = studios[rounds]
        push_round(rounds, studio, BOTH, SCHEME)
        if not studio.tasks[1][0]["annotations"]:
            studio.answer(1, 1, "digital")
            studio.answer(2, 2, "digital")
        pull_round(rounds, studio, SCHEME, enough=False)
        train_round(rounds, SCHEME, Recipe())
        close_round(rounds, SCHEME, untrained=False)

    found = killed_everywhere(monkeypatch, make, tmp_path / "writes", step)
    assert all(each == found[0] for each in found)
    requests = studios[tmp_path / "writes" / "whole"].requests
    for at in range(requests):
        for when in ("before", "after"):
            rounds = make(tmp_path / f"{at}-{when}")
            studio = studios[rounds]
            studio.deadly = (at, when)
            with pytest.raises(Killed):
                step(rounds)
            studio.deadly = None
            step(rounds)
            assert contents(rounds) == found[0]
    for studio in studios.values():
        assert [len(studio.tasks[1]), len(studio.tasks[2])] == [4, 1]


def test_two_people_agree_on_themes_in_any_order():
    votes = [
        answered("one", 1, "work", ("digital", "capacity"), "a"),
        answered("one", 1, "plan", ("capacity", "digital"), "b"),
        answered("one", 2, "work", ("digital",), "a"),
        answered("one", 2, "work", (), "b"),
        answered("one", 3, "work", (), "a"),
    ]
    assert agreement_of(votes) == {"twice": 2, "same_themes": 1, "same_section": 1}


def test_macro_f1_counts_themes_that_answers_have():
    """Themes: 2·3 / (2·3 + 1 + 1) = 0.75; 0 of one; none to find and one spurious, left out. Nothing at all: none."""
    counts = np.array([[[3, 0, 0], [1, 0, 1], [1, 1, 0]], np.zeros((3, 3), dtype=int)])
    assert macro_f1(counts).tolist() == pytest.approx([0.375, np.nan], nan_ok=True)


def test_no_figure_before_two_hundred_audited():
    """One report, so that every resample is it: F1 of a theme right in 150 of 200 and missed in 50 is 300/350."""
    answers, documents = np.ones((200, 1), dtype=bool), np.zeros(200, dtype=int)
    tags = np.arange(200)[:, None] < 150
    rng = np.random.default_rng(0)
    assert audit_score(answers[1:], tags[1:], documents[1:], rng) is None
    f1 = 300 / 350
    assert audit_score(answers, tags, documents, rng) == Score(200, *[pytest.approx(f1)] * 3, (pytest.approx(f1),))
