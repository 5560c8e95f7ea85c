"""The workbook read back with openpyxl: values, drop-downs, panes, hostile text, shares worked out by hand."""

import dataclasses
import tempfile

import openpyxl
import pytest
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from fazhi.model import load_tagger
from fazhi.model.labels import ANSWER_COLUMNS, uid_of
from fazhi.model.reading import InputError
from fazhi.model.report import SEGMENTER_VERSION, Paragraph
from fazhi.model.tagger import TaggedParagraph, TaggedReport
from fazhi.serving import xlsx
from fazhi.serving.colors import ink_on, tint
from fazhi.serving.counts import count
from fazhi.serving.xlsx import XlsxResults
from fazhi.serving.xlsx_cells import CUT, LIMIT, CellText, row_height

SHA = "ab" * 32


def tagged(index, clean, section="work", themes=(), band="sure", **more):
    fields = {"text": clean, "level": 1 if section == "heading" else 0, "path": ("一、工作", "(一)执法"), **more}
    paragraph = Paragraph(
        index=index, count=9, start=10 * index, end=10 * index + 5, clean=clean, marker="", flags=(), **fields
    )
    return paragraph, section, themes, band


def report_of(scheme, *rows, document="a.txt"):
    paragraphs = tuple(
        TaggedParagraph(
            paragraph,
            section,
            0.98765,
            themes,
            tuple(0.9 if each in themes else 0.01 for each in scheme.theme_ids),
            band,
        )
        for paragraph, section, themes, band in rows
    )
    return TaggedReport(document, SHA, "fazhi-linear@0.1.0", scheme.theme_ids, paragraphs)


def write(path, scheme, *reports, facts=None):
    with XlsxResults(path, scheme, facts or {}) as results:
        for report in reports:
            results.add(report)
    return openpyxl.load_workbook(path)


def column_of(sheet, name):
    return next(cell.column for cell in sheet[1] if cell.value == name)


def texts(book):
    """Return the original texts of the sheet of paragraphs."""
    sheet = book["段落"]
    return [sheet.cell(row, column_of(sheet, "原文")).value for row in range(2, sheet.max_row + 1)]


@pytest.fixture
def tiny(scheme):
    """Ten characters of heading; body of 40: 20 enforcement, of which 15 digital too; 25 digital in all."""
    return report_of(
        scheme,
        tagged(0, "标" * 10, "heading", ("enforcement",)),
        tagged(1, "甲" * 5, themes=("enforcement",), band="check"),
        tagged(2, "乙" * 15, themes=("enforcement", "digital")),
        tagged(3, "丙" * 10, "problem", ("digital",)),
        tagged(4, "丁" * 10, "closing"),
    )


def test_summary_counts_and_shares_worked_out_by_hand(tmp_path, scheme, tiny):
    other = report_of(scheme, tagged(0, "戊" * 10, themes=("digital",)), document="b.txt")
    sheet = write(tmp_path / "x.xlsx", scheme, tiny, other)["汇总"]
    heads = [cell.value for cell in sheet[4]]
    names = [theme.zh for theme in scheme.themes]
    assert heads == ["报告", "段落", "正文段", "待核", "正文字数", *names, *names]
    counts, shares = 5 + scheme.theme_ids.index("digital"), 17 + scheme.theme_ids.index("digital")
    enforcement = scheme.theme_ids.index("enforcement") - scheme.theme_ids.index("digital")
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    assert [row[:5] for row in rows] == [
        ["a.txt", 5, 4, 1, 40], ["b.txt", 1, 1, 0, 10], ["合计 total", 6, 5, 1, 50],
    ]  # fmt: skip
    assert [row[counts] for row in rows] == [2, 1, 3]
    assert [row[counts + enforcement] for row in rows] == [2, 0, 2]
    assert [row[shares] for row in rows] == [25 / 40, 1.0, 35 / 50]
    assert [row[shares + enforcement] for row in rows] == [20 / 40, 0.0, 20 / 50]
    assert [sum(row[5:17]) for row in rows] == [4, 1, 5]


