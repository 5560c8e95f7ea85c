"""Documents that do not look like reports: the figure worked out by hand, the documents of other genres, the command."""

import dataclasses
import json
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from fazhi.model import load_tagger
from fazhi.model.reading import document_from_text
from fazhi.model.report import Paragraph
from fazhi.model.tagger import TaggedParagraph, TaggedReport
from fazhi.serving.genre import LEAST_CHARACTERS, LEAST_SHARE, doubt, themed_share
from fazhi.serving.remarks import Remarks

COMMAND = Path(sys.executable).parent / "fazhi"
OTHERS = Path(__file__).parent / "genres" / "others.txt"


def others():
    return [block.split("\n", 1) for block in OTHERS.read_text(encoding="utf-8").split("### ")[1:]]


def fazhi(*arguments, cwd):
    done = subprocess.run([COMMAND, *arguments], cwd=cwd, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def report_of(scheme, *rows):
    """Build a report of (length, section, score of the first theme) rows."""
    paragraphs = tuple(
        TaggedParagraph(
            Paragraph(index, len(rows), 0, 1, "x", "文" * length, 0, "", (), ()),
            section,
            1.0,
            (),
            (score, *[0.0] * (len(scheme.theme_ids) - 1)),
            "sure",
        )
        for index, (length, section, score) in enumerate(rows)
    )
    return TaggedReport("a.txt", "", "m@1", scheme.theme_ids, paragraphs)


PASS = ["judgment", "statute", "law-news"]
"""Documents that speak of law themselves: both bundles take them for reports."""


@pytest.fixture(scope="module", params=["fazhi-small", "linear"])
def tagger(request):
    return load_tagger(request.param)


def test_the_share_worked_out_by_hand(scheme):
    """Of 100 characters that are no heading 30 have a theme; a title gets none whatever its score."""
    rows = [(50, "heading", 0.9), (30, "work", 0.5), (60, "plan", 0.49), (10, "title", 0.9)]
    report, thresholds = report_of(scheme, *rows), [0.5] * len(scheme.theme_ids)
    assert themed_share(report, scheme, thresholds) == (100, 0.3)
    why = doubt(report, scheme, thresholds)
    assert "不像法治政府建设报告 · does not look like" in why
    assert "30%" in why
    assert doubt(report_of(scheme, *rows[1:2], (60, "plan", 0.6)), scheme, thresholds) == ""


def test_the_limit_and_the_length(scheme):
    thresholds = [0.5] * len(scheme.theme_ids)
    at_limit = report_of(scheme, (round(100 * LEAST_SHARE), "work", 1), (round(100 - 100 * LEAST_SHARE), "work", 0))
    assert doubt(at_limit, scheme, thresholds) == ""
    assert doubt(report_of(scheme, (LEAST_CHARACTERS, "work", 0)), scheme, thresholds) != ""
    assert doubt(report_of(scheme, (LEAST_CHARACTERS - 1, "work", 0)), scheme, thresholds) == ""
    assert doubt(report_of(scheme, (99, "heading", 1)), scheme, thresholds) == ""


def test_the_seeds_pass_and_other_documents_do_not(tagger, seeds):
    scheme, thresholds = tagger.bundle.scheme, tagger.bundle.decisions.theme_thresholds
    assert [number for number, seed in seeds.items() if doubt(tagger.tag(seed), scheme, thresholds)] == []
    tagged = [(name, tagger.tag(document_from_text(text, name))) for name, text in others()]
    assert len(tagged) >= 40
    passed = [name for name, report in tagged if not doubt(report, scheme, thresholds)]
    assert passed == PASS


def test_a_raised_threshold_is_no_evidence(tagger, seeds):
    bundle, strict = tagger.bundle, dataclasses.replace(tagger, min_score=1.0)
    report = strict.tag(seeds["004"])
    assert not any(each.themes for each in report.paragraphs)
    assert doubt(report, bundle.scheme, bundle.decisions.theme_thresholds) == ""


@pytest.fixture
def folder(tmp_path, root):
    (tmp_path / "in").mkdir()
    shutil.copy(sorted((root / "seeds" / "reports").glob("*.txt"))[4], tmp_path / "in" / "report.txt")
    (tmp_path / "in" / "小说\n.txt").write_text(dict(others())["novel"], encoding="utf-8")
    return tmp_path


def test_the_command_warns_and_tags_all_the_same(folder):
    code, out, err = fazhi("tag", "in", "-o", "all.jsonl", "--summary", cwd=folder)
    assert code == 0
    assert err.startswith("fazhi: warning in/小说�.txt: 不像法治政府建设报告 · does not look like")
    assert err.count("\n") == 1
    assert "1 份不像法治政府建设报告" in out
    lines = (folder / "all.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["document"] for line in lines} == {"in/report.txt", "in/小说\n.txt"}
    assert "warning" not in lines[-1]


def test_the_workbook_names_doubtful_documents(folder):
    assert fazhi("tag", "in", "-o", "all.xlsx", cwd=folder)[0] == 0
    rows = {row[0]: row[1] for row in openpyxl.load_workbook(folder / "all.xlsx")["说明"].iter_rows(values_only=True)}
    assert rows["不像报告的文件 unlike a report"] == "1"
    assert "不像法治政府建设报告" in rows["存疑 unlike a report: in/小说\n.txt"]


def test_many_remarks_are_cut_and_twins_keep_their_reasons():
    remarks = Remarks(doubtful=[(f"{number}.txt", "x") for number in range(1005)] + [("0.txt", "y")])
    facts = remarks.facts()
    assert facts["存疑 unlike a report: 0.txt"] == "x\ny"
    assert facts["存疑 unlike a report: …"] == "另有 5 个 · more"
    assert len(facts) == 5 + 1000 + 1
