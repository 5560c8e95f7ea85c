"""The gold annotation: complete, as its passes and adjudication say, with the figures that its README shows."""

import hashlib
import itertools
import json

import pytest

from fazhi.annotation.agreement.ballots import collect
from fazhi.annotation.agreement.figures import agreement
from fazhi.annotation.agreement.grids import markdown_table
from fazhi.model.labels import read_examples, trainable, uid_of
from fazhi.model.reading import read_document
from fazhi.model.report import SEGMENTER_VERSION, segment


@pytest.fixture(scope="module")
def gold(root, scheme):
    return read_examples(root / "seeds" / "gold.jsonl", scheme)


@pytest.fixture(scope="module")
def passes(root, scheme):
    return {name: read_examples(root / "seeds" / "passes" / f"{name}.jsonl", scheme) for name in "abc"}


@pytest.fixture(scope="module")
def settled(root):
    lines = (root / "seeds" / "passes" / "adjudication.jsonl").read_text(encoding="utf-8").split("\n")
    return {entry["uid"]: entry for entry in map(json.loads, filter(None, lines))}


def test_the_seeds_are_as_they_were_collected(root):
    """Byte for byte: the middle of each name is the beginning of nothing we know, so the bytes are pinned here."""
    digests = {path.name[:3]: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in (root / "seeds/reports").iterdir()}
    assert digests == DIGESTS


def test_every_paragraph_of_every_seed_has_one_verdict(gold, seeds):
    expected = {}
    for seed in seeds.values():
        for each in segment(seed).paragraphs:
            expected[uid_of(seed.sha256, each.start, each.end)] = each
    assert {each.uid for each in gold} == set(expected)
    assert len(gold) == len(expected) == 293
    for each in gold:
        cut = expected[each.uid]
        assert (each.text, each.clean, each.level, each.path) == (cut.text, cut.clean, cut.level, cut.path)
        assert (each.kind, each.segmenter) == ("verdict", SEGMENTER_VERSION)


def test_the_passes_cover_the_same_paragraphs_in_other_orders(gold, passes):
    for votes in passes.values():
        assert {each.uid for each in votes} == {each.uid for each in gold}
        assert {each.kind for each in votes} == {"vote"}
    orders = {tuple(each.uid for each in votes) for votes in passes.values()}
    assert len(orders) == 3


def test_gold_is_unanimous_or_adjudicated_with_a_reason(gold, passes, settled):
    votes = {name: {each.uid: each for each in examples} for name, examples in passes.items()}
    for each in gold:
        answers = {(vote[each.uid].section, vote[each.uid].themes) for vote in votes.values()}
        if len(answers) == 1:
            assert (each.section, each.themes) in answers
            assert each.annotator == "unanimous"
            assert each.uid not in settled
        else:
            entry = settled[each.uid]
            assert list(each.themes) == entry["verdict"]
            assert all(list(votes[name][each.uid].themes) == entry[name] for name in "abc")
            assert len(entry["reason"]) > 10
            assert each.annotator == "adjudicator"


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations("abc", 2)))
def test_the_readme_shows_the_agreement_that_is_computed(root, passes, scheme, one, other):
    readme = (root / "seeds" / "README.md").read_text(encoding="utf-8")
    figures = agreement(collect({one: passes[one], other: passes[other]}, scheme), scheme)
    assert markdown_table(figures) in readme


DIGESTS = {
    "000": "7b1b92706b37",
    "001": "4194545f7a15",
    "002": "23daba7f82b3",
    "003": "4a8242f45fba",
    "004": "e70581363ac1",
}


@pytest.fixture(scope="module")
def written(root, scheme):
    return {name: read_examples(root / "seeds" / "written" / f"{name}.jsonl", scheme) for name in ("examples", "second", "verdicts")}


def test_every_paragraph_of_every_written_document_is_annotated(root, written):
    expected = set()
    for path in (root / "seeds" / "written" / "documents").glob("*.txt"):
        document = read_document(path)
        expected |= {uid_of(document.sha256, each.start, each.end) for each in segment(document).paragraphs}
    assert len(expected) >= 1600
    assert {each.uid for each in written["examples"]} == expected
    assert len(written["examples"]) == len(expected)


def test_a_tenth_is_annotated_twice_and_every_difference_is_settled(written):
    first = {each.uid: each for each in written["examples"]}
    settled = {each.uid for each in written["verdicts"]}
    assert len({each.document for each in written["second"]}) == 14
    differing = {each.uid for each in written["second"] if (each.section, each.themes) != (first[each.uid].section, first[each.uid].themes)}
    assert differing == settled
    chosen = {each.uid: each for each in trainable([*written["examples"], *written["second"], *written["verdicts"]])}
    assert all(chosen[uid].kind == "verdict" for uid in settled)


def test_the_data_card_shows_the_agreement_that_is_computed(root, scheme, written):
    passes = {name: written[name] for name in ("examples", "second")}
    figures = agreement(collect(passes, scheme, common=True), scheme)
    assert markdown_table(figures) in (root / "seeds" / "written" / "README.md").read_text(encoding="utf-8")
