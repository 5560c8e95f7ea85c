"""PDF files to text: what a reader sees, a paragraph a line. The files are written here, hostile ones too."""

import contextlib
import random
import time
import zlib
from itertools import pairwise

import pytest
from pdf_writer import BOTTOM, LEFT, SIZE, TOP, assemble, page, paged, pdf, show, stream, wrapped

from fazhi.model.reading import InputError, document_from_bytes, pdf_pages
from fazhi.model.reading.pdf import pdf_text
from fazhi.model.reading.pdf_words import joined, unit_length

SENTENCES = (
    "市委、市政府高度重视法治政府建设，把它摆在全市工作的重要位置。",
    "全年召开常务会议十二次，审议重大事项三十五件，出台规范性文件二十一件；",
    "行政复议机关收到申请一百零八件，受理九十七件，审结九十五件，按期办结率为百分之百。",
    "组织“宪法宣传周”活动，发放资料六万余份，受教育群众达十万人次。",
)


def paragraphs(count=24):
    """Paragraphs of many lengths, with headings among them; none ends like another."""
    chooser = random.Random(7)  # noqa: S311 - always the same
    made = []
    for number in range(count):
        if number % 6 == 0:
            made.append(f"{'一二三四五六七八九十'[number // 6]}、工作情况之{number}")
        text = "".join(chooser.choices(SENTENCES, k=chooser.randint(1, 6)))
        made.append(f"{text[:-1]}，此为第{number}段。")
    return made


def read(data):
    found = pdf_text(data, "a.pdf")
    return found.text.removesuffix("\n").split("\n")


def refused(data, what, hint=""):
    with pytest.raises(InputError) as caught:
        pdf_text(data, "a.pdf")
    assert caught.value.where == "a.pdf"
    assert what in caught.value.what
    assert hint in caught.value.hint
    assert "\n" not in str(caught.value)


def test_wraps_are_rejoined_over_pages():
    pages = paged(wrapped(paragraphs()))
    assert len(pages) > 2
    found = pdf_text(pdf(pages), "a.pdf")
    assert found.text == "\n".join(paragraphs()) + "\n"
    assert (found.furniture, found.warnings) == (0, ())


FEET = [
    "- {n} -",
    "— {n} —",
    "－{n}－",
    "第{n}页 共{all}页",
    "第{n}页",
    "第 {n} 页，共 {all} 页",
    "{n}/{all}",
    "{n}",
    "Page {n} of {all}",
]


@pytest.mark.parametrize("foot", FEET)
def test_running_heads_and_page_numbers_go_and_are_counted(foot):
    pages = paged(wrapped(paragraphs()))
    feet = [foot.format(n=number, all=len(pages)) for number in range(1, len(pages) + 1)]
    heads = [show(200, 800, "法治政府建设年度报告汇编", 9)] * len(pages)
    pages = [text + head + show(280, 40, foot, 10) for text, head, foot in zip(pages, heads, feet, strict=True)]
    found = pdf_text(pdf(pages), "a.pdf")
    assert found.text.splitlines() == paragraphs()
    assert found.furniture == 2 * len(pages)


def test_page_numbers_may_begin_later_and_heads_may_differ_on_left_and_right_pages():
    pages = paged(wrapped(paragraphs(40)))
    assert len(pages) >= 6
    heads = ("洮南市人民政府", "法治政府建设报告")
    pages = [
        text + show(LEFT, 800, heads[number % 2], 9) + (show(280, 40, str(number + 5), 10) if number else b"")
        for number, text in enumerate(pages)
    ]
    found = pdf_text(pdf(pages), "a.pdf")
    assert found.text.splitlines() == paragraphs(40)
    assert found.furniture == 2 * len(pages) - 1


def test_numbers_and_words_of_the_text_are_no_furniture():
    lines = [(0, "2020"), (2, "全年办结案件如下："), (2, "30")]
    assert read(pdf([page(lines)])) == [text for _, text in lines]
    lines = [(2, "同一句话在三页开头。"), *wrapped(paragraphs(2))]
    pages = [page(lines, top=TOP - number * 60) for number in range(3)]
    assert read(pdf(pages)).count("同一句话在三页开头。") == 3


