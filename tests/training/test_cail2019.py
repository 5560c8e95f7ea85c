"""The benchmark script on a made-up benchmark of six judgments: it runs, prints, and notes its looks at the test part."""

import importlib.util
import json
import sys

import pytest

LABELS = ["有子女", "有债务"]
SENTENCES = [
    ("双方生育一子。", ["有子女"]),
    ("欠银行贷款两万元。", ["有债务"]),
    ("孩子由其抚养,借款共同偿还。", LABELS),
]


@pytest.fixture
def cail2019(root, tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("cail2019", root / "training" / "benchmarks" / "cail2019.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "LOG", tmp_path / "looks.jsonl")
    return module


def write_judgments(path, names):
    entries = [{"document": name, "text": text, "labels": has} for name in names for text, has in SENTENCES]
    path.write_text("\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries), encoding="utf-8")


@pytest.fixture
def prepared(root, tiny_base, tmp_path):
    """The arguments of the script on a benchmark of six judgments, four of them to train on."""
    (tmp_path / "labels.json").write_text(json.dumps(LABELS, ensure_ascii=False), encoding="utf-8")
    write_judgments(tmp_path / "divorce_train.jsonl", "abcd")
    write_judgments(tmp_path / "divorce_test.jsonl", "ef")
    settings = (root / "training" / "encoder.toml").read_text(encoding="utf-8")
    for field, value in (("epochs", 1), ("folds", 2), ("max_length", 64)):
        settings = "\n".join(
            f"{field} = {value}" if line.startswith(f"{field} =") else line for line in settings.split("\n")
        )
    (tmp_path / "s.toml").write_text(settings, encoding="utf-8")
    given = ["cail2019", str(tmp_path), "--base", str(tiny_base), "--work", str(tmp_path / "w")]
    return [*given, "--settings", str(tmp_path / "s.toml")]


def test_the_script_prints_a_row_a_system_and_logs_only_looks_at_the_test(prepared, cail2019, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", prepared)
    cail2019.main()
    folds = capsys.readouterr().out
    assert folds.startswith(
        "12 sentences; thresholds from 12 that were left out\n\n| CAIL2019, folds of train | micro F1 |"
    )
    assert not cail2019.LOG.exists()
    monkeypatch.setattr(sys, "argv", [*prepared, "--test"])
    cail2019.main()
    test = capsys.readouterr().out
    assert "| character n-grams | 100.00 | 100.00 |" in test  # the test judgments repeat the training ones
    assert len(test.split("\n")) == 8
    (look,) = cail2019.LOG.read_text(encoding="utf-8").split("\n")[:-1]
    assert json.loads(look)["figures"]["character n-grams"] == [1.0, 1.0]
    assert json.loads(look)["left_out"] == 12


def test_some_of_the_folds_are_enough_where_asked(prepared, cail2019, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", [*prepared, "--parts", "1", "--test"])
    cail2019.main()
    assert capsys.readouterr().out.startswith("6 sentences; thresholds from 6 that were left out\n\n| CAIL2019, test |")
