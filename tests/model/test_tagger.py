"""Scores to tags: decoding against brute force, thresholds, bands, the linear scorer's arithmetic."""

import itertools

import numpy as np
import pytest

from fazhi.model import load_tagger
from fazhi.model.bundle import Decisions, SectionChain
from fazhi.model.reading import InputError, document_from_text
from fazhi.model.report import segment
from fazhi.model.scorers import Scores, log_softmax, sigmoid, softmax
from fazhi.model.tagger import decode_sections, tag_scores


@pytest.fixture(scope="module")
def tagger():
    return load_tagger("linear")


def test_sigmoid_and_softmax_are_exact_at_the_ends():
    assert sigmoid(np.array([-800.0, 0.0, 800.0])).tolist() == [0.0, 0.5, 1.0]
    assert softmax(np.array([[1000.0, 1000.0]])).tolist() == [[0.5, 0.5]]
    assert log_softmax(np.array([[-1000.0, 0.0]])).tolist() == [[-1000.0, 0.0]]


CHAPTERS = "开头。\n一、工作\n甲。\n乙。\n(一)小事\n丙。\n二、问题\n丁。"


def random_chain(rng, labels):
    def table(*shape):
        return log_softmax(rng.normal(size=shape)).tolist()

    return SectionChain(tuple(table(labels)), *(tuple(map(tuple, table(labels, labels))) for _ in range(2)))


def test_decoding_agrees_with_counting_every_path():
    """Headings take no part; 甲 to 乙 to 丙 is within a chapter, into 甲 and into 丁 is across."""
    rng = np.random.default_rng(7)
    labels, heading = 4, 2
    paragraphs = segment(document_from_text(CHAPTERS, "t")).paragraphs
    body = [each.index for each in paragraphs if each.level == 0]
    assert [paragraphs[place].clean for place in body] == ["开头。", "甲。", "乙。", "丙。", "丁。"]
    scores = log_softmax(rng.normal(size=(len(paragraphs), labels)))
    chain = random_chain(rng, labels)
    steps = [np.array(table) for table in (chain.across, chain.within, chain.within, chain.across)]
    totals = np.zeros((len(body), labels))
    for path in itertools.product([label for label in range(labels) if label != heading], repeat=len(body)):
        weight = chain.initial[path[0]] + sum(scores[place, label] for place, label in zip(body, path, strict=True))
        weight += sum(step[pair] for step, pair in zip(steps, itertools.pairwise(path), strict=True))
        for here, label in enumerate(path):
            totals[here, label] += np.exp(weight)
    found = decode_sections(paragraphs, scores, heading, chain)
    np.testing.assert_allclose(found[body], totals / totals.sum(axis=1, keepdims=True), atol=1e-12)
    others = [each.index for each in paragraphs if each.level > 0]
    assert found[others].tolist() == [[0.0, 0.0, 1.0, 0.0]] * 3


def test_decoding_nothing_and_headings_alone():
    chain = random_chain(np.random.default_rng(0), 3)
    assert decode_sections((), np.zeros((0, 3)), 0, chain).shape == (0, 3)
    only = segment(document_from_text("一、工作\n(一)小事\n正文。", "t")).paragraphs[:2]
    assert decode_sections(only, np.zeros((2, 3)), 1, chain).tolist() == [[0, 1, 0]] * 2


def decisions(scheme, **changes):
    sections = len(scheme.sections)
    flat = (0.0,) * sections
    base = {
        "theme_thresholds": (0.5,) * len(scheme.themes),
        "theme_temperature": 1.0,
        "section_temperature": 1.0,
        "theme_margin": 0.5,
        "section_minimum": 0.6,
        "chain": SectionChain(flat, (flat,) * sections, (flat,) * sections),
    }
    return Decisions(**{**base, **changes})


def scores_for(scheme, themes, section, certainty=10.0):
    rows = np.full((1, len(scheme.themes)), 0.01)
    for theme, score in themes.items():
        rows[0, scheme.theme_ids.index(theme)] = score
    logits = np.zeros((1, len(scheme.sections)))
    logits[0, scheme.section_ids.index(section)] = certainty
    return Scores(rows, log_softmax(logits))


BODY = segment(document_from_text("开展执法检查。", "t")).paragraphs


def tag_one(scheme, themes, section, certainty=10.0, min_score=0.0, **changes):
    scores = scores_for(scheme, themes, section, certainty)
    return tag_scores(BODY, scores, scheme, decisions(scheme, **changes), min_score)[0]


def test_themes_are_those_at_or_over_their_thresholds_in_scheme_order(scheme):
    tagged = tag_one(scheme, {"digital": 0.9, "enforcement": 0.5, "decision": 0.49}, "work")
    assert tagged.themes == ("enforcement", "digital")
    assert tagged.theme_scores[scheme.theme_ids.index("decision")] == 0.49


def test_min_score_only_raises_thresholds(scheme):
    themes = {"digital": 0.9, "enforcement": 0.6}
    assert tag_one(scheme, themes, "work", min_score=0.7).themes == ("digital",)
    assert tag_one(scheme, themes, "work", min_score=0.1).themes == ("enforcement", "digital")


def test_sections_without_themes_keep_their_scores(scheme):
    tagged = tag_one(scheme, {"digital": 0.9}, "closing")
    assert tagged.themes == ()
    assert max(tagged.theme_scores) == 0.9


@pytest.mark.parametrize(
    ("themes", "section", "certainty", "band"),
    [
        ({"digital": 0.9}, "work", 10.0, "sure"),
        ({"digital": 0.55}, "work", 10.0, "check"),  # log-odds 0.2 from the threshold
        ({"digital": 0.45}, "work", 10.0, "check"),
        ({"digital": 0.9}, "work", 0.5, "check"),  # the section is in doubt
        ({"digital": 0.55}, "closing", 10.0, "sure"),  # themes do not matter there
    ],
)
def test_the_band_says_what_to_check(scheme, themes, section, certainty, band):
    assert tag_one(scheme, themes, section, certainty).band == band


def test_a_heading_is_a_heading_exactly_where_the_level_says_so(tagger, seeds):
    for seed in seeds.values():
        for tagged in tagger.tag(seed).paragraphs:
            assert (tagged.section == "heading") == (tagged.paragraph.level > 0)


def test_the_result_names_its_bundle_and_has_every_score(tagger, seeds, scheme):
    report = tagger.tag(seeds["001"])
    assert report.model == tagger.bundle.label
    assert report.theme_ids == scheme.theme_ids
    assert all(len(each.theme_scores) == 12 and 0 <= each.section_score <= 1 for each in report.paragraphs)


def test_one_call_tags_a_file(root, seeds):
    path = next((root / "seeds" / "reports").glob("001*"))
    assert load_tagger().tag(path).paragraphs == load_tagger().tag(seeds["001"]).paragraphs


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan")])
def test_a_min_score_out_of_range_is_refused(score):
    with pytest.raises(InputError, match="--min-score: should lie between 0 and 1"):
        load_tagger(min_score=score)
