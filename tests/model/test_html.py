"""Web pages and web archives to lines: five layouts, encodings, lists, tables, and hostile markup."""

import base64
import quopri
import time
from pathlib import Path

import pytest

from fazhi.model.reading import html
from fazhi.model.reading.errors import InputError
from fazhi.model.reading.html import html_text
from fazhi.model.reading.html_lists import number_mark
from fazhi.model.reading.mht import mht_text

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
BODY = "<h1>法治政府建设报告</h1><p>一、工作情况</p><p>全市加强行政执法监督，办理行政复议案件七件，质量提高。</p>"
TEXT = "法治政府建设报告\n一、工作情况\n全市加强行政执法监督，办理行政复议案件七件，质量提高。\n"


def lines(markup):
    return html_text(markup.encode(), "a.html").replace("\xa0", " ").splitlines()


def expected(page):
    """Return what stands before the report, the report, and what follows: parts of the .txt beside a page."""
    parts = page.with_suffix(".txt").read_text(encoding="utf-8").split("\n\n")
    return [[line for line in part.split("\n") if line] for part in parts]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_line_of_a_report_stays_one_line(page, newline):
    """The lines were worked out by hand from how a browser shows the page."""
    markup = page.read_text(encoding="utf-8")
    codec = "gb18030" if "charset=gb2312" in markup else "utf-8"
    text = html_text(markup.replace("\n", newline).encode(codec), page.name).replace("\xa0", " ")
    assert text.splitlines() == [line for part in expected(page) for line in part]


def test_there_are_five_layouts():
    assert [page.stem for page in PAGES] == ["breaks", "divs", "tables_2005", "trs", "word"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_pages_without_a_declaration_are_found_out(page, codec):
    markup = page.read_text(encoding="utf-8").replace("charset=", "x=")
    assert html_text(markup.encode(codec), "a") == html_text(markup.encode("utf-8-sig"), "a")


@pytest.mark.parametrize(
    ("declared", "real"),
    [
        ("gb2312", "gb18030"),
        ("GBK", "gb18030"),
        ("gb2312", "utf-8"),
        ("utf-8", "gb18030"),
        ("iso-8859-1", "gb18030"),
        ("windows-1252", "utf-8"),
        ("utf-16", "utf-8"),
        ("big5", "gb18030"),
        ("punycode", "utf-8"),
        ("unicode_escape", "gb18030"),
        ("hex", "gb18030"),
        ("undefined", "utf-8"),
        ("nonsense", "gb18030"),
    ],
)
def test_a_declared_charset_counts_only_where_it_holds(declared, real):
    for meta in (
        f'<meta charset="{declared}">',
        f"<META content='text/html; charset={declared}' http-equiv=Content-Type>",
    ):
        assert html_text((meta + BODY).encode(real), "a") == TEXT


def test_declared_gb2312_reads_characters_beyond_it():
    page = ("<meta charset=gb2312><p>" + "镕𠮷法治政府建设").encode("gb18030")
    assert html_text(page, "a") == "镕𠮷法治政府建设\n"


def test_big5():
    text = "一、工作情況\n全面推進依法行政，辦理行政復議案件七件。\n"
    page = "<p>" + text.replace("\n", "<p>")
    assert html_text(page.encode("big5"), "a") == text
    assert html_text(("<meta charset=big5>" + page).encode("big5"), "a") == text


def test_a_short_undeclared_gbk_page_in_much_markup():
    page = (
        "<html>" + "<div class='wrapper box'></div>" * 2000 + "<p>一、总结<p>政府" + "<script>var a = 1;</script>" * 900
    )
    assert html_text(page.encode("gb18030"), "a") == "一、总结\n政府\n"


def test_a_page_in_entities_only():
    assert lines("<p>&#19968;&#x3001;&#24037;&#20316;&nbsp;&ldquo;A&amp;B&rdquo;&mdash;&lt;p&gt;") == [
        "一、工作 “A&B”—<p>"
    ]


def test_the_encoding_that_a_user_names_must_hold():
    assert html_text(BODY.encode("gb18030"), "a", "gbk") == TEXT
    with pytest.raises(InputError, match="a: is not utf-8"):
        html_text(BODY.encode("gb18030"), "a", "utf-8")


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<ol><li>甲<li>乙</ol>", ["1.甲", "2.乙"]),
        (
            "<ol start=3><li>甲</li><li value=7><p>乙</p><p>丙</p></li><li>2024年丁</li></ol>",
            ["3.甲", "7.乙", "丙", "8. 2024年丁"],
        ),
        ("<ol type=A><li>甲<ol type=i><li>乙<li>丙</ol><li>丁</ol>", ["A.甲", "i.乙", "ii.丙", "B.丁"]),
        (
            "<ol style='list-style-type: cjk-ideographic'><li>总体情况<li>存在问题</ol>",
            ["一、总体情况", "二、存在问题"],
        ),
        ("<ol style='list-style: none'><li>一、甲</ol>", ["一、甲"]),
        ("<ol reversed start=2><li>甲<li>乙</ol><ol reversed><li>丙</ol>", ["2.甲", "1.乙", "丙"]),
        ("<ol><li><ul><li>甲</ul>乙<li>丙</ol><li>丁", ["甲", "乙", "2.丙", "丁"]),
        ("<ol start='99999999999999'><li>甲</ol>", ["1.甲"]),
        ("<dl><dt>甲<dd>乙</dl>", ["甲", "乙"]),
    ],
)
def test_lists(markup, expected):
    assert lines(markup) == expected


