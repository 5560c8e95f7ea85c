"""Grids to a terminal as tables; into a pipe or file as the Markdown that README and model card hold."""

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fazhi.model.labels import Scheme
from fazhi.training.evaluation.figures import TrialFigures
from fazhi.training.evaluation.grids import (
    Grid,
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
    tables = ["\n".join((f"{grid.title}:", "", *_lines(grid))) for grid in grids if grid.rows]
    return "\n\n".join((f"**{protocol_title(trial)}**", *trial.notes, *tables, *wins(trial))) + "\n"


def _grids(trial: TrialFigures) -> list[Grid]:
    return [
        headline_grid(trial, "body"),
        headline_grid(trial, "everything"),
        difference_grid(trial, "body"),
        report_grid(trial, "body"),
    ]


def _lines(grid: Grid) -> Iterator[str]:
    yield _line(grid.full_columns)
    yield _line(["---"] * len(grid.columns))
    yield from map(_line, grid.rows)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _draw(trial: TrialFigures, scheme: Scheme, console: Console) -> None:
    console.rule(Text(protocol_title(trial), style="bold"))
    for note in trial.notes:
        console.print(Text(note, style="yellow"))
    for grid in (*_grids(trial), *(label_f1_grid(trial, "body", kind, scheme) for kind in KINDS)):
        if grid.rows:
            console.print(_table(grid))
    for line in wins(trial):
        console.print(Text(line))


def _table(grid: Grid) -> Table:
    """Return a table whose intervals stand under their figures."""
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", title=Text(grid.title), title_justify="left")
    for place, name in enumerate(grid.full_columns):
        table.add_column(Text(name), justify="right" if place else "left", overflow="fold")
    for row in grid.rows:
        table.add_row(*(Text(cell.replace(" [", "\n[")) for cell in row))
    return table
