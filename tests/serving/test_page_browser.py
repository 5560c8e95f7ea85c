"""The HTML page as a reader uses it: clicks, keys, typing and print, in a real browser."""

import dataclasses

import pytest
from contrast import CONTRAST

from fazhi.model.labels import load_scheme
from fazhi.model.reading import document_from_text
from fazhi.model.report import segment
from fazhi.model.tagger import Earned, Stretch, TaggedParagraph, TaggedReport
from fazhi.serving.page import render_page

SCHEME = load_scheme()
ENFORCEMENT, PUBLICITY = "enforcement", "publicity"


def tagged(document, *rows):
    """Tag lines by hand: each row is text, section, themes and band; headings tag themselves."""
    report = segment(document_from_text("\n".join(row[0] for row in rows), document))
    paragraphs = []
    for each, (_, section, themes, band) in zip(report.paragraphs, rows, strict=True):
        scores = tuple(0.91 if theme in themes else 0.02 for theme in SCHEME.theme_ids)
        paragraphs.append(
            TaggedParagraph(each, "heading" if each.level else section, 0.88, tuple(themes), scores, band)
        )
    return TaggedReport(document, report.sha256, "test@1", SCHEME.theme_ids, tuple(paragraphs))


def html(*reports, note="a note"):
    return render_page(reports, SCHEME, [0.5] * len(SCHEME.themes), note)


FIRST = tagged(
    "in/2023.txt",
    ("某市2023年法治政府建设报告", "title", [], "sure"),
    ("一、主要工作", "work", [], "sure"),
    ("加強執法檢查,查辦案件120件。", "work", [ENFORCEMENT], "sure"),
    ("开展普法,同时(a.b)*c[1]检查。", "work", [ENFORCEMENT, PUBLICITY], "check"),
    ("二、存在问题", "problem", [], "sure"),
    ("队伍仍需加强,𠮷林路执法站尤其如此。", "problem", [], "check"),
)
SECOND = tagged("in/2024.txt", ("开展普法宣传。", "work", [PUBLICITY], "sure"), ("明年继续努力。", "plan", [], "sure"))
BOTH = html(FIRST, SECOND)
ALL = ["0-0", "0-1", "0-2", "0-3", "0-4", "0-5", "1-0", "1-1"]
LONG = tagged(
    "long.txt",
    *[
        row
        for part in "一二三四五六七八"
        for row in [
            (f"{part}、第{part}部分", "work", [], "sure"),
            *[(f"这是第{part}部分的第{place}段正文,依法行政。", "work", [], "sure") for place in range(1, 41)],
        ]
    ],
)


def shown(page):
    """Return the keys of the paragraphs on the page: report-index."""
    return page.locator("article").evaluate_all("nodes => nodes.map(node => node.id.slice(1))")


def press(page, name, label):
    """Click a filter button of a list by what it is labelled."""
    page.locator(f"button[data-list={name}]", has=page.get_by_text(label, exact=True)).click()


def count(page):
    return page.locator("#count").text_content()


def button(page, name, value):
    return page.locator(f"button[data-list={name}][data-id={value}]")


# --- filters ---


def test_everything_is_shown_and_the_outline_counts(visit):
    page = visit(BOTH)
    assert shown(page) == ALL
    assert count(page) == "显示 8 段(正文 6),共 8 段"
    links = page.locator("#outline button").evaluate_all("nodes => nodes.map(node => node.innerText.split('\\n'))")
    assert links == [["某市2023年法治政府建设报告"], ["一、主要工作", "2"], ["二、存在问题", "1"], ["2024.txt"]]


def test_a_click_on_a_theme_keeps_its_paragraphs_and_a_second_click_frees_them(visit):
    page = visit(BOTH)
    press(page, "theme", "行政执法")
    assert shown(page) == ["0-2", "0-3"]
    assert button(page, "theme", ENFORCEMENT).get_attribute("aria-pressed") == "true"
    assert page.url.endswith("#theme=enforcement")
    press(page, "theme", "行政执法")
    assert shown(page) == ALL
    assert "#" not in page.url


