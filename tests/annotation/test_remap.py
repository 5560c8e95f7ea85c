"""Answers follow a changed cut by overlap: spans and answers worked out by hand; what is not clear is listed."""

import dataclasses

import pytest
from answered import SCHEME
from typer.testing import CliRunner

from fazhi.annotation.cli import app
from fazhi.annotation.overlap import remap, spared
from fazhi.model.labels import Example, read_examples, uid_of, write_examples
from fazhi.model.reading import document_from_text, read_document
from fazhi.model.report import SEGMENTER_VERSION, segment

#        0         10        20        30  one line each, 10 characters and a newline
LINES = ("第一行文字十个字整。", "第二行文字十个字整。", "第三行文字十个字整。")
TEXT = "\n".join(LINES) + "\n"
REPORT = segment(document_from_text(TEXT, "a.txt"))
assert [(each.start, each.end, each.level) for each in REPORT.paragraphs] == [(0, 10, 0), (11, 21, 0), (22, 32, 0)]


def old(start, end, section="work", *themes, by="张", **changes):
    """Return an answer of the older cut to a stretch of the text."""
    values = {
        "uid": uid_of(REPORT.sha256, start, end), "document": "a.txt", "sha256": REPORT.sha256, "index": 0, "count": 1,
        "start": start, "end": end, "text": TEXT[start:end], "clean": TEXT[start:end], "level": 0, "marker": "",
        "path": (), "section": section, "themes": themes, "kind": "vote", "annotator": by, "source": "label-studio",
        "round": 0, "scheme": SCHEME.fingerprint, "segmenter": "older",
    }  # fmt: skip
    return Example(**values | changes)


def carried(*answers):
    """Return (paragraph, annotator, section, themes) of what is carried, and (paragraph, reason) of what is not."""
    found = remap(answers, {REPORT.sha256: REPORT})
    return (
        [(each.index, each.annotator, each.section, each.themes) for each in found.carried],
        [(each.index, each.why) for each in found.unclear],
    )


def test_the_same_characters_keep_their_answer_and_get_todays_place():
    found = remap([old(11, 21, "work", "digital")], {REPORT.sha256: REPORT})
    (example,) = found.carried
    paragraph = REPORT.paragraphs[1]
    assert (example.index, example.count, example.text) == (1, 3, LINES[1])
    assert (example.path, example.segmenter) == (paragraph.path, SEGMENTER_VERSION)
    assert (example.section, example.themes, example.uid) == ("work", ("digital",), uid_of(REPORT.sha256, 11, 21))
    assert (found.unclear, found.left) == ((), ())


def test_blanks_around_a_paragraph_do_not_matter():
    assert carried(old(10, 22, "plan", "digital")) == ([(1, "张", "plan", ("digital",))], [])


def test_a_tenth_of_a_paragraph_counts():
    """The first answer has eleven characters: ten are paragraph 0, one is a tenth of paragraph 1."""
    answers = [old(0, 12, "plan"), old(12, 21, "work", "digital"), old(22, 32, "problem")]
    assert carried(*answers) == (
        [(0, "张", "plan", ()), (2, "张", "problem", ())],
        [(1, "lies over 2 paragraphs that were answered differently")],
    )


def test_less_than_a_tenth_of_both_is_nothing():
    text = "甲" * 20 + "。\n" + "乙" * 20 + "。\n"
    report = segment(document_from_text(text, "b.txt"))
    assert [(each.start, each.end) for each in report.paragraphs] == [(0, 21), (22, 43)]
    place = {"sha256": report.sha256, "document": "b.txt"}
    answers = [
        old(0, 23, "plan", **place, text=text[0:23], uid=uid_of(report.sha256, 0, 23)),
        old(23, 43, "work", "digital", **place, text=text[23:43], uid=uid_of(report.sha256, 23, 43)),
    ]
    found = remap(answers, {report.sha256: report})  # one character over: 1/22 of the first, 1/21 of the second
    assert [(each.index, each.section, each.themes) for each in found.carried] == [(0, "plan", ()), (1, "work", ("digital",))]  # fmt: skip
    assert found.unclear == ()


def test_two_that_became_one_carry_what_they_agree_on():
    halves = [old(0, 5, "work", "digital"), old(5, 10, "work", "digital")]
    assert carried(*halves) == ([(0, "张", "work", ("digital",))], [])
    differ = [old(0, 5, "work", "digital"), old(5, 10, "work", "capacity")]
    assert carried(*differ) == ([], [(0, "lies over 2 paragraphs that were answered differently")])
    assert carried(halves[0]) == ([], [(0, "only 50% of it was answered")])


def test_one_that_became_two_carries_its_section_and_not_its_themes():
    assert carried(old(0, 21, "plan")) == ([(0, "张", "plan", ()), (1, "张", "plan", ())], [])
    why = "is a part (50%) of what was answered with digital"
    assert carried(old(0, 21, "plan", "digital")) == ([], [(0, why), (1, why)])


def test_whether_it_is_a_heading_is_for_the_cut():
    heading = old(0, 10, "heading", level=1)
    assert carried(heading) == ([], [(0, "is no heading now, and was answered as heading")])
    report = segment(document_from_text("一、工作情况\n推进数字政府建设。\n", "c.txt"))
    assert [each.level for each in report.paragraphs] == [1, 0]
    place = {"sha256": report.sha256, "text": "一、工作情况", "uid": uid_of(report.sha256, 0, 6)}
    found = remap([old(0, 6, "work", **place)], {report.sha256: report})
    assert [each.why for each in found.unclear] == ["is a heading now, and was answered as work"]


