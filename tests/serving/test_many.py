"""Two hundred files in one run, ten of them bad in ten ways: 190 results in every format, ten lines, ten rows."""

import io
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

COMMAND = Path(sys.executable).parent / "fazhi"
SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BAD = {
    "01空.txt": "is empty",
    "02/无字.html": "is a web page without visible text",
    "03.txt": "is binary, not text",
    "04/截断.docx": "is a damaged zip container",
    "05.docx": "unpacks to more than 200 times its size",
    "06/编码.txt": "is not text in any known encoding",
    "07环.txt": "cannot be read",
    "08/加锁.docx": "is a Word 97, WPS or locked Word file",
    "包.zip/09加密.txt": "is encrypted",
    "包.zip/10炸弹.txt": "unpacks to more than 200 times its size",
}


def lines_of(number):
    return ["一、工作情况", f"第{number}次开展行政执法检查,规范行政执法行为,落实行政执法公示制度。"]


def text(number):
    return "\n".join(lines_of(number)).encode("gb18030" if number % 2 else "utf-8")


def docx(number, padding=""):
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines_of(number))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", f"<w:document {SPACE}><w:body>{body}{padding}</w:body></w:document>")
    return buffer.getvalue()


def html(number):
    return "".join(f"<p>{line}</p>" for line in lines_of(number)).encode("utf-8")


def write_good(folder):
    """190: plain texts at three depths, Word documents, pages, and ten in an archive."""
    for place in ("a/b/c", "word", "web", "02", "04", "06", "08"):
        (folder / place).mkdir(parents=True)
    for number in range(150):
        (folder / ("", "a", "a/b/c")[number % 3] / f"{number:03}.txt").write_bytes(text(number))
    for number in range(20):
        (folder / "word" / f"{number}.docx").write_bytes(docx(number))
    for number in range(10):
        (folder / "web" / f"{number}.htm").write_bytes(b"<html><meta charset=utf-8>" + html(number))


def write_bad(folder):
    (folder / "01空.txt").write_bytes(b"")
    (folder / "02/无字.html").write_bytes(b"<html><body><img src=x><script>1</script></body></html>")
    (folder / "03.txt").write_bytes(bytes(range(32)) * 200)
    (folder / "04/截断.docx").write_bytes(docx(1)[:-40])
    (folder / "05.docx").write_bytes(docx(1, " " * 30_000_000))
    (folder / "06/编码.txt").write_bytes(b"".join(bytes([byte, 0xFF]) for byte in range(0x80, 0xFF)) * 20)
    (folder / "07环.txt").symlink_to("07环.txt")
    (folder / "08/加锁.docx").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))


def write_archive(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("09加密.txt", text(9))
        target.writestr("10炸弹.txt", bytes(20_000_000))
        for number in range(10):
            target.writestr(f"内/{number}.txt", text(number))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1  # the first entry says that it is encrypted
    path.write_bytes(data)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The run that all tests here look at: exit code, lines on standard error, seconds, folder of results."""
    folder = tmp_path_factory.mktemp("many")
    write_good(folder / "in")
    write_bad(folder / "in")
    write_archive(folder / "in" / "包.zip")
    command = [COMMAND, "tag", "in", "--out", "out", "--format", "jsonl,csv,xlsx,html", "--workers", "2"]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=os.environ, check=False)
    return done.returncode, done.stderr.splitlines(), time.perf_counter() - start, folder / "out"


def test_ten_lines_name_the_ten_and_the_exit_code_says_some(run):
    code, lines, _, _ = run
    assert code == 1
    assert len(lines) == len(BAD)
    for name, complaint in BAD.items():
        line = next(line for line in lines if line.startswith((f"fazhi: in/{name}: ", f"fazhi: in/{name}:word/")))
        assert complaint in line
        assert " — " in line


@pytest.mark.parametrize("form", ["jsonl", "csv", "html"])
def test_every_format_has_190_results(run, form):
    found = {str(path.relative_to(run[3])).removesuffix(f".{form}") for path in run[3].rglob(f"*.{form}")}
    assert len(found) == 190
    assert not found & BAD.keys()
    assert {"000.txt", "a/b/c/002.txt", "word/19.docx", "web/0.htm", "包.zip/内/9.txt"} <= found
    assert not list(run[3].rglob("*.part"))


def test_the_workbook_has_190_reports_and_names_the_ten(run):
    book = openpyxl.load_workbook(run[3] / "fazhi.xlsx", read_only=True)
    reports = [row[0] for row in book["汇总"].iter_rows(min_row=5, values_only=True) if row[0]]
    assert len(reports) == 190 + 1
    facts = {row[0].split(":word/")[0]: row[1] for row in book["说明"].iter_rows(values_only=True) if row[0]}
    assert facts["未标注的输入 inputs not tagged"] == "10"
    for name, complaint in BAD.items():
        assert complaint in facts[f"未标注 not tagged: in/{name}"]
    book.close()


def test_it_is_quick(run):
    assert run[2] < 10  # measured: 2
