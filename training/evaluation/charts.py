"""Numbers to inline SVG: bars with intervals, points in a unit square, points over a logarithm, a heat map.

    bars(["执法"], [[Bar(0.8, 0.7, 0.9)]], "F1")  ->  "<svg …>…</svg>"

Colours come from the page's style (classes `c0` … `c5`, one a series); every word is escaped. Draws what it is given
and computes no figure.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

COLORS = 6
_LABELS, _WIDE, _ROW, _TOP = 150, 590, 11, 22
_SIDE, _EDGE = 260, 40
_CELL = 34
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """A share from 0 to 1 with the ends of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Point:
    """A point; weight from 0 to 1 is its area beside the others', label is written beside it."""

    x: float
    y: float
    weight: float = 0.3
    label: str = ""


def bars(labels: Sequence[str], series: Sequence[Sequence[Bar | None]], title: str) -> str:
    """Draw a group of bars a label, one bar a series; series go from 0 to 1, None is left out."""
    group = _ROW * len(series) + 9
    height = _TOP + group * len(labels) + 6
    parts = [_grid_line(tick, height) for tick in _TICKS]
    for row, label in enumerate(labels):
        top = _TOP + row * group
        parts.append(_words(_LABELS - 8, top + group / 2, label, "end"))
        for place, values in enumerate(series):
            bar = values[row]
            if bar is not None:
                parts += _bar(top + place * _ROW + 3, bar, place)
    return _svg(_WIDE, height, title, parts)


def unit_square(series: Sequence[Sequence[Point]], title: str, axes: tuple[str, str]) -> str:
    """Draw lines of points in the unit square over its diagonal: a reliability diagram."""
    parts = [f'<line class="ideal" {_ends((0, 0), (1, 1))}/>']
    for tick in _TICKS:
        x, y = _at(tick, tick)
        parts += [
            _words(x, _SIDE + 14, f"{tick:g}", "middle", "tick"),
            _words(_EDGE - 6, y, f"{tick:g}", "end", "tick"),
        ]
    for place, points in enumerate(series):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (_at(point.x, point.y) for point in points))
        parts.append(f'<polyline class="line c{place % COLORS}" points="{path}"/>')
        parts += [_dot(*_at(point.x, point.y), point, place) for point in points]
    return _svg(_SIDE + 16, _SIDE + _EDGE, title, [*_axes(), *parts, *_axis_names(axes)])


def over_logarithm(series: Sequence[Sequence[Point]], title: str, axes: tuple[str, str]) -> str:
    """Draw points whose x, 1 or more, is spread by its logarithm, and whose y lies between 0 and 1."""
    values = [point.x for points in series for point in points] or [1.0]
    low, high = math.log(max(min(values), 1.0) / 1.3), math.log(max(*values, 1.0) * 1.3)

    def place_of(x: float, y: float) -> tuple[float, float]:
        return _at((math.log(max(x, 1.0)) - low) / (high - low) * _STRETCH, y)

    dots, names = [], []
    for place, points in enumerate(series):
        for rank, point in enumerate(sorted(points, key=lambda point: (point.x, point.y))):
            x, y = place_of(point.x, point.y)
            dots.append(_dot(x, y, point, place))
            names.append(_words(x, y + (-12, 13)[rank % 2], point.label, "middle", "name"))  # neighbours keep apart
    ticks = [_words(_EDGE - 6, _at(0, tick)[1], f"{tick:g}", "end", "tick") for tick in _TICKS]
    ticks += [
        _words(place_of(tick, 0)[0], _SIDE + 14, str(tick), "middle", "tick")
        for tick in _logarithmic_ticks(min(values), max(values))
    ]
    return _svg(_WIDE, _SIDE + _EDGE, title, [*_axes(_STRETCH), *ticks, *dots, *names, *_axis_names(axes)])


_STRETCH = (_WIDE - _EDGE - 30) / (_SIDE - _EDGE)
"""Width of the wide chart's frame in widths of the square one's."""