def two_columns(text, rows=20, first_top=TOP):
    lines = wrapped(text, 14)
    columns = [lines[start : start + rows] for start in range(0, len(lines), rows)]
    pages = []
    for start in range(0, len(columns), 2):
        left, right = columns[start], columns[start + 1 : start + 2]
        pages.append(page(left, top=first_top) + b"".join(page(each, LEFT + 16 * SIZE, first_top) for each in right))
    return pages


def test_two_columns_are_read_one_after_the_other():
    pages = two_columns(paragraphs())
    assert len(pages) > 2
    assert read(pdf(pages)) == paragraphs()


def test_columns_may_be_set_off_by_less_than_a_line_and_follow_a_title_across():
    lines = wrapped(paragraphs(8), 14)
    left, right = lines[:16], lines[16:32]
    data = pdf([show(170, 800, "法治政府建设年度报告全文", 22) + page(left) + page(right, LEFT + 16 * SIZE, TOP - 9)])
    assert read(data)[0] == "法治政府建设年度报告全文"
    assert "".join(read(data)[1:]) == "".join(text for _, text in lines[:32])


def test_paragraphs_without_indent_are_told_apart_by_their_distance():
    drawn, y = b"", TOP
    for text in paragraphs(8)[:5]:
        for _, line in wrapped([text], indent=0):
            drawn += show(LEFT, y, line)
            y -= 24
        y -= 12
    assert y > 0
    assert read(pdf([drawn])) == paragraphs(8)[:5]


def test_a_centred_title_on_two_lines_is_one():
    title = [show(88, 700, "洮南市人民政府关于二〇二〇年度法治政府", 22), show(231, 664, "建设工作报告", 22)]
    data = pdf([b"".join(title) + page(wrapped(paragraphs(6)), top=620)])
    assert read(data) == ["洮南市人民政府关于二〇二〇年度法治政府建设工作报告", *paragraphs(6)]


def test_latin_words_keep_their_blank_and_chinese_gets_none():
    assert joined("依法", "行政", blank=False) == "依法行政"
    assert joined("rule of", "law", blank=False) == "rule of law"
    assert joined("共有", "GDP", blank=False) == "共有GDP"
    drawn = show(LEFT, 700, "推行 rule of law 和依法行政，全年完成任务一百二十件") + show(
        LEFT, 672, "，营商环境居全省前列。"
    )
    assert read(pdf([drawn])) == ["推行 rule of law 和依法行政，全年完成任务一百二十件，营商环境居全省前列。"]


@pytest.mark.parametrize(
    ("text", "length"), [("法治", 1), ("法，治", 2), ("2020年", 4), ("“法”治", 4), ("（七）件", 3)]
)
def test_what_a_line_break_does_not_part(text, length):
    assert unit_length(text) == length


def grid(xs, ys):
    flat = [f"{xs[0]} {y} {xs[-1] - xs[0]} 0.5 re f" for y in ys]
    upright = [f"{x} {ys[-1]} 0.5 {ys[0] - ys[-1]} re f" for x in xs]
    return "\n".join([*flat, *upright]).encode()


def test_rows_of_a_bordered_table_are_lines_however_their_cells_are_wrapped():
    drawn = grid([80, 200, 400, 500], [700, 640, 580])
    drawn += (
        show(90, 675, "指标") + show(205, 680, "计算的方法和数据的") + show(205, 655, "来源") + show(410, 675, "件数")
    )
    drawn += show(90, 605, "行政复议") + show(205, 605, "按结案的月份") + show(410, 605, "108")
    drawn += show(110, 540, "以上数据截至年底。")
    assert read(pdf([drawn])) == [
        "指标\t计算的方法和数据的来源\t件数",
        "行政复议\t按结案的月份\t108",
        "以上数据截至年底。",
    ]


