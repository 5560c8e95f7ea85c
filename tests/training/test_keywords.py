"""The keyword baseline says what its words say, and its file is one that evaluation reads."""

import importlib.util
import sys

import pytest

from fazhi.model.labels import read_examples, read_left_out


@pytest.fixture
def keywords(root):
    spec = importlib.util.spec_from_file_location("keywords", root / "training" / "benchmarks" / "keywords.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_words_come_from_the_scheme(keywords, scheme):
    words = keywords.words_of(scheme)
    assert {"行政复议", "行政应诉", "信访"} <= set(words["dispute"])
    assert all(len(word) >= 2 for each in words.values() for word in each)


def test_every_paragraph_is_scored_by_its_words(keywords, scheme, root, tmp_path, monkeypatch):
    gold = root / "seeds" / "gold.jsonl"
    monkeypatch.setattr(sys, "argv", ["keywords", str(gold), "--oof", str(tmp_path / "oof.jsonl")])
    keywords.main()
    rows = {row.uid: row for row in read_left_out(tmp_path / "oof.jsonl", scheme)}
    examples = {example.uid: example for example in read_examples(gold, scheme)}
    assert rows.keys() == examples.keys()
    for uid, row in rows.items():
        assert ("dispute" in row.themes) >= ("行政复议" in examples[uid].clean)
        assert (row.section == "heading") == (examples[uid].level > 0)
