"""Rounds: what is asked, never twice, whatever is killed. Small pools with the shipped linear bundle."""

import json

import numpy as np
import pytest
from answered import answered
from round_material import SCHEME, SENTENCES, begun, contents, killed_everywhere, reports, started

from fazhi.annotation.rounds.alike import firsts, like_any
from fazhi.annotation.rounds.folder import MANIFEST, folder_of, rounds_in, write_round
from fazhi.annotation.rounds.learned import questions_of
from fazhi.annotation.rounds.pool import Sieve, pool_of, ranked, read_pool, reports_of, write_pool
from fazhi.annotation.rounds.setup import opened
from fazhi.model import load_tagger
from fazhi.model.reading import InputError

ONE, NEAR, OTHER = "全市办结行政复议案件共计一百件", "全市办结行政复议案件共计一百件。", "开展宪法宣传活动四十场次"


@pytest.fixture(scope="session")
def tagger():
    return load_tagger("linear")


def close(rounds):
    """Take the last round for closed, as if all else had been done."""
    last = rounds_in(rounds)[-1]
    write_round(rounds, type(last)(**{name: getattr(last, name) for name in last.__slots__} | {"state": "closed"}))


def test_near_duplicates_stand_behind_their_first():
    """ONE has 15 characters and 11 grams, NEAR one more: 11/12 = 0.917."""
    assert firsts([OTHER, NEAR, ONE, OTHER + "\n", ONE], 0.9) == [0, 1, 1, 0, 1]
    assert firsts([OTHER, NEAR, ONE], 0.92) == [0, 1, 2]


def test_alike_is_passed_on():
    """5-grams of ten, eleven and twelve characters: 6/7 and 7/8 reach 0.85, the ends with 6/8 do not."""
    assert firsts(["一二三四五六七八九十", "一二三四五六七八九十甲乙", "一二三四五六七八九十甲"], 0.85) == [0, 0, 0]


def test_what_is_answered_elsewhere_is_known_by_its_words():
    assert like_any([ONE, OTHER, ""], [NEAR], 0.9) == [True, False, False]
    assert like_any([ONE], [], 0.9) == [False]
    assert like_any([ONE, OTHER], [OTHER, NEAR], 0.95) == [False, True]


def test_a_pool_asks_each_paragraph_once_in_an_order_by_chance(tmp_path):
    """Two reports of a title and the same twelve sentences: those are asked once, the titles both.

    甲县法治政府建设报告 and 乙县… have 10 characters and 6 grams, of which they share 5: 5/7.
    """
    cut = reports("甲", "乙")
    pool = pool_of(cut, Sieve(8, 0.8), np.random.default_rng(0))
    assert len(pool) == 26
    assert sorted(each.rank for each in ranked(pool)) == list(range(14))
    assert {each.document for each in ranked(pool) if each.paragraph.index} == {"甲.txt"}
    assert pool != pool_of(cut, Sieve(8, 0.8), np.random.default_rng(1))
    write_pool(tmp_path / "pool.jsonl", pool)
    assert read_pool(tmp_path / "pool.jsonl") == pool
    assert reports_of(pool) == cut
    with pytest.raises(InputError, match="has no paragraph of 99 characters"):
        pool_of(cut, Sieve(99, 0.8), np.random.default_rng(0))


@pytest.mark.parametrize("change", [{"rank": "1"}, {"start": True}, {"path": [1]}, {"more": 1}])
def test_a_pool_that_was_damaged_is_refused_by_line(tmp_path, change):
    path = tmp_path / "pool.jsonl"
    write_pool(path, pool_of(reports("甲"), Sieve(), np.random.default_rng(0)))
    first, *rest = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([json.dumps({**json.loads(first), **change}), *rest]), encoding="utf-8")
    with pytest.raises(InputError, match=r"line 1: .*(should be|expected)"):
        read_pool(path)