def test_two_themes_add_and_lists_narrow(visit):
    page = visit(BOTH)
    button(page, "theme", ENFORCEMENT).click()
    button(page, "theme", PUBLICITY).click()
    assert shown(page) == ["0-2", "0-3", "1-0"]
    press(page, "band", "待核")
    assert shown(page) == ["0-3"]
    assert page.locator("#count").text_content() == "显示 1 段(正文 1),共 8 段"
    assert page.locator("article .trail").text_content() == "一、主要工作"  # its head is filtered away


def test_sections_and_paragraphs_without_a_theme(visit):
    page = visit(BOTH)
    button(page, "section", "problem").click()
    assert shown(page) == ["0-5"]
    page.locator("#clear").click()
    assert shown(page) == ALL
    assert page.evaluate("document.activeElement.id") == "query"
    assert page.locator("#clear").is_hidden()
    button(page, "theme", "none").click()
    assert shown(page) == ["0-0", "0-1", "0-4", "0-5", "1-1"]


def test_each_button_counts_what_it_would_show(visit):
    page = visit(BOTH)
    assert button(page, "theme", ENFORCEMENT).inner_text().split("\n")[-2:] == ["2", "33%"]
    button(page, "band", "check").click()
    assert button(page, "theme", ENFORCEMENT).inner_text().split("\n")[-2:] == ["1", "50%"]
    assert button(page, "section", "problem").locator("b").text_content() == "1"
    assert button(page, "band", "sure").locator("b").text_content() == "6"  # its own list does not narrow it


# --- the words that earned a theme ---


def earned(paragraph, theme, sentence, words):
    """Mark a theme's sentence and words by hand, each the first of its kind in the paragraph's clean text."""
    stretches = []
    for clean in filter(None, (sentence, words)):
        first = paragraph.clean.index(clean)
        start = paragraph.start + first  # as many characters in the file as in the clean text
        text = paragraph.text[first : first + len(clean)]
        stretches.append(Stretch(start, start + len(clean), text, (first, first + len(clean)), 1.5, 0.4))
    return Earned(theme, stretches[0], stretches[1] if words else None)


def explained():
    """𠮷 is one character here and two in a browser; the sentences of both themes overlap."""
    report = tagged("x.txt", ("𠮷林路:加強執法檢查,開展普法。<b>其他</b>", "work", [ENFORCEMENT, PUBLICITY], "sure"))
    [each] = report.paragraphs
    marks = (
        earned(each.paragraph, ENFORCEMENT, "𠮷林路:加强执法检查,开展普法。", "执法检查"),
        earned(each.paragraph, PUBLICITY, "开展普法。<b>其他</b>", None),
    )
    return html(dataclasses.replace(report, paragraphs=(dataclasses.replace(each, earned=marks),)))


def underlined(page, side):
    return page.locator(f"#p0-0 {side} [title]").all_text_contents()


def test_the_words_that_earned_a_theme_are_underlined_in_its_colour(visit):
    page = visit(explained())
    assert page.locator("#p0-0 .clean").text_content() == "𠮷林路:加强执法检查,开展普法。<b>其他</b>"
    assert underlined(page, ".clean") == ["执法检查"]
    assert page.locator("#p0-0 .clean [title]").get_attribute("title") == "去掉这几个字,分数降得最多: 行政执法"
    theme = next(theme for theme in SCHEME.themes if theme.id == ENFORCEMENT)
    probe = "color => { document.body.style.color = `color-mix(in srgb, ${color} 80%, var(--text))`; return getComputedStyle(document.body).color; }"
    color = page.evaluate(probe, theme.color)
    assert (
        page.locator("#p0-0 .clean [title]").evaluate("node => getComputedStyle(node).boxShadow")
        == f"{color} 0px 2px 0px 0px"
    )
    page.get_by_label("对照:原文 | 净文").check()
    assert underlined(page, ".original") == ["執法檢查"]
    assert page.locator("#note").text_content().startswith("下划线:去掉后该主题分数降得最多的字")


