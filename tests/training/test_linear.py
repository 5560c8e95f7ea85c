"""The fallback's training: decisions a person can work out, features as scikit-learn has them, settings obeyed."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from fazhi.model.bundle import check_place
from fazhi.model.labels import read_examples, trainable
from fazhi.model.reading import InputError
from fazhi.model.report import Paragraph
from fazhi.model.scorers import LinearModel, calibrated
from fazhi.model.scorers.features import grams
from fazhi.model.tagger import tag_scores
from fazhi.training.decide import decide
from fazhi.training.decisions import (
    Steps,
    chain_of,
    margin_for,
    section_temperature,
    theme_temperature,
    theme_thresholds,
)
from fazhi.training.evaluate import evaluate
from fazhi.training.fit_linear import fit_linear
from fazhi.training.left_out import conclude, protocols
from fazhi.training.linear import train_linear
from fazhi.training.rows import answered_reports
from fazhi.training.settings import load_linear_settings
from fazhi.training.splits import editions, folds


@pytest.fixture(scope="module")
def reports(root, scheme):
    return answered_reports(trainable(read_examples(root / "seeds" / "gold.jsonl", scheme)), scheme)


@pytest.fixture(scope="module")
def settings():
    return dataclasses.replace(load_linear_settings(), folds=2)


@pytest.fixture(scope="module")
def model(reports, scheme, settings):
    return fit_linear(reports[:3], scheme, settings)


def test_folds_hold_every_report_out_once():
    sources = ["gold"] * 4 + ["written"] * 7
    parts = folds(sources, 4, seed=3)
    assert sorted(np.concatenate(parts).tolist()) == list(range(11))
    assert {len(part) for part in parts} == {2, 3}
    assert [part.tolist() for part in folds(sources, 4, seed=3)] == [part.tolist() for part in parts]
    assert len(folds(["gold"] * 3, 5, seed=0)) == 3
    assert [sum(here < 4 for here in part) for part in parts] == [1, 1, 1, 1]  # a real report in every fold


def test_editions_of_a_report_go_into_one_fold(reports):
    corrected = dataclasses.replace(reports[2], sha256="other", paragraphs=reports[2].paragraphs[5:])
    every = [*reports, corrected]
    groups = editions(every)
    assert groups == [0, 1, 2, 3, 4, 2]
    parts = folds([each.source for each in every], 5, seed=0, groups=groups)
    assert len(parts) == 5
    assert [part.tolist() for part in parts if 2 in part] == [[2, 5]]
    assert [2, 5] in [sorted(part) for protocol in protocols(every, 5, 0) for part in protocol.parts]


def test_a_temperature_undoes_overconfidence():
    rng = np.random.default_rng(0)
    honest = rng.normal(size=(4000, 1)) * 2
    answers = rng.random(honest.shape) < 1 / (1 + np.exp(-honest))
    assert theme_temperature(3 * honest, answers) == pytest.approx(3, rel=0.15)
    assert theme_temperature(30 * honest, answers) == pytest.approx(
        10 * theme_temperature(3 * honest, answers), rel=1e-3
    )


def test_a_section_temperature_undoes_overconfidence():
    rng = np.random.default_rng(0)
    honest = rng.normal(size=(4000, 3)) * 2
    answers = (honest + rng.gumbel(size=honest.shape)).argmax(axis=1)
    assert section_temperature(2 * honest, answers) == pytest.approx(2, rel=0.15)


def test_a_theme_with_much_support_gets_its_own_threshold_and_a_rare_one_the_common():
    scores = np.concatenate([np.full((50, 2), 0.3), np.full((50, 2), 0.2)])
    scores[50:, 1] = 0.8
    scores[:, 1] = np.where(np.arange(100) == 99, 0.25, scores[:, 1] * 0.1)
    answers = np.zeros((100, 2), dtype=bool)
    answers[:50, 0] = True
    answers[99, 1] = True
    common, rare = theme_thresholds(scores, answers, shrink=20)
    assert 0.2 < common <= 0.3
    assert 0.2 < rare <= 0.3


def test_the_margin_is_the_smallest_that_reaches_the_accuracy():
    distances = np.array([0.1, 0.2, 0.3, 0.4, 0.5])
    correct = np.array([False, True, False, True, True])
    assert margin_for(distances, correct, 1.0) == pytest.approx(0.35)
    assert margin_for(distances, correct, 0.6) == 0.0


def test_the_chain_counts_openings_and_transitions_inside_chapters_and_across():
    none = np.array([], dtype=np.int64)
    first = Steps(np.array([0]), np.array([0, 1]), np.array([1, 1]), np.array([False, True]))
    second = Steps(np.array([0]), np.array([0]), np.array([1]), np.array([False]))
    headings_alone = Steps(none, none, none, none.astype(bool))
    chain = chain_of([first, headings_alone, second], sections=2, prior=1.0)
    np.testing.assert_allclose(np.exp(chain.initial), [3 / 4, 1 / 4])
    np.testing.assert_allclose(np.exp(chain.within), [[1 / 2, 1 / 2], [1 / 3, 2 / 3]])
    np.testing.assert_allclose(np.exp(chain.across), [[1 / 4, 3 / 4], [1 / 2, 1 / 2]])


def test_paragraphs_between_which_others_were_not_answered_say_nothing_of_their_order(
    left_out, reports, scheme, settings
):
    whole, logits = reports[3], left_out[0]
    kept = [here for here in range(len(whole.paragraphs)) if here != 20]
    other = dataclasses.replace(
        whole,
        paragraphs=tuple(whole.paragraphs[here] for here in kept),
        themes=whole.themes[kept],
        sections=whole.sections[kept],
    )
    answered_apart = dataclasses.replace(
        whole,
        paragraphs=whole.paragraphs[5::10],
        themes=whole.themes[5::10],
        sections=whole.sections[5::10],
    )
    chains = [
        decide([report], [tuple(each[rows] for each in logits)], scheme, settings.decisions).chain
        for report, rows in ((whole, slice(None)), (other, kept), (answered_apart, slice(5, None, 10)))
    ]
    assert chains[0].initial == chains[1].initial
    assert chains[0].within != chains[1].within
    assert len(set(chains[2].initial)) == 1  # nobody answered how the report opens
    assert all(len(set(row)) == 1 for row in (*chains[2].within, *chains[2].across))


def test_evaluation_counts_as_a_person_does(scheme):
    answers = np.zeros((4, 12), dtype=bool)
    answers[:3, 0] = True
    answers[3, 1] = True
    given = answers.copy()
    given[2, 0] = False  # one of three missed
    given[2, 1] = True  # and given the wrong one
    sections = np.array([3, 3, 3, 6])
    found = evaluate(given, answers, np.array([3, 3, 6, 6]), sections, scheme)
    assert (found.themes[0].precision, found.themes[0].recall, found.themes[0].support) == (1.0, 2 / 3, 3)
    assert (found.themes[1].precision, found.themes[1].recall, found.themes[1].support) == (0.5, 1.0, 1)
    assert found.theme_micro_f1 == pytest.approx(3 / 4)
    assert found.theme_macro_f1 == pytest.approx((0.8 + 2 / 3) / 2)  # themes without support are left out
    assert found.exact == 0.75
    assert found.section_accuracy == 0.75
    assert found.section_macro_f1 == pytest.approx((0.8 + 2 / 3) / 2)


def test_a_features_row_is_scikit_learns_tf_idf(model, reports):
    """The text block alone, with scikit-learn's own vectoriser over the same vocabulary and idf."""
    texts = [paragraph.clean for paragraph in reports[4].paragraphs]
    vocabulary = list(model.weights.tokens[0])
    theirs = TfidfVectorizer(analyzer=lambda text: list(grams(text)), vocabulary=vocabulary, sublinear_tf=True)
    theirs.fit(texts)
    idf = model.weights.idf[: len(vocabulary)].astype(float)
    theirs.idf_ = idf
    only_text, no_share = np.array([1, 0, 0, 0, 0], dtype=np.float32), np.array(0, dtype=np.float32)
    weights = dataclasses.replace(model.weights, theme_blocks=only_text, sentence_share=no_share)
    ours = dataclasses.replace(model, weights=weights)
    expected = theirs.transform(texts) @ model.weights.theme_weights[: len(vocabulary)] + model.weights.theme_bias
    np.testing.assert_allclose(ours.logits(reports[4].paragraphs)[0], expected, atol=1e-5)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_best_sentence_counts_beside_the_whole_text(model, share):
    model = LinearModel.of(dataclasses.replace(model.weights, sentence_share=np.array(share, dtype=np.float32)))
    parts = ["全年修建公路12公里。", "办理行政复议案件9件;", "开展宪法宣传周活动。"]
    texts = ["".join(parts), *parts]
    paragraphs = [Paragraph(3, 9, 0, len(text), text, text, 0, "", ("一、工作",), ()) for text in texts]
    whole = LinearModel.of(dataclasses.replace(model.weights, sentence_share=np.array(0, dtype=np.float32)))
    alone = whole.logits(paragraphs)[0]
    expected = (1 - share) * alone[0] + share * alone[1:].max(axis=0)
    np.testing.assert_allclose(model.logits(paragraphs)[0][0], expected, atol=1e-6)
    np.testing.assert_allclose(model.logits(paragraphs)[0][1:], alone[1:], atol=1e-9)
    np.testing.assert_array_equal(model.logits(paragraphs)[1], whole.logits(paragraphs)[1])


