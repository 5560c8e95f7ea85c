"""Comparisons of reports made by hand: every figure here was counted with a pencil; then every file that shows them."""

import csv
import dataclasses
import io
import json
import re

import openpyxl
import pytest
from rich.console import Console

from fazhi.model.bundle import find_bundle, read_bundle
from fazhi.model.labels import load_scheme
from fazhi.model.report import Paragraph
from fazhi.model.tagger import TaggedParagraph, TaggedReport
from fazhi.serving.compare import Side, compare, figures_of
from fazhi.serving.compare_lines import records, render_lines
from fazhi.serving.compare_page import render_comparison
from fazhi.serving.compare_table import bar_of, show
from fazhi.serving.xlsx_compare import comparison_workbook

SCHEME = load_scheme()
THRESHOLDS = [0.5] * len(SCHEME.themes)
HOSTILE = '</script><script>document.title="owned"</script><img src=x onerror="document.title=1">\u2028'


def tagged(index, clean, themes=(), section="work", scores=None):
    """One paragraph; a theme it has scores 0.9, any other 0.01 unless `scores` says more."""
    level = 1 if section == "heading" else 0
    paragraph = Paragraph(index, 9, 10 * index, 10 * index + 5, clean, clean, level, "", (), ())
    scored = {theme: 0.9 if theme in themes else 0.01 for theme in SCHEME.theme_ids} | (scores or {})
    return TaggedParagraph(paragraph, section, 0.9, tuple(themes), tuple(scored.values()), "sure")


def report(name, *paragraphs):
    return TaggedReport(name, f"sha of {name}", "m@1", SCHEME.theme_ids, paragraphs)


# 20 characters of body: enforcement 15 in two paragraphs, digital 5 of them; emergency in a heading only.
ONE = report(
    "one.txt",
    tagged(0, "标题行", ("emergency",), "heading"),
    tagged(1, "甲" * 10, ("enforcement",), scores={"publicity": 0.2}),
    tagged(2, "乙" * 5, ("enforcement", "digital"), scores={"publicity": 0.3}),
    tagged(3, "丙" * 5, section="closing", scores={"publicity": 0.45}),
)
# 40 characters: enforcement 10, publicity 30.
TWO = report("two.txt", tagged(0, "丁" * 10, ("enforcement",)), tagged(1, "戊" * 30, ("publicity",), "plan"))
# 60 characters: publicity 15.
THREE = report(
    "three.txt",
    tagged(0, "己" * 15, ("publicity",), "problem", scores={"digital": 0.4}),
    tagged(1, "庚" * 45, (), "plan", scores={"digital": 0.1}),
)


def side(name, *reports, skipped=0):
    return Side(name, tuple(figures_of(each, SCHEME) for each in reports), skipped)


def comparison(*sides):
    return compare(sides, SCHEME)


PAIR = comparison(side("2021", ONE), side("2022", TWO, THREE, skipped=1))


def theme(name, of=PAIR):
    return next(line for line in of.themes if line.id == name)


def section(name, of=PAIR):
    return next(line for line in of.sections if line.id == name)


def test_shares_are_characters_of_the_body_without_headings():
    assert [each.share for each in theme("enforcement").sides] == [15 / 20, 10 / 100]
    assert [each.paragraphs for each in theme("enforcement").sides] == [2, 1]
    assert theme("enforcement").difference == pytest.approx(-0.65)
    assert [each.share for each in theme("publicity").sides] == [0, 45 / 100]
    assert [(each.body, each.characters) for each in PAIR.sides] == [(3, 20), (4, 100)]


def test_sections_add_up_to_the_body():
    assert [each.share for each in section("work").sides] == [15 / 20, 10 / 100]
    assert [each.share for each in section("plan").sides] == [0, 75 / 100]
    assert [each.paragraphs for each in section("plan").sides] == [0, 2]
    assert [each.found_in for each in section("plan").sides] == [0, 2]
    for place in (0, 1):
        assert sum(line.sides[place].share for line in PAIR.sections) == pytest.approx(1)
    assert "heading" not in {line.id for line in PAIR.sections}


