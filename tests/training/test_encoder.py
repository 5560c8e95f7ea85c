"""Tuning an encoder, with a tiny one: windows, the network by hand, settings obeyed, a bundle that tags, resuming."""

import dataclasses
import errno
import shutil

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer, BertConfig, BertModel

from fazhi.model.bundle import Decisions, SectionChain, read_bundle
from fazhi.model.encoder import TorchModel, TwoHeads, batch_of
from fazhi.model.labels import HEADING, read_left_out
from fazhi.model.reading import InputError, document_from_text
from fazhi.model.report import Paragraph, segment
from fazhi.model.scorers import CalibratedScorer, LinearModel, load_scorer
from fazhi.model.scorers.windows import Window, Windower, WindowSettings
from fazhi.model.tagger import TaggedParagraph, TaggedReport, explain, load_tagger
from fazhi.training import trainer
from fazhi.training.base import load_base
from fazhi.training.curves import loss_picture
from fazhi.training.encoder import train_encoder
from fazhi.training.failures import named_failures
from fazhi.training.fit_encoder import fit_encoder, loss_of
from fazhi.training.fit_linear import fit_linear
from fazhi.training.lessons import NO_SECTION, lessons_of_reports
from fazhi.training.settings import load_encoder_settings, load_linear_settings
from fazhi.training.supplement import read_supplement

PREFIX = "passage: "


def paragraph(clean, path=()):
    return Paragraph(0, 10, 0, len(clean), clean, clean, 0, "", path, ())


@pytest.fixture(scope="session")
def settings():
    """The recommended settings, for the tiny base: short windows, few steps."""
    return dataclasses.replace(load_encoder_settings(), max_length=64, epochs=1, folds=2, batch_size=16)


@pytest.fixture(scope="session")
def windower(tiny_base):
    return Windower.load(tiny_base / "tokenizer.json", WindowSettings(PREFIX, 64))


@pytest.fixture(scope="session")
def one_report(answered, scheme):
    return lessons_of_reports(answered[1:2], scheme)


@pytest.fixture(scope="session")
def fitted(one_report, scheme, settings, tiny_base, tmp_path_factory):
    return fit_encoder(one_report, scheme, settings, str(tiny_base), tmp_path_factory.mktemp("fit"))


@pytest.fixture
def fit(one_report, scheme, tiny_base, tmp_path):
    """Tune the tiny base on one report with other settings."""
    return lambda changed: fit_encoder(one_report, scheme, changed, str(tiny_base), tmp_path)


def test_a_short_paragraph_is_one_window_as_the_tokenizer_makes_it(windower, tiny_base):
    each = paragraph("推进依法行政。", ("一、工作",))
    (window,) = windower.windows([each])
    tokenizer = AutoTokenizer.from_pretrained(tiny_base)
    assert list(window.ids) == tokenizer(PREFIX + each.model_text)["input_ids"]
    assert tokenizer.convert_ids_to_tokens(window.ids[window.start : window.end]) == list(each.clean)


def test_a_long_paragraph_goes_on_in_windows_that_repeat_the_context(windower, tiny_base):
    each = paragraph("推进依法行政" * 40, ("一、工作",))
    windows = windower.windows([paragraph("短"), each])[1:]
    tokenizer = AutoTokenizer.from_pretrained(tiny_base)
    own = [sign for window in windows for sign in window.ids[window.start : window.end]]
    assert tokenizer.convert_ids_to_tokens(own) == list(each.clean)
    assert len(windows) > 4
    assert all(window.row == 1 and len(window.ids) <= 64 for window in windows)
    assert len({window.ids[: window.start] for window in windows}) == 1


def test_a_long_context_keeps_the_nearest_heading_and_half_the_window(windower, tiny_base):
    each = paragraph("推进依法行政", ("一、" + "工作" * 50, "(一)执法"))
    (window,) = windower.windows([each])
    context = "".join(AutoTokenizer.from_pretrained(tiny_base).convert_ids_to_tokens(window.ids[: window.start]))
    assert context.endswith("(一)执法 | 0 | ")
    assert window.start == 1 + 32