def test_annotators_are_carried_one_by_one_and_an_answer_of_today_stands():
    today = dataclasses.replace(old(11, 21, "problem"), index=1, count=3, segmenter=SEGMENTER_VERSION)
    found = remap([today, old(0, 21, "plan"), old(0, 21, "work", by="李")], {REPORT.sha256: REPORT})
    assert found.kept == (today,)
    assert [(each.index, each.annotator, each.section) for each in found.carried] == [
        (0, "张", "plan"), (0, "李", "work"), (1, "李", "work"),
    ]  # fmt: skip


def test_verdicts_are_carried_together_and_apart_from_votes():
    halves = [old(0, 5, by="majority", kind="verdict"), old(5, 10, by="裁", kind="verdict", source="xlsx", round=2)]
    (verdict,) = remap(halves, {REPORT.sha256: REPORT}).carried
    assert (verdict.kind, verdict.annotator, verdict.source, verdict.round) == (
        "verdict", "majority+裁", "label-studio+xlsx", 2,
    )  # fmt: skip
    assert remap([halves[0], old(5, 10, by="majority")], {REPORT.sha256: REPORT}).carried == ()


def test_what_is_not_carried_is_left_once():
    whole, other = old(0, 21, "plan", "digital"), old(22, 32)
    found = remap([whole, other], {})
    assert found.missing == found.left == (whole, other)
    assert remap([whole], {REPORT.sha256: REPORT}).left == (whole,)


def test_whoever_answered_is_not_asked_again_and_what_is_unclear_is():
    """张 answered the first two clearly, 李 the second unclearly; the third is in the project already."""
    found = remap(
        [old(0, 10), old(11, 21), old(11, 32, "work", "digital", by="李"), old(22, 32)], {REPORT.sha256: REPORT}
    )
    first, second, third = (uid_of(REPORT.sha256, each.start, each.end) for each in REPORT.paragraphs)
    assert [each.index for each in found.carried] == [0, 1, 2]
    assert spared(found, ()) == {first}
    assert spared(remap([old(0, 10), old(22, 32)], {REPORT.sha256: REPORT}), {third: 7}) == {first}
    assert second not in spared(found, ())


@pytest.fixture
def seed(root):
    return next((root / "seeds" / "reports").glob("000*"))


def run(*arguments):
    return CliRunner().invoke(app, ["remap", *map(str, arguments)])


def test_the_command_carries_the_answers_of_a_seed_whose_cut_is_older(root, scheme, seed, tmp_path):
    """Same spans under another version: everything is carried. One answer split in two halves: agreed, so carried."""
    document = read_document(seed)
    mine = [each for each in read_examples(root / "seeds" / "gold.jsonl", scheme) if each.sha256 == document.sha256]
    older = [dataclasses.replace(each, segmenter="older") for each in mine]
    body = next(each for each in older if each.level == 0 and each.themes)
    middle = body.start + len(body.text) // 2
    halves = [
        dataclasses.replace(body, start=start, end=end, text=document.text[start:end], uid=uid_of(body.sha256, start, end))
        for start, end in ((body.start, middle), (middle, body.end))
    ]  # fmt: skip
    write_examples(tmp_path / "a.jsonl", [*(each for each in older if each is not body), *halves])
    done = run(tmp_path / "a.jsonl", "--reports", seed, "-o", tmp_path / "b.jsonl")
    assert done.exit_code == 0, done.output
    assert f"carried by overlap: {len(mine)}\n" in done.output
    assert sorted(read_examples(tmp_path / "b.jsonl", scheme), key=lambda each: each.index) == mine


def test_the_command_lists_what_it_does_not_carry_and_keeps_it(scheme, tmp_path):
    report = tmp_path / "a.txt"
    report.write_text(TEXT, encoding="utf-8")
    whole, elsewhere = (
        old(0, 21, "plan", "digital"),
        old(0, 9, sha256="gone", uid=uid_of("gone", 0, 9), document="b.txt"),
    )
    write_examples(tmp_path / "e.jsonl", [whole, elsewhere, old(22, 32)])
    done = run(tmp_path / "e.jsonl", "--reports", report, "-o", tmp_path / "e.jsonl")
    assert done.exit_code == 1
    assert "fazhi: a.txt paragraph 0, 张: is a part (50%) of what was answered with digital\n" in done.stderr
    assert "fazhi: b.txt: is not found under --reports, with the text that was answered\n" in done.stderr
    assert "paragraphs to answer again: 2\n" in done.stdout
    assert [each.index for each in read_examples(tmp_path / "e.jsonl", scheme)] == [2]
    assert read_examples(tmp_path / "e.left.jsonl", scheme) == [whole, elsewhere]
    assert "is there already" in str(
        run(tmp_path / "e.jsonl", "--reports", report, "-o", tmp_path / "e.jsonl").exception
    )
    again = run(tmp_path / "e.left.jsonl", "--reports", report, "-o", tmp_path / "x.jsonl", "--left", report)
    assert "is an input or another result too" in str(again.exception)
