"""Paragraphs become tasks and answers become votes: values worked out by hand, and whatever is refused."""

import dataclasses
import json

import pytest
from studio_exports import answer, export_of, exported, item

from fazhi.annotation.difference import Gone, difference
from fazhi.annotation.export import checked, read_export, write_export
from fazhi.annotation.suggested import Suggested
from fazhi.annotation.tasks import Filter, filter_of, tasks_of
from fazhi.annotation.votes import votes_of
from fazhi.model.labels import Said, example_of, read_examples, suggestion, uid_of, write_examples
from fazhi.model.reading import InputError, document_from_text
from fazhi.model.report import segment
from fazhi.model.tagger import TaggedParagraph, TaggedReport

HARD = "“引号”与\"直引号\"、'单'引号;\u3000全角空格\u3000与\t制表\\n反斜杠<b>&amp;𠮷$text。"
TEXT = f"某市法治政府建设报告\n一、工作情况\n{HARD}\n推进数字政府建设。\n"
TITLE, HEAD, BODY, LAST = range(4)


@pytest.fixture(scope="module")
def tagged(scheme):
    """Four paragraphs, tagged by hand: title, heading, work with digital, work without themes."""
    report = segment(document_from_text(TEXT, "甲/报告.txt"))
    assert [each.level for each in report.paragraphs] == [0, 1, 0, 0]
    said = [("title", 0.99, ()), ("heading", 1.0, ()), ("work", 0.9, ("digital", "publicity")), ("work", 0.7, ())]
    rows = []
    for paragraph, (section, score, themes) in zip(report.paragraphs, said, strict=True):
        scores = tuple(
            {"digital": 0.8, "publicity": 0.64321987}.get(each, 0.02) if each in themes else 0.02
            for each in scheme.theme_ids
        )
        rows.append(TaggedParagraph(paragraph, section, score, themes, scores, "sure"))
    return TaggedReport(report.document, report.sha256, "test@1", scheme.theme_ids, tuple(rows))


@pytest.fixture(scope="module")
def tasks(tagged, scheme):
    return tasks_of(tagged, scheme, round_=2)


def pulled(scheme, *tasks):
    return votes_of(export_of(scheme, *tasks), scheme)


def test_a_task_carries_text_place_and_suggestion(tasks, tagged):
    paragraph, body = tagged.paragraphs[BODY].paragraph, tasks[BODY].body
    assert body["data"] == {
        "uid": uid_of(tagged.sha256, paragraph.start, paragraph.end), "text": HARD, "document": "甲/报告.txt",
        "file": "报告.txt", "heading_path": "一、工作情况", "index": 2, "level": 0, "round": 2,
    }  # fmt: skip
    assert body["predictions"] == [
        {
            "model_version": "test@1",
            "score": 0.6432,  # publicity is the least sure: 0.6432 against section 0.9 and digital 0.8
            "result": [item("section", "work", score=0.9), item("themes", "digital", "publicity", score=0.6432)],
        }
    ]
    assert json.loads(json.dumps(body)) == body


def test_no_theme_is_no_item_and_no_path_is_a_dash(tasks):
    (prediction,) = tasks[LAST].body["predictions"]
    assert prediction["result"] == [item("section", "work", score=0.7)]
    assert prediction["score"] == 0.7
    assert tasks[TITLE].data["heading_path"] == "—"


def test_themes_do_not_count_where_a_section_carries_none(scheme):
    doubtful = dict.fromkeys(scheme.theme_ids, 0.5)
    assert suggestion("m", Said("title", 0.99, (), doubtful), scheme)["score"] == 0.99
    assert suggestion("m", Said("work", 0.99, (), doubtful), scheme)["score"] == 0.5


def test_paragraphs_are_chosen_by_section_and_length(tagged, scheme):
    assert len(HARD) > 20 > len("推进数字政府建设。") == 9

    def chosen(**wanted):
        return [task.data["index"] for task in tasks_of(tagged, scheme, wanted=Filter(**wanted))]

    assert chosen(sections=frozenset({"work"})) == [BODY, LAST]
    assert chosen(shortest=9, longest=20) == [TITLE, LAST]
    assert chosen(shortest=10) == [TITLE, BODY]
    with pytest.raises(InputError, match="--section: knows no 工作 — choose of title, preamble"):
        filter_of(["工作"], 0, None, scheme)
    with pytest.raises(InputError, match="--longest: is 5, less than --shortest 6"):
        filter_of([], 6, 5, scheme)