def test_what_one_side_treats_and_the_other_does_not():
    assert {line.id: line.found_on for line in PAIR.themes if line.found_on} == {
        "enforcement": (0, 1),
        "digital": (0,),
        "emergency": (0,),
        "publicity": (1,),
    }


def test_a_theme_in_a_heading_is_found_and_has_no_share():
    first = theme("emergency").sides[0]
    assert (first.found, first.paragraphs, first.share, first.nearest) == (True, 0, 0.0, None)


def test_not_found_names_the_nearest_paragraph_that_may_carry_themes():
    document, near = theme("publicity").sides[0].nearest
    assert (document, near.index, near.score, near.words) == ("one.txt", 2, 0.3, "乙" * 5)  # not the closing's 0.45


def test_in_a_folder_reports_without_a_theme_are_named_and_the_nearest_is_over_all():
    second = theme("digital").sides[1]
    assert [gap.document for gap in second.not_found] == ["two.txt", "three.txt"]
    assert (second.found_in, second.reports) == (0, 2)
    assert second.nearest[0] == "three.txt"
    assert second.nearest[1].score == 0.4
    partly = theme("enforcement").sides[1]
    assert (partly.found_in, [gap.document for gap in partly.not_found]) == (1, ["three.txt"])
    assert partly.nearest is None  # the side does treat it


def test_long_paragraphs_are_quoted_by_their_first_words():
    long = figures_of(report("a", tagged(0, "长\n" * 100)), SCHEME)
    words = long.not_found[0].nearest.words
    assert words == ("长 " * 40) + "…"


def test_a_report_of_furniture_alone_has_no_nearest_paragraph():
    bare = comparison(side("a", report("a", tagged(0, "落款", section="closing"))), side("b", TWO))
    assert theme("publicity", bare).sides[0].nearest is None
    assert theme("publicity", bare).sides[0].not_found[0].nearest is None
    gap = records(bare, SCHEME, THRESHOLDS)[0]
    assert (gap["nearest"], gap["not_found"][0]["score"]) == (None, None)
    rows = openpyxl.load_workbook(io.BytesIO(comparison_workbook(bare, SCHEME, THRESHOLDS, {})))["未见"]
    assert rows.cell(2, 5).value is None


def test_the_same_report_twice_differs_in_nothing():
    same = comparison(side("a", ONE, TWO), side("b", TWO, ONE))
    assert same.same
    assert same.shared == 2
    assert {line.difference for line in (*same.themes, *same.sections)} == {0}
    assert not PAIR.same
    assert PAIR.shared == 0
    overlapping = comparison(side("a", ONE), side("b", ONE, TWO))
    assert (overlapping.same, overlapping.shared) == (False, 1)


def test_headings_alone_have_no_share():
    bare = comparison(side("a", report("a", tagged(0, "标题", ("digital",), "heading"))), side("b", TWO))
    assert theme("digital", bare).sides[0].share == 0


def test_records_are_one_line_for_every_label_and_side():
    lines = records(PAIR, SCHEME, THRESHOLDS)
    assert len(lines) == 2 * (12 + 10)
    found = next(each for each in lines if each["id"] == "digital" and each["side"] == "B")
    assert found == {
        "kind": "theme", "id": "digital", "zh": "数字法治政府", "en": "Digital rule-of-law government", "side": "B",
        "name": "2022", "reports": 2, "found_in": 0, "found": False, "paragraphs": 0, "share": 0.0, "difference": -0.25,
        "threshold": 0.5,
        "nearest": {"document": "three.txt", "index": 0, "score": 0.4, "words": "己" * 15},
        "not_found": [
            {"document": "two.txt", "index": 0, "score": 0.01, "words": "丁" * 10},
            {"document": "three.txt", "index": 0, "score": 0.4, "words": "己" * 15},
        ],
    }  # fmt: skip
    again = [json.loads(line) for line in render_lines(PAIR, SCHEME, THRESHOLDS, "jsonl", "m@1").splitlines()]
    assert again == [{**each, "model": "m@1"} for each in lines]


