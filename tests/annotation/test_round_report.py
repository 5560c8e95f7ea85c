"""The figures of a round's report worked out by hand, and the page: no script, nothing unescaped."""

import json
import math
from dataclasses import asdict

import numpy as np
import pytest
from answered import HOSTILE, SCHEME
from studio_exports import answer, item

from fazhi.annotation.export import Export, write_export
from fazhi.annotation.rounds.advice import Standing, advice
from fazhi.annotation.rounds.curve_picture import curve_picture
from fazhi.annotation.rounds.forecast import Forecast, Point, deviation_of, forecast
from fazhi.annotation.rounds.pace import pace_of
from fazhi.annotation.rounds.report import Report
from fazhi.annotation.rounds.report_page import render


def rng():
    return np.random.default_rng(0)


def points(*scores, deviation=0.0, counts=(100, 200, 400)):
    return [Point(count, score, deviation) for count, score in zip(counts, scores, strict=True)]


def test_an_error_that_halves_when_answers_double():
    """0.4, 0.2, 0.1 is 40 / n; one point less is 0.09, which 444.4 answers have: 45 more than 400."""
    assert forecast(points(0.6, 0.8, 0.9), rng()) == Forecast(45, 45, 45)


def test_uncertain_points_make_a_wide_interval_around_the_same_guess():
    wide = forecast(points(0.6, 0.8, 0.9, deviation=0.02), rng())
    assert wide.more == 45
    assert wide.low < 45 < wide.high
    assert deviation_of(0.5, 0.5 + 3.92) == pytest.approx(1.0)


def test_a_curve_that_does_not_rise_has_no_end():
    assert forecast(points(0.8, 0.7, 0.6), rng()) == Forecast(None, None, None)


def test_two_points_are_no_curve():
    assert forecast(points(0.6, 0.8, counts=(100, 200)), rng()) is None
    assert forecast(points(0.6, 0.7, 0.8, counts=(100, 100, 200)), rng()) is None


@pytest.mark.parametrize(
    ("standing", "stop", "said"),
    [
        (Standing(500, Forecast(9, 9, 9), 0, 50), True, "every paragraph of the pool was asked"),
        (
            Standing(199, Forecast(900, 800, None), 70, 50),
            None,
            "199 paragraphs are audited; an honest score needs 200",
        ),
        (Standing(200, None, 70, 50), None, "with fewer than 3 trained rounds"),
        (Standing(200, Forecast(900, 501, None), 70, 50), True, "at least 501 paragraphs, more than 10 rounds"),
        (Standing(200, Forecast(900, 500, None), 70, 50), False, "may take 500 paragraphs, within 10 rounds"),
        (Standing(200, Forecast(None, None, None), 70, 50), True, "does not rise any more"),
    ],
)
def test_advice_and_its_reason(standing, stop, said):
    given = advice(standing)
    assert (given.stop, said in given.en) == (stop, True)


def test_the_pace_of_a_round_is_of_its_own_questions(tmp_path):
    """Seconds 10, 20, 30, 400 of ours: quarters at 17.5, 25, 122.5; skipped and strange ones do not count."""
    annotations = [answer(place, 1, item("section", "work"), lead_time=seconds)
                   for place, seconds in enumerate([10, 20.0, 30, 400, "9", True, math.nan, -1])]  # fmt: skip
    annotations.append({**answer(99, 1, item("section", "work"), lead_time=5), "was_cancelled": True})
    tasks = [
        {"id": place, "data": {"uid": uid}, "annotations": [each]}
        for place, (uid, each) in enumerate(zip("aaaaaaaaa", annotations, strict=True))
    ]
    tasks.append({"id": 77, "data": {"uid": "other"}, "annotations": [answer(78, 1, lead_time=1)]})
    moment = "2026-03-02T00:00:00Z"
    write_export(tmp_path / "pulled-0.export.json", Export("http://ls/projects/1", "甲", "<View/>", {}, moment, tasks))
    pace = pace_of(tmp_path, {"a"}, SCHEME)
    assert (pace.timed, pace.lower, pace.median, pace.upper) == (4, 17.5, 25.0, 122.5)
    nobody = pace_of(tmp_path / "none", {"a"}, SCHEME)
    assert (nobody.timed, nobody.median, nobody.suggested.seen) == (0, None, 0)


def score(value):
    return {"paragraphs": 90, "macro_f1": value, "low": value - 0.1, "high": value + 0.1}


def data(**changes):
    curve = [
        {"round": place, "paragraphs": count, "left_out": score(value), "audit": None}
        for place, (count, value) in enumerate([(100, 0.6), (200, 0.7), (400, 0.8)])
    ]
    suggested = {"seen": 40, "kept": 30, "section": 38, "themes": 32}
    return {
        "round": 2,
        "strategy": "rare",
        "bundle": HOSTILE,
        "asked": 150,
        "answered": 149,
        "trained_on": 400,
        "left_to_ask": 850,
        "curve": curve,
        "themes": {theme: {"paragraphs": 7, "f1": None} for theme in SCHEME.theme_ids},
        "agreement": {"twice": 15, "same_themes": 12, "same_section": 15},
        "pace": {"timed": 4, "lower": 17.5, "median": 25.0, "upper": 122.5, "suggested": suggested},
        "audit": {"paragraphs": 30, "fewest": 200, "score": None},
        "forecast": {"fewest_rounds": 3, "one_point": {"more": 31, "low": 12, "high": None}, "rarest": ["digital"]},
        "advice": asdict(advice(Standing(30, None, 850, 50))),
        **changes,
    }


def test_the_page_says_it_all_without_a_script():
    page = render(Report(data(), ()), SCHEME)
    for said in (
        "再标约 31 段,宏 F1 可升 1 个百分点(90 % 区间 12 至 ∞ 段)",
        "about 31 more paragraphs for one point of macro F1 (90 % interval 12 to ∞)",
        "until 200 paragraphs are audited",
        "10/40 (25%)",
        "12/15 (80%)",
        "25 (18–122), n = 4",
        "0.700 [0.600, 0.800]",
        "30 paragraphs are audited; an honest score needs 200",
    ):
        assert said in page, said
    assert page.count("<circle") == 3
    assert "<script" not in page
    assert "script-src" not in page
    assert "&lt;script&gt;" in page


def test_the_page_of_a_first_round_says_not_yet():
    first = [{"round": 0, "paragraphs": 0, "left_out": None, "audit": None}]
    ahead = {"fewest_rounds": 3, "one_point": None, "rarest": []}
    page = render(Report(data(curve=first, forecast=ahead, bundle=None), ()), SCHEME)
    assert "forecast: not yet, it takes 3 trained rounds" in page
    assert "no round was trained yet" in page
    assert "<svg" not in page


def test_points_of_the_curve_stand_where_their_numbers_say():
    """The frame is 572 wide from 48 and 240 high above 256: half of the answers at 334, 0.5 at 136."""
    curve = [
        {"paragraphs": 100, "left_out": {**score(0.5), "low": 0.25, "high": 1.0}, "audit": None},
        {"paragraphs": 200, "left_out": score(0.75), "audit": score(1.0)},
    ]
    picture = curve_picture(curve)
    assert '<circle class="dot left_out" cx="334.0" cy="136.0" r="4"/>' in picture
    assert '<line class="whisker left_out" x1="334.0" x2="334.0" y1="196.0" y2="16.0"/>' in picture
    assert '<circle class="dot audit" cx="620.0" cy="16.0" r="4"/>' in picture
    assert json.dumps(curve_picture([])) == '""'