def test_fitting_twice_gives_the_same(model, reports, scheme, settings):
    again = fit_linear(reports[:3], scheme, settings)
    np.testing.assert_array_equal(again.weights.theme_weights, model.weights.theme_weights)


def same_weights(one, other):
    return all(
        getattr(one.weights, name).shape == getattr(other.weights, name).shape
        and np.array_equal(getattr(one.weights, name), getattr(other.weights, name))
        for name in ("theme_weights", "section_weights", "theme_blocks", "sentence_share")
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("theme_c", 0.1),
        ("section_c", 0.1),
        ("theme_blocks", (1.0, 0.1, 0.0, 0.0, 0.0)),
        ("section_blocks", (0.5, 0.0, 1.0, 0.1, 1.0)),
        ("min_reports_of_token", 3),
        ("scheme_weight", 0.0),
        ("sentence_share", 0.25),
    ],
)
def test_every_setting_of_the_weights_is_obeyed(model, reports, scheme, settings, field, value):
    assert not same_weights(fit_linear(reports[:3], scheme, dataclasses.replace(settings, **{field: value})), model)


@pytest.mark.parametrize(("field", "value"), [("seed", 1), ("folds", 3)])
def test_every_setting_of_the_folds_is_obeyed(reports, settings, field, value):
    changed = dataclasses.replace(settings, **{field: value})
    before, after = (protocols(reports, each.folds, each.seed)[0].parts for each in (settings, changed))
    assert before != after


