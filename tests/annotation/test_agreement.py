"""Agreement: published and worked examples, two passes that do not match, who differs from whom, the page."""

import dataclasses
import json
import re
import subprocess
from html import unescape

import numpy as np
import pytest
from answered import HOSTILE, SCHEME, answered
from sklearn.metrics import cohen_kappa_score, f1_score
from typer.testing import CliRunner

from fazhi.annotation.agreement.ballots import check_same, collect, passes_of
from fazhi.annotation.agreement.coefficients import MISSING, alpha, coincidences, contingency, f1, kappa
from fazhi.annotation.agreement.differences import differences
from fazhi.annotation.agreement.figures import Figure, agreement, resamples
from fazhi.annotation.cli import app
from fazhi.model.labels import read_examples, write_examples
from fazhi.model.reading import InputError

KRIPPENDORFF = """
    1 2 3 3 2 1 4 1 2 . . .
    1 2 3 3 2 2 4 1 2 5 . 3
    . 3 3 3 2 3 4 2 2 5 1 .
    1 2 3 3 2 4 4 1 2 5 1 .
"""


@pytest.fixture(scope="module")
def passes(root, scheme):
    return {name: read_examples(root / "seeds" / "passes" / f"{name}.jsonl", scheme) for name in "abc"}


def answers_of(rows):
    """Return (units, observers) of a printed table, observers below one another."""
    return np.array([[MISSING if cell == "." else int(cell, 36) for cell in row.split()] for row in rows]).T


def whole_alpha(answers):
    return alpha(coincidences(answers, np.zeros(len(answers), dtype=int), (1, answers.max() + 1)))[0]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (["0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"], 0.095),
        (["a a b b d c c c e d d a", "b a b b b c c c e d d d"], 0.692),
        (KRIPPENDORFF.strip().splitlines(), 0.743),
    ],
)
def test_alpha_as_published(table, expected):
    """Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability": examples A, B and C (nominal)."""
    assert whole_alpha(answers_of(table)) == pytest.approx(expected, abs=5e-4)


def test_alpha_by_hand_with_a_missing_answer():
    """Three annotators, three paragraphs: (x x y), (x x -), (y - -), of which the last counts for nothing.

    The first adds xx 2/2, xy 2/2 (each way), the second xx 2/1: o_xx = 1 + 2 = 3, o_xy = o_yx = 1, o_yy = 0; n_x = 4,
    n_y = 1, n = 5. Alpha = ((5 - 1)·3 - (4·3 + 0)) / (5·4 - 12) = 0.
    """
    answers = np.array([[0, 0, 1], [0, 0, MISSING], [1, MISSING, MISSING]])
    found = coincidences(answers, np.zeros(3, dtype=int), (1, 2))
    assert found[0].tolist() == [[3, 1], [1, 0]]
    assert alpha(found)[0] == pytest.approx(0)


def test_what_is_undefined():
    one_answer = np.zeros((4, 2), dtype=int)
    assert whole_alpha(np.c_[one_answer, one_answer]) == 1
    assert kappa(np.array([[4, 0], [0, 0]])) == 1
    assert np.isnan(kappa(np.zeros((2, 2))))
    assert np.isnan(alpha(np.zeros((2, 2))))
    assert np.isnan(f1(np.array([[4, 0], [0, 0]])))


def test_kappa_and_f1_are_those_of_scikit_learn():
    rng = np.random.default_rng(5)
    for _ in range(20):
        one, other = rng.integers(0, 4, (2, 60))
        assert kappa(contingency(one, other, np.zeros(60, dtype=int), (1, 4)))[0] == pytest.approx(
            cohen_kappa_score(one, other)
        )
        yes = contingency(one % 2, other % 2, np.zeros(60, dtype=int), (1, 2))
        assert f1(yes)[0] == pytest.approx(f1_score(one % 2, other % 2))


