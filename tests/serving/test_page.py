"""The HTML page: what it embeds, and that text from a report can neither run nor reach the network."""

import base64
import dataclasses
import hashlib
import json
import re

import pytest

from fazhi.model.labels import load_scheme
from fazhi.model.reading import InputError, document_from_text
from fazhi.model.report import segment
from fazhi.model.tagger import TaggedParagraph, TaggedReport
from fazhi.serving.outputs import record
from fazhi.serving.page import embedded, ink_on, render_page

SCHEME = load_scheme()
THRESHOLDS = [0.5] * len(SCHEME.themes)
HOSTILE = (
    '一、坏人</script><script>document.title="owned"</script>\n'
    '<img src=x onerror="document.title=1">执法检查 & <!-- <script>\n'
    "行分隔\u2028符,𠮷野家,{{script}} {{data}}\n"
)


def tagged(text, themes=("enforcement",), document="<b>a</b>.txt"):
    """Tag a text by hand: every body paragraph is work with the same themes, every second one is to check."""
    report = segment(document_from_text(text, document))
    scores = tuple(0.9 if theme in themes else 0.01 for theme in SCHEME.theme_ids)
    paragraphs = tuple(
        TaggedParagraph(each, "heading" if each.level else "work", 0.99, themes, scores, ("sure", "check")[place % 2])
        for place, each in enumerate(report.paragraphs)
    )
    return TaggedReport(report.document, report.sha256, "test@1", SCHEME.theme_ids, paragraphs)


def page(*reports, note="a note"):
    return render_page(reports, SCHEME, THRESHOLDS, note)


def contents(html):
    """Return what a browser would hand to the script: up to the first end tag, as HTML reads it."""
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script', html, re.DOTALL)[1])


def test_records_come_back_exactly():
    report = tagged(HOSTILE)
    data = contents(page(report, note="</script>"))
    assert data["reports"][0]["records"] == [record(report, each) for each in report.paragraphs]
    assert data["reports"][0]["document"] == "<b>a</b>.txt"
    assert data["note"] == "</script>"


def test_text_of_a_report_is_never_markup():
    html = page(tagged(HOSTILE), note="<!-- <script>")
    assert html.count("</script") == 2
    assert html.count("<script") == 2
    assert "<img" not in html
    assert "\u2028" not in html


def test_what_is_escaped():
    assert embedded("</a>&\u2028\u2029") == r'"\u003c/a\u003e\u0026\u2028\u2029"'
    assert embedded("𠮷") == '"𠮷"'
    assert json.loads(embedded("\ud800 </script>")) == "\ud800 </script>"
    embedded("\ud800").encode("utf-8")
    with pytest.raises(ValueError, match="JSON"):
        embedded(float("nan"))


def test_the_page_names_no_address_and_allows_only_its_own_script_and_style():
    html = page(tagged("一、工作\n正文。"))
    assert not re.search(r"https?:|//[a-z]|@import|url\(|<link|\ssrc=", html.replace("// ", ""))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        inside = re.search(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_the_script_parses_no_html(root):
    for path in (root / "serving" / "assets").glob("*.js"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|localStorage", source), path
        asks = path.name == "home-ask.js"  # the page of the service: its policy lets it reach the service alone
        assert ("fetch(" in source) == asks, path


def test_the_scheme_is_on_the_page():
    data = contents(page(tagged("正文。")))
    assert [theme["id"] for theme in data["themes"]] == list(SCHEME.theme_ids)
    assert [section["id"] for section in data["sections"]] == list(SCHEME.section_ids)
    assert data["themes"][0]["zh"] == "党的领导与统筹推进"
    assert data["themes"][0]["color"] == "#882200"
    assert data["themes"][0]["threshold"] == 0.5


def test_ink_stands_out():
    assert ink_on("#ffffff") == ink_on("#00ddff") == ink_on("#777777") == "#000000"
    assert ink_on("#000000") == ink_on("#2200ff") == ink_on("#757575") == "#ffffff"


def test_a_colour_that_is_none_is_named():
    first = dataclasses.replace(SCHEME.themes[0], color="red;}")
    scheme = dataclasses.replace(SCHEME, themes=(first, *SCHEME.themes[1:]))
    with pytest.raises(InputError, match="theme leadership .* write it as #rrggbb"):
        render_page([], scheme, THRESHOLDS, "")


def test_thresholds_must_fit_the_scheme():
    with pytest.raises(ValueError, match="zip"):
        render_page([], SCHEME, THRESHOLDS[1:], "")
