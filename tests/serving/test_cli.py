"""`fazhi tag` as a user runs it: every output, every bad input, exit codes, silence in a pipe."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from pdf_writer import page, pdf, show, wrapped

COMMAND = Path(sys.executable).parent / "fazhi"
FIELDS = [
    "document", "sha256", "index", "start", "end", "text", "clean", "level", "marker", "path", "flags", "section",
    "section_score", "themes", "theme_scores", "band", "model",
]  # fmt: skip


def fazhi(*arguments, cwd, stdin=b"", **environment):
    done = subprocess.run(
        [COMMAND, *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def folder(tmp_path, root):
    """A working folder with two seeds, one of them deeper."""
    reports = sorted((root / "seeds" / "reports").glob("*.txt"))
    (tmp_path / "in" / "deep").mkdir(parents=True)
    shutil.copy(reports[1], tmp_path / "in" / "one.txt")
    shutil.copy(reports[3], tmp_path / "in" / "deep" / "two.txt")
    return tmp_path


def read_jsonl(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def test_a_folder_gives_one_result_a_report_in_the_same_tree(folder, seeds):
    code, out, err = fazhi("tag", "in", "--out", "out", cwd=folder)
    assert (code, out, err) == (0, "", "")
    assert sorted(str(path.relative_to(folder / "out")) for path in (folder / "out").rglob("*.jsonl")) == [
        "deep/two.txt.jsonl",
        "one.txt.jsonl",
    ]
    lines = read_jsonl(folder / "out" / "one.txt.jsonl")
    assert len(lines) == 39
    for line in lines:
        assert list(line) == FIELDS
        assert line["document"] == "in/one.txt"
        assert line["text"] == seeds["001"].text[line["start"] : line["end"]]
        assert len(line["theme_scores"]) == 12
        assert (line["section"] == "heading") == (line["level"] > 0)


def test_one_file_for_all_and_standard_output_are_the_same(folder):
    assert fazhi("tag", "in", "-o", "all.jsonl", cwd=folder) == (0, "", "")
    code, out, err = fazhi("tag", "in", "-o", "-", cwd=folder)
    assert (code, err) == (0, "")
    assert out == (folder / "all.jsonl").read_text(encoding="utf-8")
    assert {json.loads(line)["document"] for line in out.split("\n") if line} == {"in/one.txt", "in/deep/two.txt"}


def test_csv_opens_in_excel_and_runs_no_formula(folder):
    (folder / "in" / "one.txt").write_text(
        "=1+1\n- 上一篇:通知\n@甲\n一、工作\n开展执法检查,办案3件。", encoding="utf-8"
    )
    assert fazhi("tag", "in/one.txt", "-o", "x.csv", cwd=folder)[0] == 0
    data = (folder / "x.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in data
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [row["text"] for row in rows] == ["'=1+1", "'- 上一篇:通知", "'@甲", "一、工作", "开展执法检查,办案3件。"]
    assert rows[4]["path"] == "一、工作"
    assert {"score_leadership", "score_capacity", "themes", "band", "model"} <= set(rows[0])


def test_csv_and_jsonl_agree(folder):
    fazhi("tag", "in", "-o", "x.csv", cwd=folder)
    fazhi("tag", "in", "-o", "x.jsonl", cwd=folder)
    rows = list(csv.DictReader(io.StringIO((folder / "x.csv").read_text(encoding="utf-8-sig"), newline="")))
    lines = read_jsonl(folder / "x.jsonl")
    assert [(row["document"], row["index"], row["section"], row["themes"]) for row in rows] == [
        (line["document"], str(line["index"]), line["section"], ";".join(line["themes"])) for line in lines
    ]


def test_a_file_named_twice_is_tagged_once(folder):
    assert fazhi("tag", "in", "./in/one.txt", "--out", "out", cwd=folder) == (0, "", "")


def test_patterns_and_standard_input(folder):
    text = "一、工作\n开展执法检查。".encode("gb18030")
    code, out, err = fazhi("tag", "in/*.txt", "in/one.txt", "-", "-o", "-", cwd=folder, stdin=text)
    assert (code, err) == (0, "")
    assert [json.loads(line)["document"] for line in out.split("\n") if line] == ["in/one.txt"] * 39 + ["<stdin>"] * 2


def test_explain_says_which_words_earned_a_theme_and_changes_nothing_else(folder, seeds):
    code, out, err = fazhi("tag", "in", "-o", "-", "--explain", "--workers", "1", cwd=folder)
    assert (code, err) == (0, "")
    assert fazhi("tag", "in", "-o", "-", "--explain", "--workers", "2", cwd=folder)[1] == out
    lines = [json.loads(line) for line in out.split("\n") if line]
    assert list(lines[0]) == [*FIELDS, "earned"]
    plain = fazhi("tag", "in", "-o", "-", cwd=folder)[1]
    for line, before in zip(lines, plain.split("\n"), strict=False):
        text = seeds["001" if line["document"] == "in/one.txt" else "003"].text
        earned = line.pop("earned")
        assert json.dumps(line, ensure_ascii=False) == before
        assert set(earned) <= set(line["themes"])
        for sentence in earned.values():
            words = sentence["words"]
            assert list(sentence) == ["start", "end", "text", "clean", "drop", "without", "words"]
            assert text[sentence["start"] : sentence["end"]] == sentence["text"]
            assert text[words["start"] : words["end"]] == words["text"]
            assert words["text"] in sentence["text"]


def test_explain_leaves_tables_as_they_are_and_is_refused_where_nothing_shows_it(folder):
    fazhi("tag", "in/one.txt", "--out", "plain", "-f", "jsonl,csv", cwd=folder)
    fazhi("tag", "in/one.txt", "--out", "out", "-f", "jsonl,csv", "--explain", cwd=folder)
    assert (folder / "out" / "one.txt.csv").read_bytes() == (folder / "plain" / "one.txt.csv").read_bytes()
    assert (folder / "out" / "one.txt.jsonl").read_bytes() != (folder / "plain" / "one.txt.jsonl").read_bytes()
    code, out, err = fazhi("tag", "in", "-o", "x.csv", "--explain", cwd=folder)
    assert (code, out, err) == (2, "", "fazhi: --explain: is not shown in csv — write jsonl or html\n")
    code, _, err = fazhi("tag", "in/one.txt", "--out", "plain", "-f", "jsonl", "--explain", "--resume", cwd=folder)
    assert code == 2
    assert err.startswith("fazhi: plain: holds results of other settings")
    assert fazhi("tag", "in/one.txt", "--out", "out", "-f", "jsonl", "--explain", "--resume", cwd=folder)[0] == 0


def test_the_summary_is_shown_when_it_is_asked_for(folder):
    code, out, err = fazhi("tag", "in", "--summary", cwd=folder)
    assert (code, err) == (0, "")
    assert "合计 total" in out
    assert "fazhi-small@0.1.0" in out
    assert "fallback" not in out
    assert "fallback" in fazhi("tag", "in", "--summary", "--bundle", "linear", cwd=folder)[1]
    assert "fazhi-out" in out
    assert "Traceback" not in out


def test_min_score_only_takes_themes_away(folder):
    def themes(*options):
        return [
            set(json.loads(line)["themes"])
            for line in fazhi("tag", "in", "-o", "-", *options, cwd=folder)[1].split("\n")
            if line
        ]

    usual, low, high = themes(), themes("--min-score", "0.01"), themes("--min-score", "1")
    assert low == usual
    assert all(few <= many for few, many in zip(high, usual, strict=True))
    assert not any(high)
    assert any(usual)


def test_workers_change_nothing_but_the_time(folder):
    for number in range(9):
        shutil.copy(folder / "in" / "one.txt", folder / "in" / f"copy{number}.txt")
    (folder / "in" / "copy3.txt").write_bytes(b"")
    one = fazhi("tag", "in", "-o", "-", "--workers", "1", cwd=folder)
    two = fazhi("tag", "in", "-o", "-", "--workers", "2", cwd=folder)
    assert one == two
    assert one[0] == 1


def test_a_bundle_by_folder_and_by_name(folder, root):
    shutil.copytree(root / "model" / "bundles" / "linear", folder / "mine")
    assert fazhi("tag", "in", "-o", "-", "--bundle", "mine", cwd=folder) == fazhi(
        "tag", "in", "-o", "-", "--bundle", "linear", cwd=folder
    )
    code, out, err = fazhi("tag", "in", "--bundle", "none", cwd=folder)
    assert (code, out) == (2, "")
    assert err.startswith("fazhi: none: is neither a bundle folder")


BAD = {
    "empty.txt": (b"", "is empty"),
    "blank.txt": ("\ufeff \u3000\n\u200b".encode(), "has no paragraphs"),
    "binary.txt": (bytes(range(256)) * 50, "is "),
    "old.doc": (bytes.fromhex("d0cf11e0a1b11ae1") + b"0" * 100, "is a Word 97, WPS or locked Word file"),
    "cut.pdf": (b"%PDF-1.4\n", "is a PDF that breaks off before its end"),
}


@pytest.mark.parametrize("name", BAD)
def test_one_bad_file_is_named_and_the_others_are_written(folder, name):
    content, complaint = BAD[name]
    (folder / name).write_bytes(content)
    code, out, err = fazhi("tag", "in", name, "--out", "out", cwd=folder)
    assert (code, out) == (1, "")
    assert err.startswith(f"fazhi: {name}: {complaint}")
    assert err.count("\n") == 1
    assert len(list((folder / "out").rglob("*.jsonl"))) == 2


@pytest.mark.parametrize("name", [*BAD, "missing.txt", "nothing/*.txt", "emptydir"])
def test_nothing_usable_is_exit_code_2_and_leaves_no_file(folder, name):
    (folder / "emptydir").mkdir()
    if name in BAD:
        (folder / name).write_bytes(BAD[name][0])
    for target in (("--out", "out"), ("-o", "all.jsonl")):
        code, out, err = fazhi("tag", name, *target, cwd=folder)
        assert (code, out) == (2, "")
        assert err.startswith(f"fazhi: {name}: ")
        assert " — " in err
    assert not list(folder.rglob("*.part"))
    assert not (folder / "out").exists()
    assert not (folder / "all.jsonl").exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["in", "--format", "docx"], "--format: 'docx' is not a format"),
        (["in", "--format", "csv,jsonl", "-o", "x"], "--format: names 2 formats for one file"),
        (["in", "--format", "xlsx", "-o", "-"], "--format xlsx: is no text for standard output"),
        (["in", "--format", "parquet", "-o", "-"], "--format parquet: is no text for standard output"),
        (["in", "--format", "xlsx", "--resume"], "--format xlsx: is one workbook of all reports"),
        (["in", "--out", "x", "-o", "y.csv"], "--out and -o: exclude each other"),
        (["in", "--min-score", "2"], "--min-score: should lie between 0 and 1, found 2.0"),
        (["in/one.txt", "copy/one.txt"], "copy/one.txt: would overwrite the result of in/one.txt"),
        (["in", "-o", "in/one.txt/x.jsonl"], "in/one.txt/x.jsonl: cannot be written"),
        (["in", "-o", "copy", "--format", "csv"], "copy: is a folder, not a file"),
        (["in/one.txt", "-o", "in/one.txt", "--format", "csv"], "in/one.txt: is one of the reports"),
        ([""], "'': is an empty name"),
        (["in/**x*"], "in/**x*: "),
        (["in", "--encoding", "klingon"], "--encoding: 'klingon' is not an encoding of Chinese text"),
    ],
)
def test_usage_mistakes_are_one_line_and_exit_code_2(folder, arguments, complaint):
    shutil.copytree(folder / "in", folder / "copy")
    code, out, err = fazhi("tag", *arguments, cwd=folder)
    assert (code, out) == (2, "")
    assert err.startswith(f"fazhi: {complaint}")
    assert "Traceback" not in err


def test_a_result_never_takes_the_place_of_a_report(folder):
    (folder / "in" / "one.txt.html").write_text("<p>一、工作</p><p>正文。</p>", encoding="utf-8")
    code, _, err = fazhi("tag", "in/one.txt", "in/one.txt.html", "--out", "in", "--format", "html", cwd=folder)
    assert (code, err) == (2, "fazhi: in/one.txt.html: is one of the reports — name another place for the results\n")
    assert "正文。" in (folder / "in" / "one.txt.html").read_text(encoding="utf-8")


AS_ANYONE = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []


@pytest.mark.skipif(bool(AS_ANYONE) and not shutil.which("setpriv"), reason="root without setpriv may read everything")
def test_no_permission_is_one_line(folder):
    """Under root the command runs without the right to pass over permissions."""
    (folder / "secret.txt").write_text("一、工作\n正文。", encoding="utf-8")
    (folder / "secret.txt").chmod(0)
    (folder / "in" / "deep").chmod(0)
    command = [*AS_ANYONE, COMMAND, "tag", "in", "secret.txt", "-o", "-"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    (folder / "in" / "deep").chmod(0o755)
    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == [
        "fazhi: in/deep: may not be read — change its permissions",
        "fazhi: secret.txt: may not be read (no permission) — change its permissions or copy it",
    ]
    assert len(done.stdout.decode().splitlines()) == 39


def test_a_file_deleted_midway_is_named_and_the_others_are_written(folder):
    """The list of files is made first; here the first report, as it is tagged, deletes the second."""
    code = (
        "import os, sys; from fazhi.model import tagger as room; from fazhi.serving import batch; from fazhi.serving.cli import main\n"
        "read = batch.read_document\n"
        "def read_and_delete(path, encoding):\n"
        "    document = read(path, encoding)\n"
        "    os.path.exists('in/deep/two.txt') and os.remove('in/deep/two.txt')\n"
        "    return document\n"
        "batch.read_document = read_and_delete\n"
        "sys.argv = ['fazhi', 'tag', 'in/one.txt', 'in/deep/two.txt', '--out', 'out']; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "fazhi: in/deep/two.txt: does not exist — check the path; it may have been moved or deleted\n"
    assert (folder / "out" / "one.txt.jsonl").is_file()


def test_standard_input_among_many_files(folder):
    code, out, err = fazhi("tag", "-", "in", "-o", "-", "--workers", "2", cwd=folder, stdin="一、工作\n正文。".encode())
    assert (code, err) == (0, "")
    assert [json.loads(line)["document"] for line in out.split("\n") if line][:2] == ["<stdin>"] * 2


@pytest.mark.parametrize("option", ["--keep-text", "--resume", "--format=html,xlsx"])
def test_a_result_whose_name_is_too_long_does_not_stop_the_others(folder, option):
    (folder / "in" / ("0长" * 62 + ".txt")).write_text("一、工作\n正文。", encoding="utf-8")
    fazhi("tag", "in/one.txt", "--out", "out", cwd=folder)  # so that --resume has something to look at
    code, _, err = fazhi("tag", "in", "--out", "out", option, cwd=folder)
    assert code == 1
    assert err.count("\n") == 1
    assert "File name too long" in err
    assert any((folder / "out" / "deep").iterdir())
    assert not list(folder.rglob("*.part"))


@pytest.mark.parametrize("arguments", [["x" * 300], ["in", "-o", "x" * 300], ["in/one.txt", "--out", "x" * 300]])
def test_a_name_on_the_command_line_that_is_too_long_is_one_line(folder, arguments):
    code, _, err = fazhi("tag", *arguments, cwd=folder)
    assert (code, err.count("\n")) == (2, 1)
    assert "File name too long" in err


def test_a_pipe_in_a_folder_is_named_and_not_waited_for(folder):
    os.mkfifo(folder / "in" / "pipe.txt")
    code, out, err = fazhi("tag", "in", "-o", "-", cwd=folder)
    assert (code, err.count("\n")) == (1, 1)
    assert err.startswith("fazhi: in/pipe.txt: is a pipe or device, not a file")
    assert {json.loads(line)["document"] for line in out.split("\n") if line} == {"in/one.txt", "in/deep/two.txt"}


def test_a_pipe_that_is_named_outright_is_read_from_its_beginning(folder):
    report = folder / "in" / "one.txt"
    command = ["bash", "-c", f"{COMMAND} tag <(cat {report}) -o -"]
    piped = subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout.decode()
    assert [json.loads(line)["text"] for line in piped.split("\n") if line] == [
        each["text"] for each in read_jsonl(tagged(folder, report))
    ]


def tagged(folder, report):
    assert fazhi("tag", report, "-o", "all.jsonl", cwd=folder)[0] == 0
    return folder / "all.jsonl"


def test_a_pipe_is_not_replaced_by_results(folder):
    os.mkfifo(folder / "pipe.jsonl")
    code, _, err = fazhi("tag", "in", "-o", "pipe.jsonl", cwd=folder)
    assert (code, err.count("\n")) == (2, 1)
    assert "is a device or pipe, not a file" in err
    assert (folder / "pipe.jsonl").is_fifo()


def test_a_full_disk_is_one_line(folder):
    with Path("/dev/full").open("wb") as full:
        command = [COMMAND, "tag", "in", "-o", "-"]
        done = subprocess.run(command, cwd=folder, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr.decode().startswith("fazhi: standard output: cannot be written (No space left on device)")


def test_results_of_an_interrupted_run_with_other_settings_are_done_again(folder):
    assert fazhi("tag", "in", "--out", "out", cwd=folder)[0] == 0
    old = (folder / "out" / "deep" / "two.txt.jsonl").read_text(encoding="utf-8")
    assert fazhi("tag", "in/one.txt", "--out", "out", "--min-score", "1", cwd=folder)[0] == 0  # as if killed after one
    assert fazhi("tag", "in", "--out", "out", "--min-score", "1", "--resume", cwd=folder)[0] == 0
    assert (folder / "out" / "deep" / "two.txt.jsonl").read_text(encoding="utf-8") != old


def test_an_older_result_survives_a_failing_run(folder):
    (folder / "all.jsonl").write_text("old", encoding="utf-8")
    (folder / "bad.txt").write_bytes(b"")
    assert fazhi("tag", "bad.txt", "-o", "all.jsonl", cwd=folder)[0] == 2
    assert (folder / "all.jsonl").read_text(encoding="utf-8") == "old"


def test_resume_does_what_is_left_and_nothing_else(folder):
    assert fazhi("tag", "in", "--out", "out", cwd=folder)[0] == 0
    done, left = folder / "out" / "one.txt.jsonl", folder / "out" / "deep" / "two.txt.jsonl"
    before = done.stat().st_mtime_ns
    left.unlink()  # as if the run had been killed here
    code, out, err = fazhi("tag", "in", "--out", "out", "--resume", "--summary", cwd=folder)
    assert (code, err) == (0, "")
    assert "1 份已有结果" in out
    assert left.is_file()
    assert done.stat().st_mtime_ns == before
    os.utime(folder / "in" / "one.txt", ns=(before + 1, before + 1))  # the report was edited since
    assert fazhi("tag", "in", "--out", "out", "--resume", cwd=folder)[0] == 0
    assert done.stat().st_mtime_ns > before


def test_resume_mixes_no_settings(folder):
    assert fazhi("tag", "in", "--out", "out", cwd=folder)[0] == 0
    code, _, err = fazhi("tag", "in", "--out", "out", "--resume", "--min-score", "0.9", cwd=folder)
    assert code == 2
    assert err.startswith("fazhi: out: holds results of other settings (min_score)")
    assert fazhi("tag", "in", "--out", "out", "--min-score", "0.9", cwd=folder)[0] == 0


def test_resume_does_not_take_reports_of_one_name_for_each_other(folder):
    (folder / "later").mkdir()
    shutil.copy2(folder / "in" / "one.txt", folder / "later")
    assert fazhi("tag", "in", "--out", "out", cwd=folder)[0] == 0
    for _ in range(2):  # the second time there is nothing left to do
        assert fazhi("tag", "later", "--out", "out", "--resume", cwd=folder)[0] == 0
        assert fazhi("tag", "in", "--out", "out", "--resume", cwd=folder)[0] == 0
    result = folder / "out" / "one.txt.jsonl"
    assert "later" not in result.read_text(encoding="utf-8")
    assert fazhi("tag", "later", "--out", "out", "--resume", cwd=folder)[0] == 0
    assert "later" in result.read_text(encoding="utf-8")


def test_resume_keeps_results_when_reports_are_added(folder):
    assert fazhi("tag", "in/one.txt", "--out", "out", cwd=folder)[0] == 0
    before = (folder / "out" / "one.txt.jsonl").stat().st_mtime_ns
    _, out, _ = fazhi("tag", "in", "--out", "out", "--resume", "--summary", cwd=folder)
    assert "1 份已有结果" in out
    assert (folder / "out" / "one.txt.jsonl").stat().st_mtime_ns == before


def test_resume_sees_a_report_that_was_replaced_by_an_older_one(folder):
    report, result = folder / "in" / "one.txt", folder / "out" / "one.txt.jsonl"
    old = folder / "old.txt"
    old.write_text("二〇一九年法治政府建设情况\n一、工作情况\n开展普法活动。", encoding="utf-8")
    os.utime(old, (0, 0))
    assert fazhi("tag", "in", "--out", "out", cwd=folder)[0] == 0
    shutil.copy2(old, report)  # keeps the date
    assert fazhi("tag", "in", "--out", "out", "--resume", cwd=folder)[0] == 0
    assert "二〇一九年" in result.read_text(encoding="utf-8")


def test_resume_also_writes_the_text_that_is_kept(folder):
    assert fazhi("tag", "in", "--out", "out", cwd=folder)[0] == 0
    assert fazhi("tag", "in", "--out", "out", "--resume", "--keep-text", cwd=folder)[0] == 0
    assert (folder / "out" / "one.txt.extracted.txt").is_file()


def test_a_reader_that_leaves_early_is_no_error(folder):
    script = f"{COMMAND} tag in -o - | head -n 1"
    done = subprocess.run(["/bin/sh", "-c", script], cwd=folder, capture_output=True, check=False)
    assert json.loads(done.stdout)["index"] == 0
    assert done.stderr == b""


def test_files_of_other_kinds_in_a_folder_are_counted(folder):
    (folder / "in" / "picture.png").write_bytes(b"\x89PNG")
    _, out, err = fazhi("tag", "in", "--summary", cwd=folder)
    assert "1 个文件不是报告格式" in out
    assert err == ""


def test_what_a_pdf_lacks_is_said_and_its_furniture_counted(folder):
    text = page(wrapped(["市政府高度重视法治政府建设，全年召开常务会议十二次，审议重大事项三十五件。"] * 3))
    pages = [text + show(280, 40, f"- {number} -", 10) for number in (1, 2)]
    (folder / "in" / "three.pdf").write_bytes(pdf([*pages, b"0 0 90 90 re f\n"]))
    code, out, err = fazhi("tag", "in", "--summary", "--out", "out", "--format", "xlsx", cwd=folder)
    assert code == 0
    assert "页码 2 行已略去" in out
    assert err.startswith(f"fazhi: warning {Path('in', 'three.pdf')}: page 3 of 3 without text, left out (scanned?)")
    assert fazhi("tag", "--compare", "in/three.pdf", "in/one.txt", "-o", "c.xlsx", cwd=folder) == (0, "", err)
    for name in ("out/fazhi.xlsx", "c.xlsx"):
        facts = dict(row[:2] for row in openpyxl.load_workbook(folder / name)["说明"].iter_rows(values_only=True))
        assert facts["页眉页脚页码,已略去 rows of page furniture left out"] == "2"
        assert facts["未读全的文件 not read in full"] == "1"
        assert facts["未读全 not read in full: in/three.pdf"].startswith("page 3 of 3 without text")


def test_the_command_shows_the_rooms_without_loading_them(folder):
    (folder / "sklearn.py").write_text("print('loaded')")
    code, out, err = fazhi("--help", cwd=folder, PYTHONPATH=str(folder))
    assert (code, err) == (0, "")
    assert "loaded" not in out
    assert all(word in out for word in ("tag", "train a model", "annotate, and measure"))


def test_agreement_on_the_command_line(root):
    code, out, _ = fazhi("annotate", "agree", "seeds/passes/a.jsonl", "seeds/passes/b.jsonl", cwd=root)
    assert code == 0
    assert "| `leadership` |" in out
    code, _, err = fazhi("annotate", "agree", "seeds/passes/a.jsonl", "none.jsonl", cwd=root)
    assert code == 2
    assert err.startswith("fazhi: none.jsonl: cannot be read")


def test_a_room_without_its_extra_says_which_to_install(root, tmp_path):
    """openpyxl hidden by a module that refuses to load, as if the extra were not installed."""
    (tmp_path / "openpyxl.py").write_text("raise ModuleNotFoundError('hidden', name='openpyxl')")
    code, _, err = fazhi("annotate", "agree", "a", "b", cwd=root, PYTHONPATH=str(tmp_path))
    assert code == 2
    assert err == "fazhi annotate: 需要 needs openpyxl — pip install 'fazhi[annotate]'\n"


def word_document(path, *lines):
    """A minimal .docx."""
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>")


def test_a_word_document_is_tagged_and_its_text_kept(folder):
    word_document(folder / "in" / "three.docx", "一、工作情况", "开展行政执法检查3次。")
    (folder / "in" / "~$three.docx").write_bytes(b"lock")
    code, _, err = fazhi("tag", "in", "--out", "out", "--keep-text", cwd=folder)
    assert (code, err) == (0, "")
    text = (folder / "out" / "three.docx.extracted.txt").read_text(encoding="utf-8")
    lines = read_jsonl(folder / "out" / "three.docx.jsonl")
    assert [line["clean"] for line in lines] == ["一、工作情况", "开展行政执法检查3次。"]
    assert all(line["text"] == text[line["start"] : line["end"]] for line in lines)
    again = fazhi("tag", "out", cwd=folder)
    assert again[0] == 2  # kept texts are no reports
    assert "holds no .txt, .docx, .pdf or web page files" in again[2]


def test_several_formats_at_once(folder):
    code, _, err = fazhi("tag", "in", "--out", "out", "--format", "jsonl,csv,html,xlsx", cwd=folder)
    assert (code, err) == (0, "")
    assert {path.name for path in (folder / "out").iterdir() if path.is_file()} == {
        ".fazhi-run.json", "fazhi.xlsx", "one.txt.csv", "one.txt.html", "one.txt.jsonl",
    }  # fmt: skip
    assert openpyxl.load_workbook(folder / "out" / "fazhi.xlsx").sheetnames == ["汇总", "段落", "说明"]


def test_one_page_and_one_workbook_for_all(folder):
    assert fazhi("tag", "in", "-o", "all.html", cwd=folder) == (0, "", "")
    page = (folder / "all.html").read_text(encoding="utf-8")
    assert "in/one.txt" in page
    assert "in/deep/two.txt" in page
    assert fazhi("tag", "in", "-o", "all.xlsx", cwd=folder) == (0, "", "")
    rows = list(openpyxl.load_workbook(folder / "all.xlsx")["段落"].iter_rows(values_only=True))
    assert len(rows) >= 39 + 49
    assert not list(folder.rglob("*.part"))


def test_web_pages_are_tagged(folder):
    page = "<html><head><meta charset=gb2312></head><body><div>首页</div><p>一、工作情况</p><p>开展行政执法检查3次。</p></body></html>"
    (folder / "in" / "four.htm").write_bytes(page.encode("gb18030"))
    code, out, err = fazhi("tag", "in/four.htm", "-", "-o", "-", cwd=folder, stdin=page.encode("gb18030"))
    assert (code, err) == (0, "")
    assert [json.loads(line)["clean"] for line in out.split("\n") if line] == [
        "首页",
        "一、工作情况",
        "开展行政执法检查3次。",
    ] * 2


def test_our_own_pages_are_no_reports(folder):
    assert fazhi("tag", "in", "--out", "out", "--format", "html", cwd=folder)[0] == 0
    assert fazhi("tag", "out", cwd=folder)[0] == 2


def test_pages_of_ours_under_any_name_are_no_reports(folder):
    assert fazhi("tag", "in", "-o", "in/all.html", cwd=folder)[0] == 0
    assert fazhi("tag", "--compare", "in/one.txt", "in/deep", "-o", "in/deep/compare.html", cwd=folder)[0] == 0
    (folder / "in" / "theirs.html").write_text("<html><p>一、工作情况</p><p>深入推进依法行政。</p>", encoding="utf-8")
    documents = {each["document"] for each in read_jsonl(tagged(folder, "in"))}
    assert documents == {"in/one.txt", "in/deep/two.txt", "in/theirs.html"}


def test_a_page_of_others_that_is_called_as_ours_are_is_a_report(folder):
    (folder / "in" / "年报.docx.html").write_text(
        "<html><p>一、工作情况</p><p>深入推进依法行政。</p>", encoding="utf-8"
    )
    assert "in/年报.docx.html" in {each["document"] for each in read_jsonl(tagged(folder, "in"))}


def test_a_pattern_passes_over_what_is_hidden_or_ours(folder):
    assert fazhi("tag", "in/one.txt", "--out", "in", "--format", "html", "--keep-text", cwd=folder)[0] == 0
    for name in (".hidden.txt", "~$lock.txt"):
        (folder / "in" / name).write_text("一、工作", encoding="utf-8")
    assert {each["document"] for each in read_jsonl(tagged(folder, "in/*.*"))} == {"in/one.txt"}
    assert fazhi("tag", "in/~$*", cwd=folder)[2] == "fazhi: in/~$*: matches no report — check the pattern\n"


def seed(root, number):
    return next((root / "seeds" / "reports").glob(f"{number}*"))


def test_two_reports_compared_on_the_terminal(root, folder):
    code, out, err = fazhi("tag", "--compare", seed(root, "000"), seed(root, "004"), "--bundle", "linear", cwd=folder)
    assert (code, err) == (0, "")
    for words in ("主题 themes", "部分 sections", "B−A", "执法 enforcement", "not found", "fallback", "counts in both"):
        assert words in out
    assert not list(folder.glob("fazhi-out"))


def test_a_comparison_in_every_format(root, folder):
    sides = [seed(root, "000"), "in", f"{root}/seeds/reports/00[24]*"]
    code, out, err = fazhi("tag", "--compare", *sides, "--out", "out", "--format", "html,xlsx,csv,jsonl", cwd=folder)
    assert (code, out, err) == (0, "", "")
    assert {path.name for path in (folder / "out").iterdir()} == {
        f"compare.{form}" for form in ("html", "xlsx", "csv", "jsonl")
    }
    lines = read_jsonl(folder / "out" / "compare.jsonl")
    assert [line["name"] for line in lines[:3]] == [seed(root, "000").name, "in", "00[24]*"]
    assert [line["reports"] for line in lines[:3]] == [1, 2, 2]
    assert len(lines) == 3 * (12 + 10)
    for each in lines:
        assert not each["nearest"] or each["nearest"]["score"] < each["threshold"]
        assert len(each["not_found"]) == (each["reports"] - each["found_in"] if each["kind"] == "theme" else 0)
    for name in ("compare.html", "compare.csv", "compare.xlsx"):
        single = name.replace("compare", "one")
        assert fazhi("tag", "--compare", *sides, "-o", single, cwd=folder) == (0, "", "")
        if not name.endswith("xlsx"):  # a workbook holds the time
            assert (folder / single).read_bytes() == (folder / "out" / name).read_bytes()
    code, out, _ = fazhi("tag", "--compare", *sides, "-o", "-", cwd=folder)
    assert (code, out) == (0, (folder / "out" / "compare.jsonl").read_text(encoding="utf-8"))
    assert openpyxl.load_workbook(folder / "one.xlsx").sheetnames == ["主题", "部分", "未见", "报告", "说明"]
    assert not list(folder.rglob("*.part"))


def test_shares_of_a_comparison_are_those_of_the_workbook(folder):
    fazhi("tag", "--compare", "in/one.txt", "in", "-o", "x.jsonl", cwd=folder)
    fazhi("tag", "in/one.txt", "-o", "x.xlsx", cwd=folder)
    row = [cell.value for cell in openpyxl.load_workbook(folder / "x.xlsx")["汇总"][5]]
    lines = [line for line in read_jsonl(folder / "x.jsonl") if (line["kind"], line["side"]) == ("theme", "A")]
    assert [line["paragraphs"] for line in lines] == row[5:17]
    assert [line["share"] for line in lines] == pytest.approx(row[17:29], abs=1e-6)


def test_the_same_report_on_both_sides_is_said_to_be_the_same(folder):
    text = (folder / "in" / "one.txt").read_bytes()
    for sides, stdin in ((("in/one.txt", "./in/one.txt"), b""), (("-", "in/one.txt"), text), (("-", "-"), text)):
        code, out, err = fazhi("tag", "--compare", *sides, cwd=folder, stdin=stdin)
        assert (code, err) == (0, "")
        assert "各边是相同的报告:所有差值为零" in out
    code, out, _ = fazhi("tag", "--compare", "in/one.txt", "in/one.txt", "-o", "-", "--format", "jsonl", cwd=folder)
    assert {json.loads(line)["difference"] for line in out.split("\n") if line} == {0.0}


def test_min_score_and_workers_are_obeyed_by_a_comparison(folder):
    def themes(*options):
        out = fazhi("tag", "--compare", "in/one.txt", "in", "-o", "-", "--format", "jsonl", *options, cwd=folder)[1]
        return [json.loads(line) for line in out.split("\n") if '"kind": "theme"' in line]

    usual = themes()
    assert themes("--workers", "2") == usual
    high = themes("--min-score", "1")
    assert not any(line["found"] for line in high)
    assert {line["threshold"] for line in high} == {1.0}


def test_a_side_with_a_bad_file_goes_on_and_one_without_any_good_one_ends(folder):
    (folder / "in" / "empty.txt").write_bytes(b"")
    code, out, err = fazhi("tag", "--compare", "in", "in/one.txt", "-o", "x.jsonl", "--summary", cwd=folder)
    assert code == 1
    assert err.startswith("fazhi: in/empty.txt: is empty")
    assert err.count("\n") == 1
    assert "1 份未能读取" in out
    for bad in ("in/empty.txt", "none.txt", "none/*.txt"):
        code, out, err = fazhi("tag", "--compare", "in/one.txt", bad, "-o", "y.html", cwd=folder)
        assert (code, out) == (2, "")
        assert err.startswith(f"fazhi: {bad}: ")
    assert not (folder / "y.html").exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["in"], "--compare: takes 2 to 6 sides, found 1"),
        (["in"] * 7, "--compare: takes 2 to 6 sides, found 7"),
        (["in", "in", "--resume"], "--resume and --compare: exclude each other"),
        (["in", "in", "--keep-text"], "--keep-text and --compare: exclude each other"),
        (["in", "in", "--explain"], "--explain and --compare: exclude each other"),
        (["in", "in", "--no-summary"], "--no-summary and --compare: leave nothing to show"),
        (["in", "in", "--out", "x", "-o", "y.csv"], "--out and -o: exclude each other"),
        (["in", "in", "--format", "parquet"], "--format: 'parquet' is no format of a comparison"),
        (["in", "in", "--format", "csv,html", "-o", "x"], "--format: names 2 formats for one file"),
        (["in", "in", "--format", "xlsx", "-o", "-"], "--format xlsx: is no text for standard output"),
        (["in", "in", "--min-score", "2"], "--min-score: should lie between 0 and 1"),
        (["in", "in", "-o", "in/one.txt", "--format", "csv"], "in/one.txt: is one of the reports"),
    ],
)
def test_options_that_a_comparison_has_no_use_for_are_refused(folder, arguments, complaint):
    code, out, err = fazhi("tag", "--compare", *arguments, cwd=folder)
    assert (code, out) == (2, "")
    assert err.startswith(f"fazhi: {complaint}")
    assert err.count("\n") == 1
