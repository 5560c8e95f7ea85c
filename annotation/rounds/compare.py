"""`fazhi round simulate`: files of examples in; curves, areas and labels saved, each strategy beside random, out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from fazhi.annotation.grid import NONE, Grid, number, show
from fazhi.annotation.outputs import check_outputs, write_json
from fazhi.annotation.progress import progress
from fazhi.annotation.rounds.simulate import GOAL, RANDOM, Played, Trial, simulate
from fazhi.annotation.sampling.strategies import STRATEGIES
from fazhi.model.labels import load_scheme, read_examples, trainable

FORMAT = 1


def run_simulation(
    files: Sequence[Path], strategies: Sequence[str], counts: tuple[int, int, int], out: Path | None
) -> None:
    """Play, print two tables, and write the figures.

    Args:
        files: Of examples.
        strategies: Names; none means all. Random is played in any case.
        counts: Rounds, questions a round, seeds.
        out: Where everything goes as JSON, or nowhere.

    Raises:
        InputError: Bad examples, or too few for so many questions.
    """
    check_outputs(files, (out,))
    scheme = load_scheme()
    examples = trainable([each for path in files for each in read_examples(path, scheme)])
    trial = Trial(tuple(dict.fromkeys((RANDOM, *(strategies or STRATEGIES)))), *counts)
    with progress("模拟 simulating", len(trial.strategies) * trial.seeds) as advance:
        played = simulate(examples, scheme, trial, advance)
    show([curve_grid(played), gain_grid(played)], Console())
    if out is not None:
        write_json(out, as_json(played))


def curve_grid(played: Sequence[Played]) -> Grid:
    """Return mean macro F1 after each round."""
    columns = ("策略 strategy", *map(str, played[0].labels))
    rows = tuple((each.strategy, *(number(value) for value in each.curve.mean(axis=0))) for each in played)
    full = float(played[0].full.mean())
    return Grid(f"学习曲线 · macro F1 after so many answers; with all {full:.3f}", columns, rows)


def gain_grid(played: Sequence[Played]) -> Grid:
    """Return areas, and answers needed beside those that random needs; the largest area first."""
    randomly = next(each.needed for each in played if each.strategy == RANDOM)
    rows = tuple(
        (each.strategy, f"{each.area.mean():.3f} ± {each.area.std():.3f}", *_needed(each.needed, randomly))
        for each in sorted(played, key=lambda each: -each.area.mean())
    )
    columns = ("策略 strategy", "曲线下面积 area", f"达 {GOAL:.0%} 所需 answers needed", "比随机 against random")
    return Grid("比较 · strategies", columns, rows)


def as_json(played: Sequence[Played]) -> dict[str, Any]:
    """Return everything, a curve for each seed."""
    return {
        "format": FORMAT,
        "goal": GOAL,
        "labels": played[0].labels.tolist(),
        "full": played[0].full.tolist(),
        "strategies": {
            each.strategy: {
                "curves": each.curve.tolist(),
                "area": each.area.tolist(),
                "needed": each.needed if np.isfinite(each.needed) else None,
            }
            for each in played
        },
    }


def _needed(needed: float, randomly: float) -> tuple[str, str]:
    """Return answers needed, and how many more or fewer than at random; dashes where either never gets there."""
    if not np.isfinite(needed):
        return NONE, NONE
    return f"{needed:.0f}", f"{needed / randomly - 1:+.0%}" if np.isfinite(randomly) else NONE
