"""Corrections come back from the workbook: the round trip, and everything that is refused."""

import io
import zipfile

import openpyxl
import pytest
from typer.testing import CliRunner

from fazhi.annotation import workbook
from fazhi.annotation.cli import app
from fazhi.annotation.from_xlsx import Voter, import_answers, summary_of
from fazhi.annotation.workbook_answers import Problem
from fazhi.model import load_tagger
from fazhi.model.labels import ANSWER_COLUMNS, read_examples, trainable, uid_of
from fazhi.model.reading import InputError, read_document
from fazhi.model.report import SEGMENTER_VERSION, segment
from fazhi.serving.xlsx import XlsxResults

YES, NO, DONE = ANSWER_COLUMNS.yes, ANSWER_COLUMNS.no, ANSWER_COLUMNS.reviewed
TEXT = "某市法治政府建设报告\n一、工作情况\n加强普法宣传,推进数字政府建设。\n化解矛盾纠纷一百件。\n二、存在问题\n执法水平不高。\n"
TITLE, HEAD, FIRST, SECOND = 2, 3, 4, 5  # rows of the sheet


class Sheet:
    """The workbook of one report, under a person's hands."""

    def __init__(self, path, scheme):
        self.path, self.scheme = path, scheme
        self.book = openpyxl.load_workbook(path)
        self.sheet = self.book["段落"]

    def cell(self, row, header):
        column = next(cell.column for cell in self.sheet[1] if cell.value == header)
        return self.sheet.cell(row, column)

    def put(self, row, **cells):
        for header, value in cells.items():
            self.cell(row, header).value = value
        return self

    def answer(self, row, section, *themes, blank=()):
        for theme, header in zip(self.scheme.themes, ANSWER_COLUMNS.themes(self.scheme), strict=True):
            self.cell(row, header).value = None if theme.id in blank else YES if theme.id in themes else NO
        return self.put(row, **{ANSWER_COLUMNS.section: section, DONE: YES})

    def save(self):
        self.book.save(self.path)
        return self.path


@pytest.fixture(scope="module")
def tagger():
    return load_tagger("linear")


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "reports" / "甲.txt"
    path.parent.mkdir()
    path.write_bytes(TEXT.encode("gb18030"))
    return path


@pytest.fixture
def sheet(tmp_path, report, tagger, scheme):
    path = tmp_path / "all.xlsx"
    with XlsxResults(path, scheme, {}) as results:
        results.add(tagger.tag(report))
    return Sheet(path, scheme)


@pytest.fixture
def bring(tmp_path, sheet, scheme, report):
    """Save the sheet and import it from the folder of reports."""
    return lambda: import_answers(sheet.save(), [report.parent], Voter("张"), scheme)


def line(imported):
    """Return the only problem as it is shown."""
    (problem,) = imported.problems
    return str(InputError(problem.where, problem.what, problem.hint))


def test_the_seeds_come_back_as_they_were_answered(tmp_path, root, tagger, scheme):
    """Every paragraph answered as the gold says; what comes out are the gold's paragraphs, field by field."""
    gold = read_examples(root / "seeds" / "gold.jsonl", scheme)
    path = tmp_path / "all.xlsx"
    with XlsxResults(path, scheme, {}) as results:
        for name in dict.fromkeys(each.document for each in gold):
            results.add(tagger.tag(read_document(root / name)))
    sheet, names = Sheet(path, scheme), {each.id: each.zh for each in scheme.sections}
    by_uid = {each.uid: each for each in gold}
    for row in range(2, sheet.sheet.max_row + 1):
        each = by_uid[sheet.cell(row, "uid").value]
        sheet.answer(row, names[each.section], *each.themes)
    out = tmp_path / "examples.jsonl"
    done = CliRunner().invoke(
        app,
        ["from-xlsx", str(sheet.save()), "--reports", str(root / "seeds"), "--annotator", "张", "--out", str(out), "--round", "2"],
    )  # fmt: skip
    assert (done.exit_code, done.stderr) == (0, "")
    assert f"取用 · taken: {len(gold)}\n" in done.stdout
    votes = read_examples(out, scheme)
    assert {(each.kind, each.annotator, each.source, each.round) for each in votes} == {("vote", "张", "xlsx", 2)}
    fields = (
        "uid", "sha256", "index", "count", "start", "end", "text", "clean", "level", "marker", "path", "section", "scheme",
        "segmenter",
    )  # fmt: skip
    for one, other in zip(votes, gold, strict=True):
        assert [getattr(one, name) for name in fields] == [getattr(other, name) for name in fields]
        assert set(one.themes) == set(other.themes)
    assert len(trainable(votes)) == len(gold)


