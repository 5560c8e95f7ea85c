"""The Parquet table read back with pyarrow: types, values, what produced it; and a run that stops halfway."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fazhi.model import load_tagger
from fazhi.model.reading import InputError, document_from_text
from fazhi.serving import parquet
from fazhi.serving.outputs import record
from fazhi.serving.parquet import parquet_results

COMMAND = Path(sys.executable).parent / "fazhi"


def fazhi(*arguments, cwd, **environment):
    done = subprocess.run(
        [COMMAND, *arguments], cwd=cwd, capture_output=True, env={**os.environ, **environment}, check=False
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture(scope="module")
def tagger():
    return load_tagger("linear")


@pytest.fixture(scope="module")
def reports(tagger, seeds):
    return [tagger.tag(seeds[number]) for number in ("000", "003")]


@pytest.fixture
def folder(tmp_path, root):
    (tmp_path / "in").mkdir()
    for path in sorted((root / "seeds" / "reports").glob("*.txt"))[:2]:
        shutil.copy(path, tmp_path / "in" / f"{path.name[:3]}.txt")
    return tmp_path


def write(path, reports, scheme):
    with parquet_results(path, scheme.theme_ids, {"bundle": "b@1", "scheme": scheme.fingerprint}) as add:
        for report in reports:
            add(report)
    return pq.read_table(path)


def test_the_table_holds_the_records(tmp_path, reports, scheme):
    rows = write(tmp_path / "x.parquet", reports, scheme).to_pylist()
    wanted = [record(report, tagged) for report in reports for tagged in report.paragraphs]
    assert len(rows) == len(wanted)
    for row, each in zip(rows, wanted, strict=True):
        assert {f"score_{theme}": score for theme, score in each.pop("theme_scores").items()}.items() <= row.items()
        assert each.items() <= row.items()
        assert len(row) == len(each) + len(scheme.theme_ids)


def test_the_columns_are_typed(tmp_path, reports, scheme):
    schema = write(tmp_path / "x.parquet", reports, scheme).schema
    types = {name: str(schema.field(name).type) for name in schema.names}
    lists = {name for name, kind in types.items() if kind.startswith("list<") and "string" in kind}
    assert lists == {"path", "flags", "themes"}
    assert {name for name, kind in types.items() if kind == "double"} == {
        "section_score", *(f"score_{theme}" for theme in scheme.theme_ids),
    }  # fmt: skip
    assert {types[name] for name in ("index", "level", "start", "end")} == {"int32", "int8", "int64"}
    assert types["document"] == types["text"] == types["band"] == "string"
    assert schema.metadata == {b"fazhi.bundle": b"b@1", b"fazhi.scheme": scheme.fingerprint.encode()}


def test_row_groups_are_written_as_reports_come(tmp_path, reports, scheme, monkeypatch):
    monkeypatch.setattr(parquet, "ROWS", 60)
    write(tmp_path / "x.parquet", [reports[0]] * 5, scheme)
    size = len(reports[0].paragraphs)
    per_group = -(-60 // size) * size
    found = pq.ParquetFile(tmp_path / "x.parquet").metadata
    assert [found.row_group(number).num_rows for number in range(found.num_row_groups)][:-1] == [per_group] * (
        found.num_row_groups - 1
    )
    assert found.num_rows == 5 * size
    assert found.num_row_groups > 1


def test_a_run_that_stops_leaves_the_older_table(tmp_path, reports, scheme):
    path = tmp_path / "x.parquet"
    path.write_bytes(b"old")
    with pytest.raises(AttributeError):
        write(path, [reports[0], None], scheme)
    with parquet_results(path, scheme.theme_ids, {}):
        pass
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_one_line(tmp_path, reports, scheme):
    with (
        pytest.raises(InputError, match="is a folder, not a file"),
        parquet_results(tmp_path, scheme.theme_ids, {}) as add,
    ):
        add(reports[0])


def test_hostile_text_and_names(tmp_path, tagger, scheme):
    text = "=1+1\n一、工作\U00020000\x00\x0b\n开展行政执法检查。"
    row = write(tmp_path / "x.parquet", [tagger.tag(document_from_text(text, "坏\udcff.txt"))], scheme).to_pylist()[0]
    assert row["document"] == "坏\\udcff.txt"
    assert row["text"] == "=1+1"  # no spreadsheet reads it as a formula, so nothing is put before it


def test_one_table_for_all_agrees_with_csv(folder):
    assert fazhi("tag", "in", "-o", "all.parquet", cwd=folder) == (0, "", "")
    assert fazhi("tag", "in", "-o", "all.csv", cwd=folder) == (0, "", "")
    table = pq.read_table(folder / "all.parquet")
    rows = list(csv.DictReader(io.StringIO((folder / "all.csv").read_text(encoding="utf-8-sig"), newline="")))
    assert table.column_names == list(rows[0])
    assert [";".join(each) for each in table["themes"].to_pylist()] == [row["themes"] for row in rows]
    assert [str(each) for each in table["score_enforcement"].to_pylist()] == [row["score_enforcement"] for row in rows]
    settings = json.loads(table.schema.metadata[b"fazhi.settings"])
    assert settings["bundle"] == table.schema.metadata[b"fazhi.bundle"].decode() == rows[0]["model"]


def test_a_table_for_every_report_and_going_on(folder):
    assert fazhi("tag", "in", "--out", "out", "--format", "parquet,jsonl", cwd=folder) == (0, "", "")
    files = sorted(path.name for path in (folder / "out").glob("*.parquet"))
    assert files == ["000.txt.parquet", "001.txt.parquet"]
    (folder / "out" / files[0]).unlink()
    code, out, err = fazhi("tag", "in", "--out", "out", "-f", "parquet", "--resume", "--summary", cwd=folder)
    assert (code, err) == (0, "")
    assert "1 份已有结果" in out
    whole = pa.concat_tables([pq.read_table(folder / "out" / name) for name in files])
    assert set(whole["document"].to_pylist()) == {"in/000.txt", "in/001.txt"}


def test_without_the_extra_one_line_names_it(folder):
    """Hidden by a module that refuses to load, as if the extra were not installed; said before anything is tagged."""
    (folder / "pyarrow.py").write_text("raise ModuleNotFoundError('hidden', name='pyarrow')")
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    code, out, err = fazhi("tag", "in", "--format", "jsonl,parquet", cwd=folder, PYTHONPATH=path)
    assert (code, out) == (2, "")
    assert err == "fazhi: --format parquet: needs pyarrow — pip install 'fazhi[scale]'\n"
    assert not (folder / "fazhi-out").exists()
