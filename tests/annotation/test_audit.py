"""Likely label errors on figures worked out by hand, near-duplicates against every pair, the files of the command."""

import dataclasses
import itertools
import json
import random
from html import unescape

import numpy as np
import pytest
from answered import HOSTILE, SCHEME, answered
from typer.testing import CliRunner

from fazhi.annotation.audit.confident import disputed, disputed_labels, quality, thresholds
from fazhi.annotation.audit.duplicates import grams, similarity, twins
from fazhi.annotation.audit.suspects import SuspectLabel, chosen_rows, suspects
from fazhi.annotation.cli import app
from fazhi.model.labels import LeftOut, read_examples, write_examples, write_left_out
from fazhi.model.reading import InputError


def test_a_class_is_confident_where_it_reaches_its_average():
    """Averages of what was given: (0.9 + 0.2) / 2 = 0.55 and (0.7 + 0.6) / 2 = 0.65.

    The second row reaches the other class alone; the last reaches neither (0.4 < 0.55, 0.6 < 0.65) and says nothing.
    """
    given = np.array([0, 0, 1, 1])
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.4, 0.6]])
    assert thresholds(given, probabilities).tolist() == pytest.approx([0.55, 0.65])
    assert disputed(given, probabilities).tolist() == [False, True, False, False]


def test_of_several_confident_classes_the_most_probable_counts_and_one_never_given_is_none():
    """Averages 0.3 and 0.4; the first row reaches both and 0.5 is more; nobody was given the third class."""
    given = np.array([0, 0, 1])
    probabilities = np.array([[0.4, 0.5, 0.1], [0.2, 0.1, 0.7], [0.2, 0.4, 0.4]])
    assert thresholds(given, probabilities)[2] == np.inf
    assert disputed(given, probabilities).tolist() == [True, False, False]


def test_labels_are_disputed_one_by_one():
    given = np.array([[True, False], [True, True], [False, False], [False, True]])
    probabilities = np.array([[0.9, 0.1], [0.1, 0.9], [0.1, 0.2], [0.2, 0.8]])
    assert disputed_labels(given, probabilities).tolist() == [
        [False, False],
        [True, False],
        [False, False],
        [False, False],
    ]


def test_the_worst_label_weighs_most():
    """0.9, then 0.8·0.5 + 0.2·0.9 = 0.58, then 0.8·0.1 + 0.2·0.58 = 0.196."""
    assert quality(np.array([[0.5, 0.1, 0.9]])).tolist() == pytest.approx([0.196])


def scored(example, themes=(), section=None, model="m@1", protocol="folds", **scores):
    section = section or example.section
    return LeftOut(
        uid=example.uid, document=example.document, sha256=example.sha256, index=example.index, protocol=protocol,
        part=0, model=model, scheme=SCHEME.fingerprint,
        theme_scores=tuple(scores.get(theme, 0.9 if theme in themes else 0.1) for theme in SCHEME.theme_ids),
        section_scores=tuple(0.9 if name == section else 0.01 for name in SCHEME.section_ids),
        section=section, themes=tuple(themes), band="sure",
    )  # fmt: skip


EXAMPLES = [
    answered("one", 0, "title"),
    answered("one", 1, "heading", ("digital",)),
    answered("one", 2, "work", ("digital",)),
    answered("one", 3, "work"),
    answered("one", 4, "work"),
    answered("one", 5, "plan"),
    answered("one", 6, "plan"),
]
ROWS = [
    scored(EXAMPLES[0], digital=0.99),  # a title: its themes are nobody's answer
    scored(EXAMPLES[1], ("digital",), section="work"),  # a heading: its section neither
    scored(EXAMPLES[2], ("digital",)),
    scored(EXAMPLES[3], ("digital",), digital=0.97),  # missed
    scored(EXAMPLES[4]),
    scored(EXAMPLES[5], section="work"),  # the other section
    scored(EXAMPLES[6]),
]


def test_suspects_are_what_people_decide_worst_first():
    """All else was given 0.9, so the scores are 0.8·0.01 + 0.2·0.9 and 0.8·0.03 + 0.2·0.9."""
    found = suspects(EXAMPLES, ROWS, SCHEME)
    assert [(each.example.index, each.labels) for each in found] == [
        (5, (SuspectLabel("section", "work", 0.9),)),
        (3, (SuspectLabel("missed", "digital", 0.97),)),
    ]
    assert [each.score for each in found] == pytest.approx([0.188, 0.204])


def test_a_spurious_theme_is_one_too():
    example = answered("one", 7, "work", ("digital",))
    (_, _, last) = suspects([*EXAMPLES, example], [*ROWS, scored(example, digital=0.2)], SCHEME)
    assert (last.example.index, last.labels) == (7, (SuspectLabel("spurious", "digital", 0.2),))


def test_rows_are_those_of_one_protocol_and_model():
    other = [dataclasses.replace(row, model="n@1") for row in ROWS]
    assert chosen_rows([*ROWS, *other], "folds", "n@1") == other
    assert chosen_rows(ROWS, "folds", None) == ROWS
    for rows, protocol, model, said in [
        (ROWS, "real", None, "--protocol: found no 'real' — these are there: folds"),
        ([*ROWS, *other], "folds", None, "--model: has 2 models to choose from — these are there: m@1, n@1"),
        (ROWS, "folds", "x", "--model: found no 'x' — these are there: m@1"),
        (
            [*ROWS, ROWS[0]],
            "folds",
            None,
            f"--oof: has 1 paragraphs twice ({ROWS[0].uid} …) — give the file of one training",
        ),
    ]:
        with pytest.raises(InputError) as caught:
            chosen_rows(rows, protocol, model)
        assert str(caught.value) == said
    with pytest.raises(InputError, match="scores none of the 1 answered paragraphs"):
        suspects([answered("two", 0, "work")], ROWS, SCHEME)