def test_no_paragraph_gives_no_window(windower):
    assert windower.windows([]) == []


def test_a_tokenizer_that_is_none_is_refused(tmp_path):
    (tmp_path / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="is no tokenizer"):
        Windower.load(tmp_path / "tokenizer.json", WindowSettings("", 64))


class Echo(torch.nn.Module):
    """An encoder whose hidden state of token i is (i, 10 · i)."""

    config = BertConfig(hidden_size=2, pad_token_id=0)

    def forward(self, input_ids, attention_mask):
        hidden = torch.stack([input_ids, 10 * input_ids], dim=-1).float()
        return type("Out", (), {"last_hidden_state": hidden})


def test_pooling_is_the_mean_of_all_windows_beside_the_mean_of_own_tokens():
    windows = [Window(0, (1, 2, 3, 4), 2, 3), Window(1, (5,), 0, 0), Window(0, (6, 8), 1, 2)]
    pooled = TwoHeads(Echo(), 1, 1, 0.0).pool(batch_of(windows, padding=9))
    assert pooled.tolist() == [[4.0, 40.0, 5.5, 55.0], [5.0, 50.0, 0.0, 0.0]]  # (1+2+3+4+6+8)/6; (3+8)/2


def test_heads_see_standardised_features():
    network = TwoHeads(Echo(), 1, 1, 0.0)
    network.center.copy_(torch.tensor([1.0, 2.0, 3.0, 4.0]))
    network.scale.copy_(torch.tensor([1.0, 2.0, 4.0, 8.0]))
    with torch.no_grad():
        network.themes.weight.fill_(1.0)
        network.themes.bias.fill_(0.5)
    assert network.heads(torch.tensor([[2.0, 4.0, 7.0, 12.0]]))[0].item() == 4.5


def test_batches_do_not_change_scores(fitted, answered):
    """Padding, the order of lengths and windows are invisible: one by one gives what all together give."""
    paragraphs = answered[0].paragraphs[:12]
    together = fitted.model.logits(paragraphs)
    alone = [fitted.model.logits([each]) for each in paragraphs]
    for side in (0, 1):
        np.testing.assert_allclose(together[side], np.concatenate([each[side] for each in alone]), atol=1e-4)


def test_what_an_encoder_says_is_explained(tiny_base, windower):
    """Of two opposite themes, whatever is left out lowers one; of the second paragraph nothing is left then."""
    torch.manual_seed(1)
    network = TwoHeads(BertModel.from_pretrained(tiny_base, add_pooling_layer=False), 2, 1, 0.0)
    with torch.no_grad():
        network.themes.weight[1], network.themes.bias[:] = -network.themes.weight[0], 0.0
    flat = SectionChain((0.0,), ((0.0,),), ((0.0,),))
    scorer = CalibratedScorer(TorchModel(network, windower), Decisions((0.5, 0.5), 1.0, 1.0, 0.5, 0.6, flat))
    document = document_from_text("推进依法行政,完善制度。加强行政执法监督;开展普法。\n行政", "t")
    report = segment(document)
    scores = scorer.score(report.paragraphs).themes
    tagged = tuple(
        TaggedParagraph(each, "work", 1.0, ("a", "b"), tuple(map(float, row)), "sure")
        for each, row in zip(report.paragraphs, scores, strict=True)
    )
    found = explain(TaggedReport("t", report.sha256, "t", ("a", "b"), tagged), document, scorer).paragraphs
    assert all(each.earned for each in found)
    for each in (earned for paragraph in found for earned in paragraph.earned):
        row = 0 if each.sentence.start < 26 else 1
        whole, (first, last) = report.paragraphs[row], each.sentence.clean
        shorter = dataclasses.replace(whole, clean=whole.clean[:first] + whole.clean[last:] or "…")
        theme = ("a", "b").index(each.theme)
        assert each.sentence.without == pytest.approx(scorer.score([shorter]).themes[0, theme], abs=1e-6)
        assert each.sentence.without < scores[row, theme]


