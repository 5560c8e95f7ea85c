"""Games of `rounds.py` in, docs/rounds.md and docs/rounds.png out."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Game:
    """A game that was played."""

    material: str
    strategy: str
    seed: int
    pool: int
    size: int
    full: float
    curve: tuple[float, ...]
    seconds: float

    @property
    def area(self) -> float:
        """Macro F1 on average on the way from the first round to the last."""
        return float(np.trapezoid(self.curve) / (len(self.curve) - 1))


def write_docs(folder: Path, folds: list[Game], test: list[Game], winner: str) -> None:
    raise NotImplementedError
