"""Whether to go on: audited paragraphs, the forecast and what is left to ask in; advice with its reason out.

    advice(Standing(audited=120, forecast=None, left=900, size=50)).stop  ->  None

None is no advice: until 200 paragraphs are audited no figure is honest enough to stop by.
"""

from dataclasses import dataclass

from fazhi.annotation.rounds.forecast import FEWEST as FEWEST_ROUNDS
from fazhi.annotation.rounds.forecast import Forecast
from fazhi.annotation.rounds.honest import FEWEST

_TOO_MANY = 10
"""Rounds like this one for one more point, beyond which it is time to stop."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the rounds stand.

    Attributes:
        audited: Paragraphs with an audit's answer.
        forecast: Of one more point of macro F1.
        left: Paragraphs that nobody was asked.
        size: Questions of this round.
    """

    audited: int
    forecast: Forecast | None
    left: int
    size: int


@dataclass(frozen=True, slots=True)
class Advice:
    """Whether to stop, None where nothing can be said, and why."""

    stop: bool | None
    zh: str
    en: str


def advice(standing: Standing) -> Advice:
    """Return the advice."""
    if not standing.left:
        return Advice(True, "停止:段落池已问完。", "Stop: every paragraph of the pool was asked.")
    if standing.audited < FEWEST:
        return Advice(
            None,
            f"还不能建议:抽查了 {standing.audited} 段,满 {FEWEST} 段才有可信的分数。",
            f"Not yet: {standing.audited} paragraphs are audited; an honest score needs {FEWEST}.",
        )
    if standing.forecast is None:
        return Advice(
            None,
            f"还不能建议:少于 {FEWEST_ROUNDS} 个训练过的轮次,曲线看不出走向。",
            f"Not yet: with fewer than {FEWEST_ROUNDS} trained rounds the curve shows no direction.",
        )
    return _by_price(standing.forecast.low, _TOO_MANY * standing.size)


def _by_price(low: int | None, most: int) -> Advice:
    """Say stop where one more point would cost too much even if all goes well."""
    if low is None:
        return Advice(True, "停止:曲线不再上升。", "Stop: the curve does not rise any more.")
    if low > most:
        return Advice(
            True,
            f"停止:再升 1 个百分点至少要 {low} 段,超过这样的 {_TOO_MANY} 轮({most} 段)。",
            f"Stop: one more point takes at least {low} paragraphs, more than {_TOO_MANY} rounds like this ({most}).",
        )
    return Advice(
        False,
        f"继续:顺利的话再标 {low} 段可升 1 个百分点,不到这样的 {_TOO_MANY} 轮({most} 段)。",
        f"Go on: one more point may take {low} paragraphs, within {_TOO_MANY} rounds like this ({most}).",
    )