@pytest.fixture(scope="module")
def left_out(model, reports):
    return [model.logits(report.paragraphs) for report in reports[3:]]


@pytest.mark.parametrize(
    ("field", "value"),
    [("threshold_shrink", 1000.0), ("chain_prior", 10.0), ("sure_themes", 0.5), ("sure_section", 0.5)],
)
def test_every_setting_of_the_decisions_is_obeyed(left_out, reports, scheme, settings, field, value):
    changed = dataclasses.replace(settings.decisions, **{field: value})
    assert decide(reports[3:], left_out, scheme, changed) != decide(reports[3:], left_out, scheme, settings.decisions)


def test_a_part_is_tagged_with_decisions_that_were_chosen_without_it(left_out, reports, scheme, settings):
    held_out, other = reports[3:]
    ways = protocols([held_out, other], 2, 0)
    found = conclude(ways, [dict(enumerate(left_out))], [held_out, other], scheme, settings.decisions, "m@1")
    without = decide([other], left_out[1:], scheme, settings.decisions)
    assert found.decisions != without
    expected = tag_scores(held_out.paragraphs, calibrated(left_out[0], without), scheme, without)
    said = [row for row in found.rows if row.sha256 == held_out.sha256]
    assert [(row.section, row.themes, row.band) for row in said] == [
        (each.section, each.themes, each.band) for each in expected
    ]
    assert all(sum(row.section_scores) == pytest.approx(1) for row in said)


