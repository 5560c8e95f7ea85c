"""The page of `fazhi serve` as an officer uses it: a real server, a real browser, clicks, keys and downloads."""

import base64
import csv
import io
import json
import re
from pathlib import Path

import openpyxl
import pytest
from contrast import CONTRAST
from served import served

from fazhi.model.labels import read_examples
from fazhi.model.reading import document_from_text
from fazhi.serving.api.keys import new_key, write_keys

OUTLINE = Path(__file__).parents[2] / "model" / "documents" / "outline.docx"
# 𠮷 is one character of the format and two of JavaScript: spans behind it would be off by one.
TEXT = (
    "某市法治政府建设报告\n一、工作情况\n𠮷林路的工作。\n(一)严格规范公正文明执法。开展行政執法检查3次,落实三项制度。\n"
    "二、存在问题\n执法人员不足。\n"
)
OTHER = "某市法治政府建设报告\n一、工作情况\n开展普法宣传活动二十余场次。\n二、存在问题\n普法不够。"
HOSTILE = (
    "某市法治政府建设报告\n一、<img src=x onerror=\"document.title='owned'\">\n"
    "</script><script>document.title='owned'</script>开展行政执法检查。\n<style>*{display:none}</style>\n"
)


@pytest.fixture(scope="module")
def address():
    with served("--bundle", "fazhi-linear", "--max-file", "0.2", "--max-characters", "20000") as server:
        yield server.url


@pytest.fixture
def visit(chromium):
    """Open the page of a server; at the end it must have said nothing wrong and asked no other host."""
    wrong, contexts = [], []

    def hear(text):
        if not text.startswith("Failed to load resource"):  # a refused request, which the page tells in its own words
            wrong.append(text)

    def open_page(url, **options):
        contexts.append(chromium.new_context(locale="zh-CN", **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: hear(message.text))
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith((url, "blob:")) else None)
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def give(page, name, text):
    """Choose a file, and wait until it is tagged and its words are marked."""
    data = text if isinstance(text, bytes) else text.encode()
    page.locator("#file").set_input_files({"name": name, "mimeType": "text/plain", "buffer": data})
    page.locator("#files li.tagged", has_text=name).wait_for()


def problem(page, name, data):
    """Choose a file, and return what is said of it."""
    page.locator("#file").set_input_files({"name": name, "mimeType": "text/plain", "buffer": data})
    return page.locator("#files li.failed", has_text=name).locator(".remark").inner_text()


def clean(page):
    return page.locator("#list .clean").all_text_contents()


def article(page, words):
    return page.locator("article", has=page.locator(".clean", has_text=words))


def tool(page, words, name):
    article(page, words).hover()
    article(page, words).get_by_role("button", name=name, exact=False).click()


def download(page, name):
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name, exact=True).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


# --- in ---


def test_pasted_text_is_tagged_explained_and_compared_with_the_original(visit, address):
    page = visit(address)
    assert page.locator("#reading").is_hidden()
    page.get_by_role("button", name="粘贴文字").click()
    page.get_by_label("报告全文").fill(TEXT)
    page.get_by_role("button", name="标注", exact=True).click()
    page.locator("#files li.tagged").wait_for()
    assert page.locator("#files li").inner_text().split() == ["粘贴的文字", "1.txt", "6", "段(正文", "4)", "移除"]
    assert clean(page)[3] == "(一)严格规范公正文明执法。开展行政执法检查3次,落实三项制度。"
    assert page.locator("#count").text_content() == "显示 6 段(正文 4),共 6 段"
    assert page.locator("#outline li").all_inner_texts() == ["一、工作情况\n2", "二、存在问题\n1"]
    assert "执法" in page.locator("#p0-3 .earned[title]").first.text_content()
    page.get_by_label("对照:原文 | 净文").check()
    assert "行政執法检查" in page.locator("#p0-3 .original").text_content()


def test_a_word_file_is_dropped_filtered_and_searched(visit, address):
    page = visit(address)
    make = """([data, name]) => {
      const dropped = new DataTransfer();
      dropped.items.add(new File([Uint8Array.from(atob(data), each => each.charCodeAt(0))], name));
      return dropped;
    }"""
    dropped = page.evaluate_handle(make, [base64.b64encode(OUTLINE.read_bytes()).decode(), "纲要.docx"])
    page.dispatch_event("#drop", "drop", {"dataTransfer": dropped})
    page.locator("#files li.tagged", has_text="纲要.docx").wait_for()
    every = clean(page)
    page.locator("button[data-list=section][data-id=heading]").click()
    assert clean(page) == [each.text_content() for each in page.locator(".heading .clean").all()]
    assert 0 < len(clean(page)) < len(every)
    page.get_by_role("button", name="清除筛选").click()
    page.locator("#query").fill(every[-1][:4])
    assert every[-1] in clean(page)
    assert all(every[-1][:4] in each for each in page.locator("article").all_text_contents())


