"""What a push has to send, and which answers an interface would orphan: worked out by hand."""

import pytest
from studio_exports import answer, item

from fazhi.annotation.interface import interface_of
from fazhi.annotation.plan import difference_of, inventory_of, plan_of
from fazhi.annotation.tasks import Task
from fazhi.annotation.update import orphans
from fazhi.model.report import SEGMENTER_VERSION


def task(uid, *themes, document="d1"):
    result = [item("section", "work"), *([item("themes", *themes)] if themes else [])]
    return Task({"uid": uid}, {"sha256": document}, {"model_version": "m@2", "result": result})


def listed(number, uid, document="d1"):
    return number, {"uid": uid}, {"sha256": document}


def said(number, bundle, *themes):
    return number, bundle, task("", *themes).prediction["result"]


def test_only_what_is_missing_is_sent():
    """Six tasks wanted, one twice: a, b new; c lacks this bundle's suggestion; d has it; e has another of its name."""
    wanted = [task(uid, "digital") for uid in "abacde"]
    inventory = inventory_of(
        [listed(1, "c"), listed(2, "d"), listed(3, "e"), listed(4, "x"), listed(5, "y", "d2"), listed(6, "d"), (7, {"text": "t"}, None), (8, None, {})],
        [said(1, "m@1", "digital"), said(2, "m@2", "digital"), said(3, "m@2", "digital", "capacity"), (None, "m@2", [])],
    )  # fmt: skip
    plan = plan_of(wanted, inventory)
    assert [each.uid for each in plan.new] == ["a", "b"]
    assert [(number, each.uid) for number, each in plan.suggest] == [(1, "c")]
    assert (plan.known, plan.stale, plan.uncut, plan.doubled, plan.foreign, plan.size) == (2, 1, 1, (6,), 2, 3)
    assert difference_of(plan).split("\n")[:3] == [
        "新段落 · paragraphs to add: 2",
        "补机器建议 · suggestions to add to paragraphs that are there: 1",
        "已在 · there already, nothing to do: 2",
    ]
    assert len(difference_of(plan).split("\n")) == 7


def test_an_empty_project_gets_everything_and_says_no_more():
    plan = plan_of([task("a")], inventory_of([], []))
    assert (plan.size, plan.known) == (1, 0)
    assert len(difference_of(plan).split("\n")) == 3


def test_tasks_whose_competing_answers_changed_are_renewed():
    """Of four paragraphs a shows what it should, b lacks the third answer, c shows none yet, d is to show none."""
    shown = {"answer_a": "工作情况\n无主题", "answer_b": "计划安排\n无主题"}
    now = {**shown, "answer_c": "存在问题\n无主题"}
    wanted = [
        Task({"uid": uid, **answers}, {"sha256": "d1"})
        for uid, answers in (("a", shown), ("b", now), ("c", now), ("d", {}))
    ]
    there = [
        (number, {"uid": uid, **answers}, {"sha256": "d1"})
        for number, uid, answers in ((1, "a", shown), (2, "b", shown), (3, "c", {}), (4, "d", {}))
    ]
    plan = plan_of(wanted, inventory_of(there, []))
    assert [(number, each.uid) for number, each in plan.renew] == [(2, "b"), (3, "c")]
    assert (plan.size, plan.known) == (2, 4)
    assert "更新相争的答案 · tasks whose competing answers change: 2" in difference_of(plan)


def test_documents_with_tasks_of_another_cut_are_seen():
    listing = [
        (1, {"uid": "a"}, {"sha256": "d1", "segmenter": SEGMENTER_VERSION}),
        (2, {"uid": "b"}, {"sha256": "d2", "segmenter": "older"}),
    ]
    assert inventory_of([*listing, (3, {"uid": "c"}, None)], []).recut == {"d2"}


@pytest.mark.parametrize("result", [None, {}, ["x"], [{"from_name": "themes", "value": 3}]])
def test_a_suggestion_that_cannot_be_read_is_another_one(result):
    plan = plan_of([task("a")], inventory_of([listed(1, "a")], [(1, "m@2", result)]))
    assert (plan.known, plan.stale) == (1, 1)


def test_answers_that_an_interface_would_orphan(scheme):
    rating = {"from_name": "stars", "type": "rating", "value": {"rating": 3}}
    note = {"from_name": "note", "type": "textarea", "value": {"text": ["难"]}}
    tasks = [
        {"id": 4, "annotations": [answer(1, 1, item("section", "work"), item("themes", "novel", "digital"), note)]},
        {"id": 9, "annotations": [answer(2, 1, item("themes", "novel"), was_cancelled=True), answer(3, 2, rating)]},
        {"id": 10, "annotations": [], "drafts": [{"result": [item("section", "old")]}, {"result": None}, 3]},
    ]
    assert orphans(tasks, interface_of(scheme)) == {"themes=novel": (4, 9), "stars": (9,), "section=old": (10,)}
