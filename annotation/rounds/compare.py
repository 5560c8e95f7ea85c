"""`fazhi round simulate`: files of examples in; curves, areas and labels saved, each strategy beside random, out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from fazhi.annotation.outputs import check_outputs, write_json
from fazhi.annotation.progress import progress
from fazhi.annotation.rounds.simulate import GOAL, RANDOM, Played, Trial, material_of, simulate
from fazhi.annotation.sampling.strategies import STRATEGIES
from fazhi.model.labels import load_scheme, read_examples, trainable
from fazhi.model.showing import NONE, Grid, number, show

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
        played = simulate(material_of(examples, scheme), trial, advance)
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
    """Return areas, answers needed for the goal and for where random ends, beside random; the largest area first."""
    random = next(each for each in played if each.strategy == RANDOM)
    goals = GOAL * float(random.full.mean()), float(random.curve.mean(axis=0)[-1])
    rows = tuple(
        (
            each.strategy,
            f"{each.area.mean():.3f} ± {each.area.std():.3f}",
            *(_needed(each, random, goal) for goal in goals),
        )
        for each in sorted(played, key=lambda each: -each.area.mean())
    )
    first = f"达全部的 {GOAL:.0%} 所需 answers for {goals[0]:.3f}"
    columns = ("策略 strategy", "曲线下面积 area", first, f"达随机终点所需 answers for {goals[1]:.3f}")
    return Grid("比较,括号内对随机 · strategies, in brackets against random", columns, rows)


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
                "needed": needed if np.isfinite(needed) else None,
            }
            for each, needed in ((each, each.needed(GOAL * float(each.full.mean()))) for each in played)
        },
    }


def _needed(each: Played, random: Played, goal: float) -> str:
    """Return answers needed, and how many more or fewer than at random; a dash where it never gets there."""
    needed, randomly = each.needed(goal), random.needed(goal)
    if not np.isfinite(needed):
        return NONE
    return f"{needed:.0f} ({needed / randomly - 1:+.0%})" if np.isfinite(randomly) else f"{needed:.0f}"
