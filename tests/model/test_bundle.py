"""Bundles: what is written is read back, and whatever does not match is refused with what differs."""

import json
import shutil

import pytest

from fazhi.model import load_tagger
from fazhi.model.bundle import Manifest, find_bundle, read_bundle, write_bundle
from fazhi.model.reading import InputError


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(find_bundle("linear"), tmp_path / "bundle")


def edit(path, **changes):
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**data, **changes}), encoding="utf-8")


def test_the_shipped_bundle_matches_this_code():
    bundle = read_bundle(find_bundle())
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
        (lambda folder: edit(folder / "manifest.json", bundle_format=0), "is of bundle format 0, not 1"),
        (lambda folder: edit(folder / "manifest.json", surprise=1), "is no manifest"),
        (lambda folder: edit(folder / "manifest.json", kind="quantum"), "is of kind 'quantum'"),
        (lambda folder: edit(folder / "manifest.json", files={"../x": "0"}), "is missing from the bundle"),
    ],
)
def test_a_spoiled_bundle_is_refused(copy, spoil, complaint):
    spoil(copy)
    with pytest.raises(InputError, match=complaint):
        load_tagger(copy)


def test_thresholds_of_another_count_are_refused(copy):
    data = json.loads((copy / "thresholds.json").read_text())
    edit(copy / "thresholds.json", theme_thresholds=data["theme_thresholds"][:-1])
    manifest = json.loads((copy / "manifest.json").read_text())
    del manifest["files"]["thresholds.json"]
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(InputError, match="does not fit the label scheme"):
        load_tagger(copy)


def test_an_unknown_name_lists_those_that_ship():
    with pytest.raises(InputError, match="nonsense: is neither a bundle folder .* these ship: linear"):
        find_bundle("nonsense")


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
