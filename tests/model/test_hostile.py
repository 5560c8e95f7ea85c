"""Files changed at random and by malice: whatever the bytes are, a `Document` or an `InputError` in one line, soon.

The changes are seeded by their number, so a failure names the file that made it. Cases that belong to one reader alone
(encrypted parts, lying central directories, stray end tags) are in that reader's tests.
"""

import io
import random
import time
import zipfile
from pathlib import Path

import pytest

from fazhi.model.reading import InputError, document_from_bytes
from fazhi.model.report import segment

HERE = Path(__file__).parent
ROUNDS = 300  # changed files for each format
LONGEST = 2.0  # seconds for one file of a few KB
WORDS = [
    b"\0", b"\0" * 50, b"\r", b"\xe2\x80\xa8", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xf4\x90\x80\x80",
    b"\x81", b"\xff" * 9, b"<", b">", b"&", b"&#0;", b"&#xd800;", b"&#x110000;", b"&#99999999999;", b"&lt;&amp;", b"]]>", b"<![CDATA[",
    b"<!--", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"<?xml version='1.0' encoding='utf-16'?>", b"<p>", b"</p>", b"<table><tr><td>",
    b"</table>", b"<ol start=-99999999999999999999>", b"<li value=1e9>", b"<w:p/>", b"</w:p>", b"<w:tbl><w:tr><w:tc>", b'w:val="-1"',
    b'w:val="99999999999999999999"', b'w:numId="1"', b"Content-Type: ", b"boundary=", b"=\r\n", b"=ZZ", b"--", b"\r\n\r\n",
    b"charset=unicode_escape", b"<meta charset=utf-7>", b"Content-Length: 18446744073709551615", b"PK\x03\x04", b"PK\x05\x06",
]  # fmt: skip

TEXT = "法治政府建设报告\n一、工作情况\n一是加强领导。二是落实责任。\n二、存在问题\n队伍不足,𠮷林路。\n".encode()
PAGE = (HERE / "pages" / "word.html").read_bytes()
ARCHIVE = (
    b'From: a\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n'
    b'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n' + PAGE + b"\r\n--x--\r\n"
)
WORD = (HERE / "documents" / "parts.docx").read_bytes()


def changed(data, source):
    """Return data after one to four changes anywhere: bits, cuts, repeats, exchanges, foreign pieces, lying sizes."""
    for _ in range(source.randint(1, 4)):
        at, size = source.randrange(len(data) + 1), source.choice([1, 2, 4, 30, 400])
        piece, after = data[at : at + size], data[at + size :]
        data = source.choice(
            [
                data[:at] + bytes(byte ^ (1 << source.randrange(8)) for byte in piece) + after,
                data[:at],
                data[at:],
                data[:at] + after,
                data[:at] + piece * source.choice([2, 3, 50]) + after,
                data[:at] + source.choice(WORDS) * source.choice([1, 1, 2, 100]) + data[at:],
                data[:at] + source.choice(WORDS) + after,
                data[:at] + source.randbytes(min(size, 30)) + after,
                data[:at] + source.choice([0, 1, 2**16 - 1, 2**31, 2**32 - 1]).to_bytes(4, "little") + data[at + 4 :],
            ]
        )
    return data