def test_votes_of_two_people_come_back_as_examples(tasks, tagged, scheme, tmp_path):
    task = exported(
        tasks[BODY], 41,
        answer(1, 1, item("themes", "publicity", "digital"), item("section", "work")),
        answer(2, 2, item("section", "plan"), {"from_name": "note", "type": "textarea", "value": {"text": ["难"]}}),
    )  # fmt: skip
    votes = pulled(scheme, task)
    one, other = votes.examples
    assert (one.annotator, one.section, one.themes) == ("zhang@example.org", "work", ("digital", "publicity"))
    assert (other.annotator, other.section, other.themes) == ("li@example.org", "plan", ())
    paragraph = tagged.paragraphs[BODY].paragraph
    for name in ("index", "count", "start", "end", "text", "clean", "level", "marker", "path"):
        assert getattr(one, name) == getattr(paragraph, name)
    assert (one.kind, one.source, one.round, one.sha256) == ("vote", "label-studio", 2, tagged.sha256)
    assert (votes.tasks, votes.answered, votes.notes, votes.problems) == (1, 1, 1, ())
    write_examples(tmp_path / "examples.jsonl", votes.examples)
    assert read_examples(tmp_path / "examples.jsonl", scheme) == [one, other]


def test_skips_empties_and_drafts_are_told_by_their_flags(tasks, scheme):
    work = item("section", "work")
    votes = pulled(
        scheme,
        exported(tasks[BODY], 1, answer(1, 1, work, was_cancelled=True), answer(2, 2)),
        exported(tasks[LAST], 2, drafts=[{"result": [work]}, {"result": []}]),
    )
    assert (votes.skipped, votes.empty, votes.drafts, votes.examples, votes.problems) == (1, 1, 2, (), ())


def test_the_newest_of_a_persons_answers_counts_also_across_copies_of_a_task(tasks, scheme):
    early, late = "2026-03-01T08:00:00Z", "2026-03-01T16:00:01+08:00"  # one second later, in another zone
    votes = pulled(
        scheme,
        exported(tasks[BODY], 1, answer(5, 1, item("section", "plan"), at=late), answer(6, 1, item("section", "work"), at=early)),
        exported(tasks[BODY], 2, answer(7, 1, item("section", "work"), at=early), answer(8, 2, item("section", "duty"), at=early)),
    )  # fmt: skip
    assert [(each.annotator, each.section) for each in votes.examples] == [
        ("zhang@example.org", "plan"),
        ("li@example.org", "duty"),
    ]
    assert votes.older == 2


def test_equal_times_are_settled_by_the_number(tasks, scheme):
    both = answer(6, 1, item("section", "work")), answer(5, 1, item("section", "plan"))
    assert [each.section for each in pulled(scheme, exported(tasks[BODY], 1, *both)).examples] == ["work"]


@pytest.mark.parametrize(
    ("result", "what"),
    [
        ([item("section", "工作情况")], "has labels that the scheme does not know: 工作情况"),
        ([item("section", "work"), item("themes", "digital", "novel", "work")], "has labels that the scheme does not know: novel, work"),
        ([item("themes", "digital")], "should have one section, has none"),
        ([item("section", "work", "plan")], "should have one section, has work, plan"),
        ([item("section", "heading")], "says 小标题, and is none by the cut"),
        ([item("section", "closing"), item("themes", "digital")], "section 'closing' carries no themes, found digital"),
        ([item("section", "work"), item("themes", "digital", "digital")], "names a theme twice: digital, digital"),
        ([{"from_name": "section", "value": {"taxonomy": [["work"]]}}], "has an answer in section that is no choice"),
        ([item("section", "work"), {"from_name": "themes"}], "has an answer in themes that is no choice"),
    ],
)  # fmt: skip
def test_an_answer_that_does_not_fit_is_named_with_its_address(tasks, scheme, result, what):
    votes = pulled(scheme, exported(tasks[BODY], 41, answer(1, 1, *result)))
    assert votes.examples == ()
    assert [(each.task, each.url, each.what) for each in votes.problems] == [
        (41, "http://ls/projects/3/data?task=41", what)
    ]


def test_a_heading_needs_its_section(tasks, scheme):
    (problem,) = pulled(scheme, exported(tasks[HEAD], 7, answer(1, 1, item("section", "work")))).problems
    assert problem.what == "should say 小标题"
    votes = pulled(
        scheme, exported(tasks[HEAD], 7, answer(1, 1, item("section", "heading"), item("themes", "digital")))
    )
    assert [(each.section, each.themes, each.level) for each in votes.examples] == [("heading", ("digital",), 1)]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda task: task.pop("meta"), "is no paragraph that fazhi pushed"),
        (lambda task: task["data"].pop("uid"), "is no paragraph that fazhi pushed"),
        (lambda task: task["meta"].pop("sha256"), "lost meta.sha256"),
        (lambda task: task["data"].update(text=HARD.strip("。")), "has a text that is not as long as its span"),
        (lambda task: task["meta"].update(start=1, end=len(HARD) + 1), "uid is not that of its document and span"),
        (lambda task: task["meta"].update(scheme="0" * 16), "was answered under scheme 0000000000000000, not "),
        (lambda task: task["data"].update(level="0"), "not supported between"),
    ],
)
def test_a_task_that_was_tampered_with_gives_no_vote(tasks, scheme, change, what):
    task = exported(tasks[BODY], 41, answer(1, 1, item("section", "work")))
    change(task)
    (problem,) = pulled(scheme, task).problems
    assert what in problem.what