def test_only_reviewed_rows_count(bring, sheet, scheme, report):
    sheet.answer(FIRST, "工作情况", "publicity", "digital")
    sheet.answer(SECOND, "工作情况", "dispute").put(SECOND, **{DONE: None})
    sheet.answer(HEAD, "小标题").put(HEAD, **{DONE: NO})
    found = bring()
    (example,) = found.examples
    third = segment(read_document(report)).paragraphs[2]
    assert (example.text, example.index, example.count) == (third.text, 2, 6)
    assert example.path == ("一、工作情况",)
    assert example.themes == ("digital", "publicity")  # scheme order
    assert (example.document, example.segmenter) == (str(report), SEGMENTER_VERSION)
    assert (found.reviewed, found.unreviewed, found.problems) == (1, 2, ())


def test_an_incomplete_row_is_named_and_left_out(bring, sheet):
    sheet.answer(FIRST, "工作情况", blank=("digital", "publicity"))
    sheet.answer(SECOND, None)
    sheet.answer(HEAD, "小标题")
    found = bring()
    assert [each.index for each in found.examples] == [1]
    one, other = found.problems
    assert one.where.startswith(f"row {FIRST} (")
    assert one.where.endswith("甲.txt, paragraph 2)")
    assert one.what == "is reviewed, and 2 answers are blank: 核定:数字法治政府, 核定:普法宣传"
    assert other.what == "is reviewed, and 1 answers are blank: 核定:部分"
    assert (found.reviewed, found.incomplete) == (3, 2)


def test_a_title_needs_no_themes_and_bears_none(bring, sheet, scheme):
    every = scheme.theme_ids
    sheet.answer(TITLE, "标题", blank=every)
    assert [each.themes for each in bring().examples] == [()]
    sheet.answer(TITLE, "标题", "digital")
    assert "says 标题, which carries no themes, and 是 for 数字法治政府" in line(bring())


@pytest.mark.parametrize(
    ("header", "value", "shown"),
    [("核定:部分", "工作", "核定:部分=工作"), ("核定:普法宣传", "yes", "核定:普法宣传=yes"), (DONE, "√", "已核=√"), ("核定:普法宣传", 1, "核定:普法宣传=1")],
)  # fmt: skip
def test_unknown_words_are_named(bring, sheet, header, value, shown):
    sheet.answer(FIRST, "工作情况").put(FIRST, **{header: value})
    assert f"has unknown answers {shown} — choose" in line(bring())


def test_blanks_around_words_do_not_matter(bring, sheet):
    sheet.answer(FIRST, " 工作情况\u3000").put(FIRST, **{"核定:普法宣传": "是 "})
    assert [each.themes for each in bring().examples] == [("publicity",)]


@pytest.mark.parametrize(("section", "row", "shown"), [("工作情况", HEAD, "should say 小标题"), ("小标题", FIRST, "says 小标题, and is none")])  # fmt: skip
def test_the_cut_decides_what_is_a_heading(bring, sheet, section, row, shown):
    sheet.answer(row, section)
    assert shown in line(bring())


def duplicate(sheet, row):
    copy = sheet.sheet.max_row + 1
    for cell in sheet.sheet[row]:
        sheet.sheet.cell(copy, cell.column).value = cell.value
    return copy


