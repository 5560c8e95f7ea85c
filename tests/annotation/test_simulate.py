"""The figures of `fazhi round simulate` worked out by hand, a game that repeats itself, the commands by their names."""

import json
import re

import numpy as np
import pytest
from answered import SCHEME, answered
from round_material import SENTENCES
from typer.testing import CliRunner

from fazhi.annotation.rounds.cli import app
from fazhi.annotation.rounds.compare import curve_grid, gain_grid
from fazhi.annotation.rounds.simulate import Played, Trial, dealt, labels_needed, material_of, play, simulate, table_of
from fazhi.annotation.sampling.strategies import STRATEGIES
from fazhi.model.labels import write_examples
from fazhi.model.reading import InputError

LABELS = np.array([50, 100, 150])


def examples():
    """Ten documents of the same twelve sentences, each with ten digits of its own; sentence n is about theme n alone."""
    rng = np.random.default_rng(0)
    return [
        answered(f"d{place}", index, "work", (SCHEME.theme_ids[index],), clean=f"{rng.integers(10**10):010d}{sentence}")
        for place in range(10)
        for index, sentence in enumerate(SENTENCES)
    ]


MATERIAL = material_of(examples(), SCHEME)


def table(seed):
    return table_of(MATERIAL, dealt(MATERIAL, seed), seed)


def run(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments])


@pytest.mark.parametrize(
    ("curve", "needed"),
    [([0.2, 0.6, 0.9], 125.0), ([0.8, 0.9, 0.9], 50.0), ([0.2, 0.3, 0.4], np.inf), ([0.2, 0.75, 0.1], 100.0)],
)
def test_labels_needed_lie_straight_between_points(curve, needed):
    """From 0.6 to 0.9 the goal 0.75 is half way from 100 to 150."""
    assert labels_needed(LABELS, np.array(curve), 0.75) == pytest.approx(needed)


def test_areas_and_savings():
    """Areas: (0.2 + 0.4) / 2 and (0.4 + 0.8) / 2 in halves: 0.45; of (0.4, 0.8, 0.8): (0.6 + 0.8) / 2 = 0.7.

    95 % of 0.8 is 0.76: 0.9 of the way from 0.4 to 0.8, so 145 labels at random and 95 by the other: 34 % fewer.
    Random ends at 0.8, where the other is after 100: 33 % fewer.
    """
    full = np.array([0.8])
    random = Played("random", LABELS, np.array([[0.2, 0.4, 0.8]]), full)
    other = Played("badge", LABELS, np.array([[0.4, 0.8, 0.8]]), full)
    assert (random.area[0], other.area[0]) == (pytest.approx(0.45), pytest.approx(0.7))
    assert gain_grid([random, other]).rows == (
        ("badge", "0.700 ± 0.000", "95 (-34%)", "100 (-33%)"),
        ("random", "0.450 ± 0.000", "145 (+0%)", "150 (+0%)"),
    )
    assert curve_grid([random]).rows == (("random", "0.200", "0.400", "0.800"),)
    never = Played("margin", LABELS, np.array([[0.1, 0.1, 0.1]]), full)
    assert gain_grid([random, never]).rows[1][2:] == ("—", "—")


def test_documents_are_dealt_whole():
    """Two of ten documents are scored: 24 of 120 paragraphs; no text of theirs is in the pool."""
    played = table(seed=0)
    assert (played.pool, len(played.answers)) == (96, 120 + len(SCHEME.themes))
    assert played.full == 1.0
    assert len(played.features.embeddings) == 120 + len(SCHEME.themes)
    scored = dealt(MATERIAL, 0)
    assert len(set(MATERIAL.documents[scored])) == 2
    assert not set(MATERIAL.documents[scored]) & set(MATERIAL.documents[~scored])


@pytest.mark.parametrize("strategy", ["random", "cold", "disagreement", "mixture"])
def test_games_repeat_themselves_and_end_where_all_is_known(strategy):
    played = table(seed=1)
    one, other = (play(played, strategy, (4, 24), 1) for _ in range(2))
    assert one.tolist() == other.tolist()
    assert one[-1] == played.full


def test_a_first_round_by_the_themes_words_finds_every_theme():
    """Themes take turns, so twelve questions meet more themes than twelve by chance among 96."""
    played = table(seed=0)
    assert play(played, "cold", (2, 12), 0)[0] > play(played, "random", (2, 12), 0)[0]


def test_near_identical_paragraphs_count_once():
    """The second differs from the first by its last mark: 25 of 27 5-grams are shared, more than four fifths."""
    first, other = SENTENCES[:2]
    given = [first, first.replace("。", ";"), other, first]
    told = [
        answered(f"d{place}", 0, "work", (SCHEME.theme_ids[place],), clean=each) for place, each in enumerate(given)
    ]
    material = material_of(told, SCHEME)
    assert (material.texts, material.documents.tolist()) == ([first, other], [told[0].sha256, told[2].sha256])
    assert np.flatnonzero(material.answers).tolist() == [0, len(SCHEME.themes) + 2]


def test_too_little_to_play_with():
    with pytest.raises(InputError, match="--rounds: ask 200 of 96 paragraphs — lower --rounds or --size"):
        simulate(MATERIAL, Trial(("random",), 4, 50, 1), lambda _: None)
    with pytest.raises(InputError, match="come from 1 documents — give at least 5"):
        dealt(material_of(examples()[:12], SCHEME), 0)


def test_the_command_prints_and_writes_what_it_found(tmp_path):
    write_examples(tmp_path / "examples.jsonl", examples())
    out = tmp_path / "figures.json"
    done = run(
        "simulate",
        tmp_path / "examples.jsonl",
        "--strategy",
        "margin",
        "--rounds",
        3,
        "--size",
        12,
        "--seeds",
        2,
        "--json",
        out,
    )
    assert done.exit_code == 0, (done.output, done.exception)
    assert re.search(r"\| 策略 strategy \| 12 \| 24 \| 36 \|", done.stdout)
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert list(figures["strategies"]) == ["random", "margin"]
    assert np.shape(figures["strategies"]["margin"]["curves"]) == (2, 3)
    assert f"--strategy: knows no 'x' — choose of {', '.join(STRATEGIES)}" in str(
        run("simulate", tmp_path / "examples.jsonl", "--strategy", "x").exception
    )


def test_start_status_and_history_by_their_names(root, tmp_path):
    rounds = ("--rounds", tmp_path / "rounds")
    assert "holds no rounds — fazhi round start --pool" in str(run("status", *rounds).exception)
    assert "--pool: gives no report" in str(run("start", *rounds).exception)
    (tmp_path / "甲.txt").write_text("\n".join(SENTENCES), encoding="utf-8")
    begun = run("start", "--pool", tmp_path / "甲.txt", "--size", 5, "--bundle", "linear", *rounds)
    assert begun.exit_code == 0, (begun.output, begun.exception)
    line = "第 000 轮 · round selected: 5 题 questions (1 抽查 audit, 0 两次 twice), cold\n"
    assert begun.stdout == line
    again = run("start", "--pool", tmp_path, "--size", 9, "--bundle", "linear", *rounds)
    assert again.stdout == line
    assert "the pool is fixed" in again.stderr
    assert "round 000 is open, no other was begun" in again.stderr
    assert run("history", *rounds).stdout == line
    shown = run("status", *rounds).stdout.splitlines()
    assert shown[0] + "\n" == line
    assert shown[1:4] == [
        "段落池 · pool, without near-duplicates: 12",
        "已问 · asked so far: 5",
        "抽查 · for the audit, of the reserve: 1/3",
    ]
