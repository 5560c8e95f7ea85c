"""`fazhi evaluate`: eight paragraphs that a person worked out, what does not fit together, and the page.

Document one        answer        given          document two        answer        given
  0 heading         -             -                0 heading         leadership    leadership
  1 work            leadership    leadership       1 plan            streamlining  streamlining
  2 work            leadership    streamlining,    2 plan            both          streamlining
                                  section plan
  3 work            -             leadership       3 work            -             -
"""

import dataclasses
import json
import re
import subprocess
from html import unescape

import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner

from fazhi.model.bundle import find_bundle
from fazhi.model.labels import Example, LeftOut, load_scheme, uid_of, write_examples, write_left_out
from fazhi.model.reading import InputError
from fazhi.training.evaluate import evaluate
from fazhi.training.evaluation.assessment import assess
from fazhi.training.evaluation.calibration import adaptive_error, brier, label_calibration, reliability
from fazhi.training.evaluation.charts import Bar, Point, bars, heat, over_logarithm
from fazhi.training.evaluation.cli import app
from fazhi.training.evaluation.command import EvaluateRequest, run_evaluate
from fazhi.training.evaluation.counts import METRICS, Interval, count, headline, interval, ratios, resamples
from fazhi.training.evaluation.grids import label_grid, wins
from fazhi.training.evaluation.material import Answers, Given, trials
from fazhi.training.evaluation.page import render

SCHEME = load_scheme()
A, B = SCHEME.theme_ids[:2]
HOSTILE = "</style><script>document.title='owned'</script><b>执法</b> & {note}"
ANSWERS = {
    "one": [("heading", ()), ("work", (A,)), ("work", (A,)), ("work", ())],
    "two": [("heading", (A,)), ("plan", (B,)), ("plan", (A, B)), ("work", ())],
}
GIVEN = {
    "one": [("heading", ()), ("work", (A,)), ("plan", (B,)), ("work", (A,))],
    "two": [("heading", (A,)), ("plan", (B,)), ("plan", (B,)), ("work", ())],
}
SCORES = {("one", 2, A): 0.02, ("one", 2, B): 0.7, ("one", 3, A): 0.99, ("two", 2, A): 0.4}
POSTERIORS = {("one", 2): 0.6}
CHECK = {("one", 2), ("two", 2), ("two", 3)}


def example(document, index, section, themes, **changes):
    values = {
        "uid": uid_of(document, index * 10, index * 10 + 9),
        "document": f"reports/{document}.txt",
        "sha256": document,
        "index": index,
        "count": 4,
        "start": index * 10,
        "end": index * 10 + 9,
        "text": HOSTILE,
        "clean": HOSTILE,
        "level": int(section == "heading"),
        "marker": "",
        "path": ("一、工作<i>",),
        "section": section,
        "themes": themes,
        "kind": "vote",
        "annotator": "x",
        "source": "gold",
        "round": 0,
        "scheme": SCHEME.fingerprint,
        "segmenter": "1",
    }
    return Example(**values | changes)


def row(document, index, section, themes, model="m@1", protocol="real"):
    posterior = POSTERIORS.get((document, index), 0.9)
    rest = (1 - posterior) / (len(SCHEME.sections) - 1)
    return LeftOut(
        uid=uid_of(document, index * 10, index * 10 + 9),
        document=f"reports/{document}.txt",
        sha256=document,
        index=index,
        protocol=protocol,
        part=0,
        model=model,
        scheme=SCHEME.fingerprint,
        theme_scores=tuple(
            SCORES.get((document, index, theme), 0.9 if theme in themes else 0.1) for theme in SCHEME.theme_ids
        ),
        section_scores=tuple(posterior if name == section else rest for name in SCHEME.section_ids),
        section=section,
        themes=themes,
        band="check" if (document, index) in CHECK else "sure",
    )


def every(build, table, **changes):
    return [
        build(document, index, *tags, **changes) for document, rows in table.items() for index, tags in enumerate(rows)
    ]


EXAMPLES = every(example, ANSWERS)
ROWS = every(row, GIVEN)
BETTER = every(row, {"one": ANSWERS["one"], "two": GIVEN["two"]}, model="better@1")