def test_the_loss_sums_themes_and_leaves_headings_out_of_the_section():
    themes, sections = torch.tensor([[1.0, 0.0], [0.0, 0.0]]), torch.tensor([0, NO_SECTION])
    theme_logits, section_logits = torch.zeros(2, 2), torch.zeros(2, 4)
    half, quarter = np.log(2), np.log(4)
    assert loss_of(theme_logits, themes, section_logits, sections, 1.0).item() == pytest.approx(
        (4 * half + quarter) / 2
    )
    assert loss_of(theme_logits, themes, section_logits, sections, 3.0).item() == pytest.approx(
        (6 * half + quarter) / 2
    )


def test_tuning_starts_from_a_probe_that_already_separates(answered, scheme, settings, tiny_base, tmp_path):
    lessons = lessons_of_reports(answered, scheme)
    start = fit_encoder(lessons, scheme, dataclasses.replace(settings, epochs=0, probe_c=1.0), str(tiny_base), tmp_path)
    logits = np.concatenate([start.model.logits(report.paragraphs)[0] for report in answered])
    answers = np.concatenate([report.themes for report in answered])
    features = start.model.features(answered[0].paragraphs)
    assert logits[answers].mean() > logits[~answers].mean() + 1
    assert np.abs((features - start.model.network.center.numpy()) / start.model.network.scale.numpy()).mean() < 2


def test_tuning_lowers_the_loss_and_logs_it(fitted, one_report, scheme, settings, tiny_base, tmp_path):
    longer = fit_encoder(
        one_report, scheme, dataclasses.replace(settings, epochs=9, batch_size=8), str(tiny_base), tmp_path
    )
    losses = [entry["loss"] for entry in longer.log]
    assert losses[-1] < losses[0]
    picture = loss_picture(longer.log)
    assert picture.startswith("<svg")
    assert picture.count("polyline") == 2


def state_of(found):
    return {name: value.clone() for name, value in found.model.network.state_dict().items()}


def test_tuning_twice_gives_the_same(fitted, one_report, scheme, settings, tiny_base, tmp_path):
    again = fit_encoder(one_report, scheme, settings, str(tiny_base), tmp_path)
    assert all(torch.equal(value, state_of(again)[name]) for name, value in state_of(fitted).items())


def test_a_killed_run_goes_on_and_ends_where_it_would_have(one_report, scheme, settings, tiny_base, tmp_path):
    settings = dataclasses.replace(settings, epochs=2)
    whole = fit_encoder(one_report, scheme, settings, str(tiny_base), tmp_path / "whole")
    shutil.copytree(tmp_path / "whole", tmp_path / "killed")
    (last,) = (tmp_path / "whole").glob("checkpoint-*")

    class KilledError(Exception):
        pass

    class Kill(trainer.Bar):
        def on_epoch_end(self, args, state, control, **_):
            if state.epoch >= 2:
                raise KilledError

    shutil.rmtree(tmp_path / "killed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trainer, "Bar", Kill)
        with pytest.raises(KilledError):
            fit_encoder(one_report, scheme, settings, str(tiny_base), tmp_path / "killed")
    (first,) = (tmp_path / "killed").glob("checkpoint-*")
    assert int(first.name.split("-")[1]) * 2 == int(last.name.split("-")[1])
    half_written = first.with_name("checkpoint-999")
    shutil.copytree(first, half_written)
    (half_written / "trainer_state.json").unlink()
    resumed = fit_encoder(one_report, scheme, settings, str(tiny_base), tmp_path / "killed")
    assert not half_written.exists()
    for name, value in state_of(whole).items():
        torch.testing.assert_close(state_of(resumed)[name], value)


CHANGES = {
    "seed": 1,
    "prefix": "query: ",
    "max_length": 40,
    "layers": 1,
    "frozen_layers": 1,
    "epochs": 2,
    "batch_size": 8,
    "encoder_rate": 1e-2,
    "layer_decay": 0.1,
    "head_rate": 1e-1,
    "warmup": 0.9,
    "weight_decay": 0.9,
    "dropout": 0.5,
    "positive_weight": 5.0,
    "probe_c": 1.0,
}


@pytest.mark.parametrize("field", CHANGES)
def test_every_setting_of_the_weights_is_obeyed(fitted, fit, settings, field):
    found = state_of(fit(dataclasses.replace(settings, **{field: CHANGES[field]})))
    before = state_of(fitted)
    assert found.keys() != before.keys() or any(not torch.equal(found[name], before[name]) for name in found)


def test_frozen_layers_and_embeddings_do_not_move(one_report, scheme, settings, tiny_base, tmp_path):
    changed = dataclasses.replace(settings, frozen_layers=1)
    found = state_of(fit_encoder(one_report, scheme, changed, str(tiny_base), tmp_path))
    start = load_base(str(tiny_base), 0, 0).encoder.state_dict()
    moved = {name for name, value in start.items() if not torch.equal(found[f"encoder.{name}"], value)}
    assert moved
    assert all(name.startswith("encoder.layer.1.") for name in moved)


def test_the_settings_tests_name_every_setting(settings):
    # Below, and in the linear model's tests.
    elsewhere = {"folds", "decisions", "linear_share", "heading_share", "precision", "sentence_epochs"}
    assert set(CHANGES) | elsewhere == {field.name for field in dataclasses.fields(settings)}


def test_precision_is_obeyed_and_chosen_by_what_the_processor_can(monkeypatch):
    assert trainer._uses_bf16("bf16")
    assert not trainer._uses_bf16("fp32")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    for found, expected in (({"avx512_bf16": True}, True), ({"amx_bf16": True}, True), ({"avx2": True}, False)):
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda found=found: found)
        assert trainer._uses_bf16("auto") is expected
    with pytest.raises(InputError, match="choose of auto, fp32, bf16"):
        trainer._uses_bf16("int8")