def heat(labels: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[int]], title: str) -> str:
    """Draw counts as a heat map: the darkest cell is the largest off the diagonal, which stays without colour."""
    most = max((cells[row][column] for row, column in _off_diagonal(labels)), default=0) or 1
    width, top = _LABELS + _CELL * len(columns) + 10, 92
    parts = []
    for column, name in enumerate(columns):
        x = _LABELS + column * _CELL + _CELL / 2
        turn = f'transform="rotate(-50 {x:.1f} {top - 8})"'
        parts.append(f'<text x="{x:.1f}" y="{top - 8}" {turn}>{escape(name)}</text>')
    for row, name in enumerate(labels):
        y = top + row * _CELL
        parts.append(_words(_LABELS - 8, y + _CELL / 2, name, "end"))
        for column, value in enumerate(cells[row]):
            share = 0.0 if row == column else value / most
            parts += _cell(_LABELS + column * _CELL, y, value, share)
    return _svg(width, top + _CELL * len(labels) + 6, title, parts)


def _logarithmic_ticks(least: float, most: float) -> list[int]:
    """Return those of 1, 2, 5, 10, 20 … that lie between two values."""
    powers = range(int(math.log10(max(most, 1.0))) + 1)
    return [step * 10**power for power in powers for step in (1, 2, 5) if least <= step * 10**power <= most]


def _off_diagonal(labels: Sequence[str]) -> Iterable[tuple[int, int]]:
    size = range(len(labels))
    return ((row, column) for row in size for column in size if row != column)


def _cell(x: float, y: float, value: int, share: float) -> list[str]:
    box = f'x="{x}" y="{y}" width="{_CELL - 1}" height="{_CELL - 1}"'
    parts = [f'<rect class="cell" {box}/>']
    if share:
        parts.append(f'<rect class="warm" {box} fill-opacity="{0.15 + 0.85 * share:.2f}"/>')
    if value:
        parts.append(_words(x + _CELL / 2, y + _CELL / 2, str(value), "middle", "" if share else "tick"))
    return parts


def _bar(y: float, bar: Bar, place: int) -> list[str]:
    x, end = _along(0), _along(bar.value)
    middle = y + (_ROW - 2) / 2
    return [
        f'<rect class="fill c{place % COLORS}" x="{x:.1f}" y="{y}" width="{end - x:.1f}" height="{_ROW - 2}"/>',
        f'<line class="whisker" x1="{_along(bar.low):.1f}" x2="{_along(bar.high):.1f}" y1="{middle}" y2="{middle}"/>',
        _words(_WIDE - 2, middle, f"{bar.value:.2f}", "end", "tick"),
    ]


def _grid_line(tick: float, height: float) -> str:
    x = _along(tick)
    line = f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 4}" y2="{height - 4}"/>'
    return line + _words(x, 10, f"{tick:g}", "middle", "tick")


def _along(share: float) -> float:
    """Return where a share lies on the axis of the bars."""
    return _LABELS + share * (_WIDE - _LABELS - 40)


def _at(x: float, y: float) -> tuple[float, float]:
    """Return where a point of the unit square lies in its picture; y grows upwards."""
    size = _SIDE - _EDGE
    return _EDGE + x * size, _SIDE - y * size


def _axes(stretch: float = 1.0) -> list[str]:
    return [f'<line class="grid" {_ends((0, tick), (stretch, tick))}/>' for tick in _TICKS]


def _axis_names(axes: tuple[str, str]) -> list[str]:
    return [_words(_EDGE, _SIDE + 31, axes[0], "start", "tick"), _words(2, 22, axes[1], "start", "tick")]


def _ends(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = _at(*start), _at(*end)
    return f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'


def _dot(x: float, y: float, point: Point, place: int) -> str:
    radius = 2.5 + 5 * math.sqrt(point.weight)
    return f'<circle class="fill c{place % COLORS}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'


def _words(x: float, y: float, words: str, anchor: str, kind: str = "") -> str:
    """Write words whose middle line is y; `dy` because `dominant-baseline` differs between browsers."""
    name = f' class="{kind}"' if kind else ""
    return f'<text{name} x="{x:.1f}" y="{y:.1f}" dy=".35em" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(width: float, height: float, title: str, parts: Iterable[str]) -> str:
    size = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    return f'<svg {size} role="img"><title>{escape(title)}</title>{"".join(parts)}</svg>'