def test_two_answers_to_one_paragraph(bring, sheet):
    sheet.answer(FIRST, "工作情况", "digital").answer(HEAD, "小标题")
    copy = duplicate(sheet, FIRST)
    same = bring()
    assert (len(same.examples), same.repeated, same.problems) == (2, 1, ())
    sheet.answer(copy, "工作情况")
    found = bring()
    assert [each.index for each in found.examples] == [1]
    assert line(found).startswith(f"rows {FIRST}, {copy} (")
    assert "answer one paragraph differently" in line(found)


@pytest.mark.parametrize(("header", "value"), [("uid", "ab" * 32), ("start", None), ("end", "x"), ("sha256", "cd" * 32), ("start", True)])  # fmt: skip
def test_hidden_columns_that_do_not_belong_together(bring, sheet, header, value):
    sheet.answer(FIRST, "工作情况").put(FIRST, **{header: value})
    assert "has hidden columns that were changed or emptied" in line(bring())


def test_whole_numbers_may_be_stored_as_fractions(bring, sheet):
    sheet.answer(FIRST, "工作情况").put(FIRST, start=float(sheet.cell(FIRST, "start").value))
    assert len(bring().examples) == 1


@pytest.mark.parametrize(("header", "value", "shown"), [
    ("scheme", "0" * 16, "was tagged under scheme 0000000000000000, expected "), ("segmenter", "0", "was tagged under segmenter 0, expected "),
    ("segmenter", None, "was tagged under segmenter nothing"), ("bundle", None, "does not say which bundle"),
])  # fmt: skip
def test_another_scheme_or_cut_is_one_line_a_report(bring, sheet, header, value, shown):
    for row in (FIRST, SECOND):
        sheet.answer(row, "工作情况").put(row, **{header: value})
    found = bring()
    assert shown in line(found)
    assert found.problems[0].rows == (FIRST, SECOND)
    assert found.examples == ()


def test_many_rows_are_counted():
    problem = Problem(tuple(range(2, 32)), "a.txt", "is", "do")
    assert problem.where == "rows 2, 3, 4, 5, 6, … 30 in all (a.txt)"


def test_a_report_that_is_gone_or_changed_is_named(tmp_path, bring, sheet, report):
    sheet.answer(FIRST, "工作情况").answer(SECOND, "工作情况")
    report.write_text(TEXT + "新增一行。", encoding="utf-8")
    assert "is not found under --reports (a file of this name is there, with another text)" in line(bring())
    report.unlink()
    (report.parent / "坏.txt").write_bytes(b"\x00\x01\x02")
    found = bring()
    assert line(found).startswith(f"rows {FIRST}, {SECOND} (")
    assert "is not found under --reports — add" in line(found)
    assert [each.where.endswith("坏.txt") for each in found.errors] == [True]


def test_a_report_is_known_by_its_text_wherever_it_is(tmp_path, sheet, report, scheme):
    sheet.answer(FIRST, "工作情况")
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        archive.writestr("2023/乙.txt", TEXT.encode("utf-8"))
    report.unlink()
    found = import_answers(sheet.save(), [tmp_path], Voter("张"), scheme)
    assert [each.document for each in found.examples] == [str(report)]


def test_a_paragraph_that_is_cut_no_more(bring, sheet, report):
    sha = sheet.cell(FIRST, "sha256").value
    sheet.answer(FIRST, "工作情况").put(FIRST, start=1, end=3, uid=uid_of(sha, 1, 3))
    assert "is a paragraph that the report is no longer cut into" in line(bring())


def test_a_place_that_does_not_exist(tmp_path, sheet, scheme):
    sheet.answer(FIRST, "工作情况")
    with pytest.raises(InputError, match="nowhere: does not exist"):
        import_answers(sheet.save(), [tmp_path / "nowhere"], Voter("张"), scheme)


def test_changes_are_counted_against_the_tags_in_the_sheet(bring, sheet):
    sheet.put(FIRST, 部分="工作情况", 主题="普法宣传\n数字法治政府").answer(FIRST, "工作情况", "digital", "publicity")
    sheet.put(SECOND, 部分="工作情况", 主题=None).answer(SECOND, "工作情况", "dispute")
    found = bring()
    assert (found.changed, len(found.bundles)) == (1, 1)
    assert f"与机器标注不同 · changed against the tags of {found.bundles[0]}: 1" in summary_of(found)