def test_a_trained_bundle_tags(trained, request_of, seeds, scheme):
    tagged = load_tagger(request_of.out).tag(seeds["004"])
    assert tagged.model == "fazhi-encoder@1"
    assert len(tagged.paragraphs) == 85
    assert all((each.section == HEADING) == (each.paragraph.level > 0) for each in tagged.paragraphs)
    assert "2 folds by document over 5 documents" in trained
    card = (request_of.out / "README.md").read_text(encoding="utf-8")
    assert trained in card
    assert "(none)" in card


def test_a_bundle_scores_as_the_models_that_were_trained(trained, request_of, answered, scheme):
    """Written as float16 and read back, with the linear model's share added."""
    bundle = read_bundle(request_of.out)
    assert bundle.manifest.linear_share == {"themes": 2.0, "sections": 0.5}
    blend = load_scorer(bundle).model
    paragraphs = answered[0].paragraphs
    (themes, sections), (more_themes, more_sections) = (each.logits(paragraphs) for each in (blend.first, blend.second))
    np.testing.assert_allclose(blend.logits(paragraphs)[0], themes + 2 * more_themes)
    np.testing.assert_allclose(blend.logits(paragraphs)[1], sections + 0.5 * more_sections)
    assert isinstance(blend.first, TorchModel)


@pytest.mark.parametrize("share", [None, 0.0])
def test_headings_count_beside_an_encoder_as_its_own_settings_say(trained, request_of, answered, scheme, share):
    supplement = read_supplement(request_of.files, scheme)
    own = load_encoder_settings(request_of.settings).heading_share if share is None else share
    expected = fit_linear(answered, scheme, dataclasses.replace(load_linear_settings(), heading_share=own), supplement)
    found = LinearModel.load(request_of.out).weights.section_weights
    assert np.allclose(found, expected.weights.section_weights, atol=0.01) == (share is None)


def test_left_out_scores_are_written_for_every_paragraph(trained, request_of, answered, scheme):
    rows = read_left_out(request_of.oof, scheme)
    assert len(rows) == sum(len(report.paragraphs) for report in answered)
    assert {row.protocol for row in rows} == {"folds"}
    assert {row.part for row in rows} == {0, 1}