def test_number_marks():
    assert [number_mark(n, "cjk-ideographic") for n in (1, 10, 11, 20, 99, 100)] == [
        "一、", "十、", "十一、", "二十、", "九十九、", "100.",
    ]  # fmt: skip
    assert [number_mark(n, "lower-alpha") for n in (1, 26, 27, 703, 0)] == ["a.", "z.", "aa.", "aaa.", "0."]
    assert [number_mark(n, "upper-roman") for n in (4, 9, 1994, 4000)] == ["IV.", "IX.", "MCMXCIV.", "4000."]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<table><tr><th>甲<th>乙<tr><td>一<td>二</table>", ["甲\t乙", "一\t二"]),
        ("<table><tr><td><p>甲</p><td><br>乙<br>丙<td></table>", ["甲\t乙 丙"]),
        ("<table><tr><td>菜单<td>" + "第一段很长。" * 6 + "<br>" + "第二段很长。" * 6 + "</table>",
         ["菜单", "第一段很长。" * 6, "第二段很长。" * 6]),
        ("<table><tr><td>外<td><table><tr><td>内一<td>内二</table></table>", ["外", "内一\t内二"]),
        ("<td>散<td>落", ["散", "落"]),
        ("<table><tr><form><td>甲</td><td>乙</td></form></tr></table>", ["甲\t乙"]),
        ("<table><caption>表</caption><thead><tr><td>甲</table>", ["表", "甲"]),
    ],
)  # fmt: skip
def test_tables(markup, expected):
    assert lines(markup) == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<div>前<div>中<p>里</p></div>后</div>尾", ["前", "中", "里", "后", "尾"]),
        ("<p>行政\n  执法，\n“两法”\n衔接 good\nwork 2020\n年", ["行政执法，“两法”衔接 good work 2020 年"]),
        ("<span>行政</span>\n<span>执法</span>", ["行政执法"]),
        ("<pre>　甲\n  乙\n\n丙</pre>丁\n戊", ["　甲", "  乙", "丙", "丁戊"]),
        ("<p style='white-space: pre-wrap'>甲\n乙</p>", ["甲", "乙"]),
        ("<span style='display:block'>甲</span><span style='display:block'>乙</span>", ["甲", "乙"]),
        ("甲<!-- 乙 --><!--[if IE]>丙<![endif]-->丁<![if !x]>戊<![endif]>", ["甲丁戊"]),
        (
            "<p>甲<script>'<p>乙'</script><style>丙</style><template>丁</template><select><option>戊</select>己",
            ["甲己"],
        ),
        ("<div hidden>甲<p>乙</div><i style='visibility:hidden'>丙</i>丁", ["丁"]),
        ("<body style='display:none'><p>甲", ["甲"]),
        ("<title>甲</title>乙<br/>丙<hr>丁</p></div>戊", ["乙", "丙", "丁", "戊"]),
        ("<p>甲<table><tr><td>乙</table>丙</P >丁</br>戊", ["甲", "乙", "丙", "丁", "戊"]),
        ("<p>甲<b>乙<p>丙</b>丁", ["甲乙", "丙丁"]),
        ("<p>&#8203;&nbsp;</p><p>甲", ["甲"]),
        ("<?xml version='1.0' encoding='gb2312'?><html xmlns='x'><p>甲</p></html>", ["甲"]),
        ("<p>5 < 6 甲 & 乙 &amp; &bogus; <丙", ["5 < 6 甲 & 乙 & &bogus; <丙"]),
    ],
)
def test_lines(markup, expected):
    assert lines(markup) == expected


def test_entities_of_a_page_and_outside_files_are_never_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密", encoding="utf-8")
    page = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y "炸弹">]><p>甲&x;&y;</p>'
    text = "".join(lines(page))
    assert "甲" in text
    assert "秘密" not in text
    assert "甲炸弹" not in text


@pytest.mark.parametrize(
    "markup",
    [
        "<html></html>",
        "<p>&nbsp;&#8203;</p>",
        "<script>甲</script>",
        "<!-- 甲",
        "<title>甲",
        "<frameset><frame src=a></frameset>",
    ],
)
def test_a_page_without_text_is_refused(markup):
    with pytest.raises(InputError, match="a.html: is a web page without visible text — save it"):
        lines(markup)


