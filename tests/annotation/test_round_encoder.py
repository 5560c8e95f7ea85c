"""A round tunes an encoder where a base is named: the real command on a tiny base."""

import pytest
import tiny_encoder
from fake_studio import FakeStudio
from round_material import SCHEME, begun, started

from fazhi.annotation.rounds.collect import pull_round
from fazhi.annotation.rounds.folder import BUNDLE, TRAINING
from fazhi.annotation.rounds.learn import Recipe, train_round
from fazhi.annotation.rounds.send import push_round
from fazhi.model import load_tagger
from fazhi.model.bundle import read_manifest
from fazhi.model.labels import read_examples
from fazhi.model.reading import InputError

TITLES = ("试标", "复答")


@pytest.fixture
def rounds(root, tmp_path):
    """One round of four answered questions, beside the five real reports."""
    gold = read_examples(root / "seeds" / "gold.jsonl", SCHEME)
    begun(tmp_path / "rounds", base=gold)
    started(tmp_path / "rounds", load_tagger("linear"))
    studio = FakeStudio(*TITLES)
    push_round(tmp_path / "rounds", studio, TITLES, SCHEME)
    for person in (1, 2):
        studio.answer(person, person, "digital")
    pull_round(tmp_path / "rounds", studio, SCHEME, enough=False)
    return tmp_path / "rounds"


def test_a_round_tunes_the_base_that_it_is_given(rounds, root, tmp_path, capfd):
    base, settings = tmp_path / "base", tmp_path / "tiny.toml"
    with pytest.raises(InputError, match=r"could not be trained on \(exit code 2\)"):
        train_round(rounds, SCHEME, Recipe(str(base)))
    assert str(base) in capfd.readouterr().err
    base.mkdir()
    examples = read_examples(rounds / "000" / TRAINING, SCHEME)
    tiny_encoder.write_base(base, [each.clean for each in examples])
    tiny_encoder.write_settings(settings, root / "training" / "encoder.toml")
    assert train_round(rounds, SCHEME, Recipe(str(base), settings)).trained == "fazhi-encoder@0.0.0"
    assert read_manifest(rounds / "000" / BUNDLE).kind == "torch"
    assert sorted(path.name for path in (rounds / "000").iterdir() if path.is_dir()) == [BUNDLE]
    assert train_round(rounds, SCHEME, Recipe()).trained == "fazhi-encoder@0.0.0"


@pytest.mark.parametrize("field", ["headings", "sentences"])
def test_a_round_learns_from_the_files_beside_its_answers(rounds, field, tmp_path, capfd):
    with pytest.raises(InputError, match=r"could not be trained on \(exit code 2\)"):
        train_round(rounds, SCHEME, Recipe(**{field: tmp_path / "nothing.jsonl"}))
    assert f"{tmp_path / 'nothing.jsonl'}: cannot be read" in capfd.readouterr().err
