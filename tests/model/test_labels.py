"""The scheme as data, colours that stay apart, and examples.jsonl."""

import dataclasses
import itertools
import json

import numpy as np
import pytest

from fazhi.model.labels import (
    Example,
    LeftOut,
    load_scheme,
    read_examples,
    read_left_out,
    trainable,
    uid_of,
    write_examples,
    write_left_out,
)
from fazhi.model.reading import InputError

# Machado, Oliveira, Fernandes 2009, severity 1.0: linear RGB as protanopes, deuteranopes, tritanopes see it.
VISIONS = {
    "normal": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]


def lab(color, vision):
    rgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(VISIONS[vision]) @ linear, 0, 1)
    xyz = np.array(TO_XYZ) @ seen / [0.95047, 1.0, 1.08883]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def example(**changes):
    scheme = load_scheme()
    base = Example(
        uid=uid_of("d" * 64, 3, 9),
        document="a.txt",
        sha256="d" * 64,
        index=1,
        count=4,
        start=3,
        end=9,
        text="開展執法。",
        clean="开展执法。",
        level=0,
        marker="",
        path=("一、工作",),
        section="work",
        themes=("enforcement",),
        kind="vote",
        annotator="a",
        source="gold",
        round=0,
        scheme=scheme.fingerprint,
        segmenter="1",
    )
    return dataclasses.replace(base, **changes)


def test_the_scheme_has_its_twelve_themes_and_eleven_sections(scheme):
    assert scheme.theme_ids == (
        "leadership", "streamlining", "rulemaking", "decision", "enforcement", "emergency", "dispute", "legal_services",
        "oversight", "digital", "publicity", "capacity",
    )  # fmt: skip
    assert scheme.section_ids == (
        "title", "preamble", "heading", "work", "duty", "problem", "plan", "suggestion", "assignment", "closing",
        "boilerplate",
    )  # fmt: skip
    assert scheme.unthemed == {"title", "closing", "boilerplate", "assignment"}


def test_the_fingerprint_depends_on_ids_and_their_order_alone(scheme):
    renamed = dataclasses.replace(scheme.themes[0], zh="别名", color="#000000")
    assert dataclasses.replace(scheme, themes=(renamed, *scheme.themes[1:])).fingerprint == scheme.fingerprint
    swapped = dataclasses.replace(scheme, themes=(scheme.themes[1], scheme.themes[0], *scheme.themes[2:]))
    assert swapped.fingerprint != scheme.fingerprint


@pytest.mark.parametrize("vision", VISIONS)
def test_theme_colours_stay_apart_for_every_eye(scheme, vision):
    colors = [lab(theme.color, vision) for theme in scheme.themes]
    assert min(np.linalg.norm(one - other) for one, other in itertools.combinations(colors, 2)) >= 25


def test_a_scheme_with_something_used_twice_is_refused(tmp_path, root):
    text = (root / "model" / "labels" / "labels.toml").read_text(encoding="utf-8")
    path = tmp_path / "labels.toml"
    path.write_text(text.replace('key = "2"', 'key = "1"'), encoding="utf-8")
    with pytest.raises(InputError, match="key '1' is used twice"):
        load_scheme(path)
    path.write_text(text.replace('key = "2"\n', ""), encoding="utf-8")
    with pytest.raises(InputError, match="is no label scheme"):
        load_scheme(path)


def test_examples_come_back_as_they_were_written(tmp_path, scheme):
    odd = example(text="甲\u2028乙\n丙", clean="甲乙", themes=())
    write_examples(tmp_path / "e.jsonl", [example(), odd])
    assert read_examples(tmp_path / "e.jsonl", scheme) == [example(), odd]
    assert [path.name for path in tmp_path.iterdir()] == ["e.jsonl"]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"section": "wrok"}, "unknown section 'wrok'"),
        ({"themes": ["enforcement", "fishing"]}, "unknown themes fishing"),
        ({"themes": "enforcement"}, "themes should be a list of strings"),
        ({"level": "2"}, "level should be int, found '2'"),
        ({"level": 2}, "section 'work' does not go with level 2"),
        ({"section": "closing"}, "section 'closing' carries no themes"),
        ({"scheme": "0" * 16}, "was answered under scheme 0000000000000000"),
        ({"kind": "guess"}, "kind should be vote or verdict"),
        ({"extra": 1}, "has unknown fields extra"),
    ],
)
def test_a_bad_example_is_named_by_line(tmp_path, scheme, changes, complaint):
    good = json.dumps(dataclasses.asdict(example()))
    bad = json.dumps({**dataclasses.asdict(example()), **changes})
    (tmp_path / "e.jsonl").write_text(f"{good}\n\n{bad}\n{{broken\n[1]\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_examples(tmp_path / "e.jsonl", scheme)
    assert f"line 3: {complaint}" in str(caught.value)
    assert "line 4: " in str(caught.value)
    assert "line 5: expected an object, found list" in str(caught.value)


def test_a_missing_field_is_named(tmp_path, scheme):
    fields = dataclasses.asdict(example())
    del fields["uid"], fields["round"]
    (tmp_path / "e.jsonl").write_text(json.dumps(fields), encoding="utf-8")
    with pytest.raises(InputError, match="line 1: misses uid, round"):
        read_examples(tmp_path / "e.jsonl", scheme)


def test_training_takes_verdicts_then_unanimous_votes():
    agree = [example(uid="1", annotator=who) for who in "ab"]
    settled = [
        example(uid="2", themes=()),
        example(uid="2", annotator="b"),
        example(uid="2", kind="verdict", themes=("digital",)),
    ]
    assert [each.themes for each in trainable([*agree, *settled])] == [("enforcement",), ("digital",)]


def test_votes_that_differ_are_named():
    with pytest.raises(InputError, match="conflicting answers for a.txt paragraph 7"):
        trainable([example(index=7), example(index=7, annotator="b", themes=())])


def left_out(own, changes):
    values = {
        "uid": "u",
        "document": "a.txt",
        "sha256": "s",
        "index": 0,
        "protocol": "folds",
        "part": 2,
        "model": "m@1",
        "scheme": own.fingerprint,
        "theme_scores": tuple(place / 20 for place in range(12)),
        "section_scores": (*(0.0,) * 10, 1.0),
        "section": "work",
        "themes": ("digital",),
        "band": "check",
    }
    return LeftOut(**values | changes)


def test_left_out_scores_come_back_as_written(tmp_path, scheme):
    rows = [left_out(scheme, {}), left_out(scheme, {"uid": "v", "themes": (), "index": 1})]
    write_left_out(tmp_path / "oof.jsonl", rows, scheme)
    assert '"streamlining": 0.05' in (tmp_path / "oof.jsonl").read_text(encoding="utf-8")
    assert read_left_out(tmp_path / "oof.jsonl", scheme) == rows


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"scheme": "other"}, "line 1: was scored under scheme other"),
        ({"section": "chapter"}, "unknown labels chapter"),
        ({"theme_scores": (1.5,) * 12}, "outside 0 to 1"),
        ({"uid": 7}, "uid should be str, found 7"),
        ({"part": "2"}, "part should be int, found '2'"),
        ({"band": "surely"}, "band should be sure or check, found 'surely'"),
    ],
)
def test_left_out_scores_that_do_not_fit_are_refused(tmp_path, scheme, changes, said):
    write_left_out(tmp_path / "oof.jsonl", [left_out(scheme, changes)], scheme)
    with pytest.raises(InputError, match=said):
        read_left_out(tmp_path / "oof.jsonl", scheme)