def test_rows_of_a_table_without_borders_are_lines():
    rows = [("项目", "上年", "本年"), ("行政复议", "97", "108"), ("行政诉讼", "12", "9")]
    drawn = b"".join(
        show(x, 700 - 28 * row, text)
        for row, cells in enumerate(rows)
        for x, text in zip((90, 250, 400), cells, strict=True)
    )
    assert read(pdf([drawn])) == ["\t".join(cells) for cells in rows]


def test_turned_pages_are_read_and_watermarks_left_out():
    lines = wrapped(paragraphs(4), 40)
    turned = b"".join(
        show(100 + 28 * row, 80 + indent * SIZE, text, SIZE, (0.01, 1, -1, 0.01))
        for row, (indent, text) in enumerate(lines[:17])
    )
    assert read(pdf([turned], rotate=90)) == read(pdf([page(lines[:17])], box="0 0 842 595"))
    marked = page(wrapped(paragraphs(4))) + show(150, 300, "内部资料", 60, (0.7, 0.7, -0.7, 0.7))
    found = pdf_text(pdf([marked]), "a.pdf")
    assert found.text.splitlines() == paragraphs(4)
    assert found.furniture == 1


def test_bold_that_is_drawn_twice_is_read_once():
    assert read(pdf([show(LEFT, 700, "一、工作情况") + show(LEFT + 0.4, 700, "一、工作情况")])) == ["一、工作情况"]


def test_characters_beyond_the_basic_plane():
    assert read(pdf([show(LEFT, 700, "𠮷林省𡊄村法治建设")])) == ["𠮷林省𡊄村法治建设"]


IMAGE = b"q 595 0 0 842 0 0 cm /I1 Do Q\n"
PICTURE = {
    "resources": "/XObject << /I1 6 0 R >>",
    "more": (
        stream(
            b"\0" * 64, "/Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray /BitsPerComponent 8"
        ),
    ),
}


def test_a_scanned_file_is_refused_with_a_way_out():
    refused(pdf([IMAGE, IMAGE], **PICTURE), "has no text on its 2 pages", "ocrmypdf -l chi_sim")


def test_scanned_pages_among_others_are_named_and_blank_ones_are_not():
    text = page(wrapped(paragraphs(2)))
    found = pdf_text(pdf([text, IMAGE, b"", IMAGE], **PICTURE), "a.pdf")
    assert found.text.splitlines() == paragraphs(2)
    (warning,) = found.warnings
    assert warning.startswith("pages 2, 4 of 4 without text, left out (scanned?)")
    assert "ocrmypdf" in warning


def test_a_stamped_page_number_does_not_make_a_scan_text():
    text = page(wrapped(paragraphs(2)))
    pages = [text, text, IMAGE]
    found = pdf_text(pdf([each + show(280, 40, f"- {n} -", 10) for n, each in enumerate(pages, 1)], **PICTURE), "a.pdf")
    assert found.warnings[0].startswith("page 3 of 3 without text")
    assert found.furniture == 3


def test_a_password_refuses_and_an_owner_s_alone_does_not():
    text = [page(wrapped(paragraphs(2)))]
    refused(pdf(text, lock=("geheim", "mehr")), "is locked with a password", "without a password")
    assert read(pdf(text, lock=("", "mehr"))) == paragraphs(2)


def test_fonts_that_do_not_say_what_they_show():
    text = [page(wrapped(paragraphs(4)))]
    for bad in (
        {"mapped": False},
        {"meaning": lambda char: chr(0xE000 + ord(char) % 6000)},
        {"meaning": lambda char: chr(ord(char) ^ 0x0301)},
    ):
        refused(pdf(text, **bad), "fonts that do not say which characters they show", "--force-ocr")


def test_a_few_lost_characters_are_said():
    lost = {"零": "\ue123"}
    found = pdf_text(pdf([page(wrapped(paragraphs(8)))], meaning=lambda char: lost.get(char, char)), "a.pdf")
    assert "characters left out: their font does not say what they are" in found.warnings[0]


