"""What must hold for any text: mixtures of the real reports with noise injected."""

import itertools
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fazhi.model.cleaning import clean
from fazhi.model.cleaning.characters import fold_characters
from fazhi.model.cleaning.traditional import to_simplified
from fazhi.model.reading import document_from_text
from fazhi.model.report import segment

SEEDS = sorted((Path(__file__).resolve().parents[2] / "seeds" / "reports").glob("*.txt"))
LINES = [line for path in SEEDS for line in path.read_text(encoding="utf-8").split("\n") if line]
NOISE = [
    "\u200b", "\ufeff", "\u3000", "\u00a0", "\r\n", "\n", "\t", " ", "\x0b", "\u2028", "(zhì)", "?guī)", "�", "!癳", "\x00", "\x07",
    "𠮷", "一是", "二是", "(一)", "①", "1.", '"', "「", "，", "２", "質", "瞭", "\ue000", "\u0301", "😀", "。", ":", "责任单位:",
]  # fmt: skip
ZERO_WIDTH = {"\u034f", *map(chr, range(0xFE00, 0xFE10)), "\u3164"}


def is_blank(char):
    return char.isspace() or unicodedata.category(char) == "Cf" or char in ZERO_WIDTH


@st.composite
def noisy_texts(draw):
    """Lines of the seeds, cut anywhere, with noise at any place."""
    pieces = []
    for _ in range(draw(st.integers(1, 6))):
        line = draw(st.sampled_from(LINES))
        start = draw(st.integers(0, len(line) - 1))
        end = draw(st.integers(start, len(line)))
        pieces += [line[start:end], draw(st.sampled_from(NOISE)), draw(st.sampled_from(["", "\n", "\r\n"]))]
    return "".join(pieces)


any_text = st.one_of(
    noisy_texts(), st.text(max_size=200), st.text(alphabet="".join(NOISE) + "一二是。:\n", max_size=80)
)


@settings(max_examples=400, deadline=None)
@given(any_text)
def test_every_clean_character_knows_its_original(text):
    cleaned = clean(text)
    origin = cleaned.origin.tolist()
    assert len(origin) == len(cleaned.text)
    assert all(before < after for before, after in itertools.pairwise(origin))
    assert not origin or (origin[0] >= 0 and origin[-1] < len(text))
    for char, place in zip(cleaned.text, origin, strict=True):
        assert char == text[place] or char in kin(text[place]), (char, text[place])


def kin(original):
    """What one character may become: its other shape, its simplified form, the one form of its mark, a sign of loss."""
    shape = unicodedata.normalize("NFKC", original)
    return {shape, to_simplified(shape), fold_characters(original), *MARKS.get(shape, "")}


MARKS = {".": "。", '"': "“”", "?": "\ufffd", "著": "着", "瞭": "了"}


@settings(max_examples=400, deadline=None)
@given(any_text)
def test_nothing_is_lost_and_nothing_is_there_twice(text):
    if all(is_blank(char) for char in text) or not text.strip():
        return
    report = segment(document_from_text(text, "t"))
    covered = [0] * len(text)
    position = 0
    for place, each in enumerate(report.paragraphs):
        assert each.index == place
        assert each.count == len(report.paragraphs)
        assert position <= each.start < each.end
        assert each.text == text[each.start : each.end]
        assert each.clean.strip() == each.clean != ""
        position = each.end
        for here in range(each.start, each.end):
            covered[here] += 1
    for char, times in zip(text, covered, strict=True):
        assert times == 1 or (times == 0 and is_blank(char)), repr(char)


@settings(max_examples=200, deadline=None)
@given(noisy_texts())
def test_the_clean_text_of_a_paragraph_comes_from_its_span(text):
    if all(is_blank(char) for char in text):
        return
    cleaned = clean(text)
    report = segment(document_from_text(text, "t"))
    for each in report.paragraphs:
        inside = [
            char
            for char, place in zip(cleaned.text, cleaned.origin.tolist(), strict=True)
            if each.start <= place < each.end
        ]
        assert each.clean == "".join(inside).strip()


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_cleaning_clean_text_changes_nothing(path):
    once = clean(path.read_text(encoding="utf-8")).text
    assert clean(once).text == once
