"""The Trainer's log to a picture of the loss: one SVG that stands by itself."""

from collections.abc import Sequence
from itertools import accumulate

_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 640, 300, 56, 40
_MEMORY = 0.8  # weight of what came before in the smoothed line


def loss_picture(log: Sequence[dict[str, float]]) -> str:
    """Return an SVG of the loss over steps, as logged and smoothed; a log without entries gives empty axes."""
    steps = [float(entry["step"]) for entry in log]
    losses = [float(entry["loss"]) for entry in log]
    smooth = list(accumulate(losses, lambda before, here: _MEMORY * before + (1 - _MEMORY) * here))
    top, last = max(losses, default=1.0), max(steps, default=1.0)
    place = [(_across(step, last), step) for step in (0.0, last / 2, last)]
    height = [(_up(loss, top), loss) for loss in (0.0, top / 2, top)]
    marks = [f'<text x="{x:.0f}" y="{_HEIGHT - 22}" text-anchor="middle">{step:.0f}</text>' for x, step in place]
    marks += [f'<text x="{_LEFT - 8}" y="{y + 4:.0f}" text-anchor="end">{loss:.2f}</text>' for y, loss in height]
    marks += [f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - 16}" stroke="#d8dce2"/>' for y, _ in height]
    lines = [
        _line(steps, losses, last, top, "#b9c3d3", 1),
        _line(steps, smooth, last, top, "#2457a6", 2),
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
            f'height="{_HEIGHT}" font-family="sans-serif" font-size="12" fill="#333">',
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
            f'<text x="{_LEFT}" y="16">训练损失 · training loss</text>',
            f'<text x="{_WIDTH - 16}" y="{_HEIGHT - 6}" text-anchor="end">步 · step</text>',
            *marks,
            *lines,
            "</svg>\n",
        ]
    )


def _line(steps: Sequence[float], losses: Sequence[float], last: float, top: float, colour: str, width: int) -> str:
    points = " ".join(
        f"{_across(step, last):.1f},{_up(loss, top):.1f}" for step, loss in zip(steps, losses, strict=True)
    )
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def _across(step: float, last: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - 16) * step / last


def _up(loss: float, top: float) -> float:
    return (_HEIGHT - _BOTTOM) - (_HEIGHT - _BOTTOM - 30) * loss / (top or 1.0)
