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

_WEIGHTS = "*.safetensors", "pytorch_model*.bin"
_DIGITS = 16


def folder_of(work: Path, name: str, depends: Any) -> Path:
    """Return the folder of one training; `depends` is anything that JSON can hold."""
    digest = hashlib.sha256(json.dumps(depends, sort_keys=True).encode()).hexdigest()
    return work / f"{name}-{digest[:_DIGITS]}"


def base_identity(base: str) -> str:
    """Return what tells bases apart: the hash of local weights, else the hub's name."""
    weights = sorted(path for pattern in _WEIGHTS for path in Path(base).glob(pattern))
    return hash_of(weights) if weights else base


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
