"""Contests as tasks that show competing answers without names, what comes back, and paragraphs to look at again."""

import dataclasses

import pytest
from answered import SCHEME, answered
from lxml import etree
from studio_exports import item
from typer.testing import CliRunner

from fazhi.annotation.adjudication import adjudicate
from fazhi.annotation.cli import app
from fazhi.annotation.interface import ANSWERS, answers_shown, check_interface, interface_of, misfits, offered
from fazhi.annotation.review import EARLIER, push_review, review_tasks
from fazhi.annotation.tasks import paragraph_of
from fazhi.annotation.verdicts import contest_tasks, overruled, settles, verdicts_of
from fazhi.model.labels import example_of, trainable, write_examples
from fazhi.model.reading import InputError

NAMES = ("张", "李", "王", "赵", "钱", "孙", "周", "吴")


def votes(*answers, index=0):
    return [
        dataclasses.replace(answered("one", index, section, themes), annotator=name)
        for name, (section, *given) in zip(NAMES, answers, strict=False)
        for themes in [tuple(given)]
    ]


def shown(*answers):
    (task,) = contest_tasks(adjudicate(votes(*answers), SCHEME).contests, SCHEME)
    return [task.data[name] for name in ANSWERS]


def test_competing_answers_stand_in_scheme_order_without_names_or_counts():
    """plan, given twice, comes after work, and the shorter list of themes first."""
    columns = shown(("plan",), ("work", "streamlining"), ("plan",), ("work",))
    assert columns[:3] == ["工作情况\n无主题", f"工作情况\n{theme('streamlining')}", f"{section('plan')}\n无主题"]
    assert columns[3:] == ["—"] * 3


def theme(id_):
    return next(each.zh for each in SCHEME.themes if each.id == id_)


def section(id_):
    return next(each.zh for each in SCHEME.sections if each.id == id_)


def test_nothing_of_a_task_says_who_voted_or_what_came_out():
    (task,) = contest_tasks(adjudicate(votes(("work", "digital"), ("work",)), SCHEME).contests, SCHEME)
    assert not [name for name in NAMES if name in str(task.body)]
    assert task.body["predictions"] == []
    assert settles(task.body)


def test_more_answers_than_columns_share_the_last():
    sections = ("title", "preamble", "work", "problem", "plan", "closing", "boilerplate")
    columns = shown(*((each,) for each in sections))
    assert columns[:5] == [f"{section(each)}\n无主题" for each in SCHEME.section_ids if each in sections][:5]
    assert columns[5].count("\n无主题") == 2


def test_the_interface_shows_as_many_answers_as_asked_for_and_the_same_choices():
    xml = interface_of(SCHEME, 3)
    check_interface(xml)
    root = etree.fromstring(xml)
    assert [each.get("value") for each in root.iter("Text")] == ["$text", "$answer_a", "$answer_b", "$answer_c"]
    assert (answers_shown(xml), answers_shown(interface_of(SCHEME))) == (3, 0)
    assert misfits(offered(xml, "p"), SCHEME) == []


def test_a_task_brings_the_paragraph_of_its_votes_home():
    one, other = votes(("work", "digital"), ("work",))
    (task,) = contest_tasks(adjudicate([one, other], SCHEME).contests, SCHEME)
    fields = {"section": "work", "themes": [], "kind": "vote", "annotator": "裁", "source": "label-studio"}
    # the texts of these examples are not as long as their spans, as real ones are
    task.data["text"] = "字" * (one.end - one.start)
    back = example_of(paragraph_of(task.body) | fields, SCHEME)
    assert dataclasses.replace(back, text=one.text, annotator=other.annotator) == other


def test_what_somebody_says_becomes_the_verdict_and_two_who_differ_settle_nothing():
    asked = [*votes(("work", "digital"), ("work",)), *votes(("plan",), ("problem",), index=1)]
    asked[1] = dataclasses.replace(asked[1], source="xlsx", round=2)
    said = [answered("one", 0, "work", ("digital",), "裁"), answered("one", 1, "plan", (), "裁"), answered("one", 1, "work", (), "审")]  # fmt: skip
    found = verdicts_of(said, asked)
    (verdict,) = found.verdicts
    assert (verdict.kind, verdict.annotator, verdict.section, verdict.themes) == ("verdict", "裁", "work", ("digital",))
    assert (verdict.source, verdict.round) == ("label-studio+xlsx", 2)
    assert found.disputed == ((said[1], said[2]),)
    agreed = verdicts_of([said[1], dataclasses.replace(said[1], annotator="审")], asked).verdicts
    assert [(each.annotator, each.section) for each in agreed] == [("裁+审", "plan")]


def test_a_new_verdict_replaces_an_earlier_one_and_no_vote():
    before = [*votes(("work",), ("work",)), *votes(("plan",), ("plan",), index=1)]
    old = adjudicate(before, SCHEME).new
    (new,) = verdicts_of([answered("one", 0, "problem", (), "裁")], before).verdicts
    after = overruled([*before, *old], [new])
    assert after == [*before, old[1], new]
    assert [(each.index, each.section) for each in trainable(after)] == [(0, "problem"), (1, "plan")]


def test_paragraphs_to_look_at_again_show_an_answer_where_there_is_one():
    one, other = review_tasks([*votes(("work", "digital"), ("work", "digital"), index=1), *votes(("work",), ("plan",))], SCHEME)  # fmt: skip
    (said,) = one.body["predictions"]
    assert said["model_version"] == EARLIER
    assert said["result"] == [item("section", "work", score=1.0), item("themes", "digital", score=1.0)]
    assert (one.data["index"], other.data["index"], other.body["predictions"]) == (1, 0, [])
    assert settles(one.body)
    assert settles(other.body)


def test_an_empty_list_makes_no_project():
    with pytest.raises(InputError, match="project 复核: would get no paragraphs: none is listed"):
        push_review(None, "复核", [], SCHEME)


@pytest.mark.parametrize("task", [{}, {"meta": None}, {"meta": {"settles": 1}}, {"meta": []}])
def test_only_marked_tasks_settle(task):
    assert not settles(task)


def test_a_pull_names_its_project(tmp_path):
    write_examples(tmp_path / "e.jsonl", votes(("plan",), ("work",)))
    done = CliRunner().invoke(app, ["adjudicate", str(tmp_path / "e.jsonl"), "-o", str(tmp_path / "v.jsonl"), "--pull"])
    assert "--pull: does not say from which project — add --project" in str(done.exception)