def test_a_worked_example(passes, scheme):
    """Ten paragraphs; the first gives digital to 4, the second to 3 of these and to 1 other.

    Observed agreement 8/10; by chance 0.4·0.4 + 0.6·0.6 = 0.52; kappa (0.8 - 0.52) / 0.48 = 0.5833; F1 2·3 / 8 = 0.75.
    Alpha: 20 answers, 8 yes: ((20 - 1)·16 - (8·7 + 12·11)) / (20·19 - 188) = 116 / 192 = 0.6042.
    """
    base = [each for each in passes["a"] if each.section == "work"][:10]
    first = [dataclasses.replace(each, themes=("digital",) if i < 4 else ()) for i, each in enumerate(base)]
    second = [
        dataclasses.replace(each, themes=("digital",) if i in {1, 2, 3, 7} else ()) for i, each in enumerate(base)
    ]
    figures = agreement(collect({"a": first, "b": second[::-1]}, scheme), scheme)
    found = next(each for each in figures.themes if each.id == "digital")
    assert found.support == (4, 4)
    assert found.kappa.value == pytest.approx(0.28 / 0.48)
    assert found.alpha.value == pytest.approx(116 / 192)
    assert found.f1.value == pytest.approx(0.75)
    assert figures.identical == 8


def test_a_label_that_nobody_gave_has_no_figures(passes, scheme):
    base = [dataclasses.replace(each, themes=()) for each in passes["a"][:9]]
    figures = agreement(collect({"a": base, "b": base}, scheme), scheme)
    assert {(each.kappa, each.alpha, each.f1) for each in figures.themes} == {(None, None, None)}
    assert figures.identical == figures.paragraphs == 9


def test_sections_are_compared_as_one_choice(passes, scheme):
    one, other = passes["a"], [*passes["b"]]
    other[0] = dataclasses.replace(other[0], section="boilerplate" if other[0].section != "boilerplate" else "work")
    by_uid = {each.uid: each.section for each in other}
    expected = cohen_kappa_score([each.section for each in one], [by_uid[each.uid] for each in one])
    assert agreement(collect({"a": one, "b": other}, scheme), scheme).section.kappa.value == pytest.approx(expected)
    assert expected < 1


def test_intervals_come_from_whole_documents():
    """Two documents: all agree in one, none in the other. A draw takes one of them twice, or both: F1 1, 0 or 1/2."""
    first = [answered(name, 0, "work", ("digital",)) for name in ("one", "two")]
    second = [answered("one", 0, "work", ("digital",)), answered("two", 0, "work", ())]
    second.append(answered("two", 1, "work", ("digital",)))
    first.append(answered("two", 1, "work", ()))
    ballots = collect({"a": first, "b": second}, SCHEME)
    drawn = np.array([[2, 0], [1, 1], [0, 2]])
    found = next(each for each in agreement(ballots, SCHEME, drawn).themes if each.id == "digital")
    assert found.f1 == Figure(pytest.approx(1 / 2), pytest.approx(0.025), pytest.approx(0.975))
    assert resamples(2, 400, np.random.default_rng(1)).sum(axis=1).tolist() == [2] * 400


def test_passes_over_different_paragraphs_are_refused(passes, scheme):
    with pytest.raises(InputError, match="1 paragraphs are answered in one pass only"):
        check_same(collect({"a": passes["a"], "b": passes["b"][1:]}, scheme))
    with pytest.raises(InputError, match="answered twice in one pass \\(a\\)"):
        collect({"a": [*passes["a"], passes["a"][0]], "b": passes["b"]}, scheme)
    with pytest.raises(InputError, match="of 293 paragraphs none is answered by 2"):
        collect({"a": passes["a"][:200], "b": passes["a"][200:]}, scheme)


def test_a_file_of_several_annotators_and_a_file_each(passes, scheme, tmp_path):
    path = tmp_path / "all.jsonl"
    mixed = passes_of([(path, [*passes["c"], *passes["a"], *passes["b"]])])
    assert {name: len(votes) for name, votes in mixed.items()} == {"a": 293, "b": 293, "c": 293}
    each = passes_of([(tmp_path / f"{name}.jsonl", passes[name]) for name in "ba"])
    assert list(each) == ["b", "a"]
    same = passes_of([(tmp_path / "x.jsonl", passes["a"]), (tmp_path / "y.jsonl", passes["a"])])
    assert list(same) == ["x", "y"]
    with pytest.raises(InputError, match="has votes of a alone"):
        passes_of([(path, passes["a"])])


THREE = {
    "张": [answered("one", 0, "work", ("digital",)), answered("one", 1, "plan"), answered("two", 0, "work")],
    "李": [answered("one", 0, "work", ("digital",)), answered("one", 1, "work"), answered("two", 1, "work")],
    "王": [answered("one", 0, "work", ("digital", "capacity")), answered("two", 0, "work")],
}


