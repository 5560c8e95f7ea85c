"""POST /v1/compare and several files to /v1/reports: what is beside what, in every form, and every refusal."""

import csv
import io
import json
import zipfile

import openpyxl
import pytest

pytestmark = pytest.mark.anyio
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Body: a title of 10 characters and 32 + 7 on enforcement; the same title and 14 + 5 on publicity.
ONE = "某市法治政府建设报告\n一、工作情况\n(一)严格规范公正文明执法。开展行政执法检查3次,落实三项制度。\n二、存在问题\n执法人员不足。"
TWO = "某市法治政府建设报告\n一、工作情况\n开展普法宣传活动二十余场次。\n二、存在问题\n普法不够。"
ONE, TWO = ONE.encode(), TWO.encode()


def error_of(answer, status):
    assert answer.status_code == status, answer.text
    return answer.json()["error"]


def zipped(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name, data in files.items():
            target.writestr(name, data)
    return packed.getvalue()


async def send(client, files, path="/v1/compare", accept="*/*", **query):
    parts = [("file", each) for each in files]
    return await client.post(path, files=parts, params=query, headers={"Accept": accept})


def line(data, kind, label):
    return [each for each in data["records"] if (each["kind"], each["id"]) == (kind, label)]


async def test_each_file_is_a_side(serving):
    async with serving() as client:
        data = (await send(client, [("甲.txt", ONE), ("乙.txt", TWO)])).json()
    assert [(each["letter"], each["name"], each["characters"]) for each in data["sides"]] == [
        ("A", "甲.txt", 49),
        ("B", "乙.txt", 29),
    ]
    assert (data["same"], data["shared"], data["not_tagged"]) == (False, 0, [])
    one, two = line(data, "theme", "enforcement")
    assert (one["found"], one["share"], two["found"], two["difference"]) == (
        True,
        round(39 / 49, 6),
        False,
        -round(39 / 49, 6),
    )
    assert two["nearest"]["document"] == "乙.txt"
    assert two["not_found"] == [two["nearest"]]
    assert data["themes"][0]["ink"] in {"#000000", "#ffffff"}


async def test_an_archive_is_one_side_of_many_reports(serving):
    archive = zipped({"a.txt": ONE, "b.txt": TWO, "c.docx": b"PK\x03\x04 broken"})
    async with serving() as client:
        data = (await send(client, [("2023.zip", archive), ("乙.txt", TWO)])).json()
    assert data["sides"][0]["documents"] == ["2023.zip/a.txt", "2023.zip/b.txt"]
    assert data["sides"][0]["skipped"] == 1
    assert data["shared"] == 1
    assert [each["document"] for each in data["not_tagged"]] == ["2023.zip/c.docx"]


async def test_every_form_of_the_command_line(serving):
    files = [("甲.txt", ONE), ("乙.txt", TWO)]
    async with serving() as client:
        page = await send(client, files, accept="text/html")
        table = await send(client, files, accept="text/csv")
        book = await send(client, files, accept=XLSX)
        lines = await send(client, files, accept="application/jsonl")
    assert 'class="compared"' in page.text
    assert table.headers["content-disposition"] == "attachment; filename*=UTF-8''compare.csv"
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert {row["name"] for row in rows} == {"甲.txt", "乙.txt"}
    assert len(rows) == len(lines.text.splitlines())
    assert openpyxl.load_workbook(io.BytesIO(book.content)).sheetnames


async def test_the_workbook_says_what_does_not_look_like_a_report(serving):
    novel = ("小说.txt", ("夜里下起了大雨,他撑着伞走过那座旧桥,想起许多年前的一个冬天。" * 20).encode())
    async with serving() as client:
        book = await send(client, [("甲.txt", ONE), novel], accept=XLSX)
    cells = [each for row in openpyxl.load_workbook(io.BytesIO(book.content)).worksheets[-1].values for each in row]
    assert "存疑 unlike a report: 小说.txt" in cells
    assert cells[cells.index("不像报告的文件 unlike a report") + 1] == "1"


async def test_what_cannot_be_compared_is_refused(serving):
    good = ("甲.txt", ONE)
    async with serving() as client:
        assert error_of(await send(client, [good]), 422)["field"] == "file"
        assert error_of(await send(client, [good] * 7), 422)["field"] == "file"
        assert error_of(await send(client, [good, ("b.txt", b" ")]), 422)["field"] == "file.1"
        assert error_of(await send(client, [good, ("b.exe", b"x")]), 415)["field"] == "file"
        assert error_of(await send(client, [good, good], accept="image/png"), 406)["field"] == "Accept"


async def test_several_files_are_one_result(serving):
    files = [("甲.txt", ONE), ("空.txt", b" "), ("乙.txt", TWO)]
    async with serving() as client:
        data = (await send(client, files, "/v1/reports")).json()
        lines = await send(client, files, "/v1/reports", "application/jsonl")
    assert [each["document"] for each in data["reports"]] == ["甲.txt", "乙.txt"]
    assert [each["document"] for each in data["not_tagged"]] == ["空.txt"]
    assert {json.loads(each)["document"] for each in lines.text.splitlines()} == {"甲.txt", "乙.txt"}
    assert lines.headers["content-disposition"].endswith("fazhi.jsonl")


async def test_a_report_names_the_themes_that_it_does_not_have(serving, scheme):
    async with serving() as client:
        data = (await send(client, [("乙.txt", TWO)], "/v1/reports")).json()
    [report] = data["reports"]
    found = {theme for each in report["paragraphs"] for theme in each["themes"]}
    assert set(report["not_found"]) == set(scheme.theme_ids) - found
    near = report["not_found"]["enforcement"]
    scores = {each["index"]: each["theme_scores"]["enforcement"] for each in report["paragraphs"][1:]}  # no title
    assert (near["document"], near["score"]) == ("乙.txt", max(scores.values()))
    assert scores[near["index"]] == near["score"]
    assert (data["scheme"], data["segmenter"]) == (scheme.fingerprint, "1")