def test_a_theme_that_is_not_found_leads_to_the_nearest_paragraph(visit, address):
    page = visit(address)
    give(page, "乙.txt", OTHER)
    assert "执法" in page.locator("#missed").inner_text()
    assert "普法" not in page.locator("#missed").inner_text()
    page.locator("#missing summary").click()
    gap = page.locator("#nearest .gap[data-id=enforcement]")
    quoted = gap.locator("blockquote").inner_text()
    gap.locator("button").click()
    assert page.evaluate("document.activeElement.closest('article').querySelector('.clean').textContent") == quoted


def test_of_files_that_come_together_the_first_is_shown_and_one_that_comes_later(visit, address):
    page = visit(address)
    files = {"甲.txt": TEXT, "乙.txt": OTHER, "空.txt": " "}
    payload = [{"name": name, "mimeType": "text/plain", "buffer": text.encode()} for name, text in files.items()]
    page.locator("#file").set_input_files(payload)
    page.locator("#files li.tagged", has_text="乙.txt").wait_for()
    page.locator("#files li.failed", has_text="空.txt").wait_for()
    assert clean(page)[2] == "𠮷林路的工作。"
    give(page, "丙.txt", OTHER)
    assert clean(page)[2] == "开展普法宣传活动二十余场次。"
    page.locator("#report").select_option("")
    page.get_by_role("button", name="移除 甲.txt").click()
    assert page.locator("#count").inner_text() == "显示 10 段(正文 6),共 10 段"
    assert page.evaluate("document.activeElement.id") == "choose"


# --- out ---


def test_every_export_holds_the_report(visit, address):
    page = visit(address)
    give(page, "甲.txt", TEXT)
    names, found = zip(*(download(page, name) for name in ("XLSX", "CSV", "HTML", "JSON")), strict=True)
    assert names == ("甲.txt.xlsx", "甲.txt.csv", "甲.txt.html", "甲.txt.json")
    workbook, table, html, data = found
    assert "甲.txt" in str(list(openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0].values))
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert [row["clean"] for row in rows] == clean(page)
    records = json.loads(data)["reports"][0]["paragraphs"]
    embedded = json.loads(re.search(r'id="data">(.*?)</script', html.decode(), re.DOTALL)[1])
    assert embedded["reports"][0]["records"] == records
    assert all(TEXT[each["start"] : each["end"]] == each["text"] for each in records)
    assert records[3]["earned"]["enforcement"]["words"]


def test_what_was_confirmed_or_changed_is_downloaded_as_votes(visit, address, scheme, tmp_path):
    page = visit(address)
    give(page, "甲.txt", TEXT)
    assert page.locator("#votes").is_hidden()
    tool(page, "严格规范公正", "确认")
    tool(page, "执法人员不足", "更正")
    editor = article(page, "执法人员不足").locator(".editor")
    assert page.evaluate("document.activeElement.dataset.vote") == "section"
    editor.locator("select").select_option("plan")
    editor.get_by_role("button", name="能力").click()  # the model gives it with enforcement
    editor.get_by_role("button", name="普法").click()
    tool(page, "𠮷林路", "更正")  # opened, not answered
    tool(page, "一、工作情况", "确认")
    tool(page, "一、工作情况", "撤销")
    assert page.locator("#judged").inner_text() == "已核 2 段"
    tags = article(page, "执法人员不足").locator(".tags span").all_inner_texts()
    assert tags == ["已核", "工作安排", "执法", "普法"]
    leaving = "() => { const event = new Event('beforeunload', { cancelable: true }); dispatchEvent(event); return event.defaultPrevented; }"
    assert page.evaluate(leaving)
    page.get_by_label("姓名").fill("王")
    name, data = download(page, "下载 examples.jsonl")
    assert name == "examples.jsonl"
    (tmp_path / name).write_bytes(data)
    confirmed, changed = read_examples(tmp_path / name, scheme)
    assert (confirmed.section, confirmed.themes, confirmed.kind, confirmed.annotator) == (
        "work",
        ("enforcement",),
        "vote",
        "王",
    )
    assert (changed.section, changed.index, changed.count) == ("plan", 5, 6)
    assert changed.themes == ("enforcement", "publicity")
    for vote in (confirmed, changed):
        assert TEXT[vote.start : vote.end] == vote.text  # code points, behind 𠮷
        assert vote.sha256 == document_from_text(TEXT, "甲.txt").sha256
    assert not page.evaluate(leaving)


