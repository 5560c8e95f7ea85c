"""Cutting a base to fewer layers that imitate it: which are kept, the distance by hand, a base that trains on."""

import dataclasses

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from fazhi.model.reading import InputError
from fazhi.training.base import load_base
from fazhi.training.settings import ShortenSettings, load_shorten_settings
from fazhi.training.shorten import Imitation, ShortenRequest, distance, kept_layers, sample, shorten


@pytest.fixture(scope="session")
def deep_base(tiny_base, tmp_path_factory):
    """The tiny base with four layers."""
    folder = tmp_path_factory.mktemp("deep")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (folder / name).write_bytes((tiny_base / name).read_bytes())
    torch.manual_seed(1)
    config = BertConfig.from_pretrained(tiny_base, num_hidden_layers=4)
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture
def texts(root):
    """The first and the last real report, as files."""
    return tuple(sorted((root / "seeds" / "reports").glob("00[04]*.txt")))


@pytest.fixture
def request_of(deep_base, texts, tmp_path):
    """Cut the deep base to two layers on 60 paragraphs."""
    changed = {"layers": 2, "paragraphs": 60, "batch_size": 8, "max_length": 64, "epochs": 8, "rate": 3e-3}
    settings = dataclasses.asdict(dataclasses.replace(load_shorten_settings(), **changed))
    lines = (
        f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value}" for name, value in settings.items()
    )
    (tmp_path / "tiny.toml").write_text("\n".join(lines), encoding="utf-8")
    return ShortenRequest(str(deep_base), texts, tmp_path / "short", tmp_path / "tiny.toml", tmp_path / "work")


@pytest.mark.parametrize(
    ("whole", "layers", "kept"),
    [(12, 6, [0, 2, 4, 7, 9, 11]), (12, 4, [0, 4, 7, 11]), (4, 2, [0, 3]), (4, 3, [0, 2, 3])],
)
def test_kept_layers_are_spread_from_the_first_to_the_last(whole, layers, kept):
    assert kept_layers(whole, layers) == kept


@pytest.mark.parametrize("layers", [1, 4, 5])
def test_a_number_of_layers_that_cuts_nothing_or_leaves_one_is_refused(layers):
    with pytest.raises(InputError, match=f"layers: is {layers}, but the base has 4"):
        kept_layers(4, layers)


def test_distance_counts_in_variances_of_what_is_wanted():
    wanted = torch.tensor([[0.0, 10.0], [2.0, 30.0]])  # variances 2 and 200
    found = wanted + torch.tensor([[1.0, 10.0], [1.0, 10.0]])  # 1/2 and 100/200
    assert distance(found, wanted).item() == pytest.approx(0.5, rel=1e-4)
    assert distance(wanted, wanted).item() == 0.0


def test_a_student_that_is_the_teacher_below_its_cut_has_no_distance_there(deep_base):
    student, teacher = (load_base(str(deep_base), 0, 0).encoder for _ in range(2))
    imitation = Imitation(student, teacher, 3)  # layers 0, 2, 3: the first sees what the teacher's first sees
    given = {"input_ids": torch.tensor([[1, 5, 6, 2]]), "attention_mask": torch.ones(1, 4, dtype=torch.long)}
    imitation.eval()
    with torch.no_grad():
        one = student(**given, output_hidden_states=True).hidden_states
        other = teacher(**given, output_hidden_states=True).hidden_states
    assert torch.equal(one[1], other[1])
    assert imitation(**given)["loss"].item() > 0


def test_the_sample_takes_the_same_number_of_each_file_and_all_of_a_short_one(texts):
    found = sample(texts, 40, seed=0)
    assert len(found) == 40
    assert found == sample(texts, 40, seed=0)
    assert found != sample(texts, 40, seed=1)
    assert len(sample(texts[1:], 10_000, seed=0)) == 85


def test_a_shortened_base_comes_nearer_and_loads_as_any_base(request_of):
    said = shorten(request_of)
    before, after = (float(word) for word in said.split("loss ")[1].split(" -> "))
    assert after < 0.8 * before
    base = load_base(str(request_of.out), 0, 0)
    assert base.encoder.config.num_hidden_layers == 2
    assert base.tokenizer == load_base(request_of.base, 0, 0).tokenizer
    whole = load_base(request_of.base, 0, 0).encoder.embeddings.state_dict()
    for name, value in base.encoder.embeddings.state_dict().items():
        np.testing.assert_allclose(value, whole[name], atol=1e-3)  # embeddings stay, but for half precision


def test_a_run_with_other_settings_does_not_go_on_from_an_earlier_one(request_of):
    shorten(request_of)
    request_of.settings.write_text(request_of.settings.read_text().replace("seed = 0", "seed = 1"))
    other = dataclasses.replace(request_of, out=request_of.out.with_name("other"))
    shorten(other)
    one, two = (load_base(str(each.out), 0, 0).encoder.encoder.state_dict() for each in (request_of, other))
    assert any(not torch.equal(one[name], two[name]) for name in one)
    assert not list(request_of.work.rglob("checkpoint-*"))


def test_a_folder_that_is_there_is_not_overwritten(request_of):
    request_of.out.mkdir()
    with pytest.raises(InputError, match="is there already"):
        shorten(request_of)


def test_settings_name_every_field(root):
    names = {field.name for field in dataclasses.fields(ShortenSettings)}
    text = (root / "training" / "shorten.toml").read_text(encoding="utf-8")
    assert {line.split(" = ")[0] for line in text.splitlines() if " = " in line} == names
