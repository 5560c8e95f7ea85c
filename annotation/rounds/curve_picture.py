"""A learning curve to inline SVG: points with intervals, one line for left-out reports and one for the audit.

    curve_picture(report["curve"])  ->  "<svg …>…</svg>", or nothing where no round was trained

Colours come from the page's style; numbers are all that is written.
"""

from collections.abc import Sequence
from typing import Any

_WIDE, _HIGH, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 300, 48, 20, 16, 44
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_LINES = ("left_out", "audit")


def curve_picture(curve: Sequence[dict[str, Any]]) -> str:
    """Draw macro F1 over the paragraphs that were learned from."""
    most = max((each["paragraphs"] for each in curve if each["left_out"] or each["audit"]), default=0)
    if not most:
        return ""
    parts = [_tick(value) for value in _TICKS]
    for name in _LINES:
        points = [(each["paragraphs"] / most, each[name]) for each in curve if each[name]]
        parts += [_whisker(share, score, name) for share, score in points]
        path = " ".join(f"{_x(share):.1f},{_y(score['macro_f1']):.1f}" for share, score in points)
        parts += [f'<polyline class="line {name}" points="{path}"/>'] if len(points) > 1 else []
        parts += [_dot(share, score, name) for share, score in points]
    counts = dict.fromkeys(each["paragraphs"] for each in curve if each["left_out"] or each["audit"])
    parts += [_words(_x(count / most), _HIGH - _BOTTOM + 18, str(count), "middle") for count in counts]
    parts.append(_words(_WIDE - _RIGHT, _HIGH - 6, "已学段落 · paragraphs learned from", "end"))
    label = "学习曲线 · learning curve"
    return f'<svg class="chart" role="img" aria-label="{label}" viewBox="0 0 {_WIDE} {_HIGH}">{"".join(parts)}</svg>'


def _x(share: float) -> float:
    return _LEFT + (_WIDE - _LEFT - _RIGHT) * share


def _y(score: float) -> float:
    return _HIGH - _BOTTOM - (_HIGH - _BOTTOM - _TOP) * score


def _tick(value: float) -> str:
    y = _y(value)
    line = f'<line class="grid" x1="{_LEFT}" x2="{_WIDE - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
    return line + _words(_LEFT - 8, y + 4, f"{value:.1f}", "end")


def _whisker(share: float, score: dict[str, Any], name: str) -> str:
    x, ends = _x(share), (_y(score["low"]), _y(score["high"]))
    return f'<line class="whisker {name}" x1="{x:.1f}" x2="{x:.1f}" y1="{ends[0]:.1f}" y2="{ends[1]:.1f}"/>'


def _dot(share: float, score: dict[str, Any], name: str) -> str:
    return f'<circle class="dot {name}" cx="{_x(share):.1f}" cy="{_y(score["macro_f1"]):.1f}" r="4"/>'


def _words(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'