def test_summary_says_how_it_counts_and_wears_the_themes_colours(tmp_path, scheme, tiny):
    sheet = write(tmp_path / "x.xlsx", scheme, tiny)["汇总"]
    assert "一段有两个主题,两边都计" in sheet["B1"].value
    assert "小标题以外" in sheet["B1"].value
    assert "counts in both" in sheet["B2"].value
    assert sheet.freeze_panes == "B5"
    for column, theme in enumerate(scheme.themes, start=6):
        cell = sheet.cell(4, column)
        assert cell.fill.fgColor.rgb.lower() == "ff" + theme.color[1:]
        assert cell.font.color.rgb.lower() == "ff" + ink_on(theme.color)[1:]


def test_headings_alone_have_no_share(scheme):
    counts = count(report_of(scheme, tagged(0, "标题", "heading", ("digital",))))
    assert (counts.body, counts.characters, set(counts.shares), set(counts.theme_paragraphs)) == (0, 0, {0.0}, {0})


def test_a_paragraph_row(tmp_path, scheme, tiny):
    sheet = write(tmp_path / "x.xlsx", scheme, tiny)["段落"]
    row = {head.value: cell.value for head, cell in zip(sheet[1], sheet[4], strict=True)}
    names = {theme.id: theme.zh for theme in scheme.themes}
    assert list(row)[:8] == ["文件", "序号", "标题路径", "原文", "部分", "主题", "把握", "部分得分"]
    assert list(row)[8:20] == [f"得分:{name}" for name in names.values()]
    assert tuple(row)[20:] == ANSWER_COLUMNS.headers(scheme)
    assert list(row.values())[:8] == [
        "a.txt", 2, "一、工作 > (一)执法", "乙" * 15, "工作情况", "行政执法\n数字法治政府", "有把握", 0.9877,
    ]  # fmt: skip
    assert (row["得分:行政执法"], row["得分:普法宣传"]) == (0.9, 0.01)
    assert [row[name] for name in ANSWER_COLUMNS.headers(scheme)[:14]] == [None] * 14
    hidden = [row[name] for name in ANSWER_COLUMNS.hidden]
    assert hidden == [
        uid_of(SHA, 20, 25), SHA, 20, 25, scheme.fingerprint, "fazhi-linear@0.1.0", SEGMENTER_VERSION,
    ]  # fmt: skip


def test_drop_downs_cover_the_rows_and_nothing_else(tmp_path, scheme, tiny):
    sheet = write(tmp_path / "x.xlsx", scheme, tiny)["段落"]
    lists = {str(each.sqref): each for each in sheet.data_validations.dataValidation}
    assert {name: each.formula1 for name, each in lists.items()} == {
        "U2:U6": '"标题,导语,小标题,工作情况,第一责任人履职,存在问题,工作安排,意见建议,责任分工,结尾落款,网页噪声"',
        "V2:AH6": '"是,否"',
    }
    assert {(each.type, each.allow_blank, each.errorStyle) for each in lists.values()} == {("list", True, None)}
    heads = [cell.value for cell in sheet[1]]
    assert (heads[20], heads[21], heads[33]) == ("核定:部分", "核定:党的领导与统筹推进", "已核")


def test_panes_filter_and_hidden_columns(tmp_path, scheme, tiny):
    sheet = write(tmp_path / "x.xlsx", scheme, tiny)["段落"]
    assert sheet.freeze_panes == "E2"
    assert sheet.auto_filter.ref == "A1:AH6"
    hidden = {
        sheet.cell(1, column).value
        for dimension in sheet.column_dimensions.values()
        if dimension.hidden
        for column in range(dimension.min, dimension.max + 1)
    }
    assert hidden == set(ANSWER_COLUMNS.hidden)


def test_rows_to_check_are_marked_until_reviewed(tmp_path, scheme, tiny):
    sheet = write(tmp_path / "x.xlsx", scheme, tiny)["段落"]
    rules = {str(each.sqref): each.rules[0].formula for each in sheet.conditional_formatting}
    assert rules["A2:H6"] == ['AND($G2="待核",$AH2<>"是")']
    assert [sheet.cell(row, 7).value for row in range(2, 7)] == ["有把握", "待核", "有把握", "有把握", "有把握"]


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://x")',
    "{=1}",
    "http://x.cn",
    "mailto:a@b.cn",
    "007",
    "TRUE",
]