def test_a_theme_under_the_pointer_shows_its_sentence(visit):
    page = visit(explained())
    lit = page.locator("#p0-0 .clean .lit")
    chips = page.locator("#p0-0 .chip")
    assert lit.count() == 0
    chips.nth(0).hover()
    assert "".join(lit.all_text_contents()) == "𠮷林路:加强执法检查,开展普法。"
    chips.nth(1).hover()
    assert "".join(lit.all_text_contents()) == "开展普法。<b>其他</b>"
    page.locator("#p0-0 .content").hover()
    assert lit.count() == 0


def test_a_found_word_may_run_through_marks(visit):
    page = visit(explained())
    page.locator("#query").fill("强执法检查,开")
    assert page.evaluate("[...CSS.highlights.get('found')].map(range => range.toString())") == ["强执法检查,开"]


def test_a_page_without_marks_says_nothing_of_them(visit):
    page = visit(html(FIRST))
    assert page.locator(".earned").count() == 0
    assert page.locator("#note").text_content() == "a note · test@1"


# --- search ---


def test_typing_searches_text_originals_and_heads(visit):
    page = visit(BOTH)
    page.locator("#query").press_sequentially("普法")
    assert shown(page) == ["0-3", "1-0"]
    page.locator("#query").fill("加強執法")  # as in the file, not as cleaned
    assert shown(page) == ["0-2"]
    page.locator("#query").fill("存在问题")  # a paragraph is found by the heads above it
    assert shown(page) == ["0-4", "0-5"]
    page.locator("#query").fill("普法 检查")  # all words, in any order
    assert shown(page) == ["0-3"]
    assert count(page).endswith("· “普法 检查”")


def test_nothing_found_says_so_and_escape_clears(visit):
    page = visit(BOTH)
    page.locator("#query").fill("没有这个词")
    assert shown(page) == []
    assert page.locator("#list .empty").text_content() == "没有符合条件的段落。"
    assert count(page).startswith("显示 0 段(正文 0),共 8 段")
    page.keyboard.press("Escape")
    assert shown(page) == ALL


QUERIES = {
    "(a.b)*c[1]": ["0-3"],
    "A.B": ["0-3"],
    "[": ["0-3"],
    "a+b": [],
    ".*": [],
    "\\": [],
    "𠮷": ["0-5"],
    "𠮷林": ["0-5"],
    "𠀀": [],
    "<b>": [],
    "İ": [],
    "%E5&theme=work#": [],
    "   ": ALL,
}


def test_a_query_is_text_and_survives_the_address(visit):
    page, found, again = visit(BOTH), {}, {}
    for query in QUERIES:
        page.locator("#query").fill(query)
        found[query] = shown(page)
        page.reload()
        again[page.locator("#query").input_value()] = shown(page)
    assert found == QUERIES
    assert again == QUERIES


def test_found_words_are_marked(visit):
    page = visit(BOTH)
    page.locator("#query").fill("𠮷林")
    marked = "[...CSS.highlights.get('found')].map(range => range.toString())"
    assert page.evaluate(marked) == ["𠮷林"]
    page.locator("#query").fill("普法 检查")
    assert sorted(page.evaluate(marked)) == ["普法", "检查"]


def test_pinyin_input_and_a_word_typed_in_the_middle(visit):
    page = visit(BOTH)
    page.locator("#query").click()
    keys = page.context.new_cdp_session(page)
    for letters in ("p", "pu", "puf", "pufa"):
        keys.send("Input.imeSetComposition", {"text": letters, "selectionStart": len(letters), "selectionEnd": 4})
    assert shown(page) == []
    keys.send("Input.insertText", {"text": "普法"})
    assert page.locator("#query").input_value() == "普法"
    assert shown(page) == ["0-3", "1-0"]
    page.keyboard.press("Home")
    page.keyboard.type("宣传 ")
    assert page.locator("#query").input_value() == "宣传 普法"
    assert shown(page) == ["1-0"]