WHOLE = pdf([page(wrapped(paragraphs(4)))])


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_that_breaks_off(share):
    refused(WHOLE[: int(len(WHOLE) * share)], "breaks off before its end", "clean copy")


def test_a_file_that_is_damaged():
    refused(b"%PDF-1.7\n" + b"\xff" * 500 + b"\n%%EOF", "is damaged")
    refused(assemble([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]), "has no pages")
    lost_table = WHOLE.replace(b"startxref\n", b"startxref\n9")
    assert read(lost_table) == paragraphs(4)


def test_bytes_changed_at_random_are_an_error_or_text():
    chooser = random.Random(1)  # noqa: S311
    for _ in range(12):
        data = bytearray(WHOLE)
        for _ in range(20):
            data[chooser.randrange(9, len(data) - 10)] = chooser.randrange(256)
        with contextlib.suppress(InputError):
            assert read(bytes(data))


def test_limits(monkeypatch):
    monkeypatch.setattr(pdf_pages, "MAX_PAGES", 2)
    refused(pdf([page([(0, "一")])] * 3), "more than")
    monkeypatch.setattr(pdf_pages, "MAX_PAGE_CHARACTERS", 40)
    refused(WHOLE, "characters on a page")
    monkeypatch.setattr(pdf_pages, "MAX_PAGE_CHARACTERS", 4000)
    monkeypatch.setattr(pdf_pages, "MAX_CHARACTERS", 40)
    refused(WHOLE, "in all")


@pytest.mark.parametrize("script", ["import os; os.abort()", "import time; time.sleep(60)", "raise MemoryError"])
def test_a_reader_that_breaks_or_hangs_is_the_file_s_error(monkeypatch, tmp_path, script):
    (tmp_path / "child.py").write_text(script)
    monkeypatch.setattr(pdf_pages, "_CHILD", tmp_path / "child.py")
    monkeypatch.setattr(pdf_pages, "MAX_SECONDS", 1)
    refused(WHOLE, "takes more than", "print it to PDF anew")


def test_what_refers_to_itself_ends():
    form = stream(
        b"/I1 Do " + show(LEFT, 700, "一"),
        "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /I1 6 0 R >> >>",
    )
    text = page(wrapped(paragraphs(2)))
    assert paragraphs(2)[-1] in read(pdf([text + b"/I1 Do"], resources="/XObject << /I1 6 0 R >>", more=(form,)))
    loop = assemble([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 999 >>"])
    with pytest.raises(InputError):
        pdf_text(loop, "a.pdf")
    deep = pdf([b"q " * 200_000 + text])
    assert read(deep) == paragraphs(2)


def test_bombs_end_soon():
    start = time.perf_counter()
    bomb = stream(zlib.compress(b" " * 300_000_000), packed=False).replace(b"<< ", b"<< /Filter /FlateDecode ", 1)
    whole = pdf([b""], more=(bomb,), resources="").replace(b"/Contents 8 0 R", b"/Contents 6 0 R")
    with pytest.raises(InputError):
        pdf_text(whole, "a.pdf")
    huge = pdf([page([(0, "法治政府")])], box="0 0 1e30 1e30")
    assert read(huge) == ["法治政府"]
    crowd = b"".join(show(0, 0, "法治政府建设" * 100) for _ in range(150))
    assert read(pdf([crowd]))
    assert time.perf_counter() - start < 20


def test_a_document_knows_its_furniture_and_warnings():
    text = page(wrapped(paragraphs(2)))
    data = pdf([text + show(280, 40, f"- {n} -", 10) for n in (1, 2)] + [IMAGE], **PICTURE)
    document = document_from_bytes(b"\n" + data, "report")
    assert (document.encoding, document.furniture, len(document.warnings)) == ("extracted", 2, 1)


def test_figures_of_the_writer():
    """The writer wraps as it says: full lines reach the margin, and the page holds them."""
    lines = wrapped(paragraphs())
    assert max(len(text) for _, text in lines) <= 31
    assert all(a != b for a, b in pairwise(paragraphs()))
    assert TOP - 24 * 28 < BOTTOM