def test_nothing_becomes_a_formula_a_link_or_a_number(tmp_path, scheme):
    rows = [tagged(index, text, path=(text,)) for index, text in enumerate(FORMULAS)]
    report = report_of(scheme, *rows, document="=cmd|' /C calc'!A0")
    book = write(tmp_path / "x.xlsx", scheme, report, facts={"=1+1": "=2+2"})
    assert texts(book) == FORMULAS
    for sheet in book:
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink]
    sheet = book["段落"]
    assert [sheet.cell(row, 3).value for row in range(2, 12)] == FORMULAS
    assert [bool(sheet.cell(row, 4).quotePrefix) for row in range(2, 8)] == [True] * 5 + [False]
    assert sheet["A2"].value == book["汇总"]["A5"].value == "=cmd|' /C calc'!A0"
    assert [cell.value for cell in book["说明"][2]][:2] == ["=1+1", "=2+2"]


def test_characters_that_xml_cannot_hold(tmp_path, scheme):
    given = ["a\x00b\x0b\x1f", "x\ud800y", "\ufffe\uffff", "甲\r\n乙\r丙", "\t缩进 ", "𠮷野家😀", "<b>&amp;</b>"]
    rows = [tagged(index, text) for index, text in enumerate(given)]
    report = report_of(scheme, *rows, document="b\udcff.txt")
    book = write(tmp_path / "x.xlsx", scheme, report)
    assert texts(book) == ["a�b��", "x�y", "��", "甲\n乙\n丙", "\t缩进 ", "𠮷野家😀", "<b>&amp;</b>"]
    assert book["段落"]["A2"].value == "b�.txt"


def test_text_cannot_pass_for_the_writers_own_markup(tmp_path, scheme):
    """XlsxWriter writes `<r>…</r>` as it stands: a report could bring its own XML."""
    text = "<r><t>甲</t></r></is></c><c><f>1+1</f></c><is><r></r>"
    assert texts(write(tmp_path / "x.xlsx", scheme, report_of(scheme, tagged(0, text)))) == [text + " "]