def test_a_user_who_is_gone_keeps_a_name(tasks, scheme):
    (vote,) = pulled(scheme, exported(tasks[BODY], 1, answer(1, 9, item("section", "work")))).examples
    assert vote.annotator == "user 9"


def test_how_often_suggestions_are_kept(tasks, scheme):
    """Five answers: kept; a theme added; all themes taken away; another section; and one made from nothing."""
    copy = {"prediction": {"result": tasks[BODY].prediction["result"]}}
    kept, changed = {"origin": "prediction"}, {"origin": "prediction-changed"}
    rows = [
        (item("section", "work", **kept), item("themes", "publicity", "digital", **kept)),
        (item("section", "work", **kept), item("themes", "publicity", "digital", "capacity", **changed)),
        (item("section", "work", **kept),),
        (item("section", "plan", **changed), item("themes", "digital", "publicity", **kept)),
        (item("section", "work", origin="manual"),),
    ]
    found = pulled(scheme, exported(tasks[BODY], 1, *(answer(n, n, *row, **copy) for n, row in enumerate(rows, 1))))
    assert len(found.examples) == 5
    assert found.suggested == Suggested(seen=4, kept=1, section=3, themes=2)


@pytest.mark.parametrize("copy", [{}, None, {"result": 3}, {"result": ["x"]}, {"result": [{"from_name": "themes"}]}])
def test_a_suggestion_that_cannot_be_compared_is_not_counted(tasks, scheme, copy):
    votes = pulled(
        scheme, exported(tasks[BODY], 1, answer(1, 1, item("section", "work", origin="prediction"), prediction=copy))
    )
    assert (len(votes.examples), votes.suggested.seen) == (1, 0)


def test_an_export_is_kept_and_read_again(tasks, scheme, tmp_path):
    export = export_of(scheme, exported(tasks[BODY], 1, answer(1, 1, item("section", "work"))))
    write_export(tmp_path / "a.json", export)
    assert read_export(tmp_path / "a.json") == export


@pytest.mark.parametrize(
    ("tasks", "what"),
    [
        ({}, "tasks are dict, not a list"),
        ([[]], "task 0: has no number"),
        ([{"id": 1}], "task 0: has no list of annotations"),
        ([{"id": 1, "annotations": []}, {"id": 2, "annotations": ["x"]}], "task 1: has an annotation without a number"),
        ([{"id": 1, "annotations": [{"id": 3, "result": [1]}]}], "annotation 3 has no list of results"),
        ([{"id": 1, "annotations": [{"id": 3, "result": [], "updated_at": "2026-03-01"}]}], "annotation 3 does not say when"),
    ],
)  # fmt: skip
def test_what_is_no_export_is_refused(scheme, tasks, what):
    with pytest.raises(InputError, match=what):
        checked(dataclasses.replace(export_of(scheme), tasks=tasks), "server")


def test_a_file_that_is_no_export_is_refused(tmp_path):
    (tmp_path / "a.json").write_text('{"tasks": []}', encoding="utf-8")
    with pytest.raises(
        InputError, match=r"a\.json: is no export of a Label Studio project \(expected an object with config"
    ):
        read_export(tmp_path / "a.json")


def test_what_happened_between_two_pulls(tasks, scheme):
    """Of three answers one is changed, one is deleted with its task, whose number another task takes; one is new."""
    work = item("section", "work")
    older = export_of(
        scheme,
        exported(tasks[BODY], 1, answer(1, 1, work), answer(2, 2, work)),
        exported(tasks[LAST], 2, answer(3, 2, work)),
    )
    newer = export_of(
        scheme,
        exported(tasks[BODY], 1, answer(1, 1, work), answer(2, 2, work, at="2026-03-05T00:00:00Z")),
        exported(tasks[HEAD], 2, {**answer(3, 1, work), "unique_id": "another"}),
    )
    found = difference(older, newer)
    assert (found.new, found.changed, found.removed) == (1, 1, 1)
    assert found.gone == (Gone("甲/报告.txt", LAST, "li@example.org"),)
    assert difference(newer, newer) == dataclasses.replace(found, new=0, changed=0, removed=0, gone=())


def test_an_example_is_checked_as_a_line_would_be(tasks, scheme):
    with pytest.raises(ValueError, match="misses document"):
        example_of({"uid": tasks[BODY].uid}, scheme)