def figures(rows=ROWS, baseline="m@1", passes=None, examples=EXAMPLES):
    (trial,) = trials(examples, rows, passes or {}, SCHEME)
    return assess(trial, SCHEME, baseline, 2000, np.random.default_rng(0))


@pytest.fixture(scope="module")
def found():
    return figures([*ROWS, *BETTER], passes={"a": every(example, GIVEN)})


@pytest.fixture(scope="module")
def body(found):
    return found.models[0].body


def test_figures_are_those_of_a_person(found, body):
    got = body.evaluation
    assert (found.documents, found.paragraphs, found.body_paragraphs, found.coarse) == (2, 8, 6, True)
    assert got.paragraphs == 6
    assert (got.themes[0].precision, got.themes[0].recall, got.themes[0].support) == (0.5, 1 / 3, 3)
    assert (got.themes[0].f1, got.themes[1].f1) == pytest.approx((0.4, 0.8))
    assert (got.theme_micro_f1, got.theme_macro_f1) == pytest.approx((0.6, 0.6))
    assert (got.exact, got.section_accuracy) == pytest.approx((3 / 6, 5 / 6))
    assert got.section_macro_f1 == pytest.approx((6 / 7 + 4 / 5) / 2)
    assert found.models[0].everything.evaluation.exact == pytest.approx(5 / 8)


