"""Tables of words: what the terminal and a page both show.

    show([Grid("各主题 · themes", ("标签 label", "F1"), (("执法 enforcement", "0.98"),))], Console())

On a terminal a drawn table, in a pipe or file Markdown. What the words say is for whoever makes the grid.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fazhi.model.labels import Scheme

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

NONE = "—"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the first cell of a row says what it is about.

    Attributes:
        columns: Names of the columns.
        rows: As many cells each.
        owners: Whose each column is: a model, an annotator, or nobody (empty); none where no column has an owner.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    owners: tuple[str, ...] = ()

    @property
    def full_columns(self) -> tuple[str, ...]:
        """Names of the columns with their owners, for where there is one line of them."""
        if not self.owners:
            return self.columns
        return tuple(f"{owner} {name}".strip() for owner, name in zip(self.owners, self.columns, strict=True))


def show(grids: Iterable[Grid], console: "Console") -> None:
    """Print the grids that have rows."""
    for grid in grids:
        if not grid.rows:
            continue
        if console.is_terminal:
            console.print(drawn(grid))
        else:
            console.out(markdown_table(grid) + "\n", highlight=False)


def markdown_table(grid: Grid) -> str:
    """Return a table as Markdown below its title."""
    return "\n".join((f"{grid.title}:", "", *lines(grid)))


def lines(grid: Grid) -> Iterator[str]:
    """Give the rows of a Markdown table, header first."""
    yield _line(grid.full_columns)
    yield _line(["---"] * len(grid.columns))
    yield from map(_line, grid.rows)


def number(value: float | None, places: int = 3) -> str:
    """Return a figure, or a dash where there is none."""
    return NONE if value is None else f"{value:.{places}f}"


def label_names(scheme: Scheme) -> dict[str, str]:
    """Return how labels are shown: Chinese, then the id."""
    themes = {theme.id: f"{theme.short} {theme.id}" for theme in scheme.themes}
    return themes | {section.id: f"{section.zh} {section.id}" for section in scheme.sections}


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def drawn(grid: Grid) -> "Table":
    """Return a table whose intervals stand under their figures."""
    from rich import box  # noqa: PLC0415 - a thirtieth of the time of a run that draws nothing
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, header_style="bold", title=Text(grid.title), title_justify="left")
    for place, name in enumerate(grid.full_columns):
        table.add_column(Text(name), justify="right" if place else "left", overflow="fold")
    for row in grid.rows:
        table.add_row(*(Text(cell.replace(" [", "\n[")) for cell in row))
    return table