def test_csv_runs_no_formula():
    named = dataclasses.replace(ONE, document="=cmd|'/c calc'!A1", paragraphs=(tagged(0, "@SUM(1+1)*2"),))
    text = render_lines(comparison(side("=1+1", named), side("-2", TWO)), SCHEME, THRESHOLDS, "csv", "m@1")
    assert text.startswith("\ufeffkind,id,zh,en,side,name,")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert (rows[0]["name"], rows[1]["name"]) == ("'=1+1", "'-2")
    assert rows[0]["nearest_document"].startswith("'=cmd")
    assert rows[0]["not_found"].startswith("'=cmd")
    assert rows[0]["nearest_words"] == "'@SUM(1+1)*2"
    enforcement = next(row for row in rows if (row["id"], row["side"]) == ("enforcement", "B"))
    assert (enforcement["found"], enforcement["share"], enforcement["difference"]) == ("yes", "0.25", "0.25")
    assert not [cell for row in rows for cell in row.values() if re.match(r"[=+@]|-\D", cell)]


@pytest.fixture
def book():
    # 4 characters for the first 15: the body of the second side has 40 + 4 + 45.
    hostile = dataclasses.replace(THREE, document="=1+1", paragraphs=(tagged(0, "+甲\x00乙"), *THREE.paragraphs[1:]))
    facts = {"模型 bundle": "m@1"}
    compared = comparison(side("2021", ONE), side("=2022", TWO, hostile))
    return openpyxl.load_workbook(io.BytesIO(comparison_workbook(compared, SCHEME, THRESHOLDS, facts)))


def test_the_workbook_holds_the_figures(book):
    assert book.sheetnames == ["主题", "部分", "未见", "报告", "说明"]
    sheet = book["主题"]
    rows = {row[1]: row for row in sheet.iter_rows(min_row=2, values_only=True) if row[1]}
    assert rows["Administrative enforcement"] == (
        "行政执法", "Administrative enforcement", 0.75, pytest.approx(10 / 89), pytest.approx(100 * (10 / 89 - 0.75)), 2, 1, "1/1", "1/2",
    )  # fmt: skip
    assert rows["Digital rule-of-law government"][2:4] == (0.25, "未见")
    assert sheet.cell(2, 1).fill.fgColor.rgb.lower() == "ff" + SCHEME.themes[0].color[1:]
    assert len(sheet._charts) == 1
    assert sum(row[3] for row in book["部分"].iter_rows(min_row=2, max_row=11, values_only=True)) == pytest.approx(1)
    assert book["报告"].max_row == 1 + 3
    texts = [cell.value for row in book["说明"] for cell in row]
    assert "m@1" in texts
    assert any("模型可能漏判" in str(text) for text in texts)


