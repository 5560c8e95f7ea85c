"""How the CPU encoder deals paragraphs out to its threads, and which vector instructions it asks for."""

import os

import pytest

from fazhi.model.scorers import fast
from fazhi.model.scorers.fast import _batches
from fazhi.model.scorers.windows import Window


def windows(*lengths):
    return [Window(row, tuple(range(length)), 0, length) for row, length in enumerate(lengths)]


@pytest.mark.parametrize(
    ("lengths", "dealt"),
    [
        ([], []),
        ([300], [[300]]),
        # half of 480 tokens is 240, then 120 of 240, and never less than 64
        ([60] * 8, [[60] * 4, [60] * 2, [60], [60]]),
        # 512 of 1,200; 360 of 720; 180 of 360; 90 of 180; 64
        ([60] * 20, [[60] * 8, [60] * 6, [60] * 3, [60], [60], [60]]),
        # 240 with the padding of the 90; 145 of 290; 85 of 170; 64
        ([40, 100, 40, 60, 90, 50, 60, 40], [[100, 90], [60, 60], [50], [40], [40], [40]]),
        ([600, 30], [[600], [30]]),
    ],
)
def test_a_batch_takes_at_most_half_of_what_is_left(lengths, dealt):
    assert [[len(each.ids) for each in batch] for batch in _batches(windows(*lengths))] == dealt


FLAGS = "flags\t\t: fpu avx2 avx512f avx512dq avx512cd avx512bw avx512vl avx512_vnni"


@pytest.mark.parametrize(
    ("said", "before", "after"),
    [
        (f"processor\t: 0\n{FLAGS}\n", None, "AVX512"),
        (f"processor\t: 0\n{FLAGS}\n", "AVX2", "AVX2"),
        ("processor\t: 0\nflags\t\t: fpu avx2 avx512f\n", None, None),
        ("processor\t: 0\nFeatures\t: asimd\n", None, None),
        (None, None, None),
    ],
)
def test_wide_vectors_are_asked_for_where_the_processor_has_them(tmp_path, monkeypatch, said, before, after):
    monkeypatch.setattr(fast, "_PROCESSOR", tmp_path / "cpuinfo")
    if said is not None:
        (tmp_path / "cpuinfo").write_text(said, encoding="ascii")
    monkeypatch.setenv(fast._CHOICE, before or "")
    if before is None:
        monkeypatch.delenv(fast._CHOICE)
    fast._prefer_wide_vectors()
    assert os.environ.get(fast._CHOICE) == after