def test_a_section_without_themes_takes_them_away(visit, address):
    page = visit(address)
    give(page, "甲.txt", TEXT)
    tool(page, "严格规范公正", "更正")
    editor = article(page, "严格规范公正").locator(".editor")
    editor.locator("select").select_option("boilerplate")
    assert editor.locator("button:enabled").count() == 0
    assert article(page, "严格规范公正").locator(".chip").count() == 0
    assert editor.locator("option[value=heading]").count() == 0  # the cut decides what is a heading


# --- two reports ---


def test_two_reports_stand_side_by_side(visit, address):
    page = visit(address)
    give(page, "甲.txt", TEXT)
    assert page.locator("[data-view=comparison]").is_disabled()
    give(page, "乙.txt", OTHER)
    assert page.locator("#report option").all_inner_texts() == ["全部报告(2 份)", "甲.txt", "乙.txt"]
    assert clean(page)[2] == "开展普法宣传活动二十余场次。"  # the newest is shown
    page.get_by_role("button", name="两份对照").click()
    line = page.locator(".line[data-id=enforcement]")
    line.wait_for()
    # 39 of the 56 characters of A's body are in paragraphs on enforcement: 32 + 7 beside 10 + 7
    assert line.locator(".figure").all_inner_texts() == ["69.6%"]
    assert "未见" in line.locator(".missed").inner_text()
    line.locator("button.name").click()
    columns = page.locator(".beside > div").all_inner_texts()
    assert "严格规范公正文明执法" in columns[0]
    assert columns[1].split() == ["B", "未见"]
    page.get_by_role("button", name="按差值").click()
    assert page.evaluate("document.activeElement.dataset.order") == "change"
    name, data = download(page, "CSV")
    assert name == "compare.csv"
    assert {row["name"] for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig")))} == {"甲.txt", "乙.txt"}
    page.locator("[data-side=B]").select_option(label="甲.txt")
    page.get_by_text("各边是相同的报告").wait_for()
    page.get_by_role("button", name="移除 乙.txt").click()
    assert page.locator("#comparison").is_hidden()


# --- languages, widths, eyes, keys ---


def test_english_leaves_no_chinese_but_the_reports(visit, address):
    page = visit(address)
    page.get_by_role("button", name="English").click()
    give(page, "a.txt", TEXT)
    give(page, "b.txt", OTHER)
    tool(page, "普法不够", "correct")
    tool(page, "普法不够", "confirm")
    page.get_by_role("button", name="Compare two").click()
    page.locator(".line[data-id]").first.wait_for()
    page.get_by_role("button", name="Read", exact=True).click()
    words = page.evaluate(
        "() => [...document.querySelectorAll('#desk, .bar, .foot, .tools, .tags, .editor, .summary > :not(#missing)')].map(node => node.innerText).join(' ')"
    )
    assert "2 reports" not in words
    assert "1 checked" in words
    assert not re.findall(r"[\u4e00-\u9fff]+", words.replace("中文", ""))
    assert page.title() == "Tag reports · fazhi"


@pytest.mark.parametrize(("width", "light"), [(390, "dark"), (1280, "light")])
def test_nothing_scrolls_sideways_and_everything_can_be_read(visit, address, width, light):
    page = visit(address, viewport={"width": width, "height": 800}, color_scheme=light)
    sideways = "document.documentElement.scrollWidth - innerWidth"
    assert page.evaluate(sideways) <= 0
    give(page, "甲" * 60 + ".txt", TEXT)
    give(page, "乙.txt", OTHER)
    tool(page, "普法不够", "更正")
    tool(page, "普法不够", "确认")
    problem(page, "空.txt", b" ")
    assert page.evaluate(sideways) <= 0
    assert page.evaluate(CONTRAST) == []
    page.get_by_role("button", name="两份对照").click()
    page.locator(".line[data-id=publicity] button.name").click()
    assert page.evaluate(sideways) <= 0
    page.get_by_role("button", name="English").click()
    assert page.evaluate(sideways) <= 0
    assert page.evaluate(CONTRAST) == []


def test_a_reader_without_a_mouse(visit, address):
    page = visit(address)
    focused = "document.activeElement.id || document.activeElement.dataset.do || document.activeElement.dataset.view"

    def tab_to(name):
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate(focused) == name:
                return
        pytest.fail(f"{name} cannot be reached")

    tab_to("write")
    page.keyboard.press("Enter")
    assert page.evaluate(focused) == "text"
    page.keyboard.insert_text(TEXT)
    page.keyboard.press("Control+Enter")
    page.locator("#files li.tagged").wait_for()
    assert page.evaluate(focused) == "write"
    page.keyboard.press("/")
    page.keyboard.type("不足")
    assert clean(page) == ["执法人员不足。"]
    tab_to("confirm")
    page.keyboard.press("Enter")
    assert page.locator("#judged").inner_text() == "已核 1 段"
    assert page.evaluate(focused) == "confirm"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.vote") == "section"
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    assert "领导" in page.locator("#list .tags").inner_text()


# --- what goes wrong ---


def test_nothing_runs_that_a_report_says(visit, address):
    page = visit(address)
    give(page, "<img src=x onerror=alert(1)>.txt", HOSTILE)
    give(page, "乙.txt", OTHER)
    page.locator("#report").select_option("")
    assert "</script><script>document.title='owned'</script>开展行政执法检查。" in clean(page)
    page.get_by_role("button", name="两份对照").click()
    page.locator(".line[data-id=enforcement] button.name").click()
    assert page.locator("img, .beside script").count() == 0
    assert page.locator("script").count() == 2
    assert page.title() == "法治报告标注 · fazhi"


def test_the_policy_stops_what_would_be_put_into_the_page(chromium, address):
    page = chromium.new_page(locale="zh-CN")
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    page.evaluate("""() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "owned"';
      document.body.append(script);
      document.body.setAttribute('style', 'display: none');
      return fetch('http://localhost:9/').catch(() => {});
    }""")
    title, shown = page.title(), page.locator("#drop").is_visible()
    page.close()
    assert (title, shown) == ("法治报告标注 · fazhi", True)
    for directive in ("script-src", "style-src", "connect-src"):
        assert any(directive in each for each in said), directive


def test_refusals_are_told_and_can_be_tried_again(visit, address):
    page = visit(address)
    assert problem(page, "大.txt", b"x" * 200_001) == "内容太多"
    assert problem(page, "长.txt", "法".encode() * 20_001).startswith("内容太多 · 超过 more than 20,000 字")
    assert problem(page, "表.xlsx", b"x").startswith("不是报告的格式")
    assert problem(page, "空.txt", b" \n").startswith("无法读取")
    busy = {"error": {"code": "busy", "message": "请求太多", "field": "", "hint": "", "request": "1"}}
    page.route(
        "**/v1/reports",
        lambda route: route.fulfill(
            status=429, json=busy, headers={"Retry-After": "7", "Content-Type": "application/json"}
        ),
    )
    assert problem(page, "甲.txt", TEXT.encode()) == "服务繁忙,7 秒后再试 · 请求太多"
    page.unroute("**/v1/reports")
    page.route("**/v1/reports", lambda route: route.abort())
    assert problem(page, "乙.txt", OTHER.encode()) == "连不上服务,请检查它是否在运行"
    page.unroute("**/v1/reports")
    page.get_by_role("button", name="English").click()
    assert page.locator("#files .remark").all_inner_texts()[-1] == "The service cannot be reached: is it running?"
    page.get_by_role("button", name="Try again 乙.txt").click()
    page.locator("#files li.tagged", has_text="乙.txt").wait_for()


def test_a_key_is_asked_for_where_one_is_needed(visit, address, tmp_path):
    assert visit(address).locator("#key").is_hidden()
    key, token = new_key("office", is_admin=False)
    write_keys(tmp_path / "keys.json", [key])
    with served("--bundle", "fazhi-linear", "--keys", str(tmp_path / "keys.json")) as server:
        page = visit(server.url)
        assert problem(page, "甲.txt", TEXT.encode()).startswith("需要访问密钥,或密钥不对")
        for wrong in ("fz_wrong", "密钥"):
            page.get_by_label("访问密钥").fill(wrong)
            page.keyboard.press("Enter")
            page.locator("#files li.failed").wait_for()
        page.get_by_label("访问密钥").fill(token)
        page.keyboard.press("Enter")
        page.locator("#files li.tagged").wait_for()
        assert len(clean(page)) == 6
        assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
