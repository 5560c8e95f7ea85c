"""Agreement: figures a person worked out, and two passes that do not match."""

import dataclasses

import pytest
from sklearn.metrics import cohen_kappa_score

from fazhi.annotation.agreement import agreement
from fazhi.model.labels import read_examples
from fazhi.model.reading import InputError


@pytest.fixture(scope="module")
def passes(root, scheme):
    return {name: read_examples(root / "seeds" / "passes" / f"{name}.jsonl", scheme) for name in "abc"}


def test_a_worked_example(passes, scheme):
    """Ten paragraphs; the first gives digital to 4, the second to 3 of these and to 1 other.

    Observed agreement 8/10; by chance 0.4·0.4 + 0.6·0.6 = 0.52; kappa (0.8 - 0.52) / 0.48 = 0.5833; F1 2·3 / 8 = 0.75.
    """
    base = [each for each in passes["a"] if each.section == "work"][:10]
    first = [dataclasses.replace(each, themes=("digital",) if i < 4 else ()) for i, each in enumerate(base)]
    second = [
        dataclasses.replace(each, themes=("digital",) if i in {1, 2, 3, 7} else ()) for i, each in enumerate(base)
    ]
    found = next(each for each in agreement(first, second[::-1], scheme).themes if each.id == "digital")
    assert found.support == (4, 4)
    assert found.kappa == pytest.approx(0.28 / 0.48)
    assert found.f1 == pytest.approx(0.75)


def test_a_label_that_nobody_gave_has_no_figures(passes, scheme):
    base = [dataclasses.replace(each, themes=()) for each in passes["a"][:9]]
    figures = agreement(base, base, scheme)
    assert {(each.kappa, each.f1) for each in figures.themes} == {(None, None)}
    assert figures.identical == figures.paragraphs == 9


def test_sections_are_compared_as_one_choice(passes, scheme):
    one, other = passes["a"], [*passes["b"]]
    other[0] = dataclasses.replace(other[0], section="boilerplate" if other[0].section != "boilerplate" else "work")
    by_uid = {each.uid: each.section for each in other}
    expected = cohen_kappa_score([each.section for each in one], [by_uid[each.uid] for each in one])
    assert agreement(one, other, scheme).section_kappa == pytest.approx(expected)
    assert expected < 1


def test_passes_over_different_paragraphs_are_refused(passes, scheme):
    with pytest.raises(InputError, match="1 paragraphs are answered in one pass only"):
        agreement(passes["a"], passes["b"][1:], scheme)
    with pytest.raises(InputError, match="answered twice in one pass"):
        agreement([*passes["a"], passes["a"][0]], passes["b"], scheme)