def test_long_cells_are_cut_with_a_mark_and_counted(tmp_path, scheme):
    whole, long, wide = "长" * LIMIT, "长" * (LIMIT + 1), "𠮷" * (LIMIT // 2 + 1)
    report = report_of(scheme, *[tagged(index, text) for index, text in enumerate((whole, long, wide))])
    book = write(tmp_path / "x.xlsx", scheme, report)
    found = texts(book)
    assert found[0] == whole
    assert found[1] == "长" * (LIMIT - len(CUT)) + CUT
    assert found[2] == "𠮷" * ((LIMIT - len(CUT)) // 2) + CUT
    assert max(len(text.encode("utf-16-le")) // 2 for text in found) <= LIMIT
    notes = {row[0].value: row[1].value for row in book["说明"].iter_rows()}
    assert notes["截断的单元格 · cells cut"] == "2"


def test_notes_hold_the_facts_and_the_scheme(tmp_path, scheme, tiny):
    facts = {"模型 bundle": "fazhi-linear@0.1.0"}
    path = tmp_path / "x.xlsx"
    with XlsxResults(path, scheme, facts) as results:
        results.add(tiny)
        facts["跳过的输入 skipped inputs"] = "b.doc: Word 97\nc.txt: 空"  # known only now
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["汇总", "段落", "说明"]
    rows = [[cell.value for cell in row] for row in book["说明"].iter_rows()]
    assert rows[:3] == [
        ["由什么产生", "What produced this", None],
        ["模型 bundle", "fazhi-linear@0.1.0", None],
        ["跳过的输入 skipped inputs", "b.doc: Word 97\nc.txt: 空", None],
    ]
    assert ["行政执法", "Administrative enforcement", "enforcement"] in rows
    assert ["网页噪声", "Boilerplate", "boilerplate"] in rows
    assert any(row[0] and "空白表示没有判断" in row[0] and row[1].startswith("Blank means not judged") for row in rows)


def leftovers(tmp_path, monkeypatch):
    """Send temporary files where they can be counted; return a function that lists what is there."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    return lambda: [each.name for folder in (scratch, tmp_path / "out") for each in folder.iterdir()]


def test_the_file_appears_when_it_is_complete(tmp_path, scheme, tiny, monkeypatch):
    left = leftovers(tmp_path, monkeypatch)
    path = tmp_path / "out" / "deep.xlsx"
    with XlsxResults(path, scheme, {}) as results:
        results.add(tiny)
        assert not path.exists()
    assert left() == ["deep.xlsx"]


def test_no_report_no_file(tmp_path, scheme, monkeypatch):
    left = leftovers(tmp_path, monkeypatch)
    with XlsxResults(tmp_path / "out" / "x.xlsx", scheme, {}):
        pass
    assert left() == []


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, scheme, tiny, monkeypatch):
    left = leftovers(tmp_path, monkeypatch)
    path = tmp_path / "out" / "x.xlsx"
    path.parent.mkdir()
    path.write_bytes(b"old")
    broken = dataclasses.replace(tiny, paragraphs=(*tiny.paragraphs, None))
    with pytest.raises(AttributeError):
        write(path, scheme, tiny, broken)
    assert (left(), path.read_bytes()) == (["x.xlsx"], b"old")


def test_a_full_disk_is_said_in_one_line(tmp_path, scheme, tiny, monkeypatch):
    left = leftovers(tmp_path, monkeypatch)

    def full(book):
        raise FileCreateError(OSError(28, "No space left on device"))

    monkeypatch.setattr(Workbook, "close", full)
    with pytest.raises(InputError, match="could not be completed .*No space left"):
        write(tmp_path / "out" / "x.xlsx", scheme, tiny)
    assert left() == []


def test_a_place_that_cannot_be_written_is_said_at_once(tmp_path, scheme):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"), XlsxResults(tmp_path / "file" / "x.xlsx", scheme, {}):
        pytest.fail("the block began")


def test_more_rows_than_excel_has(tmp_path, scheme, tiny, monkeypatch):
    assert xlsx.MOST_ROWS == 1_048_576
    monkeypatch.setattr(xlsx, "MOST_ROWS", 11)  # the header and two reports of five
    write(tmp_path / "x.xlsx", scheme, tiny, tiny)
    with pytest.raises(InputError, match="at most 11 rows, and c.txt goes beyond — write CSV"):
        write(tmp_path / "y.xlsx", scheme, tiny, tiny, dataclasses.replace(tiny, document="c.txt"))
    assert [each.name for each in tmp_path.iterdir()] == ["x.xlsx"]


def test_seeds_are_all_there(tmp_path, seeds):
    tagger = load_tagger("linear")
    reports = [tagger.tag(document) for document in seeds.values()]
    book = write(tmp_path / "x.xlsx", tagger.bundle.scheme, *reports)
    whole = [CellText().fit(each.paragraph.text) for report in reports for each in report.paragraphs]
    assert texts(book) == whole
    assert book["汇总"].max_row == 4 + len(reports) + 1


@pytest.mark.parametrize(("color", "text"), [("#000000", "#ffffff"), ("#ddcc00", "#000000"), ("#2200ff", "#ffffff")])
def test_text_is_readable_on_a_colour(color, text):
    assert ink_on(color) == text


def test_tint_is_a_third_of_the_colour():
    assert (tint("#000000"), tint("#ffffff"), tint("#ff0000")) == ("#a6a6a6", "#ffffff", "#ffa6a6")


def test_row_height_counts_lines_and_stops_at_excels_limit():
    one = row_height([("短", 20)])
    assert row_height([("一\n二\n三", 20), ("短", 5)]) - one == pytest.approx(28)
    assert row_height([("字" * 30, 21)]) - one == pytest.approx(28)  # ten characters a line
    assert row_height([("字" * 99_999, 20)]) == 409


def test_the_sheets_print_on_landscape_a4_with_their_heads(tmp_path, scheme, tiny):
    book = write(tmp_path / "a.xlsx", scheme, tiny, facts={"设置 settings": "a=1\nb=2"})
    overview, paragraphs, notes = book.worksheets
    assert {(sheet.page_setup.orientation, sheet.page_setup.paperSize) for sheet in book} == {("landscape", 9)}
    assert [each.id for each in overview.col_breaks.brk] == [17]  # counts on one page, shares on the next
    assert (overview.print_title_cols, overview.print_title_rows) == ("$A:$A", "$4:$4")
    assert paragraphs.print_title_rows == "$1:$1"
    assert paragraphs.print_area == "'段落'!$A$1:$H$6"  # no scores, no answers
    assert (
        paragraphs.page_setup.fitToHeight == notes.page_setup.fitToHeight == 0
    )  # as wide as the page, as long as need be
    assert notes["B2"].value == "a=1\nb=2"
    assert notes.row_dimensions[2].height > 28