# --- languages, reports, originals, colours ---


def test_the_language_switch_keeps_filters_and_focus(visit):
    page = visit(BOTH)
    button(page, "theme", PUBLICITY).click()
    page.get_by_role("button", name="English").click()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.title() == "Tagged reports · fazhi"
    assert count(page) == "2 of 8 paragraphs shown (2 body)"
    assert page.get_by_role("button", name="Clear filters").is_visible()
    assert button(page, "theme", PUBLICITY).get_attribute("aria-pressed") == "true"
    assert page.evaluate("document.activeElement.id") == "language"
    page.get_by_role("button", name="中文").click()
    assert count(page) == "显示 2 段(正文 2),共 8 段"


def test_english_leaves_no_chinese_but_the_reports(visit):
    page = visit(html(FIRST), "lang=en")
    words = page.evaluate(
        """() => [...document.querySelectorAll('main .summary, .state, .bar, .tools, .tags')]
            .map(node => node.innerText).join(' ')"""
    )
    assert not [character for character in words.replace("中文", "") if "\u4e00" <= character <= "\u9fff"]


def test_a_report_is_picked_from_several(visit):
    page = visit(BOTH)
    page.locator("#report").select_option(label="2024.txt")
    assert shown(page) == ["1-0", "1-1"]
    assert page.locator("#outline .part").count() == 1
    assert button(page, "theme", ENFORCEMENT).locator("b").text_content() == "0"
    assert count(page) == "显示 2 段(正文 2),共 2 段"
    page.locator("#report").select_option(label="全部报告(2 份)")
    assert shown(page) == ALL


def test_a_single_report_offers_no_choice(visit):
    assert visit(html(FIRST)).locator("#report").is_hidden()


def test_an_empty_page_opens(visit):
    page = visit(html())
    assert page.locator("#list .empty").is_visible()
    assert count(page) == "显示 0 段(正文 0),共 0 段"


def test_the_original_beside_the_cleaned_text(visit):
    page = visit(BOTH)
    page.get_by_label("对照:原文 | 净文").check()
    original, clean = page.locator("#p0-2 .original"), page.locator("#p0-2 .clean")
    assert original.text_content() == "加強執法檢查,查辦案件120件。"
    assert clean.text_content() == "加强执法检查,查办案件120件。"
    assert original.bounding_box()["x"] + original.bounding_box()["width"] <= clean.bounding_box()["x"]
    assert original.bounding_box()["y"] == pytest.approx(clean.bounding_box()["y"], abs=2)
    assert page.locator(".original:visible").count() == len(ALL)
    page.get_by_label("对照:原文 | 净文").uncheck()
    assert page.locator("article.both").count() == 0


def test_themes_that_are_not_found_lead_to_the_paragraph_that_came_nearest(visit):
    page = visit(BOTH)
    assert page.locator("#missed .chip").count() == len(SCHEME.themes) - 2
    page.locator("#missing summary").click()
    gap = page.locator("#nearest .gap[data-id=digital]")
    assert "最接近 0.02 · 阈值 0.50" in gap.inner_text()
    assert page.locator("#nearest .gap[data-id=enforcement] summary").inner_text() == "2 份报告中 1 份未见"
    gap.get_by_role("button", name="in/2023.txt · 第").first.click()
    assert (
        page.evaluate("document.activeElement.closest('article').id") == "p0-1"
    )  # of equals the first; titles may not
    page.locator("#report").select_option(label="2024.txt")
    assert page.locator("#missed .chip").count() == len(SCHEME.themes) - 1


