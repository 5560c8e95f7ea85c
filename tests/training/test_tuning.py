"""Tunings of a run: the base learns from sentences first, once, and only where the settings want it."""

import dataclasses
import json
from unittest.mock import Mock

import numpy as np
import pytest

from fazhi.training import tuning as module
from fazhi.training.base import load_base
from fazhi.training.inputs import read_training_data
from fazhi.training.lessons import NO_SECTION, lessons_of_sentences
from fazhi.training.settings import load_encoder_settings
from fazhi.training.supplement import SupplementFiles
from fazhi.training.tuning import Tuning

SENTENCES = (("说事小院解疙瘩。", ["dispute"]), ("小院种花植树。", []), ("开展行政执法检查。", ["enforcement"]))


@pytest.fixture
def data(root, scheme, tmp_path):
    """The five real reports, and three answered sentences."""
    path = tmp_path / "sentences.jsonl"
    lines = [{"text": text, "writer": "w", "answers": [themes]} for text, themes in SENTENCES]
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    return read_training_data((root / "seeds" / "gold.jsonl",), scheme, SupplementFiles(sentences=path))


@pytest.fixture
def tuning_of(data, scheme, tiny_base, tmp_path):
    """Tunings of the tiny base with some settings changed."""
    quick = dataclasses.replace(load_encoder_settings(), max_length=64, sentence_epochs=0, epochs=1, encoder_rate=0.05)

    def build(data=data, **changed):
        return Tuning(data, scheme, dataclasses.replace(quick, **changed), str(tiny_base), tmp_path / "work")

    return build


@pytest.fixture
def asked(monkeypatch):
    """Tune nothing; return the (base, folder) of every tuning that is asked for."""
    found = []

    def fit(lessons, scheme, settings, base, folder):
        found.append((base, folder.name))
        return Mock()

    monkeypatch.setattr(module, "fit_encoder", fit)
    monkeypatch.setattr(module, "write_base", lambda encoder, base, out: out.mkdir(parents=True))
    return found


def test_sentences_are_lessons_without_a_section(data, scheme):
    lessons = lessons_of_sentences(data.supplement.sentences, scheme)
    assert [each.clean for each in lessons.paragraphs] == [text for text, _ in SENTENCES]
    assert [[scheme.theme_ids[column] for column in np.flatnonzero(row)] for row in lessons.themes] == [
        themes for _, themes in SENTENCES
    ]
    assert set(lessons.sections) == {NO_SECTION}


def test_the_base_learns_from_sentences_and_keeps_its_embeddings(tuning_of, tiny_base, tmp_path):
    tuning_of(sentence_epochs=2).final()
    (primed,) = (tmp_path / "work").glob("sentences-*/base")
    one, other = (load_base(str(each), 0, 0).encoder.state_dict() for each in (tiny_base, primed))
    moved = {name for name in one if not np.allclose(one[name], other[name], atol=0.01)}
    assert moved
    assert not any("embeddings" in name for name in moved)
    assert not list(primed.parent.glob("checkpoint-*"))


def test_reports_are_learnt_from_that_base_which_is_tuned_once(tuning_of, tiny_base, tmp_path, asked):
    tuning = tuning_of(sentence_epochs=1)
    for _ in range(2):
        tuning.final()
    (primed,) = (tmp_path / "work").glob("sentences-*/base")
    assert [base for base, _ in asked] == [str(tiny_base), str(primed), str(primed)]


def test_without_sentences_or_epochs_for_them_reports_are_learnt_from_the_base_itself(
    tuning_of, data, asked, tiny_base
):
    bare = dataclasses.replace(data, supplement=dataclasses.replace(data.supplement, sentences=()))
    for tuning in (tuning_of(sentence_epochs=0), tuning_of(bare, sentence_epochs=1)):
        tuning.final()
    assert asked == [(str(tiny_base), asked[0][1])] * 2


def test_a_folder_is_named_after_the_start_but_not_after_what_only_figures_depend_on(tuning_of, asked):
    for changed in ({}, {"folds": 3}, {"sentence_epochs": 1}, {"sentence_epochs": 2}, {"epochs": 2}):
        tuning_of(**changed).final()
    folders = [folder for _, folder in asked if folder.startswith("final")]
    assert folders[0] == folders[1]
    assert len(set(folders)) == 4