def test_real_reports_among_written_ones_are_also_shown_by_themselves(left_out, reports, scheme, settings):
    mixed = [reports[3], dataclasses.replace(reports[4], source="written")]
    found = conclude(protocols(mixed, 2, 0), [dict(enumerate(left_out))], mixed, scheme, settings.decisions, "m@1")
    everything, real = found.measured
    assert real.title.startswith("The 1 real reports in those folds")
    assert real.everything.paragraphs == len(reports[3].paragraphs)
    assert everything.everything.paragraphs == len(reports[3].paragraphs) + len(reports[4].paragraphs)


def test_the_settings_tests_name_every_setting(settings):
    tests = (test_every_setting_of_the_weights_is_obeyed, test_every_setting_of_the_folds_is_obeyed)
    named = {case[0] for test in tests for case in test.pytestmark[0].args[1]}
    # Below, and in the tests of headings and sentences.
    elsewhere = {"decisions", "heading_c", "heading_share", "sentence_weight"}
    assert named | elsewhere == {field.name for field in dataclasses.fields(settings)}
    decided = {case[0] for case in test_every_setting_of_the_decisions_is_obeyed.pytestmark[0].args[1]}
    assert decided == {field.name for field in dataclasses.fields(settings.decisions)}


def test_unknown_and_missing_settings_are_refused(tmp_path):
    (tmp_path / "s.toml").write_text("theme_c = 1.0\nlearning_rate = 3\n")
    with pytest.raises(InputError, match="misses or does not know .*learning_rate"):
        load_linear_settings(tmp_path / "s.toml")
    with pytest.raises(InputError, match="is no settings file"):
        load_linear_settings(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("folds = 1", "folds should be at least 2, found 1"),
        ("theme_c = 0.0", "theme_c should be at least 1e-09, found 0.0"),
        ("sentence_share = 2", "sentence_share should be at most 1, found 2.0"),
        ("heading_share = nan", "heading_share should be .* found nan"),
        ("chain_prior = 0", "decisions.chain_prior should be at least 1e-09, found 0.0"),
        ("theme_blocks = [1, 2]", "theme_blocks should have 5 numbers, found 2"),
    ],
)
def test_settings_out_of_range_are_refused(tmp_path, root, line, said):
    name = line.split(" = ")[0]
    lines = (root / "training" / "linear.toml").read_text(encoding="utf-8").splitlines()
    assert sum(each.startswith(f"{name} = ") for each in lines) == 1
    changed = [line if each.startswith(f"{name} = ") else each for each in lines]
    (tmp_path / "s.toml").write_text("\n".join(changed), encoding="utf-8")
    with pytest.raises(InputError, match=said):
        load_linear_settings(tmp_path / "s.toml")


def test_a_folder_of_something_else_is_not_replaced(tmp_path, root):
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "dear.txt").write_text("x")
    for command in (
        lambda: train_linear([root / "seeds" / "gold.jsonl"], tmp_path / "reports", None, "1", None),
        lambda: check_place(tmp_path / "reports" / "dear.txt"),
        lambda: check_place(Path()),
    ):
        with pytest.raises(InputError, match="name a new folder, or that of an older bundle"):
            command()
    assert (tmp_path / "reports" / "dear.txt").read_text() == "x"


def test_too_few_reports_are_refused(tmp_path, root):
    lines = (root / "seeds" / "gold.jsonl").read_text(encoding="utf-8").split("\n")[:66]
    (tmp_path / "one.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError, match="come from 1 reports — give at least 3"):
        train_linear([tmp_path / "one.jsonl"], tmp_path / "bundle", None, "1", None)
    assert not (tmp_path / "bundle").exists()
