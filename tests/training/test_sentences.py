"""Answered sentences: what is refused, what they teach the n-gram model, and that the shipped ones are as their card says."""

import dataclasses
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from fazhi.model.reading import InputError
from fazhi.model.report import Paragraph
from fazhi.training.cli import app
from fazhi.training.fit_linear import fit_linear
from fazhi.training.inputs import read_training_data
from fazhi.training.left_out import protocols
from fazhi.training.linear import left_out_linear
from fazhi.training.sentences import AnsweredSentence, agreed, read_sentences
from fazhi.training.settings import load_linear_settings
from fazhi.training.supplement import Supplement, SupplementFiles

TEACHING = tuple(
    AnsweredSentence(text, "w", (frozenset(themes),))
    for text, themes in (
        ("设说事小院,把疙瘩当场解开。", {"dispute"}),
        ("邻里疙瘩进小院,当天解开。", {"dispute"}),
        ("小院评理四十次,疙瘩解开了三十八个。", {"dispute"}),
        ("修缮小院围墙,种花植树。", set()),
        ("小院经济收入翻番。", set()),
    )
)


def line(**changed):
    return json.dumps({"text": "开展复议。", "writer": "w", "answers": [["dispute"]], **changed}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("[]", "expected an object with answers, text, writer"),
        (json.dumps({"text": "一", "answers": [[]]}), "expected an object"),
        (line(text=" "), "text should be a sentence"),
        (line(text=["一"]), "text should be a sentence"),
        (line(writer=3), "writer should be a name"),
        (line(answers=[]), "answers should be lists of themes"),
        (line(answers=["dispute"]), "answers should be lists of themes"),
        (line(answers=[["disputes"]]), "unknown theme 'disputes'"),
        (line(answers=[[], [1]]), "unknown theme 1"),
    ],
)
def test_a_bad_line_is_named(tmp_path, scheme, bad, said):
    (tmp_path / "s.jsonl").write_text(f"{line()}\n{bad}\n", encoding="utf-8")
    with pytest.raises(InputError, match=f"line 2: {said}"):
        read_sentences(tmp_path / "s.jsonl", scheme)


def test_sentences_are_read_as_paragraphs_are_cleaned(tmp_path, scheme):
    (tmp_path / "s.jsonl").write_text(line(text=" 開展\uff08行政\uff09復議。"), encoding="utf-8")
    (sentence,) = read_sentences(tmp_path / "s.jsonl", scheme)
    assert sentence.text == "开展(行政)复议。"


def test_the_order_of_themes_makes_no_difference_and_other_differences_do():
    one, other = frozenset(["dispute", "digital"]), frozenset(["dispute"])
    same, mixed = (
        AnsweredSentence("甲", "w", (one, frozenset(["digital", "dispute"]))),
        AnsweredSentence("乙", "w", (one, other)),
    )
    assert agreed((same, mixed), "s.jsonl") == (same,)
    with pytest.raises(InputError, match=r"s\.jsonl: has 1 sentences, none with one answer — give"):
        agreed((mixed,), "s.jsonl")


@pytest.fixture(scope="module")
def fit(answered, scheme):
    settings = load_linear_settings()
    return lambda sentences, **changed: fit_linear(
        answered[:2], scheme, dataclasses.replace(settings, **changed), Supplement(sentences=sentences)
    )


def test_sentences_teach_the_linear_model_their_themes(fit, scheme):
    without, taught = fit(()), fit(TEACHING)
    dispute = scheme.theme_ids.index("dispute")
    asked = [Paragraph(1, 9, 0, 9, text, text, 0, "", (), ()) for text in ("疙瘩在小院解开。", "小院围墙翻新。")]
    told, untold = ([model.logits([each])[0][0, dispute] for each in asked] for model in (taught, without))
    assert told[0] > 0 > told[1]
    assert max(untold) < 0


def test_sentences_say_nothing_of_the_section(fit, answered):
    one, other = fit(()), fit(TEACHING)
    for report in answered[2:]:
        np.testing.assert_allclose(one.logits(report.paragraphs)[1], other.logits(report.paragraphs)[1], atol=0.5)


@pytest.mark.parametrize("weight", [0.0, 3.0])
def test_the_weight_of_sentences_is_obeyed(fit, weight):
    one, other = fit(TEACHING).weights, fit(TEACHING, sentence_weight=weight).weights
    assert not np.array_equal(one.theme_weights, other.theme_weights)
    np.testing.assert_array_equal(one.section_weights, other.section_weights)


def test_the_identity_of_the_data_covers_the_sentences(root, tmp_path, scheme):
    examples, headings = [root / "seeds" / "gold.jsonl"], root / "seeds" / "headings.jsonl"
    (tmp_path / "s.jsonl").write_text(line(), encoding="utf-8")
    without, data = (
        read_training_data(examples, scheme, SupplementFiles(headings, sentences))
        for sentences in (None, tmp_path / "s.jsonl")
    )
    assert data.examples_sha256 == without.examples_sha256
    assert (bool(data.sentences_sha256), without.sentences_sha256) == (True, "")
    assert data.identity not in (without.identity, data.examples_sha256)


def test_left_out_reports_are_tagged_with_sentences_too(root, scheme):
    examples, files = [root / "seeds" / "gold.jsonl"], SupplementFiles(sentences=root / "seeds" / "sentences.jsonl")
    without, data = read_training_data(examples, scheme), read_training_data(examples, scheme, files)
    way, settings = protocols(data.reports, 2, 0)[0], load_linear_settings()
    one, other = (left_out_linear(way, each, scheme, settings) for each in (without, data))
    assert not any(np.allclose(one[here][0], other[here][0], atol=0.1) for here in one)


@pytest.mark.parametrize("command", ["linear", "encoder"])
def test_the_commands_take_sentences(root, tmp_path, command):
    (tmp_path / "s.jsonl").write_text(line(answers=[["nothing"]]), encoding="utf-8")
    own = ["--sentences", str(tmp_path / "s.jsonl"), "--out", str(tmp_path / "out")]
    own += ["--base", str(tmp_path)] if command == "encoder" else []
    found = CliRunner().invoke(app, [command, str(root / "seeds" / "gold.jsonl"), *own])
    assert isinstance(found.exception, InputError)
    assert "unknown theme 'nothing'" in str(found.exception)


@pytest.mark.parametrize("name", ["sentences.jsonl", "challenge.jsonl"])
def test_the_cards_of_the_sentences_are_what_the_script_prints(root, name, printed_by):
    card = (root / "seeds" / "README.md").read_text(encoding="utf-8")
    assert printed_by("sentences.py", root / "seeds" / name) in card


def test_the_challenge_is_tagged_as_the_card_says(root, printed_by):
    count, _, _, _, row, *_ = printed_by("challenge.py", "linear").split("\n")
    card = (root / "seeds" / "README.md").read_text(encoding="utf-8")
    assert count in card
    assert row.startswith("| `linear` | ")
    assert row in card


def test_no_sentence_of_the_challenge_is_learnt_from(root, scheme):
    learnt, asked = (read_sentences(root / "seeds" / f"{name}.jsonl", scheme) for name in ("sentences", "challenge"))
    assert not {each.text for each in learnt} & {each.text for each in asked}
    assert not {each.writer for each in learnt} & {each.writer for each in asked}
