"""POST /v1/reports on the real application: every format in and out, and every refusal."""

import contextlib
import csv
import io
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pytest

from fazhi.model.reading import InputError, read_document
from fazhi.serving.api.rendering import form_of
from fazhi.serving.api.service import Limits
from fazhi.serving.outputs import record

pytestmark = pytest.mark.anyio
TEXT = "某市法治政府建设报告\n一、工作情况\n(一)严格规范公正文明执法。开展行政执法检查3次,落实三项制度。\n二、存在问题\n执法人员不足。"
OUTLINE = Path(__file__).parents[2] / "model" / "documents" / "outline.docx"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def error_of(answer, status):
    assert answer.status_code == status, answer.text
    return answer.json()["error"]


def zipped(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in files.items():
            target.writestr(name, data)
    return packed.getvalue()


async def send(client, data, name="报告.txt", accept=None, **query):
    headers = {"Accept": accept} if accept else {}
    return await client.post("/v1/reports", files={"file": (name, data)}, params=query, headers=headers)


async def test_a_text_file_gives_its_text_its_paragraphs_and_counts(serving):
    async with serving() as client:
        answer = await send(client, TEXT.encode("gb18030"))
    data = answer.json()
    [report] = data["reports"]
    assert (data["model"], data["not_tagged"], data["left_out"]) == ("fazhi-linear@0.1.0", [], 0)
    assert (report["document"], report["text"], report["furniture"], report["warnings"]) == ("报告.txt", TEXT, 0, [])
    for each in report["paragraphs"]:
        assert report["text"][each["start"] : each["end"]] == each["text"]
    # body: the title (10 characters), the paragraph on enforcement (32) and that on problems (7)
    counts = report["counts"]
    assert (counts["paragraphs"], counts["body"], counts["characters"]) == (5, 3, 49)
    assert counts["themes"]["enforcement"]["paragraphs"] == 2
    assert counts["themes"]["enforcement"]["share"] == round((32 + 7) / 49, 4)


async def test_a_word_document_is_read_as_on_the_command_line(serving, tagger):
    document = read_document(OUTLINE)
    expected = tagger.tag(document)
    async with serving() as client:
        [report] = (await send(client, OUTLINE.read_bytes(), "纲要.docx")).json()["reports"]
    assert report["text"] == document.text
    assert report["paragraphs"] == [{**record(expected, each), "document": "纲要.docx"} for each in expected.paragraphs]


async def test_an_archive_gives_its_reports_and_says_what_it_could_not_read(serving):
    data = zipped(
        {"甲/年报.txt": TEXT.encode(), "乙.docx": b"PK\x03\x04 broken", "图.png": b"x", "__MACOSX/x.txt": b"x"}
    )
    async with serving() as client:
        answer = (await send(client, data, "2023.zip")).json()
    assert [each["document"] for each in answer["reports"]] == ["2023.zip/甲/年报.txt"]
    assert [each["document"] for each in answer["not_tagged"]] == ["2023.zip/乙.docx"]
    assert answer["left_out"] == 1


async def test_csv_is_that_of_the_command_line(serving):
    async with serving() as client:
        answer = await send(client, TEXT.encode(), accept="text/csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%E6%8A%A5%E5%91%8A.txt.csv"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["section"] for row in rows] == ["title", "heading", "work", "heading", "problem"]
    assert (rows[2]["document"], rows[2]["themes"]) == ("报告.txt", "enforcement")


async def test_the_workbook_names_what_failed(serving):
    data = zipped({"甲.txt": TEXT.encode(), "乙.txt": b"\x00\x01\x02" * 50})
    async with serving() as client:
        answer = await send(client, data, "a.zip", accept=XLSX)
    assert answer.headers["fazhi-not-tagged"] == "1"
    sheets = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets
    cells = [str(cell.value) for row in sheets[-1].iter_rows() for cell in row if cell.value]
    assert "未标注 not tagged: a.zip/乙.txt" in cells


async def test_the_page_holds_the_report_as_data_never_as_markup(serving):
    async with serving() as client:
        answer = await send(
            client, (TEXT + "\n<script>alert(1)</script>").encode(), accept="text/html,*/*;q=0.1", explain=True
        )
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.count("<script") == answer.text.count("</script>") == 2
    assert "alert(1)\\u003c/script\\u003e" in answer.text


async def test_lines_for_programs(serving):
    async with serving() as client:
        answer = await send(client, TEXT.encode(), accept="application/jsonl")
    assert len(answer.text.splitlines()) == 5


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("text/*", "csv"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("text/html;q=0.5, application/json", "json"),
        ("application/x-ndjson", "jsonl"),
        (XLSX, "xlsx"),
        ("image/png", None),
        ("application/json;q=0", None),
        ("text/csv;q=much", None),
    ],
)
def test_accept_chooses_the_form(accept, form):
    assert form_of(accept) == form


