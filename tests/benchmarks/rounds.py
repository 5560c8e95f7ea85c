"""Every strategy of `fazhi round`, and three of small-text, against random: a grid of games that resumes.

    python tests/benchmarks/rounds.py WORK --cail DATA [--minutes 9] [--docs docs]

Games are played on seeds and written examples, and on CAIL2019 (DATA holds divorce_train.jsonl, divorce_test.jsonl and
labels.json). A fifth of our documents, and CAIL's own test part, are kept for the end. On the rest each strategy plays
five games: five folds of documents, of which one is scored and the others are the pool. The largest area under the
macro-F1 curve, averaged over both, wins, and is played once more, with random beside it: all of the rest is the pool,
the test part is scored, five draws. Every game is a file in WORK, so a killed run goes on. With `--docs` the table and
the picture are written, once all games are there.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rounds_material import Parts, parts_of
from rounds_results import Game, write_docs
from small_text_strategies import SMALL_TEXT

from fazhi.annotation.rounds.simulate import RANDOM, Table, play, table_of
from fazhi.annotation.sampling.strategies import STRATEGIES
from fazhi.model.writing import replacing

ALL = {**STRATEGIES, **SMALL_TEXT}
ROUNDS, FOLDS = 10, 5
SHARE = 0.06
"""Of the pool, asked in each round."""


@dataclass(frozen=True)
class Cell:
    """A game: on which material, folds or test part, with which seed, by which strategy."""

    material: str
    part: str
    seed: int
    strategy: str

    def file(self, work: Path) -> Path:
        return work / self.material / self.part / f"{self.seed}-{self.strategy.replace(' ', '-')}.json"


def cells(part: str, strategies: list[str], materials: list[str], seeds: int) -> list[Cell]:
    """Return games, those of one table one after the other."""
    return [Cell(name, part, seed, each) for seed in range(seeds) for name in materials for each in strategies]


def tables(parts: Parts, part: str, seed: int) -> Table:
    """Deal: a fold of the rest, or the test part."""
    if part == "test":
        return table_of(parts.material, parts.test, seed)
    rest = parts.rest
    folds = np.array_split(np.random.default_rng(0).permutation(np.unique(rest.documents)), FOLDS)
    return table_of(rest, np.isin(rest.documents, folds[seed]), seed)


def run(todo: list[Cell], materials: dict[str, Parts], work: Path, until: float) -> int:
    """Play games that have no file yet; return how many are left."""
    left = [cell for cell in todo if not cell.file(work).exists()]
    built: dict[tuple[str, str, int], Table] = {}
    for done, cell in enumerate(left):
        if time.monotonic() > until:
            return len(left) - done
        key = cell.material, cell.part, cell.seed
        if key not in built:
            built = {key: tables(materials[cell.material], cell.part, cell.seed)}
        table, start = built[key], time.process_time()
        size = round(SHARE * table.pool)
        curve = play(table, cell.strategy, (ROUNDS, size), cell.seed, ALL)
        game = {"pool": table.pool, "size": size, "full": table.full, "curve": curve.tolist()}
        with replacing(cell.file(work)) as file:
            file.write(json.dumps({**game, "seconds": round(time.process_time() - start, 2)}) + "\n")
        print(*key, cell.strategy, f"{curve.mean():.4f}", flush=True)
    return 0


def games(todo: list[Cell], work: Path) -> Iterator[Game]:
    for cell in todo:
        data = json.loads(cell.file(work).read_text(encoding="utf-8"))
        yield Game(cell.material, cell.strategy, cell.seed, **data)


def winner_of(played: list[Game]) -> str:
    """Return which of our strategies has the largest area, averaged over materials and folds."""
    return max(STRATEGIES, key=lambda name: float(np.mean([each.area for each in played if each.strategy == name])))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("work", type=Path)
    parser.add_argument("--cail", type=Path, required=True, help="folder of CAIL2019")
    parser.add_argument("--seeds", type=int, default=FOLDS, choices=range(1, FOLDS + 1), help="folds and draws played")
    parser.add_argument("--minutes", type=float, default=30.0, help="no game is begun after so long")
    parser.add_argument("--docs", type=Path, help="where rounds.md and rounds.png go")
    options = parser.parse_args()
    until = time.monotonic() + 60 * options.minutes
    materials = parts_of(options.cail)
    on_folds = cells("folds", list(ALL), list(materials), options.seeds)
    left = run(on_folds, materials, options.work, until)
    if left:
        sys.exit(f"{left} of {len(on_folds)} games on folds are left: run this again")
    folds = list(games(on_folds, options.work))
    winner = winner_of(folds)
    on_test = cells("test", list(dict.fromkeys((RANDOM, winner))), list(materials), options.seeds)
    left = run(on_test, materials, options.work, until)
    if left:
        sys.exit(f"{left} of {len(on_test)} games on the test parts are left: run this again")
    print(f"the folds choose {winner}")
    if options.docs:
        write_docs(options.docs, folds, list(games(on_test, options.work)), winner)


if __name__ == "__main__":
    main()