def test_sorted_rows_and_moved_columns_do_not_matter(bring, sheet):
    sheet.answer(FIRST, "工作情况", "digital").answer(SECOND, "存在问题")
    before = {each.uid: each for each in bring().examples}
    rows = [[cell.value for cell in row] for row in sheet.sheet.iter_rows()]
    mixed = [[*row[::-1]] for row in (rows[0], *rows[:0:-1])]
    for number, row in enumerate(mixed, start=1):
        for column, value in enumerate(row, start=1):
            sheet.sheet.cell(number, column).value = value
    assert {each.uid: each for each in bring().examples} == before


def test_nothing_reviewed_is_an_error(bring, sheet):
    sheet.answer(FIRST, "工作情况").put(FIRST, **{DONE: None})
    with pytest.raises(InputError, match=r"has no reviewed rows \(1 with answers\) — choose 是 in 已核"):
        bring()


@pytest.mark.parametrize("header", ["uid", "segmenter", "核定:普法宣传", "文件"])
def test_a_column_that_is_gone_or_there_twice(bring, sheet, header):
    sheet.answer(FIRST, "工作情况")
    sheet.sheet.cell(1, sheet.sheet.max_column + 1).value = header
    with pytest.raises(InputError, match=f"has columns twice: {header}"):
        bring()
    for cell in sheet.sheet[1]:
        cell.value = None if cell.value == header else cell.value
    with pytest.raises(InputError, match=f"lacks 1 columns: {header}"):
        bring()


def test_a_sheet_that_is_gone(bring, sheet):
    sheet.sheet.title = "Sheet2"
    with pytest.raises(InputError, match="has no sheet 段落, only 汇总, Sheet2, 说明"):
        bring()


