"""What a training goes on from: nothing that another base, tokenizer or way of making texts has left."""

import shutil
from pathlib import Path

import pytest

from fazhi.training import resuming
from fazhi.training.resuming import base_identity, folder_of


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json"])
def test_a_base_is_told_by_everything_that_it_is_made_of(tiny_base, tmp_path, name):
    other = Path(shutil.copytree(tiny_base, tmp_path / "base"))
    assert base_identity(str(other)) == base_identity(str(tiny_base))
    with (other / name).open("ab") as file:
        file.write(b"\n")
    assert base_identity(str(other)) != base_identity(str(tiny_base))


def test_a_base_of_the_hub_is_told_by_its_name():
    assert base_identity("somebody/some-base") == "somebody/some-base"


def test_texts_that_are_made_otherwise_have_a_folder_of_their_own(tmp_path, monkeypatch):
    before = folder_of(tmp_path, "folds-0", ["x"])
    assert folder_of(tmp_path, "folds-0", ["x"]) == before
    monkeypatch.setattr(resuming, "_TEXTS", ("another",))
    assert folder_of(tmp_path, "folds-0", ["x"]) != before