def test_a_paragraph_has_a_stripe_of_its_themes_colours(visit):
    page = visit(BOTH)
    colors = {theme.id: theme.color for theme in SCHEME.themes}
    stripe = "key => document.querySelector(`#p${key} .content`).style.getPropertyValue('--stripe')"
    expected = f"linear-gradient({colors[ENFORCEMENT]} 0% 50%, {colors[PUBLICITY]} 50% 100%)"
    assert page.evaluate(stripe, "0-3") == expected
    assert page.evaluate(stripe, "0-5") == "none"


def test_one_original_opens_and_closes(visit):
    page = visit(BOTH)
    page.locator("#p0-2").hover()
    page.get_by_role("button", name="原文 报告 1, 2").click()
    assert page.locator("article.both").evaluate_all("nodes => nodes.map(node => node.id)") == ["p0-2"]
    press(page, "theme", "行政执法")
    assert page.locator("article.both").count() == 1  # it stays open while filters change
    page.get_by_role("button", name="原文 报告 1, 2").click()
    assert page.locator("article.both").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_by_day_and_by_night(visit, scheme):
    page = visit(BOTH, "theme=enforcement,none&section=work", color_scheme=scheme)
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 24, 27)"
    assert dark == (scheme == "dark")
    assert page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("width", [360, 700, 1000, 1400])
def test_no_width_makes_the_page_scroll_sideways(visit, width):
    page = visit(BOTH, "text=both", viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="English").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


# --- outline and scores ---


def test_a_click_in_the_outline_scrolls_there(visit):
    page = visit(html(LONG))
    page.get_by_role("button", name="七、第七部分 40").click()
    heading = page.locator("h3", has_text="七、第七部分")
    bar = page.locator(".state").bounding_box()
    assert bar["y"] + bar["height"] - 1 <= heading.bounding_box()["y"] < 300
    page.wait_for_function("document.querySelector('#outline [aria-current]')?.innerText.startsWith('七、')")
    page.locator("#query").fill("第三部分的第2段")
    page.get_by_role("button", name="三、第三部分 1").click()  # the heading is filtered away: the next one shown
    assert page.evaluate("document.activeElement.closest('article').innerText").count("第三部分的第2段正文")


def test_scores_show_on_hover_and_go_away(visit):
    page = visit(BOTH)
    scores = page.locator("#scores")
    assert scores.is_hidden()
    page.locator("#p0-3 .aside .tags").hover()
    assert scores.is_visible()
    assert scores.locator(".row.over .name").all_inner_texts() == ["执法", "普法", "工作情况"]
    assert scores.locator(".row").count() == 1 + len(SCHEME.themes) + 1
    assert scores.locator(".row.over .figure").all_inner_texts() == ["0.91", "0.91", "0.88"]
    page.locator("#p0-3 .content").hover()
    assert scores.is_hidden()


def test_scores_show_on_a_click_and_stay_in_the_window(visit):
    page = visit(BOTH, viewport={"width": 500, "height": 700}, has_touch=True)
    page.get_by_role("button", name="分数 报告 2, 1").tap()
    box = page.locator("#scores").bounding_box()
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= 500
    assert box["y"] + box["height"] <= 700
    page.keyboard.press("Escape")
    assert page.locator("#scores").is_hidden()


# --- keys ---


def test_a_reader_without_a_mouse(visit):
    page = visit(BOTH)
    page.keyboard.press("/")
    page.keyboard.type("普法/")
    assert page.locator("#query").input_value() == "普法/"
    page.keyboard.press("Backspace")
    assert shown(page) == ["0-3", "1-0"]
    button(page, "theme", ENFORCEMENT).focus()
    page.keyboard.press("Space")
    assert shown(page) == ["0-3"]
    assert page.evaluate("document.activeElement.dataset.id") == ENFORCEMENT  # the focus is not lost by drawing
    page.keyboard.press("Enter")
    assert shown(page) == ["0-3", "1-0"]
    page.locator("#both").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.do") == "scores"
    assert page.locator("#scores").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#scores").is_hidden()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#p0-3.both").count() == 1


