"""Verdicts by majority, what is left open, and the files that come of it."""

import dataclasses

import pytest
from answered import SCHEME, answered
from typer.testing import CliRunner

from fazhi.annotation.adjudication import adjudicate, verdict_of
from fazhi.annotation.cli import app
from fazhi.model.labels import read_examples, trainable, write_examples
from fazhi.model.reading import InputError


def votes(*answers, index=0):
    return [
        answered("one", index, section, themes, annotator=name)
        for name, (section, *themes_) in zip("abcdefg", answers, strict=False)
        for themes in [tuple(themes_)]
    ]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([("work", "digital"), ("work", "digital")], ("work", ("digital",), "unanimous")),
        ([("work", "digital", "capacity"), ("work", "capacity", "digital")], ("work", ("digital", "capacity"), "unanimous")),
        ([("work", "digital"), ("work", "digital"), ("work",)], ("work", ("digital",), "majority")),
        ([("work", "digital"), ("work",), ("work",)], ("work", (), "majority")),
        ([("closing",), ("closing",), ("work", "digital")], ("closing", (), "majority")),
        # b agrees with a on the section and with c on the theme: b gave the answer that label by label wins
        ([("work", "digital"), ("work",), ("plan",)], ("work", (), "majority")),
    ],
)  # fmt: skip
def test_what_a_majority_settles(answers, expected):
    found = adjudicate(votes(*answers), SCHEME)
    (verdict,) = found.new
    assert (verdict.section, verdict.themes, verdict.annotator) == expected
    assert verdict.kind == "verdict"
    assert not found.contests


@pytest.mark.parametrize(
    "answers",
    [
        [("work", "digital"), ("work",)],
        [("work",), ("plan",), ("problem",)],
        [("work", "digital"), ("work", "digital"), ("work",), ("work",)],
        # each theme has two of three votes, and nobody gave all three
        [("work", "digital", "capacity"), ("work", "digital", "publicity"), ("work", "capacity", "publicity")],
        [("work",), ("work",), ("plan",), ("plan",)],
    ],
)
def test_what_votes_leave_open(answers):
    found = adjudicate(votes(*answers), SCHEME)
    assert not found.new
    (contest,) = found.contests
    assert len(contest.votes) == len(answers)


def test_competing_answers_come_with_their_names_the_most_frequent_first():
    answers = [("plan",), ("work", "digital"), ("work", "capacity"), ("work", "digital")]
    (contest,) = adjudicate(votes(*answers), SCHEME).contests
    assert list(contest.answers.items()) == [
        (("work", ("digital",)), ("b", "d")),
        (("plan", ()), ("a",)),
        (("work", ("capacity",)), ("c",)),
    ]


def test_a_verdict_stands_and_a_single_vote_is_none():
    contested = votes(("work", "digital"), ("work",))
    verdict = verdict_of(contested, ("work", ("digital",)), "裁")
    found = adjudicate([*contested, *votes(("plan",), index=1), verdict], SCHEME)
    assert (found.before, found.new, found.contests, found.single) == ((verdict,), (), (), 1)
    other = dataclasses.replace(verdict, themes=())
    with pytest.raises(InputError, match="conflicting answers for reports/one.txt paragraph 0"):
        adjudicate([*contested, verdict, other], SCHEME)


def test_nobody_votes_twice():
    with pytest.raises(InputError, match="reports/one.txt paragraph 0: has several votes of a"):
        adjudicate([*votes(("work",)), *votes(("plan",))], SCHEME)


def test_a_verdict_names_where_its_votes_came_from():
    one, other = votes(("work",), ("work",))
    other = dataclasses.replace(other, source="xlsx", round=2)
    (verdict,) = adjudicate([one, other], SCHEME).new
    assert (verdict.source, verdict.round) == ("label-studio+xlsx", 2)


def run(*arguments):
    return CliRunner().invoke(app, ["adjudicate", *map(str, arguments)])


def test_the_three_passes_over_the_seeds_by_majority(root, tmp_path, scheme):
    """281 unanimous as seeds/README.md says; the adjudicator overruled the majority on some of the other twelve."""
    passes = [root / "seeds" / "passes" / f"{name}.jsonl" for name in "abc"]
    done = run(*passes, "-o", tmp_path / "verdicts.jsonl")
    assert done.exit_code == 0, done.output
    assert "unanimous: 281\n" in done.output
    assert "by majority: 12\n" in done.output
    verdicts = read_examples(tmp_path / "verdicts.jsonl", scheme)
    assert len(verdicts) == 293
    assert (tmp_path / "verdicts.review.jsonl").read_text(encoding="utf-8") == ""
    every = [vote for path in passes for vote in read_examples(path, scheme)]
    assert trainable([*every, *verdicts]) == verdicts
    gold = {each.uid: each for each in read_examples(root / "seeds" / "gold.jsonl", scheme)}
    unanimous = [each for each in verdicts if each.annotator == "unanimous"]
    assert all((each.section, each.themes) == (gold[each.uid].section, gold[each.uid].themes) for each in unanimous)


def test_what_is_left_open_stands_in_the_review_file_and_a_verdict_closes_it(tmp_path):
    contested = votes(("work", "digital"), ("work",))
    write_examples(tmp_path / "examples.jsonl", [*votes(("plan",), ("plan",), index=1), *contested])
    done = run(tmp_path / "examples.jsonl", "-o", tmp_path / "v.jsonl")
    assert "contested, in" in done.output
    assert "a: 工作情况 work + 数字 digital; b: 工作情况 work" in done.output
    assert read_examples(tmp_path / "v.review.jsonl", SCHEME) == contested
    settled = verdict_of(contested, ("work", ()), "裁")
    write_examples(tmp_path / "settled.jsonl", [settled])
    again = run(
        tmp_path / "examples.jsonl", tmp_path / "settled.jsonl", tmp_path / "v.jsonl", "-o", tmp_path / "v.jsonl"
    )
    assert again.exit_code == 0, again.output
    assert [(each.index, each.annotator) for each in read_examples(tmp_path / "v.jsonl", SCHEME)] == [
        (0, "裁"), (1, "unanimous"),
    ]  # fmt: skip
    assert read_examples(tmp_path / "v.review.jsonl", SCHEME) == []


def test_votes_are_not_replaced_by_verdicts(tmp_path):
    write_examples(tmp_path / "examples.jsonl", votes(("plan",), ("plan",)))
    done = run(tmp_path / "examples.jsonl", "-o", tmp_path / "examples.jsonl")
    assert "is an input or another result too" in str(done.exception)
    write_examples(tmp_path / "single.jsonl", votes(("plan",)))
    done = run(tmp_path / "single.jsonl", "-o", tmp_path / "v.jsonl")
    assert "has 1 answers to 1 paragraphs, none of them answered twice" in str(done.exception)