def test_a_finished_part_is_not_tuned_again(trained, request_of, monkeypatch):
    monkeypatch.setattr("fazhi.training.tuning.Tuning._fit", lambda *_: pytest.fail("tuned again"))
    monkeypatch.setattr("fazhi.training.tuning.Tuning.final", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        train_encoder(request_of)


def test_a_full_disk_is_named_and_the_older_bundle_stays(trained, request_of, monkeypatch):
    before = (request_of.out / "manifest.json").read_bytes()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("fazhi.training.encoder.write_network", full)
    with pytest.raises(InputError, match="found no room on the disk"):
        train_encoder(request_of)
    assert (request_of.out / "manifest.json").read_bytes() == before
    assert sorted(path.name for path in request_of.out.parent.glob(".bundle*")) == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), "does not fit into memory"),
        (MemoryError(), "does not fit into memory"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried 99 bytes"), "does not fit into memory"),
        (RuntimeError("[enforce fail] No space left on device"), "found no room on the disk"),
        (
            RuntimeError("PytorchStreamWriter failed writing file data/3: file write failed"),
            "found no room on the disk",
        ),
    ],
)
def test_what_the_machine_lacks_is_named(error, said):
    with pytest.raises(InputError, match=said), named_failures():
        raise error


def test_other_failures_stay_bugs():
    with pytest.raises(RuntimeError, match="shapes"), named_failures():
        raise RuntimeError("shapes do not match")


def test_a_base_without_tokenizer_is_refused(tiny_base, tmp_path):
    shutil.copytree(tiny_base, tmp_path / "base")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (tmp_path / "base" / name).unlink()
    with pytest.raises(InputError, match="has no fast tokenizer that knows Chinese"):
        load_base(str(tmp_path / "base"), 0, 0)


def test_a_base_that_is_not_there_or_too_small_is_refused(tiny_base, tmp_path):
    with pytest.raises(InputError, match="cannot be loaded"):
        load_base(str(tmp_path / "nothing"), 0, 0)
    with pytest.raises(InputError, match="layers: is 3, but the base has 2"):
        load_base(str(tiny_base), 3, 0)
    with pytest.raises(InputError, match="frozen_layers: is 9, but the base has 2"):
        load_base(str(tiny_base), 0, 9)


def test_windows_longer_than_a_base_takes_are_refused(one_report, scheme, settings, tiny_base, tmp_path):
    longer = dataclasses.replace(settings, max_length=10_000)
    with pytest.raises(InputError, match=r"max_length: is 10000, but .* takes \d+ tokens"):
        fit_encoder(one_report, scheme, longer, str(tiny_base), tmp_path)


def test_a_probe_tells_two_sections_apart(one_report, scheme, settings, tiny_base, tmp_path):
    sections = np.where(np.arange(len(one_report.sections)) % 2, 3, 5)
    lessons = dataclasses.replace(one_report, sections=sections)
    start = dataclasses.replace(settings, epochs=0, probe_c=100.0)
    found = fit_encoder(lessons, scheme, start, str(tiny_base), tmp_path).model.logits(lessons.paragraphs)[1]
    assert (found.argmax(axis=1) == sections).mean() > 0.8


def test_a_theme_that_hardly_any_paragraph_has_is_refused(root, request_of, tmp_path):
    lines = (root / "seeds" / "gold.jsonl").read_text(encoding="utf-8").split("\n")
    kept = [line for line in lines if '"emergency"' not in line]
    (tmp_path / "few.jsonl").write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(InputError, match=r"fewer than 5 paragraphs with emergency \(0\)"):
        train_encoder(dataclasses.replace(request_of, examples=(tmp_path / "few.jsonl",)))


def test_a_damaged_encoder_is_refused(trained, request_of, tmp_path, monkeypatch):
    shutil.copytree(request_of.out, tmp_path / "bundle")
    (tmp_path / "bundle" / "network.safetensors").write_bytes(b"\0" * 64)
    monkeypatch.setattr("fazhi.model.bundle.folder._wrong_files", lambda *_: ())
    with pytest.raises(InputError, match="has damaged encoder files"):
        load_scorer(read_bundle(tmp_path / "bundle"))
