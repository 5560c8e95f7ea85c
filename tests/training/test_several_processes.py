"""Two processes that tune one encoder together, as a launcher starts them on two devices; here on the CPU."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fazhi.model.tagger import load_tagger

PROCESSES = 2


@pytest.fixture(scope="module")
def launched(request_of, tmp_path_factory):
    """`fazhi train encoder` in two processes; the folder of its bundle, and what it printed."""
    out = tmp_path_factory.mktemp("together") / "bundle"
    launcher = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--standalone",
        f"--nproc-per-node={PROCESSES}",
        "--no-python",
    ]
    own = ["--base", request_of.base, "--settings", str(request_of.settings), "--out", str(out)]
    command = [
        *launcher,
        str(Path(sys.executable).with_name("fazhi")),
        "train",
        "encoder",
        *map(str, request_of.examples),
        *own,
    ]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600, env=environment)
    assert ran.returncode == 0, ran.stderr
    return out, ran


def test_they_share_the_steps_and_one_of_them_writes(launched, seeds):
    out, ran = launched
    assert ran.stdout.count("2 folds by document over 5 documents") == 1
    assert ran.stderr.count("3/3") == ran.stderr.count("训练 · tuning ━") - 2  # bars of two folds, and of everything
    assert len(load_tagger(out).tag(seeds["004"]).paragraphs) == 85
    steps = sorted(path.name for path in out.with_name("bundle.work").glob("final-*/checkpoint-*"))
    assert steps == ["checkpoint-3"]  # 293 paragraphs in batches of 64, two at a time


def test_nothing_unfinished_is_left_beside_the_bundle(launched):
    assert sorted(path.name for path in launched[0].parent.iterdir()) == ["bundle", "bundle.work"]
