"""`fazhi tag` on archives of reports, as a user runs it."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).parent / "fazhi"
TEXT = "一、工作情况\n开展行政执法检查3次。"


def fazhi(*arguments, cwd):
    done = subprocess.run([COMMAND, *map(str, arguments)], cwd=cwd, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def documents(out):
    return list(dict.fromkeys(json.loads(line)["document"] for line in out.split("\n") if line))


def results(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.suffix in {".jsonl", ".txt"})


def word_bytes(folder):
    path = folder / "made.docx"
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in TEXT.split("\n"))
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>")
    data = path.read_bytes()
    path.unlink()
    return data


@pytest.fixture
def folder(tmp_path):
    """A folder with one plain report and, deeper, an archive with three and with what is not one."""
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "plain.txt").write_text(TEXT, encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "in" / "deep" / "报告.zip", "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("甲县/年报.txt", TEXT.encode("gb18030"))
        target.writestr("乙县/一/二/年报.docx", word_bytes(tmp_path))
        target.writestr("page.htm", f"<html><meta charset=utf-8><p>{TEXT}</p></html>")
        target.writestr("图.png", b"\x89PNG")
        for ignored in ("__MACOSX/._年报.txt", "甲县/.DS_Store", "~$年报.docx", "a.docx.extracted.txt", ".git/x.txt"):
            target.writestr(ignored, b"")
    return tmp_path


INSIDE = ["page.htm", "乙县/一/二/年报.docx", "甲县/年报.txt"]


def test_an_archive_gives_what_a_folder_would(folder):
    code, out, err = fazhi("tag", "in/deep/报告.zip", "-o", "-", cwd=folder)
    assert (code, err) == (0, "")
    assert documents(out) == [f"in/deep/报告.zip/{name}" for name in INSIDE]
    lines = [json.loads(line)["clean"] for line in out.split("\n") if line]
    assert lines[-2:] == TEXT.split("\n")


def test_an_archive_in_a_folder_and_its_results(folder):
    code, out, err = fazhi("tag", "in", "--out", "out", "--keep-text", "--summary", cwd=folder)
    assert (code, err) == (0, "")
    assert "1 个文件不是报告格式" in out
    assert results(folder / "out") == sorted(
        [f"deep/报告.zip/{name}{end}" for name in INSIDE for end in (".jsonl", ".extracted.txt")]
        + ["plain.txt.jsonl", "plain.txt.extracted.txt"]
    )
    kept = (folder / "out/deep/报告.zip/甲县/年报.txt.extracted.txt").read_text(encoding="utf-8")
    assert kept == TEXT


def test_workers_share_an_archive(folder):
    with zipfile.ZipFile(folder / "many.zip", "w") as target:
        for number in range(20):
            target.writestr(f"{number:02}.txt", TEXT if number != 7 else "")
    one = fazhi("tag", "many.zip", "-o", "-", "--workers", "1", cwd=folder)
    assert one == fazhi("tag", "many.zip", "-o", "-", "--workers", "2", cwd=folder)
    assert one[0] == 1
    assert one[2] == "fazhi: many.zip/07.txt: is empty — nothing to tag; check the file\n"
    assert len(documents(one[1])) == 19


def test_resume_follows_the_archive(folder):
    def run(*options):
        return fazhi("tag", "in", "--out", "out", "--summary", *options, cwd=folder)

    assert run()[0] == 0
    left = folder / "out/deep/报告.zip/甲县/年报.txt.jsonl"
    left.unlink()
    code, out, err = run("--resume")
    assert (code, err) == (0, "")
    assert "3 份已有结果" in out
    assert left.is_file()
    newer = left.stat().st_mtime_ns + 1
    os.utime(folder / "in/deep/报告.zip", ns=(newer, newer))
    assert "1 份已有结果" in run("--resume")[1]


def test_one_bad_entry_fails_alone(folder):
    with zipfile.ZipFile(folder / "bad.zip", "w") as target:
        target.writestr("good.txt", TEXT)
        target.writestr("../out.txt", TEXT)
        target.writestr("old.zip", b"PK")
        target.writestr("scan.pdf", b"%PDF-1.4")
    code, out, err = fazhi("tag", "bad.zip", "-o", "-", cwd=folder)
    assert code == 1
    assert documents(out) == ["bad.zip/good.txt"]
    assert [line.split(" — ")[0] for line in err.splitlines()] == [
        "fazhi: bad.zip/../out.txt: has a name that points outside the archive",
        "fazhi: bad.zip/old.zip: is an archive inside an archive",
        "fazhi: bad.zip/scan.pdf: is a PDF that breaks off before its end",
    ]


def test_a_word_document_under_another_name_is_no_archive(folder):
    (folder / "renamed.zip").write_bytes(word_bytes(folder))
    code, out, err = fazhi("tag", "renamed.zip", "-o", "-", cwd=folder)
    assert (code, err, documents(out)) == (0, "", ["renamed.zip"])


def test_an_archive_under_another_name_is_one(folder):
    shutil.copy(folder / "in/deep/报告.zip", folder / "bundle.dat")
    assert documents(fazhi("tag", "bundle.dat", "-o", "-", cwd=folder)[1]) == [f"bundle.dat/{name}" for name in INSIDE]


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"PK\x05\x06" + bytes(18), "holds no reports (0 other files) — pack .txt, .docx or web pages"),
        (b"PK\x03\x04" + bytes(50), "is a damaged zip container (File is not a zip file)"),
        (b"Rar!\x1a\x07\x01\x00" + bytes(50), "is a RAR archive — unpack it and give the folder"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(50), "is a 7z archive"),
        (b"", "is empty"),
    ],
)
def test_archives_without_reports(folder, data, complaint):
    (folder / "in" / "x.zip").write_bytes(data)
    code, _, err = fazhi("tag", "in/x.zip", "-o", "-", cwd=folder)
    assert code == 2
    assert err.startswith(f"fazhi: in/x.zip: {complaint}")
    code, out, again = fazhi("tag", "in", "-o", "-", cwd=folder)
    assert (code, again) == (1, err)
    assert len(documents(out)) == 4


def test_an_archive_is_never_written_over(folder):
    before = (folder / "in/deep/报告.zip").read_bytes()
    code, _, err = fazhi("tag", "in", "-o", "in/deep/报告.zip", "--format", "csv", cwd=folder)
    assert code == 2
    assert err == "fazhi: in/deep/报告.zip: is one of the reports — name another place for the results\n"
    code, _, err = fazhi("tag", "in", "--out", "in", cwd=folder)
    assert code == 1
    assert err.count("\n") == 3
    assert err.startswith("fazhi: in/deep/报告.zip/page.htm.jsonl: cannot be written")
    assert (folder / "in/deep/报告.zip").read_bytes() == before


def test_two_archives_of_one_name_need_places_of_their_own(folder):
    (folder / "two").mkdir()
    shutil.copy(folder / "in/deep/报告.zip", folder / "two")
    code, _, err = fazhi("tag", "in/deep/报告.zip", "two/报告.zip", "--out", "out", cwd=folder)
    assert code == 2
    assert "would overwrite the result of in/deep/报告.zip/page.htm" in err
    assert fazhi("tag", "in", "in/deep/报告.zip", "--out", "out", cwd=folder) == (0, "", "")