def test_similarity_by_hand():
    """Six grams each, five of them shared: 5 / 7."""
    assert len(grams("一二三四五六七八九十")) == 6
    assert similarity(grams("一二三四五六七八九十"), grams("零二三四五六七八九十")) == pytest.approx(5 / 7)
    assert grams("短") == {"短"}


def texts(count):
    """Four kinds of text, each copy with a few characters changed."""
    dice = random.Random(2)  # noqa: S311 - texts, not secrets
    patterns = ["".join(dice.choices("依法行政工作报告司执", k=length)) for length in (8, 30, 60, 120)]
    for place in range(count):
        letters = list(patterns[place % 4])
        for _ in range(dice.randrange(4)):
            letters[dice.randrange(len(letters))] = dice.choice("甲乙丙丁")
        yield "".join(letters)


@pytest.mark.parametrize("least", [0.5, 0.8, 1.0])
def test_every_pair_that_is_alike_and_differs_is_found(least):
    examples = [
        answered("one", index, "work", (SCHEME.theme_ids[index // 4 % 3],), count=200, clean=text)
        for index, text in enumerate(texts(120))
    ]
    expected = {
        (frozenset((one.clean, one.themes)), frozenset((other.clean, other.themes)))
        for one, other in itertools.permutations(examples, 2)
        if one.themes != other.themes and similarity(grams(one.clean), grams(other.clean)) >= least
    }
    found = twins(examples, SCHEME, least)
    sides = [tuple(frozenset((side.clean, side.themes)) for side in (each.one, each.other)) for each in found]
    assert {*sides, *(side[::-1] for side in sides)} == expected
    assert len(sides) == len(expected) / 2 > 0


def test_texts_alike_with_the_same_answer_are_nothing_and_copies_are_counted():
    same = "深入推进综合行政执法改革,执法力量下沉"
    examples = [
        answered("one", 0, "work", ("enforcement",), clean=same),
        answered("two", 0, "work", ("enforcement",), clean="深入推进 综合行政执法改革,执法力量下沉"),
        answered("two", 1, "plan", ("enforcement",), clean=same),
        answered("two", 2, "work", ("enforcement", "capacity"), clean=same),
    ]
    found = twins(examples, SCHEME, 0.8)
    assert [each.labels for each in found] == [("capacity",), ("capacity", "work", "plan"), ("work", "plan")]
    assert {len(each.uids) for each in found} == {2, 3}
    assert twins(examples[:2], SCHEME, 0.8) == ()


@pytest.fixture
def files(tmp_path):
    hostile = [dataclasses.replace(each, clean=f"{each.index}{HOSTILE}") for each in EXAMPLES]
    write_examples(tmp_path / "examples.jsonl", hostile)
    write_left_out(tmp_path / "oof.jsonl", ROWS, SCHEME)
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(app, ["audit", *map(str, arguments)])


def test_the_command_writes_tables_a_page_and_what_to_review(files):
    options = [(f"--{name}", files / f"audit.{name}") for name in ("json", "html")]
    done = run(
        files / "examples.jsonl",
        "--oof",
        files / "oof.jsonl",
        *itertools.chain(*options),
        "--review",
        files / "r.jsonl",
    )
    assert done.exit_code == 0, done.output
    assert "| reports/one.txt 3 |" in done.stdout
    assert "7 段有答案 answered, 其中 7 段有留出的分数" in done.stderr
    data = json.loads((files / "audit.json").read_text(encoding="utf-8"))
    assert [each["index"] for each in data["suspects"]] == [5, 3]
    assert data["suspects"][1]["labels"] == [{"kind": "missed", "label": "digital", "probability": 0.97}]
    pairs = {(each["one"]["index"], each["other"]["index"]) for each in data["twins"]}
    assert len(pairs) == len(data["twins"]) > 0
    assert [each.index for each in read_examples(files / "r.jsonl", SCHEME)][:2] == [5, 3]
    html = (files / "audit.html").read_text(encoding="utf-8")
    assert "<b>" not in html
    assert html.count("<script>") == 1
    assert f"5{HOSTILE}" in unescape(html)


def test_what_to_review_goes_into_a_project(files, monkeypatch):
    put = []
    monkeypatch.setattr("fazhi.annotation.audit.cli.put_to_review", lambda *given: put.append(given))
    done = run(files / "examples.jsonl", "--oof", files / "oof.jsonl", "--project", "复核", "--url", "http://ls")
    assert done.exit_code == 0, done.output
    ((asked, project, examples, _),) = put
    assert (asked.url, project) == ("http://ls", "复核")
    assert [each.index for each in examples][:2] == [5, 3]


def test_votes_that_differ_are_adjudicated_first(files):
    write_examples(
        files / "votes.jsonl", [EXAMPLES[3], dataclasses.replace(EXAMPLES[3], themes=("digital",), annotator="b")]
    )
    done = run(files / "votes.jsonl", "--oof", files / "oof.jsonl")
    assert "conflicting answers for reports/one.txt paragraph 3 — adjudicate them first" in str(done.exception)