def test_an_empty_file_is_refused():
    with pytest.raises(InputError, match="a.html: is "):
        html_text(b"", "a.html")


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<div>" * 50_000 + "甲" + "</div>" * 50_000 + "乙", ["甲", "乙"]),
        ("<div>" * 50_000 + "甲", ["甲"]),
        ("<table><tr><td>" * 50_000 + "甲", ["甲"]),
        ("<ol><li>" * 50_000 + "甲", ["1.甲"]),
        ("<p><b><font>" * 50_000 + "甲", ["甲"]),
        ("<p title='" + "x" * 15_000_000 + "'>甲", ["甲"]),
        ("<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">甲", ["甲"]),
        ("<p style='" + "display" * 200_000 + " " * 200_000 + "'>甲", ["甲"]),
        ("甲\0乙<p>\0丙</p>\x08丁", ["甲乙", "丙", "丁"]),
        ("<" * 100_000 + "甲", ["<" * 100_000 + "甲"]),
        ("甲<br>" + "<!--" * 1_000_000, ["甲"]),
    ],
    ids=["divs", "unclosed divs", "tables", "lists", "inline", "long attribute", "many attributes", "style", "nul", "angles", "comment"],
)  # fmt: skip
def test_hostile_markup_is_read_in_short_time(markup, expected):
    began = time.perf_counter()
    assert lines(markup) == expected
    assert time.perf_counter() - began < 10


def test_stray_end_tags_below_deep_nesting_are_refused():
    """The parser looks through all open elements for each: 7 s for 50,000 of both, hours for a page at the limit."""
    began = time.perf_counter()
    with pytest.raises(InputError, match="a.html: is nested too deeply"):
        lines("<span>" * 200_000 + "</div>" * 200_000 + "甲")
    assert time.perf_counter() - began < 10


def test_size(monkeypatch):
    monkeypatch.setattr(html, "MAX_MARKUP", 1_000_000)
    with pytest.raises(InputError, match="a.html: is larger than 1 MB of markup"):
        html_text(b"x" * 1_000_001, "a.html")


def test_binary_is_refused():
    with pytest.raises(InputError, match="a.html: is "):
        html_text(bytes(range(256)) * 50, "a.html")


def archive(page, transfer, content_type="text/html", before=b""):
    """Build an .mht as browsers write it: a page and a picture."""
    coded = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes, "8bit": bytes}[transfer](page)
    head = b'From: <Saved by a browser>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary="--=_x"\r\n\r\n'
    part = f"\r\n----=_x\r\nContent-Type: {content_type}\r\nContent-Transfer-Encoding: {transfer}\r\n\r\n".encode()
    picture = (
        b"\r\n----=_x\r\nContent-Type: image/gif\r\nContent-Transfer-Encoding: base64\r\n\r\nR0lGODlhAQABAAAAACw=\r\n"
    )
    return before + head + part + coded + picture + b"\r\n----=_x--\r\n"


@pytest.mark.parametrize("transfer", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
@pytest.mark.parametrize(
    "charset", ["", '; charset="gb2312"', "; charset=utf-8", "; charset*=us-ascii'en'utf-8", "; charset=\"a'"]
)
def test_archives(transfer, codec, charset):
    """Wrong charsets included: only one of the two declared ones can hold."""
    assert mht_text(archive(BODY.encode(codec), transfer, "text/html" + charset), "a.mht") == TEXT


def test_an_archive_takes_the_first_page_and_what_may_stand_before_it():
    second = archive(b"<p>other", "base64")
    assert mht_text(archive(BODY.encode(), "base64", before=b"\xef\xbb\xbf\r\n"), "a") == TEXT
    assert mht_text(archive(BODY.encode(), "8bit", "application/xhtml+xml") + second, "a") == TEXT
    assert mht_text(b"Content-Type: text/html\r\n\r\n" + BODY.encode(), "a") == TEXT


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "is a web archive without a page"),
        (b"plain words", "is a web archive without a page"),
        (archive(b"x", "base64", "text/plain"), "is a web archive without a page"),
        (archive(b"", "base64"), "is "),
        (
            b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3000)),
            "is a web archive nested",
        ),
        (b"Content-Type: message/rfc822\n\n" * 3000, "is a web archive nested"),
        (b"Content-Type: message/rfc822\r\r" * 3000, "is a web archive nested"),
        ((b"Content-Type:" + b" " * 99 + b"\n message/rfc822\n\n") * 3000, "is a web archive nested"),
        (b"Content-Type: " + b";" * 1_000_000, "has a Content-Type above 1,000 bytes"),
        (b'Content-Type: text/html; charset="' + b"a;" * 200_000, "has a Content-Type above 1,000 bytes"),
        (b"Content-Type: text/html;" + b"\r\n a*0=1;" * 200_000, "has a Content-Type above 1,000 bytes"),
        (b"A: b\rContent-Type: text/html;" + b"\r\ta=1;" * 200_000, "has a Content-Type above 1,000 bytes"),
        (bytes(range(256)) * 100, "is a web archive without a page"),
    ],
)
def test_bad_archives_give_one_clear_line(data, what):
    with pytest.raises(InputError) as caught:
        mht_text(data, "a.mht")
    assert str(caught.value).startswith(f"a.mht: {what}")