def test_the_skip_link_keeps_the_filters(visit):
    page = visit(BOTH)
    button(page, "theme", ENFORCEMENT).click()
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "list"
    assert shown(page) == ["0-2", "0-3"]
    assert page.url.endswith("#theme=enforcement")


# --- print ---


def printed(page):
    """Print to PDF and return its text, without what only lays it out, and its pages."""
    import pypdfium2

    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    text = "".join(sheet.get_textpage().get_text_range() for sheet in document)
    return "".join(text.split()), document


def test_print_holds_all_text_and_no_controls(visit):
    page = visit(html(LONG))
    text, sheets = printed(page)  # at once: most paragraphs are not painted yet
    for part in "一二三四五六七八":
        assert f"{part}、第{part}部分" in text
        for place in range(1, 41):
            assert f"这是第{part}部分的第{place}段正文,依法行政。" in text
    for control in ("English", "目录", "对照", "清除筛选", "分数", "待核0"):
        assert control not in text
    assert 5 < len(sheets) < 30


def test_print_says_what_was_filtered_in_black_on_white(visit):
    page = visit(BOTH, color_scheme="dark")
    button(page, "band", "check").click()
    page.locator("#query").fill("检查")
    text, sheets = printed(page)
    assert "显示1段(正文1),共8段·“检查”" in text
    assert "待核1" in text
    assert "可信" not in text
    assert "查办案件" not in text
    assert sheets[0].render().to_numpy()[2, 2].tolist() == [255, 255, 255]


# --- hostile reports, and the state in the address ---


HOSTILE = (
    '</script><script>document.title="owned"</script>',
    '<img src=x onerror="document.title=1">执法检查 & <!-- <script>',
    "行分隔\u2028符,{{script}} {{data}} ${1}",
    "<svg/onload=alert(1)>\u202egnp.exe\0 &lt;b&gt;",
)


def test_nothing_runs_that_a_report_says(visit):
    rows = [(text, "work", [ENFORCEMENT], "check") for text in (*HOSTILE, "")]  # the separator makes one more
    page = visit(html(tagged('"><img src=x onerror=alert(1)>.txt', *rows), FIRST, note="<img src=x onerror=alert(1)>"))
    page.get_by_label("对照:原文 | 净文").check()
    page.locator("#query").fill("<img src=x onerror=alert(1)>")
    page.locator("#query").fill("")
    page.locator("#p0-0 .aside .tags").hover()
    page.get_by_role("button", name="English").click()
    assert page.title() == "Tagged reports · fazhi"
    assert page.locator("img, svg").count() == 0
    assert page.locator("script").count() == 2
    assert page.locator("#p0-1 .original").text_content() == HOSTILE[1]
    assert "<img src=x onerror=alert(1)>" in page.locator("#note").text_content()


@pytest.mark.parametrize(
    ("state", "keys"),
    [
        ("theme=publicity", ["0-3", "1-0"]),
        ("theme=enforcement&section=work&band=check", ["0-3"]),
        ("report=2", ["1-0", "1-1"]),
        ("q=%E6%99%AE%E6%B3%95&lang=en&text=both", ["0-3", "1-0"]),
        ("theme=__proto__,<img>&report=-1&band=constructor&lang=xx&q=", ALL),
        ("q=%ff%00&theme", []),
        ("report=99&section=<script>alert(1)</script>", ALL),
    ],
)
def test_a_linked_view_opens_as_it_was(visit, state, keys):
    assert shown(visit(BOTH, state)) == keys


def test_another_view_can_be_linked_while_the_page_is_open(visit):
    page = visit(BOTH)
    page.evaluate("location.hash = 'theme=publicity&lang=en'")
    page.wait_for_function("document.documentElement.lang === 'en'")
    assert shown(page) == ["0-3", "1-0"]
