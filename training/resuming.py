"""Where a training keeps what it goes on from: a folder named after all that its weights depend on.

    folder_of(Path("work"), "folds-0", [settings, "4f1c…"])  ->  work/folds-0-<digest>

So two different runs never go on from each other's checkpoints, whatever `--work` they are given.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fazhi.model.cleaning import CLEANING_VERSION
from fazhi.model.report import MODEL_TEXT_FORMAT, SEGMENTER_VERSION

_BASE = "*.safetensors", "pytorch_model*.bin", "config.json", "tokenizer*", "vocab*", "merges.txt", "*.model"
_TEXTS = MODEL_TEXT_FORMAT, CLEANING_VERSION, SEGMENTER_VERSION
_DIGITS = 16


def folder_of(work: Path, name: str, depends: Any) -> Path:
    """Return the folder of one training; `depends` is anything that JSON can hold. How texts are made counts too."""
    digest = hashlib.sha256(json.dumps([depends, _TEXTS], sort_keys=True).encode()).hexdigest()
    return work / f"{name}-{digest[:_DIGITS]}"


def base_identity(base: str) -> str:
    """Return what tells bases apart: the hash of local weights, configuration and tokenizer, else the hub's name."""
    files = sorted(path for pattern in _BASE for path in Path(base).glob(pattern))
    return hash_of(files) if files else base


def hash_of(paths: Iterable[Path]) -> str:
    """Return the SHA-256 of files, one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def clear_checkpoints(folder: Path) -> None:
    """Remove the checkpoints of a training that is done."""
    for checkpoint in folder.glob("checkpoint-*"):
        shutil.rmtree(checkpoint)