def changed_part(path, name, change):
    """Rewrite one part of a container."""
    with zipfile.ZipFile(path) as book:
        parts = {each: book.read(each) for each in book.namelist()}
    parts[name] = change(parts[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for each, data in parts.items():
            book.writestr(each, data)


SHEET_PART = "xl/worksheets/sheet2.xml"


@pytest.mark.parametrize(("part", "change", "shown"), [
    (SHEET_PART, lambda data: data.replace(b"?>", b"?><!DOCTYPE a [<!ENTITY b 'c'>]>", 1) if b"?>" in data else b"<!DOCTYPE a>" + data, "contains a DOCTYPE"),
    (SHEET_PART, lambda data: ("<?xml version='1.0' encoding='utf-16'?><!DOCTYPE a>").encode("utf-16") + data, "contains a DOCTYPE"),
    (SHEET_PART, lambda data: data + b" " * 30_000_000, "unpacks to more than 200 times its size"),
    (SHEET_PART, lambda data: data[: len(data) // 2], "is a damaged workbook"),
    (SHEET_PART, lambda data: data.replace(b'<row r="2"', b'<row r="x"'), "is a damaged workbook"),
    ("xl/workbook.xml", lambda data: b"", "is a damaged workbook"),
])  # fmt: skip
def test_hostile_parts_are_one_clear_line(sheet, report, scheme, part, change, shown):
    path = sheet.answer(FIRST, "工作情况").save()
    changed_part(path, part, change)
    with pytest.raises(InputError, match=shown) as caught:
        import_answers(path, [report], Voter("张"), scheme)
    assert "\n" not in str(caught.value)


def test_rows_beyond_excel_are_not_walked_to(sheet, report, scheme):
    path = sheet.answer(FIRST, "工作情况").save()
    changed_part(path, SHEET_PART, lambda data: data.replace(b'<row r="7"', b'<row r="99999999999"'))
    assert len(import_answers(path, [report], Voter("张"), scheme).examples) == 1


def test_limits_on_what_is_unpacked(sheet, report, scheme, monkeypatch):
    path = sheet.answer(FIRST, "工作情况").save()
    monkeypatch.setattr(workbook, "MAX_RUN", 20)
    with pytest.raises(InputError, match="has more than 20 XML tags in one row"):
        import_answers(path, [report], Voter("张"), scheme)
    monkeypatch.setattr(workbook, "MAX_RUN", 200_000)
    monkeypatch.setattr(workbook, "MAX_TAGS", 500)
    with pytest.raises(InputError, match="has more than 500 XML tags"):
        import_answers(path, [report], Voter("张"), scheme)
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 5_000)
    with pytest.raises(InputError, match="unpacks to more than"):
        import_answers(path, [report], Voter("张"), scheme)
    monkeypatch.setattr(workbook, "MAX_BYTES", 500)
    with pytest.raises(InputError, match="is larger than"):
        import_answers(path, [report], Voter("张"), scheme)


@pytest.mark.parametrize(
    "data", [b"", "文件,序号\n".encode(), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"PK\x03\x04" + b"x" * 90]
)
def test_what_is_no_workbook(tmp_path, report, scheme, data):
    path = tmp_path / "x.xlsx"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"is no \.xlsx workbook|is a damaged zip"):
        import_answers(path, [report], Voter("张"), scheme)


def test_another_zip_is_no_workbook(tmp_path, report, scheme):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.txt", TEXT)
    (tmp_path / "x.xlsx").write_bytes(held.getvalue())
    with pytest.raises(InputError, match="is a damaged workbook"):
        import_answers(tmp_path / "x.xlsx", [report], Voter("张"), scheme)


def run(sheet, out, *arguments):
    return CliRunner().invoke(app, ["from-xlsx", str(sheet.save()), "--out", str(out), *map(str, arguments)])


def test_the_command_says_what_it_did_and_how_well(tmp_path, sheet, report, scheme):
    out = tmp_path / "examples.jsonl"
    sheet.answer(FIRST, "工作情况", "digital", "capacity").answer(SECOND, "工作情况", blank=("digital",))
    sheet.answer(HEAD, "小标题").put(HEAD, **{DONE: None})
    done = run(sheet, out, "--annotator", " 张 ", "--reports", report)
    assert done.exit_code == 1
    assert done.stderr == (
        f"fazhi: {sheet.path} row {SECOND} ({report}, paragraph 3): is reviewed, and 1 answers are blank: 核定:数字法治政府"
        " — blank means not judged; fill them, or empty 已核\n"
    )
    assert done.stdout.splitlines() == [
        "已核 · rows reviewed: 2",
        "取用 · taken: 1",
        "未填全 · incomplete: 1",
        "与机器标注不同 · changed against the tags of fazhi-linear@0.1.0: 1",
        "有答案而未核,未取用 · answered, not reviewed, not taken: 1",
    ]
    assert [(each.annotator, each.round) for each in read_examples(out, scheme)] == [("张", 0)]


def test_nothing_to_take_writes_nothing(tmp_path, sheet, report):
    sheet.answer(FIRST, None)
    out = tmp_path / "examples.jsonl"
    done = run(sheet, out, "--annotator", "张", "--reports", report)
    assert (done.exit_code, out.exists()) == (2, False)


def test_reports_may_follow_one_option_as_a_shell_pattern_gives_them(tmp_path, sheet, report):
    sheet.answer(FIRST, "工作情况")
    other = tmp_path / "reports" / "乙.txt"
    other.write_text("别的报告。", encoding="utf-8")
    done = run(sheet, tmp_path / "e.jsonl", "--annotator", "张", "--reports", other, report)
    assert done.exit_code == 0


@pytest.mark.parametrize(
    ("out", "annotator", "shown"),
    [("all.xlsx", "张", "is the workbook or a report"), ("e.jsonl", " ", "--annotator: is blank")],
)
def test_arguments_that_cannot_be_meant(tmp_path, sheet, report, out, annotator, shown):
    sheet.answer(FIRST, "工作情况")
    done = run(sheet, tmp_path / out, "--annotator", annotator, "--reports", report)
    assert isinstance(done.exception, InputError)
    assert shown in str(done.exception)
