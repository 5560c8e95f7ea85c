"""A tiny base encoder and its training on the five real reports, once for all tests."""

import subprocess
import sys

import pytest
import tiny_encoder

from fazhi.model.labels import read_examples, trainable
from fazhi.training.encoder import EncoderRequest, train_encoder
from fazhi.training.rows import answered_reports
from fazhi.training.supplement import SupplementFiles


@pytest.fixture(scope="session")
def answered(root, scheme):
    """The five real reports with their answers."""
    return answered_reports(trainable(read_examples(root / "seeds" / "gold.jsonl", scheme)), scheme)


@pytest.fixture(scope="session")
def printed_by(root):
    """Run a script of tests/benchmarks as a person does; what it prints."""

    def run(script, *given):
        told = [sys.executable, root / "tests" / "benchmarks" / script, *given]
        return subprocess.run(told, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout

    return run


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory, answered):
    folder = tmp_path_factory.mktemp("base")
    tiny_encoder.write_base(folder, [each.model_text for report in answered for each in report.paragraphs])
    return folder


@pytest.fixture(scope="session")
def request_of(root, tiny_base, tmp_path_factory):
    """A whole training of the tiny base on the five real reports, two folds."""
    folder = tmp_path_factory.mktemp("train")
    tiny_encoder.write_settings(folder / "tiny.toml", root / "training" / "encoder.toml")
    return EncoderRequest(
        examples=(root / "seeds" / "gold.jsonl",),
        files=SupplementFiles(root / "seeds" / "headings.jsonl"),
        base=str(tiny_base),
        base_licence="none",
        out=folder / "bundle",
        settings=folder / "tiny.toml",
        version="1",
        work=folder / "work",
        oof=folder / "oof.jsonl",
        leave_real_out=True,
    )


@pytest.fixture(scope="session")
def trained(request_of):
    return train_encoder(request_of)
