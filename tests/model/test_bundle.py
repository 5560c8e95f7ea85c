"""Bundles: what is written is read back, and whatever does not match is refused with what differs."""

import os
import shutil

import numpy as np
import pytest
from bundle_copies import edit, resign

from fazhi.model import load_tagger
from fazhi.model.bundle import Manifest, find_bundle, mismatches, read_bundle, read_manifest, write_bundle
from fazhi.model.reading import InputError


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(find_bundle("linear"), tmp_path / "bundle")


def pipe_for(name):
    """Put a pipe in the place of a file: reading it would wait forever."""

    def spoil(folder):
        (folder / name).unlink()
        os.mkfifo(folder / name)

    return spoil


def test_the_shipped_bundle_matches_this_code():
    bundle = read_bundle(find_bundle("linear"))
    assert bundle.manifest.kind == "linear"
    assert bundle.label == f"fazhi-linear@{bundle.manifest.version}"
    assert {"NOTICE", "README.md", "labels.toml", "linear.npz", "thresholds.json", "tokens.json"} == set(
        bundle.manifest.files
    )


@pytest.mark.parametrize("field", ["scheme", "model_text", "cleaning", "segmenter"])
def test_a_bundle_for_other_code_is_refused_with_what_differs(copy, field):
    edit(copy / "manifest.json", **{field: "other"})
    with pytest.raises(InputError, match="was made for another .* other"):
        load_tagger(copy)


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda folder: (folder / "linear.npz").write_bytes(b"PK"), "is not the file that the manifest names"),
        (lambda folder: (folder / "tokens.json").unlink(), "is missing from the bundle"),
        (lambda folder: (folder / "manifest.json").unlink(), "is no bundle"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "cannot be read"),
        (lambda folder: (folder / "manifest.json").write_text("[]"), "is not a JSON object"),
        (lambda folder: edit(folder / "manifest.json", bundle_format=0), "is of bundle format 0, not 2"),
        (lambda folder: edit(folder / "manifest.json", surprise=1), "is no manifest"),
        (lambda folder: edit(folder / "manifest.json", kind="quantum"), "is of kind 'quantum'"),
        (lambda folder: edit(folder / "manifest.json", files={}), "names no files"),
        (lambda folder: edit(folder / "manifest.json", files=None), "is no manifest .files is NoneType, not dict."),
        (lambda folder: edit(folder / "manifest.json", version=2), "is no manifest .version is int, not str."),
        (lambda folder: edit(folder / "manifest.json", bundle_format="x" * 99), "is of bundle format 'x{19}, not 2"),
        (lambda folder: (folder / "manifest.json").write_text("[" * 100_000), "manifest.json: cannot be read"),
        (lambda folder: (folder / "manifest.json").write_text('{"a":' * 30 + "1" + "}" * 30), "deeper than 20 levels"),
        (
            lambda folder: (folder / "manifest.json").write_text(" " * (4 << 20) + "{}"),
            "cannot be read .4,194,306 bytes",
        ),
        (lambda folder: (folder / "manifest.json").write_bytes(b"\xff"), "cannot be read"),
        (pipe_for("manifest.json"), "is no bundle"),
        (pipe_for("linear.npz"), "is not the file that the manifest names"),
        (lambda folder: (folder / "extra").write_text(""), "extra: is not named in the manifest"),
        (lambda folder: edit(folder / "manifest.json", files={"../x": "0"}), "is (missing|not named)"),
    ],
)
def test_a_spoiled_bundle_is_refused(copy, spoil, complaint):
    spoil(copy)
    with pytest.raises(InputError, match=complaint):
        load_tagger(copy)


@pytest.mark.parametrize(
    "changes",
    [
        {"theme_thresholds": [0.5] * 11},
        {"theme_thresholds": [0.5] * 11 + [float("nan")]},
        {"theme_thresholds": [0.5] * 11 + ["0.5"]},
        {"theme_margin": 10**400},
        {"theme_thresholds": [0.5] * 11 + [1.5]},
        {"theme_temperature": 0},
        {"chain": {"initial": [0.0] * 11, "within": [[0.0] * 11] * 10, "across": [[0.0] * 11] * 12}},
        {"chain": {"initial": [0.0] * 11, "within": [[0.0] * 11] * 11, "across": [[0.0] * 10] * 11}},
    ],
)
def test_decisions_that_do_not_fit_are_refused(copy, changes):
    edit(copy / "thresholds.json", **changes)
    resign(copy)
    with pytest.raises(InputError, match="does not fit the label scheme"):
        load_tagger(copy)


def test_every_difference_is_named_and_the_first_is_what_a_reader_is_told(copy):
    edit(copy / "manifest.json", cleaning="0", segmenter="0")
    (copy / "tokens.json").unlink()
    (copy / "NOTICE").write_text("altered", encoding="utf-8")
    found = [(each.where.rsplit("/", 1)[-1], each.what) for each in mismatches(copy, read_manifest(copy))]
    assert found == [
        ("NOTICE", "is not the file that the manifest names"),
        ("tokens.json", "is missing from the bundle"),
        ("bundle", "was made for another cleaning 0 (here 1)"),
        ("bundle", "was made for another segmenter 0 (here 1)"),
    ]
    with pytest.raises(InputError, match="NOTICE: is not the file .*, and 3 more differences — `fazhi bundle verify"):
        load_tagger(copy)


def test_a_scheme_of_its_own_is_refused_even_where_the_manifest_hides_it(copy):
    scheme = (copy / "labels.toml").read_text(encoding="utf-8").replace('id = "digital"', 'id = "cyber"')
    (copy / "labels.toml").write_text(scheme, encoding="utf-8")
    resign(copy)
    with pytest.raises(InputError, match="labels.toml: was made for another label scheme"):
        load_tagger(copy)


def test_weights_that_do_not_fit_are_refused(copy):
    arrays = dict(np.load(copy / "linear.npz"))
    np.savez_compressed(copy / "linear.npz", **{**arrays, "theme_bias": arrays["theme_bias"][:11]})
    resign(copy)
    with pytest.raises(InputError, match=r"has weights of shapes .* and biases \(\(11,\), \(11,\)\)"):
        load_tagger(copy)


def test_truncated_weights_are_refused_though_they_are_named_anew(copy):
    data = (copy / "linear.npz").read_bytes()
    (copy / "linear.npz").write_bytes(data[: len(data) // 2])
    resign(copy)
    with pytest.raises(InputError, match="has damaged linear weights"):
        load_tagger(copy)


def test_a_failing_export_leaves_the_old_bundle(copy):
    before = {path.name: path.read_bytes() for path in copy.iterdir()}
    bundle = read_bundle(copy)

    def disk_full(_folder):
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        write_bundle(copy, bundle.manifest, "", bundle.decisions, disk_full)
    assert {path.name: path.read_bytes() for path in copy.iterdir()} == before
    assert [path.name for path in copy.parent.iterdir()] == ["bundle"]


def test_a_written_bundle_replaces_the_old_one(copy, scheme):
    bundle = read_bundle(copy)
    manifest = Manifest("linear", "new", "9", scheme.fingerprint, "", {}, {}, "")
    source = (copy / "labels.toml").read_text(encoding="utf-8")
    write_bundle(copy, manifest, source, bundle.decisions, lambda folder: (folder / "x").write_text("x"))
    again = read_bundle(copy)
    assert again.label == "new@9"
    assert again.decisions == bundle.decisions
    assert {path.name for path in copy.iterdir()} == {"labels.toml", "thresholds.json", "x", "manifest.json"}
    assert [path.name for path in copy.parent.iterdir()] == ["bundle"]