def test_two_documents_give_the_interval_between_them(body):
    """Each quarter of the draws takes one document twice, so the 95 % reach from the one to the other."""
    assert body.intervals["exact"] == Interval(pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert body.intervals["section_accuracy"] == Interval(pytest.approx(2 / 3), 1.0)
    assert body.intervals["theme_micro_f1"] == Interval(pytest.approx(2 / 5), pytest.approx(4 / 5))
    assert body.theme_intervals[B] == Interval(pytest.approx(0.8), 1.0)  # draws of document one alone have none
    assert body.theme_intervals[SCHEME.theme_ids[5]] is None


def test_real_reports_stand_alone(found):
    one, two = found.models[0].body.reports
    assert (one.document, one.paragraphs, one.theme_micro_f1, one.exact) == (
        "reports/one.txt",
        3,
        pytest.approx(2 / 5),
        pytest.approx(1 / 3),
    )
    assert (two.theme_micro_f1, two.section_accuracy) == (pytest.approx(4 / 5), 1.0)
    assert "在 2 份真实报告中的 1 份上高于 m@1" in wins(found)[0]
    assert (
        figures(examples=[dataclasses.replace(each, source="written") for each in EXAMPLES]).models[0].body.reports
        == ()
    )


def test_differences_draw_documents_for_both_models_at_once(found):
    (against,) = found.differences
    assert (against.model, against.baseline) == ("better@1", "m@1")
    assert against.body["exact"].difference == pytest.approx(1 / 3)
    assert against.body["exact"].interval == Interval(0.0, pytest.approx(2 / 3))
    twin = figures([*ROWS, *every(row, GIVEN, model="twin@1")]).differences[0]
    assert {name: change.interval for name, change in twin.body.items()} == dict.fromkeys(METRICS, Interval(0.0, 0.0))
    assert figures(baseline="elsewhere@1").differences == ()


def test_bands_say_how_many_and_how_right(body):
    sure, check = body.bands
    assert (sure.paragraphs, sure.share) == (3, 0.5)
    assert (sure.exact, sure.section_accuracy, sure.all_right) == pytest.approx((2 / 3, 1, 2 / 3))
    assert (check.exact, check.section_accuracy, check.all_right) == pytest.approx((1 / 3, 2 / 3, 1 / 3))


def test_confusion_counts_a_missed_theme_with_a_spurious_one(body):
    got = body.theme_confusion
    assert (got.pairs[0][1], sum(map(sum, got.pairs))) == (1, 1)
    assert (got.missed[:2], got.missed_alone[:2]) == ((2, 0), (1, 0))
    assert (got.spurious[:2], got.spurious_alone[:2]) == ((1, 1), (1, 0))
    work, plan = (SCHEME.section_ids.index(name) for name in ("work", "plan"))
    assert (body.section_confusion[work][work], body.section_confusion[work][plan]) == (3, 1)
    assert sum(map(sum, body.section_confusion)) == 6


def test_the_worst_errors_come_first_with_all_their_labels(found):
    worst = found.models[0].worst
    assert [(each.document, each.index) for each in worst] == [
        ("reports/one.txt", 3),
        ("reports/one.txt", 2),
        ("reports/two.txt", 2),
    ]
    assert [(label.kind, label.label, label.score) for label in worst[1].wrong] == [
        ("missed", A, 0.02),
        ("spurious", B, 0.7),
        ("section", "plan", 0.6),
    ]
    assert (worst[1].section, worst[1].themes, worst[1].given_section, worst[1].given_themes) == (
        "work",
        (A,),
        "plan",
        (B,),
    )
    assert (worst[0].band, worst[1].band) == ("sure", "check")


def test_annotators_are_measured_as_models_are(found, body):
    (annotator,) = found.annotators
    assert annotator.body.evaluation == body.evaluation
    assert (annotator.body.calibration, annotator.body.bands, annotator.worst) == (None, (), ())
    part = figures(passes={"a": every(example, {"two": ANSWERS["two"]})}).annotators[0]
    assert (part.body.evaluation.paragraphs, part.body.evaluation.exact) == (3, 1.0)
    grid = label_grid(found, "body", "themes", SCHEME)
    assert grid.rows[0] == (f"领导 {A}", "3", "0.50", "0.33", "0.40 [0.00–0.50]", *grid.rows[0][5:])
    assert [each[-1][:4] for each in grid.rows] == ["0.40", "0.80"]


def test_calibration_by_hand():
    scores, answers = np.array([0.9, 0.1, 0.6, 0.2]), np.array([True, False, True, True])
    assert adaptive_error(scores, answers, bins=2) == pytest.approx((abs(0.15 - 0.5) + abs(0.75 - 1)) / 2)
    assert brier(scores, answers) == pytest.approx((0.01 + 0.01 + 0.16 + 0.64) / 4)
    assert label_calibration("x", scores, answers).base_brier == pytest.approx(3 / 16)
    assert adaptive_error(np.array([0.25] * 4), np.array([True, False, False, False]), bins=1) == 0
    first, *_, last = reliability(np.array([0.05, 0.07, 0.95, 1.0]), np.array([False, True, True, True]))
    assert (first.score, first.share, first.count) == (pytest.approx(0.06), 0.5, 2)
    assert (last.score, last.share, last.count) == (pytest.approx(0.975), 1.0, 2)


def test_the_sections_calibration_is_that_of_the_one_given(body):
    assert body.calibration.section.brier == pytest.approx((5 * 0.1**2 + 0.6**2) / 6)
    assert body.calibration.section.base_brier == pytest.approx(5 / 36)
    assert body.calibration.mean.brier == pytest.approx(np.mean([theme.brier for theme in body.calibration.themes]))


def test_counts_and_scikit_learn_agree_on_any_tags():
    rng = np.random.default_rng(3)
    for _ in range(20):
        documents = np.sort(rng.integers(0, 4, 40))
        themes, sections = rng.random((40, 12)) < 0.15, rng.integers(0, 8, 40)
        given = Given("x", np.where(rng.random((40, 12)) < 0.1, ~themes, themes), rng.integers(0, 11, 40))
        counted = count(Answers((), documents, themes, sections), given, 11, 4)
        whole = ratios(counted, np.ones((1, 4), dtype=np.int64)).metrics
        expected = headline(evaluate(given.themes, themes, given.sections, sections, SCHEME))
        assert {name: values[0] for name, values in whole.items()} == pytest.approx(expected)


def test_a_draw_takes_as_many_documents_as_there_are():
    drawn = resamples(5, 400, np.random.default_rng(1))
    assert drawn.shape == (400, 5)
    assert (drawn.sum(axis=1) == 5).all()
    assert drawn.mean(axis=0) == pytest.approx(np.ones(5), abs=0.2)
    assert interval(np.arange(101) / 100) == Interval(pytest.approx(0.025), pytest.approx(0.975))
    assert interval(np.array([np.nan])) is None


@pytest.mark.parametrize(
    ("rows", "examples", "said"),
    [
        ([*ROWS, ROWS[0]], EXAMPLES, "has 9 rows of model m@1 for 8 paragraphs"),
        ([*ROWS, *BETTER[:4]], EXAMPLES, "has 8 paragraphs of m@1 and 4 of better@1, 4 of both"),
        (ROWS[:7], EXAMPLES, "has scores for 3 of the 4 answered paragraphs of reports/two.txt"),
        (ROWS[:1], EXAMPLES[:1], "has 1 paragraphs, all headings"),
    ],
)
def test_what_does_not_belong_together_is_refused_with_both_counts(rows, examples, said):
    with pytest.raises(InputError, match=re.escape(said)):
        trials(examples, rows, {}, SCHEME)


@pytest.fixture
def files(tmp_path):
    write_examples(tmp_path / "examples.jsonl", EXAMPLES)
    write_left_out(tmp_path / "oof.jsonl", [*ROWS, *BETTER], SCHEME)
    write_examples(tmp_path / "a.jsonl", every(example, GIVEN))
    return tmp_path


def run(folder, *arguments):
    return CliRunner().invoke(app, [str(folder / "examples.jsonl"), *map(str, arguments)])


def test_the_command_prints_markdown_and_writes_both_files(files):
    done = run(files, "--oof", files / "oof.jsonl", "--pass", files / "a.jsonl", "--out", files / "out")
    assert done.exit_code == 0, done.exception
    assert "| m@1 | 6 | 0.600 [0.400–0.800] |" in done.stdout
    assert "| 标注者 annotator a | 6 | 0.600 [0.400–0.800] |" in done.stdout
    assert "仅 2 份文档(少于 20)" in done.stdout
    assert "| better@1 − m@1 |" in done.stdout
    data = json.loads((files / "out" / "evaluation.json").read_text(encoding="utf-8"))
    assert (data["format"], data["resamples"], data["seed"]) == (1, 2000, 0)
    (protocol,) = data["protocols"]
    assert protocol["models"][0]["body"]["evaluation"]["themes"][0]["recall"] == 0.3333
    assert protocol["models"][0]["body"]["intervals"]["exact"] == {"low": 0.3333, "high": 0.6667}
    assert "<title>评估 · evaluation</title>" in (files / "out" / "evaluation.html").read_text(encoding="utf-8")


def test_the_command_gives_the_same_figures_for_the_same_seed(files):
    for name in ("one", "two"):
        assert run(files, "--oof", files / "oof.jsonl", "--out", files / name).exit_code == 0
    for file in ("evaluation.json", "evaluation.html"):
        assert (files / "one" / file).read_bytes() == (files / "two" / file).read_bytes()


def test_the_baseline_can_be_chosen_but_must_be_there(files):
    done = run(files, "--oof", files / "oof.jsonl", "--baseline-name", "better@1")
    assert "| m@1 − better@1 |" in done.stdout
    done = run(files, "--oof", files / "oof.jsonl", "--baseline-name", "best@1")
    assert "no model 'best@1' — these are there: better@1, m@1" in str(done.exception)


def test_files_that_do_not_go_with_the_examples_are_refused(files):
    write_examples(files / "examples.jsonl", EXAMPLES[:4])
    done = run(files, "--oof", files / "oof.jsonl")
    assert "has 4 of 8 paragraphs without an answer in the examples" in str(done.exception)
    write_examples(files / "examples.jsonl", EXAMPLES)
    write_left_out(files / "oof.jsonl", [dataclasses.replace(ROWS[0], scheme="other")], SCHEME)
    done = run(files, "--oof", files / "oof.jsonl")
    assert "line 1: was scored under scheme other" in str(done.exception)
    write_left_out(files / "oof.jsonl", [dataclasses.replace(ROWS[0], sha256="other")], SCHEME)
    assert "names another document for 1 of 1 paragraphs" in str(run(files, "--oof", files / "oof.jsonl").exception)
    write_left_out(files / "oof.jsonl", [], SCHEME)
    assert "holds no paragraphs" in str(run(files, "--oof", files / "oof.jsonl").exception)
    assert "was given no --oof and no --bundle" in str(run(files).exception)
    write_examples(files / "examples.jsonl", [])
    done = run(files, "--bundle", "linear")
    assert "found no answered paragraph" in str(done.exception)


def test_a_pass_has_one_answer_a_paragraph_and_a_name_of_its_own(files):
    write_left_out(files / "oof.jsonl", ROWS, SCHEME)
    (files / "b").mkdir()
    write_examples(files / "b" / "a.jsonl", EXAMPLES)
    both = ("--pass", files / "a.jsonl", "--pass", files / "b" / "a.jsonl")
    assert "names 2 files of 1 annotators" in str(run(files, "--oof", files / "oof.jsonl", *both).exception)
    write_examples(files / "a.jsonl", [EXAMPLES[0], dataclasses.replace(EXAMPLES[0], annotator="y")])
    done = run(files, "--oof", files / "oof.jsonl", "--pass", files / "a.jsonl")
    assert "has 2 answers to 1 paragraphs" in str(done.exception)


def test_a_bundle_tags_the_examples_and_warns_that_it_may_know_them(root, tmp_path, capsys):
    lines = (root / "seeds" / "gold.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    document = json.loads(lines[0])["sha256"]
    own = [line for line in lines if json.loads(line)["sha256"] == document]
    (tmp_path / "one.jsonl").write_text("".join(own), encoding="utf-8")
    request = EvaluateRequest((tmp_path / "one.jsonl",), (), (find_bundle("linear"),), (), None, None, 50, 0)
    run_evaluate(request, Console(width=100, force_terminal=True))
    said = re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out)
    assert "fazhi-linear@" in said
    assert "may have been trained on these very paragraphs" in " ".join(said.split())


def test_bundles_to_evaluate_are_found_where_the_environment_says(files, monkeypatch):
    monkeypatch.setenv("FAZHI_BUNDLES", str(files))
    assert "is neither a bundle folder nor the name" in str(run(files, "--bundle", "nonsense").exception)
    monkeypatch.setenv("FAZHI_BUNDLES", str(files / "gone"))
    assert "gone: is no folder of bundles" in str(run(files, "--bundle", "linear").exception)


def test_the_page_holds_every_word_escaped_and_no_script(found):
    html = render([found], SCHEME, "seed 0")
    assert "<script" not in html
    assert "<b>" not in html
    assert html.count("<style>") == 1
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert " style=" not in html
    assert "http" not in html.replace("http-equiv", "")
    assert unescape(re.search(r'<p class="text">(.*?)</p>', html)[1]) == HOSTILE


def test_a_browser_applies_the_style_and_shows_the_errors(found, tmp_path, browser_program):
    (tmp_path / "page.html").write_text(render([found], SCHEME, "seed 0"), encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    picture = tmp_path / "page.png"
    command = [
        browser_program,
        *flags,
        f"--screenshot={picture}",
        "--enable-logging=stderr",
        (tmp_path / "page.html").as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    assert picture.stat().st_size > 10_000
    assert b"Content Security Policy" not in done.stderr
    command = [browser_program, *flags, "--dump-dom", (tmp_path / "page.html").as_uri()]
    dom = subprocess.run(command, capture_output=True, timeout=120, check=True).stdout.decode("utf-8")
    assert dom.count("<li>") == 3 + 1  # three of the first model, one of the better
    assert "<title>评估 · evaluation</title>" in dom


def test_pictures_place_what_a_person_can_measure():
    drawn = bars(["执法 <a>"], [[Bar(0.5, 0.25, 0.75)], [None]], "F1")
    assert "执法 &lt;a&gt;" in drawn
    assert 'x="150.0" y="25" width="200.0"' in drawn  # half of the 400 between 0 and 1
    assert 'x1="250.0" x2="450.0"' in drawn
    assert drawn.count('class="fill') == 1
    assert 'fill-opacity="1.00"' in heat(["a", "b"], ["a", "b"], [[9, 2], [1, 9]], "x")
    ticks = re.findall(r'text-anchor="middle">(\d+)<', over_logarithm([[Point(3, 0.5), Point(60, 0.9)]], "x", ("", "")))
    assert ticks == ["5", "10", "20", "50"]
