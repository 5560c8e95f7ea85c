"""Games of `rounds.py` in, docs/rounds.md and docs/rounds.png out.

Figures are means over folds or draws. The picture is an SVG that the Chromium of this machine photographs.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from fazhi.annotation.rounds.simulate import GOAL, RANDOM, labels_needed
from fazhi.model.showing import NONE, Grid, lines
from fazhi.model.writing import replacing

TITLES = {
    "fazhi": "种子与撰写的文档 · seeds and written documents",
    "cail2019": "CAIL2019 婚姻家庭 · CAIL2019, marriage",
}
MOST, FEWER = 0.4, 0.25
"""Aims: of the answers at most, fewer than random at least."""
COLOURS = ("#1f5c8b", "#9a4d00", "#4a7c3a", "#7a4a8c")
WIDE, HIGH, LEFT, BOTTOM = 520, 320, 46, 46


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


@dataclass(frozen=True)
class Row:
    """A strategy on one material, over its games."""

    strategy: str
    area: float
    spread: float
    shares: np.ndarray
    curve: np.ndarray
    full: float

    @property
    def needed(self) -> float:
        """Share of the pool until 95 % of what all answers give; infinite where it never gets there."""
        return labels_needed(self.shares, self.curve, GOAL * self.full)


def rows_of(games: Sequence[Game], material: str) -> list[Row]:
    """Return a row for each strategy, the largest area first."""
    here = [each for each in games if each.material == material]
    rows = []
    for strategy in dict.fromkeys(each.strategy for each in here):
        own = [each for each in here if each.strategy == strategy]
        areas = np.array([each.area for each in own])
        asked = np.mean([np.arange(1, len(each.curve) + 1) * each.size / each.pool for each in own], axis=0)
        curve = np.mean([each.curve for each in own], axis=0)
        rows.append(Row(strategy, areas.mean(), areas.std(), asked, curve, float(np.mean([each.full for each in own]))))
    return sorted(rows, key=lambda row: -row.area)


def grid_of(rows: Sequence[Row], title: str) -> Grid:
    random = next(row for row in rows if row.strategy == RANDOM)
    columns = ("strategy", "area under the curve", "against random", "answers for 95 %", "fewer than random")
    body = tuple(
        (
            row.strategy,
            f"{row.area:.4f} ± {row.spread:.4f}",
            f"{row.area - random.area:+.4f}",
            f"{row.needed:.0%} of the pool" if np.isfinite(row.needed) else f"more than {row.shares[-1]:.0%}",
            f"{1 - row.needed / random.needed:.0%}" if np.isfinite(row.needed + random.needed) else NONE,
        )
        for row in rows
    )
    return Grid(title, columns, body)


def write_docs(folder: Path, folds: list[Game], test: list[Game], winner: str) -> None:
    materials = list(dict.fromkeys(each.material for each in folds))
    parts = [_intro(folds, winner)]
    for material in materials:
        rows, final = rows_of(folds, material), rows_of(test, material)
        games = [each for each in folds if each.material == material]
        pools = sorted({each.pool for each in games})
        parts += [
            f"## {TITLES[material]}",
            f"Folds of the train part: pools of {pools[0]:,} to {pools[-1]:,} paragraphs; all answers give macro F1 "
            f"{rows[0].full:.3f}.",
            "\n".join(lines(grid_of(rows, ""))),
            f"Test part: a pool of {next(each.pool for each in test if each.material == material):,}; all "
            f"answers give {final[0].full:.3f}.",
            "\n".join(lines(grid_of(final, ""))),
            _aims(final, winner),
        ]
    with replacing(folder / "rounds.md") as file:
        file.write("\n\n".join(parts) + "\n")
    _photograph(
        "".join(_chart(rows_of(folds, each), TITLES[each], winner) for each in materials), folder / "rounds.png"
    )


def _aims(final: Sequence[Row], winner: str) -> str:
    """Say whether the aims were reached on the test part."""
    needed = {row.strategy: row.needed for row in final}
    share, fewer = needed[winner], 1 - needed[winner] / needed[RANDOM]
    said = [f"{'' if reached else 'not '}reached" for reached in (share <= MOST, fewer >= FEWER)]
    return (
        f"Aims: 95 % with at most {MOST:.0%} of the answers, {said[0]} ({share:.1%}); with at least {FEWER:.0%} fewer than "
        f"random, {said[1]} ({fewer:.1%})."
    )


def _intro(folds: list[Game], winner: str) -> str:
    seeds = len({each.seed for each in folds})
    few = (
        ""
        if seeds == 5
        else f" Only {seeds} of five folds were played: treat differences of a few thousandths as none."
    )
    return (
        "# 选题策略比较 · strategies compared\n\n"
        "由 `tests/benchmarks/rounds.py` 写出,不要手改 · written by `tests/benchmarks/rounds.py`, not by hand.\n\n"
        f"Ten rounds, each of 6 % of the pool; {seeds} games a strategy, each on another fold by document.{few} The learner is "
        "that of `fazhi round` (character n-grams and their components, a logistic regression a theme, threshold 0.5); "
        "features are computed once a fold and are the same for all strategies, those of small-text 1.4.1 too. The first "
        "round has no answers: it is `cold` for all strategies that need some. The area is the mean macro F1 between the "
        f"first round and the last, ± its standard deviation over folds; “answers for 95 %” is where the mean curve reaches "
        f"95 % of what all answers give. The folds choose **`{winner}`**: the largest area, averaged over both materials.\n\n"
        "The learner itself was chosen beforehand on one deal of our documents, some of which are in the test part here. Our "
        "documents were annotated by language models; nobody here annotated CAIL2019. Near-identical paragraphs count once. "
        "The test parts were looked at twice: first after three draws, with near-identical paragraphs still among the others; "
        "nothing was decided from it.\n\n"
        "![curves](rounds.png)"
    )


def _chart(rows: list[Row], title: str, winner: str) -> str:
    """Draw random, the winner, the best of small-text and the best other."""
    best = [row for row in rows if row.strategy not in {RANDOM, winner}]
    theirs = [row for row in best if row.strategy.startswith("small-text")][:1]
    ours = [row for row in best if not row.strategy.startswith("small-text")][:1]
    shown = [row for row in rows if row.strategy in {RANDOM, winner}] + theirs + ours
    low = min(float(row.curve.min()) for row in shown) - 0.02
    high = max(rows[0].full, *(float(row.curve.max()) for row in shown)) + 0.02

    def at(share: float, value: float) -> tuple[float, float]:
        across = LEFT + (WIDE - LEFT - 12) * share / float(shown[0].shares[-1])
        return across, HIGH - BOTTOM - (HIGH - BOTTOM - 34) * (value - low) / (high - low)

    parts = [f'<text x="{LEFT}" y="18" font-weight="600">{escape(title)}: macro F1</text>']
    for value, words in ((rows[0].full, "all"), (GOAL * rows[0].full, "95 %")):
        y = at(0, value)[1]
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDE - 12}" y1="{y:.1f}" y2="{y:.1f}" stroke="#bbb" stroke-dasharray="4 3"/>'
        )
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" fill="#666">{words}</text>')
    for place, (row, colour) in enumerate(zip(shown, COLOURS, strict=False)):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(at, row.shares, row.curve))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        y = HIGH - BOTTOM - 14 * (len(shown) - place)
        parts.append(f'<text x="{WIDE - 14}" y="{y}" text-anchor="end" fill="{colour}">{escape(row.strategy)}</text>')
    for share in shown[0].shares[1::2]:
        x = at(float(share), low)[0]
        parts.append(f'<text x="{x:.1f}" y="{HIGH - BOTTOM + 16}" text-anchor="middle" fill="#666">{share:.0%}</text>')
    parts.append(
        f'<text x="{WIDE - 12}" y="{HIGH - 8}" text-anchor="end" fill="#666">已答占段落池 · answered, share of the pool</text>'
    )
    size = f'width="{WIDE}" height="{HIGH}" viewBox="0 0 {WIDE} {HIGH}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">{"".join(parts)}</svg>'
    )


def _photograph(body: str, target: Path) -> None:
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        shown = browser.new_page(viewport={"width": 2 * WIDE + 24, "height": HIGH + 16}, device_scale_factor=2)
        shown.set_content(f'<body style="margin:8px;background:#fff;white-space:nowrap">{body}</body>')
        shown.screenshot(path=target)
        browser.close()
