"""Exporting a tuned bundle: a pruned vocabulary, the same decisions without torch, a gate that refuses."""

import dataclasses
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from fazhi.model.bundle import find_bundle, read_bundle
from fazhi.model.reading import InputError
from fazhi.model.scorers import Scores, load_scorer
from fazhi.model.tagger import load_tagger
from fazhi.training.export import command, gate
from fazhi.training.export.command import ExportRequest, export
from fazhi.training.export.convert import write_encoder
from fazhi.training.export.gate import compare, compare_unseen
from fazhi.training.export.prune import kept_ids, pruned


@pytest.fixture(scope="session")
def request_for(trained, request_of, root, tmp_path_factory):
    out = tmp_path_factory.mktemp("export") / "fast"
    return ExportRequest(request_of.out, (root / "seeds" / "gold.jsonl",), (), out, "tiny", ("int8", "float16"))


@pytest.fixture(scope="session")
def exact(request_for):
    """An export that keeps the numbers, so that it may be compared with its source number by number."""
    request = dataclasses.replace(request_for, out=request_for.out.with_name("exact"), numbers=("float16",))
    return request, export(request)


@pytest.fixture(scope="session")
def int8(request_for):
    """An export in int8; the tiny encoder's decisions all lie near their thresholds, so the gate is left open."""
    request = dataclasses.replace(request_for, out=request_for.out.with_name("int8"), numbers=("int8",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "MOST_CHANGED", 1.0)
        patch.setattr(gate, "MOST_LOST", 1.0)
        export(request)
    return request


def test_an_export_scores_as_its_source(exact, request_of, answered):
    request, said = exact
    assert said.startswith("float16: ")
    one, other = (load_scorer(read_bundle(folder)) for folder in (request_of.out, request.out))
    for report in answered[:2]:
        before, after = one.score(report.paragraphs), other.score(report.paragraphs)
        np.testing.assert_allclose(after.themes, before.themes, atol=2e-3)
        np.testing.assert_allclose(np.exp(after.sections), np.exp(before.sections), atol=2e-3)


def test_an_export_names_its_source_and_what_the_gate_found(exact, answered):
    request, _ = exact
    manifest = read_bundle(request.out).manifest
    assert (manifest.kind, manifest.name, manifest.export["source"]) == ("fast", "tiny", "fazhi-encoder@1")
    assert manifest.export["paragraphs"] == sum(len(report.paragraphs) for report in answered)
    card = (request.out / "README.md").read_text(encoding="utf-8")
    assert "needs no torch" in card
    assert "theme decisions with a probability between 0.05 and 0.95" in card


def test_an_export_tags_without_torch(exact, seeds):
    report = seeds["004"].name
    code = (
        "import sys; sys.modules['torch'] = None; from fazhi.model import load_tagger;"
        f"print(load_tagger({str(exact[0].out)!r}).tag({report!r}).model)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "tiny@1\n"


def test_company_threads_and_order_do_not_change_scores(exact, answered):
    bundle = read_bundle(exact[0].out)
    one, two = load_scorer(bundle, threads=1).model.first, load_scorer(bundle, threads=2).model.first
    paragraphs = answered[0].paragraphs[:30]
    together = one.features(paragraphs)
    np.testing.assert_allclose(two.features(paragraphs), together, atol=1e-5)
    np.testing.assert_allclose(one.features(paragraphs[::-1])[::-1], together, atol=1e-5)
    np.testing.assert_allclose(np.concatenate([one.features([each]) for each in paragraphs]), together, atol=1e-4)
    assert one.features([]).shape == (0, together.shape[1])


@pytest.mark.parametrize("name", ["model.bin", "heads.npz", "tokenizer.json"])
def test_a_damaged_export_is_refused(exact, tmp_path, monkeypatch, name):
    shutil.copytree(exact[0].out, tmp_path / "fast")
    damaged = bytearray((tmp_path / "fast" / name).read_bytes())
    damaged[: len(damaged) // 2] = bytes(len(damaged) // 2)
    (tmp_path / "fast" / name).write_bytes(damaged)
    with pytest.raises(InputError, match=f"{name}: is not the file that the manifest names"):
        load_tagger(tmp_path / "fast")
    monkeypatch.setattr("fazhi.model.bundle.folder._wrong_files", lambda *_: ())
    with pytest.raises(InputError, match="has damaged files|is no tokenizer"):
        load_tagger(tmp_path / "fast")


@pytest.mark.parametrize(
    "share",
    [
        {"themes": 1.0},
        {"themes": 1.0, "sections": "1"},
        {"themes": 1, "sections": 1, "x": 0},
        {"themes": -1.0, "sections": 1.0},
        {"themes": 1.0, "sections": float("nan")},
    ],
)
def test_a_foreign_linear_share_is_refused(exact, share):
    bundle = read_bundle(exact[0].out)
    other = dataclasses.replace(bundle, manifest=dataclasses.replace(bundle.manifest, linear_share=share))
    with pytest.raises(InputError, match="has the linear share"):
        load_scorer(other)


@pytest.mark.parametrize(
    ("encoder", "what"),
    [
        ({"prefix": "", "max_length": 8}, "max_length is 8"),
        ({"prefix": 1, "max_length": 64}, "prefix is int, not text"),
    ],
)
def test_an_encoder_that_cannot_be_fed_so_is_refused(exact, encoder, what):
    bundle = read_bundle(exact[0].out)
    other = dataclasses.replace(bundle, manifest=dataclasses.replace(bundle.manifest, encoder=encoder))
    with pytest.raises(InputError, match=f"has damaged files .{what}"):
        load_scorer(other)


def test_only_a_torch_bundle_can_be_exported(request_for):
    with pytest.raises(InputError, match="is of kind linear"):
        export(dataclasses.replace(request_for, bundle=find_bundle("linear")))


def test_examples_without_answers_are_refused(request_for, tmp_path):
    (tmp_path / "empty.jsonl").write_text("")
    with pytest.raises(InputError, match="examples: hold no answered paragraph"):
        export(dataclasses.replace(request_for, examples=(tmp_path / "empty.jsonl",)))


def test_another_kind_of_encoder_is_refused(tmp_path):
    with pytest.raises(InputError, match="has a roberta encoder with gelu"):
        write_encoder(tmp_path, {}, {"model_type": "roberta", "hidden_act": "gelu"}, [], "int8")


def test_when_no_way_passes_the_older_bundle_stays(exact, monkeypatch):
    request = exact[0]
    before = (request.out / "manifest.json").read_bytes()
    monkeypatch.setattr(gate.Comparison, "passes", property(lambda self: False))
    with pytest.raises(InputError, match=r"export: errs too much. float16: .* furthest: .* paragraph \d+"):
        export(request)
    assert (request.out / "manifest.json").read_bytes() == before


def test_the_next_way_is_tried_where_the_first_errs(request_for, monkeypatch):
    real = command.compare

    def refuse_first(*given):
        found = real(*given)
        calls.append(found)
        return dataclasses.replace(found, largest_loss=1.0) if len(calls) == 1 else found

    calls = []
    monkeypatch.setattr(command, "compare", refuse_first)
    request = dataclasses.replace(request_for, out=request_for.out.with_name("second"))
    said = export(request)
    assert [line.split(":")[0] for line in said.splitlines()] == ["int8", "float16"]
    assert read_bundle(request.out).manifest.export["numbers"] == "float16"


def scores_of(report, themes, scheme):
    """Scores that say `work` of every paragraph and `themes` (n, 12)."""
    sections = np.full((len(report.paragraphs), len(scheme.sections)), -99.0)
    sections[:, scheme.section_ids.index("work")] = 0.0
    return Scores(themes, sections)


def test_the_gate_counts_open_decisions_that_changed(answered, scheme):
    bundle = load_tagger("linear").bundle
    report = answered[0]
    before = np.full((len(report.paragraphs), 12), 0.01)
    body = next(row for row, each in enumerate(report.paragraphs) if not each.level)
    before[body, 4] = 0.9  # open and given
    before[body, 5] = 0.99  # given and not open
    after = before.copy()
    after[body, 4], after[body, 5] = 0.02, 0.02
    found = compare(
        [report], [scores_of(report, before, scheme)], [scores_of(report, after, scheme)], bundle.decisions, scheme
    )
    assert (found.open, found.changed, found.passes) == (1, 1, False)
    assert (found.worst.theme, found.worst.before, found.worst.after) == (scheme.theme_ids[5], 0.99, 0.02)
    same = compare(
        [report], [scores_of(report, before, scheme)], [scores_of(report, before, scheme)], bundle.decisions, scheme
    )
    assert (same.changed, same.largest_loss, same.passes) == (0, 0.0, True)


@pytest.mark.parametrize(
    ("lost", "opened", "changed", "passes"),
    [(0.005, 200, 1, True), (0.0051, 200, 0, False), (0.0, 199, 1, False), (-0.1, 0, 0, True)],
)
def test_the_gate_keeps_its_limits(lost, opened, changed, passes):
    worst = gate.Worst("a.txt", 0, "digital", 0.1, 0.2, "文")
    assert gate.Comparison(10, opened, changed, lost, "digital", 0, worst).passes is passes


def test_the_gate_also_looks_at_paragraphs_without_answers(answered, scheme):
    report, decisions = answered[0], load_tagger("linear").bundle.decisions
    before = np.full((len(report.paragraphs), 12), 0.01)
    before[:3, 4], before[3, 4] = 0.9, 0.96  # three open decisions, one that is not
    after = before.copy()
    after[0, 4], after[1, 4], after[3, 4] = 0.02, 0.8, 0.02
    found = compare_unseen(*(scores_of(report, each, scheme) for each in (before, after)), decisions)
    assert (found.paragraphs, found.open, found.changed) == (len(report.paragraphs), 3, 1)
    worst = gate.Worst("a.txt", 0, "digital", 0.1, 0.2, "文")
    same = gate.Comparison(10, 200, 0, 0.0, "digital", 0, worst)
    assert dataclasses.replace(same, unseen=found).passes  # told, and no reason to refuse
    assert "(1 of 3 on texts without answers)" in str(dataclasses.replace(same, unseen=found))


def test_an_export_compares_on_its_texts_and_keeps_their_pieces(request_for, seeds, tmp_path, monkeypatch):
    monkeypatch.setattr(command, "_MOST_UNANSWERED", 20)
    request = dataclasses.replace(
        request_for, texts=(Path(seeds["003"].name),), out=tmp_path / "f", numbers=("float16",)
    )
    export(request)
    unseen = read_bundle(tmp_path / "f").manifest.export["unseen"]
    assert 10 < unseen["paragraphs"] <= 20
    assert unseen["changed"] <= unseen["open"] * 0.01
    assert "on other texts)" in (tmp_path / "f" / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def unigram(tmp_path):
    """Special tokens, three characters, and two longer pieces that can be spelt with them."""
    pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -3.0)]
    pieces += [("法", -4.0), ("法治", -2.0), ("治", -4.0), ("治法", -2.5), ("<mask>", 0.0)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def test_pieces_that_no_text_has_go_and_the_rest_is_cut_as_before(unigram):
    kept = kept_ids(unigram, ["法治"])
    assert kept == [0, 1, 2, 3, 4, 5, 6, 7, 9]  # 治法 goes
    small = Tokenizer.from_str(pruned(unigram.to_str(), kept))
    assert small.encode("法治").tokens == unigram.encode("法治").tokens == ["<s>", "▁", "法治", "</s>"]
    assert small.encode("法治").ids == [0, 4, 6, 2]
    assert unigram.encode("治法").tokens == ["<s>", "▁", "治法", "</s>"]
    assert small.encode("治法").tokens == ["<s>", "▁", "治", "法", "</s>"]
    assert small.token_to_id("<mask>") == 8


def test_wordpiece_is_pruned_the_same_way():
    vocabulary = {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "law": 3, "##s": 4, "laws": 5, "l": 6, "##a": 7, "##w": 8}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.add_special_tokens(["[UNK]", "[CLS]", "[SEP]"])
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 2), ("[CLS]", 1))
    kept = kept_ids(tokenizer, ["laws"])
    assert kept == [0, 1, 2, 4, 5, 6, 7, 8]  # law goes
    small = Tokenizer.from_str(pruned(tokenizer.to_str(), kept))
    assert small.encode("laws law").tokens == ["[CLS]", "laws", "l", "##a", "##w", "[SEP]"]
    assert json.loads(small.to_str())["post_processor"]["sep"] == ["[SEP]", 2]


LOGITS = (
    "import sys, json; from pathlib import Path; from fazhi.model.bundle import find_bundle, read_bundle;"
    "from fazhi.model.reading import read_document; from fazhi.model.report import segment;"
    "from fazhi.model.scorers import load_scorer;"
    "scores = load_scorer(read_bundle(Path(sys.argv[1]))).score(segment(read_document(sys.argv[2])).paragraphs[:25]);"
    "print(json.dumps(scores.themes.tolist()))"
)


@pytest.mark.parametrize(
    "processor",
    [
        {"CT2_FORCE_CPU_ISA": "GENERIC", "ONEDNN_MAX_CPU_ISA": "SSE41"},
        {"CT2_FORCE_CPU_ISA": "AVX", "ONEDNN_MAX_CPU_ISA": "AVX"},
        {"CT2_FORCE_CPU_ISA": "AVX2"},
        {"CT2_USE_MKL": "1"},
        {"CT2_USE_MKL": "0"},
    ],
    ids=("generic", "avx", "avx2", "mkl", "onednn"),
)
def test_int8_scores_do_not_depend_on_the_processor(int8, seeds, processor):
    """Other vector instructions, without VNNI, and the other of the runtime's two matrix libraries."""
    line = [sys.executable, "-c", LOGITS, str(int8.out), seeds["002"].name]
    found = [
        json.loads(subprocess.run(line, capture_output=True, text=True, check=True, env={**os.environ, **more}).stdout)
        for more in ({}, processor)
    ]
    np.testing.assert_allclose(*found, atol=1e-3)  # a float that lies between two int8 values may go either way


def test_processes_that_read_side_by_side_give_what_one_gives(exact, seeds, tmp_path):
    """Each loads the encoder for itself, on one thread, after the first process has started threads of its own."""
    for number in range(9):
        shutil.copy(seeds["002"].name, tmp_path / f"{number}.txt")
    found = []
    for workers in ("1", "2"):
        out = tmp_path / f"out{workers}"
        line = ["-c", "from fazhi.serving.cli import main; main()", "tag", str(tmp_path), "--bundle", str(exact[0].out)]
        subprocess.run([sys.executable, *line, "--out", str(out), "--workers", workers], check=True, timeout=120)
        found.append([path.read_bytes() for path in sorted(out.glob("*.jsonl"))])
        shutil.move(out, tmp_path.parent / f"{tmp_path.name}-{workers}")
    assert len(found[0]) == 9
    assert found[0] == found[1]