def test_the_workbook_runs_no_formula_and_names_the_gaps(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    gaps = list(book["未见"].iter_rows(min_row=2, values_only=True))
    assert ("B", "行政执法", "是", "=1+1", 0.01, 0.5, 0, "+甲�乙") in gaps
    assert ("A", "普法宣传", "否", "one.txt", 0.3, 0.5, 2, "乙" * 5) in gaps
    named = next(cell for row in book["未见"] for cell in row if cell.value == "=1+1")
    assert named.quotePrefix


def printed(compared, width=100):
    console = Console(file=io.StringIO(), width=width, color_system=None)
    show(compared, read_bundle(find_bundle("linear")), THRESHOLDS, console)
    return console.file.getvalue()


def test_the_table_says_not_found_and_never_missing():
    text = printed(PAIR)
    assert re.search(r"执法 enforcement +█+ +75.0% +2 +1/1 +█[^ ]* +10.0% +1 +1/2 +-65.0", text)
    assert re.search(r"数字 digital +\S+ +25.0% +1 +1/1 +未见", text)
    assert "只在 A 见到 found only in A: 应急、数字" in text
    assert "A 未见 not found: 普法 publicity — 最接近 nearest 0.30 (阈值 threshold 0.50) one.txt #2" in text
    assert "B 执法 enforcement: 1/2 份未见 not found in three.txt" in text
    assert "1 份未能读取" in text
    assert "仅小标题" in text
    assert "missing" not in text.lower()


def test_the_table_fits_narrow_and_many():
    six = comparison(*(side(name, ONE, TWO) for name in "uvwxyz"))
    assert "F−A" in printed(six)
    assert "各边是相同的报告" in printed(six)
    for width in (80, 100):
        lines = printed(six, width).splitlines() + printed(PAIR, width).splitlines()
        assert not [line for line in lines if "…" in line and "%" in line]


def test_the_table_commands_no_terminal():
    text = printed(comparison(side("\x1b[31m红[red]", ONE), side("b", TWO)))
    assert "\x1b" not in text
    assert "红[red]" in text


@pytest.mark.parametrize(("part", "bar"), [(0, ""), (0.001, "▏"), (0.5, "██"), (0.53125, "██▏"), (1, "████")])
def test_bars_count_in_eighths(part, bar):
    assert bar_of(part, 4) == bar


def contents(html):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script', html, re.DOTALL)[1])


def page(compared):
    return render_comparison(compared, SCHEME, THRESHOLDS, "m@1")


def hostile_pair():
    hostile = dataclasses.replace(ONE, document=HOSTILE, paragraphs=(tagged(0, HOSTILE), *ONE.paragraphs[1:]))
    return comparison(side(HOSTILE, hostile), side("{{script}}", TWO))


def test_text_of_a_report_is_never_markup():
    html = page(hostile_pair())
    assert html.count("</script") == html.count("<script") == 2
    assert "<img" not in html
    assert "\u2028" not in html
    assert contents(html)["sides"][0]["name"] == HOSTILE
    assert contents(html)["records"] == json.loads(json.dumps(records(hostile_pair(), SCHEME, THRESHOLDS)))
    assert not re.search(r"https?:|@import|url\(|<link|\ssrc=[^x]", html)


def lines_of(dom, name):
    part = re.search(rf'<div id="{name}" class="lines".*?>(.*?)</section>', dom, re.DOTALL)[1]
    return re.findall(r'class="line" data-id="(\w+)"', part)


def test_a_browser_shows_bars_gaps_and_findings(visit):
    dom = visit(page(PAIR)).content()
    assert lines_of(dom, "theme-lines") == list(SCHEME.theme_ids)
    assert lines_of(dom, "section-lines") == ["work", "problem", "plan", "closing"]
    assert "12 个主题中,各边都见到的有 1 个。" in dom
    for words in (
        "75.0%",
        "−65.0 点",
        "未见 · 最接近 0.30",
        "1 份未能读取",
        "仅见于小标题",
        "1/2 份",
        "2 份报告中 1 份未见",
    ):
        assert words in dom
    assert re.search(r'class="fill" style="--mix: 35%;"', dom)


def test_a_browser_orders_by_the_address_and_speaks_english(visit):
    dom = visit(page(PAIR), "lang=en&order=change").content()
    assert '<html lang="en">' in dom
    assert lines_of(dom, "theme-lines")[:3] == ["enforcement", "publicity", "digital"]  # 65, 45 and 25 points
    assert "1 of 12 themes are found on every side." in dom
    assert "not found · nearest 0.30" in dom
    assert lines_of(visit(page(PAIR), "order=size").content(), "theme-lines")[:2] == ["enforcement", "publicity"]


def test_a_browser_runs_nothing_that_a_report_says(visit):
    dom = visit(page(hostile_pair())).content()
    assert "<title>法治报告对照 · fazhi</title>" in dom
    assert "<img" not in dom
    assert "&lt;img src=x" in dom
    assert "{{script}}" in dom


def test_a_browser_says_that_the_same_is_the_same_and_prints(visit, tmp_path):
    html = page(comparison(side("a", ONE), side("b", ONE)))
    opened = visit(html)
    assert "各边是相同的报告:所有差值为零。" in opened.content()
    opened.pdf(path=tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