def test_three_annotators_with_missing_answers():
    """张 and 李 share two paragraphs, 张 and 王 two, 李 and 王 one; two/1 is 李's alone."""
    ballots = collect(THREE, SCHEME)
    figures, found = agreement(ballots, SCHEME), differences(ballots, SCHEME)
    assert (figures.paragraphs, figures.alone, figures.identical, figures.documents) == (3, 1, 1, 2)
    assert figures.section.kappa is None
    digital, capacity = (next(each for each in figures.themes if each.id == name) for name in ("digital", "capacity"))
    assert (digital.support, digital.f1.value, digital.kappa) == ((1, 1, 1), 1.0, None)
    assert (capacity.support, capacity.f1.value) == ((0, 0, 1), 0.0)
    assert [(pair.first, pair.second, pair.paragraphs, pair.identical) for pair in found.pairs] == [
        ("张", "李", 2, 1), ("张", "王", 2, 1), ("李", "王", 1, 0),
    ]  # fmt: skip
    assert found.pairs[0].labels == {"work": (0, 1), "plan": (1, 0)}
    assert found.pairs[0].sections == {("plan", "work"): 1}
    assert found.pairs[1].labels == {"capacity": (0, 1)}
    assert [(each.paragraph.index, each.labels, each.pairs) for each in found.disputed] == [
        (0, ("capacity",), (("张", "王"), ("李", "王"))),
        (1, ("work", "plan"), (("张", "李"),)),
    ]
    assert collect(THREE, SCHEME, common=True).uncommon == 2


@pytest.fixture
def files(tmp_path):
    hostile = [dataclasses.replace(each, annotator="<b>王", text=HOSTILE, clean=HOSTILE) for each in THREE["王"]]
    write_examples(tmp_path / "all.jsonl", [
        *(dataclasses.replace(each, annotator=name, text=HOSTILE, clean=HOSTILE) for name in "张李" for each in THREE[name]),
        *hostile,
    ])  # fmt: skip
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(app, ["agree", *map(str, arguments)])


def test_the_command_writes_figures_and_a_page_that_is_safe(files):
    done = run(files / "all.jsonl", "--json", files / "a.json", "--html", files / "a.html", "--resamples", 50)
    assert done.exit_code == 0, done.output
    assert "Krippendorff's alpha of the section" in done.stdout
    assert "| `digital` | 1.000 [1.000–1.000] | 1.000 [1.000–1.000] | 1 / 1 / 1 |" in done.stdout
    assert "1 段只有一人答过" in done.stderr
    data = json.loads((files / "a.json").read_text(encoding="utf-8"))
    assert data["annotators"] == ["<b>王", "张", "李"]
    assert data["disputed"][0]["answers"]["<b>王"] == {"section": "work", "themes": ["digital", "capacity"]}
    html = (files / "a.html").read_text(encoding="utf-8")
    assert "<b>" not in html
    assert html.count("<script>") == html.count("<style>") == 1
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-\S+'; script-src 'sha256-\S+'; base-uri 'none'; form-action 'none'",
        policy,
    )
    assert " style=" not in html
    assert unescape(re.search(r'<p class="text">(.*?)</p>', html)[1]) == HOSTILE
    review = files / "review.jsonl"
    assert run(files / "all.jsonl", "--json", files / "b.json", "--resamples", 50, "--review", review).exit_code == 0
    listed = [(each.index, each.annotator) for each in read_examples(review, SCHEME)]
    assert listed == [(0, "<b>王"), (0, "张"), (0, "李"), (1, "张"), (1, "李")]
    assert (files / "a.json").read_bytes() == (files / "b.json").read_bytes()


def test_a_browser_lets_the_page_filter_and_nothing_else_run(files, browser_program):
    run(files / "all.jsonl", "--html", files / "a.html", "--resamples", 0)
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--dump-dom"]
    command = [browser_program, *flags, (files / "a.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert "<title>标注一致性 · agreement</title>" in done.stdout
    assert '<form class="filter" data-of="disputed">' in done.stdout
    assert "<output>2 / 2</output>" in done.stdout
    assert "Content Security Policy" not in done.stderr


def test_no_result_replaces_an_input(files):
    done = run(files / "all.jsonl", "--json", files / "all.jsonl")
    assert isinstance(done.exception, InputError)
    assert "is an input or another result too" in str(done.exception)
