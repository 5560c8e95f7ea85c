"""What an annotator sees: suggestions ticked, Chinese names and keys; a change by key comes back as a change."""

import dataclasses
import re

import pytest

from fazhi.annotation.suggested import Suggested, chosen
from fazhi.annotation.votes import votes_of
from fazhi.model import load_tagger
from fazhi.model.labels import read_examples, write_examples

TEXT = "某市法治政府建设报告\n一、工作情况\n加强行政执法监督,全年开展“双随机”行政执法检查120次,查办案件30件。\n"


@pytest.fixture
def page(chromium, server):
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    strange = []
    opened.on(
        "request",
        lambda request: (
            None
            if server.url in request.url or request.url.startswith(("data:", "blob:"))
            else strange.append(request.url)
        ),
    )
    opened.goto(f"{server.url}/user/login/")
    opened.fill("input[name=email]", "fazhi@localhost.local")
    opened.fill("input[name=password]", server.home.secrets()["password"])
    opened.click("button[type=submit]")
    opened.wait_for_url(lambda url: "login" not in url, wait_until="commit")
    yield opened
    context.close()
    assert strange == []


def ticked(page, count):
    """Wait for that many ticks; return the names beside them all, without their keys."""
    labels = page.locator("label:has(input:checked)")
    labels.nth(count - 1).wait_for()
    return [re.sub(r"\W.*", "", text, flags=re.DOTALL) for text in labels.all_inner_texts()]


def test_an_annotator_sees_suggestions_and_changes_one_by_key(server, page, tmp_path, scheme):
    report = tmp_path / "甲.txt"
    report.write_text(TEXT, encoding="utf-8")
    (said,) = [each for each in load_tagger("linear").tag(report).paragraphs if len(each.paragraph.clean) > 20]
    assert (said.section, said.themes) == ("work", ("enforcement",))
    assert server.annotate("create", "浏览器试标").exit_code == 0
    server.annotate("push", report, "--project", "浏览器试标", "--bundle", "linear", "--shortest", 20)
    project = server.studio.project("浏览器试标")

    page.goto(f"{project.url}/data?labeling=1")
    assert ticked(page, 2) == ["工作情况", "行政执法"]
    page.keyboard.press("0")  # the key of digital
    assert ticked(page, 3) == ["工作情况", "行政执法", "数字法治政府"]
    with page.expect_response(lambda answer: "/annotations" in answer.url and answer.request.method == "POST"):
        page.get_by_role("button", name="Submit").first.click()

    export = server.studio.export(project)
    (annotation,) = [each for task in export.tasks for each in task["annotations"]]
    assert chosen(annotation["result"], "themes") == ["enforcement", "digital"]
    assert {item["from_name"]: item["origin"] for item in annotation["result"]} == {
        "section": "prediction",
        "themes": "prediction-changed",
    }
    votes = votes_of(export, scheme)
    assert [(each.section, each.themes) for each in votes.examples] == [("work", ("enforcement", "digital"))]
    assert votes.suggested == Suggested(seen=1, kept=0, section=1, themes=0)


def test_competing_answers_stand_side_by_side_without_names(server, page, root, scheme, tmp_path):
    gold = read_examples(root / "seeds" / "gold.jsonl", scheme)
    one = next(each for each in gold if (each.section, each.themes) == ("work", ("enforcement",)))
    answers = {"张三": ("enforcement",), "李四": ("enforcement", "digital")}
    votes = [
        dataclasses.replace(one, kind="vote", annotator=name, themes=themes, source="xlsx")
        for name, themes in answers.items()
    ]
    write_examples(tmp_path / "e.jsonl", votes)
    to_settle = ("adjudicate", tmp_path / "e.jsonl", "-o", tmp_path / "v.jsonl", "--project", "浏览器终裁")
    assert server.annotate(*to_settle).exit_code == 0
    more = {"王五": ("publicity",), "赵六": ("digital", "publicity")}
    votes += [dataclasses.replace(votes[0], annotator=name, themes=themes) for name, themes in more.items()]
    write_examples(tmp_path / "e.jsonl", votes)
    again = server.annotate(*to_settle)
    assert "tasks whose competing answers change: 1" in again.output

    page.goto(f"{server.studio.project('浏览器终裁').url}/data?labeling=1")
    page.get_by_text("行政执法、数字法治政府").wait_for()
    page.get_by_text("D", exact=True).wait_for()  # an answer of the votes that came later
    left, right = (page.get_by_text(letter, exact=True).bounding_box() for letter in "AB")
    assert left["y"] == right["y"]
    assert left["x"] + 200 < right["x"]
    assert page.locator("label:has(input:checked)").count() == 0
    assert not [name for name in answers if name in page.content()]
    page.keyboard.press("f")  # the key of work
    page.keyboard.press("0")  # and of digital
    assert ticked(page, 2) == ["工作情况", "数字法治政府"]
    with page.expect_response(lambda answer: "/annotations" in answer.url and answer.request.method == "POST"):
        page.get_by_role("button", name="Submit").first.click()
    assert server.annotate(*to_settle, "--pull").exit_code == 0
    (verdict,) = read_examples(tmp_path / "v.jsonl", scheme)
    assert (verdict.section, verdict.themes, verdict.source) == ("work", ("digital",), "xlsx")
    assert (verdict.kind, verdict.annotator) == ("verdict", "fazhi@localhost.local")
