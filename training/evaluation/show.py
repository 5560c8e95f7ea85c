"""Grids to a terminal as tables; into a pipe or file as the Markdown that README and model card hold."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from fazhi.model.labels import Scheme
from fazhi.model.showing import Grid, drawn, markdown_table
from fazhi.training.evaluation.figures import TrialFigures
from fazhi.training.evaluation.grids import (
    difference_grid,
    headline_grid,
    label_f1_grid,
    label_grid,
    protocol_title,
    report_grid,
    wins,
)

KINDS = ("themes", "sections")


def show(trials: Sequence[TrialFigures], scheme: Scheme, console: Console) -> None:
    """Print each trial: headline, differences, real reports, labels. The rest stands in the files."""
    for trial in trials:
        if console.is_terminal:
            _draw(trial, scheme, console)
        else:
            console.out(markdown(trial, scheme), highlight=False)


def markdown(trial: TrialFigures, scheme: Scheme) -> str:
    """Return a trial's tables as Markdown."""
    grids = [*_grids(trial), *(label_grid(trial, "body", kind, scheme) for kind in KINDS)]
    tables = [markdown_table(grid) for grid in grids if grid.rows]
    return "\n\n".join((f"**{protocol_title(trial)}**", *trial.notes, *tables, *wins(trial))) + "\n"


def _grids(trial: TrialFigures) -> list[Grid]:
    return [
        headline_grid(trial, "body"),
        headline_grid(trial, "everything"),
        difference_grid(trial, "body"),
        report_grid(trial, "body"),
    ]


def _draw(trial: TrialFigures, scheme: Scheme, console: Console) -> None:
    console.rule(Text(protocol_title(trial), style="bold"))
    for note in trial.notes:
        console.print(Text(note, style="yellow"))
    for grid in (*_grids(trial), *(label_f1_grid(trial, "body", kind, scheme) for kind in KINDS)):
        if grid.rows:
            console.print(drawn(grid))
    for line in wins(trial):
        console.print(Text(line))