def test_rounds_ask_everything_once_and_audits_in_the_order_that_was_fixed(tmp_path, tagger):
    """Thirteen paragraphs: a reserve of ceil(13 / 4) = 4 for audits, nine for strategies; four a round, one an audit.

    Three rounds ask 3 + 1 each and use up the nine; the fourth has the last audit alone, and then nothing is left.
    """
    begun(tmp_path)
    course = opened(tmp_path, SCHEME)
    audits, sizes = [], []
    for number in range(4):
        round_, new = started(tmp_path, tagger)
        assert (round_.number, round_.state, round_.strategy, new) == (number, "selected", "cold", True)
        again, new = started(tmp_path, tagger)
        assert (again, new) == (round_, False)
        questions = questions_of(tmp_path, [round_])
        audits += [each.uid for each in questions if each.audit]
        sizes.append((len(questions), sum(each.twice for each in questions)))
        close(tmp_path)
    assert sizes == [(4, 1), (4, 1), (4, 1), (1, 0)]
    assert audits == [each.uid for each in course.reserve]
    asked = [each.uid for each in questions_of(tmp_path, rounds_in(tmp_path))]
    assert sorted(asked) == sorted({each.uid for each in ranked(course.pool)})
    with pytest.raises(InputError, match="has nothing left to ask — begin another folder"):
        started(tmp_path, tagger)


def test_what_is_answered_elsewhere_is_learned_from_and_not_asked(tmp_path, tagger):
    base = [
        answered("old", place, "work", themes, clean=sentence.replace("。", "."))
        for place, (sentence, themes) in enumerate(
            zip(SENTENCES[:5], (("dispute",), ("publicity",), (), (), ()), strict=True)
        )
    ]
    begun(tmp_path, base=base)
    round_, _ = started(tmp_path, tagger, size=13)
    assert round_.strategy != "cold"
    texts = {each.task.meta["clean"] for each in questions_of(tmp_path, [round_])}
    assert texts == {*SENTENCES[5:], "甲县法治政府建设报告"}


def test_strategies_that_cannot_be_are_refused(tmp_path, tagger):
    begun(tmp_path)
    with pytest.raises(InputError, match="--strategy: knows no 'best' — choose of random, confidence"):
        started(tmp_path, tagger, strategy="best")
    with pytest.raises(InputError, match="--strategy: badge needs answers and there are none — choose of cold"):
        started(tmp_path, tagger, strategy="badge")
    assert rounds_in(tmp_path) == []


def test_a_start_killed_at_any_write_is_completed_by_the_next(tmp_path, tagger, monkeypatch):
    """Writes: base, pool, the rounds' manifest; questions, the round's manifest."""

    def step(rounds):
        begun(rounds)
        started(rounds, tagger)

    found = killed_everywhere(monkeypatch, lambda rounds: rounds, tmp_path, step)
    assert len(found) == 1 + 2 * 5
    assert sorted(found[0]) == ["000/manifest.json", "000/questions.jsonl", "base.jsonl", "manifest.json", "pool.jsonl"]
    assert all(each == found[0] for each in found)


@pytest.mark.parametrize("name", ["pool.jsonl", "base.jsonl", "000/questions.jsonl"])
def test_files_that_were_changed_are_named(tmp_path, tagger, name):
    begun(tmp_path)
    started(tmp_path, tagger)
    before = contents(tmp_path)
    with (tmp_path / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    with pytest.raises(InputError, match="was changed after it was written.*bring an older copy back"):
        started(tmp_path, tagger)
    assert {**contents(tmp_path), name: before[name]} == before


def test_a_scheme_that_changed_between_rounds_is_refused(tmp_path, tagger):
    begun(tmp_path)
    data = json.loads((tmp_path / MANIFEST).read_text(encoding="utf-8"))
    (tmp_path / MANIFEST).write_text(json.dumps({**data, "scheme": "0" * 16}), encoding="utf-8")
    with pytest.raises(InputError, match=f"was begun under scheme {'0' * 16} .*begin another folder"):
        started(tmp_path, tagger)


@pytest.mark.parametrize("text", ["", "[]", '{"format": 2}', '{"format": 1, "number": 3}'])
def test_a_manifest_that_is_none_is_refused(tmp_path, tagger, text):
    begun(tmp_path)
    started(tmp_path, tagger)
    (folder_of(tmp_path, 0) / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"(cannot be read|is no manifest of format 1).* — .*bring an older copy back"):
        rounds_in(tmp_path)