def changed_part(data, source):
    """Change the XML inside a Word file and pack it again."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if not name.startswith("docProps")}
    name = source.choice([each for each in parts if "word/" in each] + ["word/document.xml"] * 5)
    return packed(parts | {name: changed(parts[name], source)})


def packed(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def outcome(data, name):
    """Read and cut a file; return its document or its error."""
    try:
        document = document_from_bytes(data, name)
        segment(document)
    except InputError as error:
        refusal = error
    else:
        document.text.encode("utf-8")  # no lone surrogates: every result must be written as UTF-8
        return document
    assert "\n" not in str(refusal)
    assert str(refusal).startswith(name)
    return refusal


@pytest.mark.parametrize(
    ("name", "data", "change"),
    [
        ("a.txt", TEXT, changed),
        ("gb.txt", TEXT.decode().encode("gb18030"), changed),
        ("wide.txt", TEXT.decode().encode("utf-16"), changed),
        ("a.html", PAGE, changed),
        ("a.mht", ARCHIVE, changed),
        ("a.docx", WORD, changed),
        ("part.docx", WORD, changed_part),
    ],
)
def test_changed_files_are_read_or_refused(name, data, change):
    slowest, read = 0.0, 0
    for number in range(ROUNDS):
        hostile = change(data, random.Random(number))  # noqa: S311  (the same files every time)
        began = time.perf_counter()
        try:
            read += not isinstance(outcome(hostile, name), InputError)
        except Exception as error:
            raise AssertionError(f"changed file {number} of {name}: {error!r}") from error
        slowest = max(slowest, time.perf_counter() - began)
    assert slowest < LONGEST
    assert 0 < read < ROUNDS, "the changes are too weak or too strong to say anything"


# --- named cases ---


def word(body):
    """Wrap the content of w:body, packed without compression: no ratio gives it away."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>")
    return buffer.getvalue()


LAUGHS = "".join(f"<!ENTITY a{place} '{f'&a{place - 1};' * 10}'>" for place in range(1, 13))
MANY = " ".join(f'w:a{place}="1"' for place in range(100_000))
SAID = "<w:r><w:t>甲</w:t></w:r>"


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.html", f"<!DOCTYPE a [<!ENTITY a0 '哈'>{LAUGHS}]><p>甲&a12;", "甲&a12;"),
        ("a.xhtml", f"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a0 '哈'>{LAUGHS}]><html><p>甲&a12;", "甲&a12;"),
        ("a.html", f"<!DOCTYPE a [<!ENTITY a '{'哈' * 50_000}'>]><p>甲{'&a;' * 50_000}", "甲" + "&a;" * 50_000),
        ("a.html", "<p>甲&#xd840;&#xdfb7;&#0;&#x110000;&#99999999999999999999;", "甲\ufffd\ufffd\ufffd\ufffd\ufffd"),
        ("a.docx", word("<w:sdt>" * 1_000_000 + "</w:sdt>" * 1_000_000), "is not sound XML"),
        ("a.docx", word(f"<w:p {MANY}>{SAID}</w:p>"), "甲"),
        ("a.docx", word(f"<w:p>{SAID * 30_000}</w:p>"), "甲" * 30_000),
        ("a.docx", word(f"<w:p>{SAID}</w:p>").replace("甲".encode(), b"\xed\xa0\x80"), "is a damaged zip container"),
        ("a.txt", b"\xff\xfe" + b"\x00\xd8" * 100, "is damaged"),
        ("a.txt", b"\xff\xfe" + "一、工作情况。".encode("utf-16-le") * 99 + b"\x00\xd8", "\ufffd"),
        ("a.txt", "正文很长。" * 99 + "甲\0乙", "甲\0乙"),
    ],
    ids=["laughs", "laughs in xhtml", "quadratic", "references", "depth", "attributes", "runs", "surrogate in xml",
         "surrogates", "one surrogate", "nul"],
)  # fmt: skip
def test_named_attacks(name, data, expected):
    began = time.perf_counter()
    found = outcome(data if isinstance(data, bytes) else data.encode(), name)
    assert time.perf_counter() - began < LONGEST
    if isinstance(found, InputError):
        assert expected in str(found)
    else:
        assert found.text.rstrip().endswith(expected)


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u2028", "\u2029", "\x85", "\x0b", "\x0c"])
def test_every_end_of_line_ends_a_paragraph(end):
    data = end.join(["一、甲", "正文。", "二、乙", "𠮷文。"]).encode()
    paragraphs = segment(document_from_bytes(data, "a.txt")).paragraphs
    assert [each.text for each in paragraphs] == ["一、甲", "正文。", "二、乙", "𠮷文。"]