@pytest.mark.parametrize(
    ("name", "data", "status", "field"),
    [
        ("表.xlsx", b"x", 415, "file"),
        ("a", b"x", 415, "file"),
        ("..", b"x", 415, "file"),
        ("a.txt", b" \n ", 422, "file"),
        ("a.txt", b"\x89PNG\r\n", 422, "file"),
        ("a.doc.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 422, "file"),
        ("a.pdf", b"%PDF-1.4 broken", 422, "file"),
        ("a.zip", b"PK\x03\x04 broken", 422, "file"),
        ("a.zip", zipped({"图.png": b"x"}), 422, "file"),
    ],
)
async def test_files_that_cannot_be_read_are_refused(serving, name, data, status, field):
    async with serving() as client:
        error = error_of(await send(client, data, name), status)
    assert error["field"] == field
    assert "fazhi-serve-" not in str(error)


async def test_what_a_form_cannot_show_is_refused_not_left_out(serving):
    async with serving() as client:
        assert error_of(await send(client, b"x", accept="image/png"), 406)["field"] == "Accept"
        assert error_of(await send(client, b"x", accept="text/csv", explain=True), 422)["field"] == "explain"
        assert error_of(await send(client, b"x", accept="text/csv", fields="text"), 422)["field"] == "fields"
        assert error_of(await send(client, b"x", fields="colour"), 422)["field"] == "fields.0"
        assert error_of(await send(client, b"x", min_score=2), 422)["field"] == "min_score"
        assert error_of(await client.post("/v1/reports", json={}), 415)["field"] == "Content-Type"
        assert error_of(await client.post("/v1/reports", files={"other": ("a.txt", b"x")}), 422)["field"] == "file"


async def test_files_beyond_the_limits_are_refused(serving):
    bomb = zipped({"a.txt": b"0" * 3_000_000})
    limits = Limits(file_bytes=50_000, characters=30_000, unpacked_bytes=2_000_000)
    async with serving(limits=limits) as client:
        assert error_of(await send(client, b"x" * 200_000), 413)["field"] == "body"
        assert error_of(await send(client, b"x" * 50_001), 413)["field"] == "file"
        assert error_of(await send(client, b"x" * 30_001), 413)["message"] == "超过 more than 30,000 字 characters"
        assert error_of(await send(client, bomb, "a.zip"), 413)["message"] == "解压后超过 unpacks to more than 2 MB"


async def test_nothing_stays_on_disk(serving, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    async with serving() as client:
        for accept in ("application/json", "text/csv", XLSX, "text/html"):
            assert (await send(client, zipped({"a.txt": TEXT.encode()}), "a.zip", accept=accept)).status_code == 200
        assert (await send(client, b"PK\x03\x04 broken", "a.zip")).status_code == 422
    assert list(tmp_path.iterdir()) == []


async def test_a_full_disk_of_ours_is_no_fault_of_the_request(serving, monkeypatch):
    @contextlib.contextmanager
    def full(*_):
        raise InputError("somewhere", "cannot be written (No space left on device)", "choose another place")
        yield

    monkeypatch.setattr("fazhi.serving.api.rendering.single_file", full)
    async with serving() as client:
        error = error_of(await send(client, TEXT.encode(), accept="text/csv"), 500)
    assert error["code"] == "internal"
    assert "somewhere" not in str(error)
