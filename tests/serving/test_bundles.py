"""`fazhi bundle`: what it lists, shows, refuses and finds different; changes of decisions counted by hand."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bundle_copies import edit, release, resign
from rich.console import Console
from typer.testing import CliRunner

from fazhi.model import load_tagger
from fazhi.model.bundle import find_bundle, read_bundle
from fazhi.model.labels import load_scheme
from fazhi.model.reading import InputError
from fazhi.model.report import Paragraph
from fazhi.model.tagger import TaggedParagraph, TaggedReport
from fazhi.serving.bundles.changes import Moved, ThemeChange, changes_of
from fazhi.serving.bundles.diff_table import Diff, as_record, show
from fazhi.serving.bundles.differences import differences
from fazhi.serving.bundles.fields import leaves
from fazhi.serving.cli import app

SCHEME = load_scheme()
SHIPPED = read_bundle(find_bundle("linear"))
ENFORCEMENT = SCHEME.theme_ids.index("enforcement")


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A folder of FAZHI_BUNDLES with a version that never gives enforcement, and an older one."""
    never = list(SHIPPED.decisions.theme_thresholds)
    never[ENFORCEMENT] = 1.0
    release(tmp_path / "shelf" / "new", never, version="0.3.0", settings={**SHIPPED.manifest.settings, "theme_c": 3})
    release(tmp_path / "shelf" / "old", version="0.0.9")
    monkeypatch.setenv("FAZHI_BUNDLES", str(tmp_path / "shelf"))
    return tmp_path / "shelf"


def run(*arguments):
    """Run `fazhi bundle` in this process; a refusal is raised as it is, for `main` makes it a line."""
    done = CliRunner().invoke(app, ["bundle", *map(str, arguments)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


def test_the_list_tells_places_the_default_and_what_cannot_be_read(shelf):
    (shelf / "broken").mkdir()
    (shelf / "broken" / "manifest.json").write_text("{", encoding="utf-8")
    code, out, _ = run("list", "--json")
    found = json.loads(out)
    assert code == 0
    assert [(Path(each["folder"]).name, each["bundle"], each["default"]) for each in found] == [
        ("broken", None, False),
        ("new", "fazhi-linear@0.3.0", False),
        ("old", "fazhi-linear@0.0.9", False),
        ("fazhi-small", "fazhi-small@0.1.0", True),
        ("linear", "fazhi-linear@0.1.0", False),
    ]
    assert "manifest.json: cannot be read" in found[0]["fault"]
    assert {each["place"] for each in found[:3]} == {str(shelf)}
    text = run("list")[1]
    assert "默认 default" in text
    assert "不可读" in text


def shipped_file(name):
    return json.loads((SHIPPED.folder / name).read_text(encoding="utf-8"))


def enforcement():
    """The threshold of a theme, as the shipped bundle's own file has it."""
    return shipped_file("thresholds.json")["theme_thresholds"][SHIPPED.scheme.theme_ids.index("enforcement")]


def test_show_says_everything_and_the_record_is_what_the_files_say(shelf):
    text, size = run("show", "linear")[1], (SHIPPED.folder / "linear.npz").stat().st_size
    micro = next(iter(shipped_file("manifest.json")["metrics"].values()))["body"]["theme_micro_f1"]
    own = (f"{enforcement():.2f}", f"theme_micro_f1 {micro:.4f}", f"{size:,}")
    for words in ("行政执法", "Apache-2.0", "linear.npz", "theme_c", *own):
        assert words in text
    found = json.loads(run("show", "fazhi-linear", "--json")[1])  # the newest of the first place
    assert (found["bundle"], found["folder"]) == ("fazhi-linear@0.3.0", str(shelf / "new"))
    assert found["decisions"]["theme_thresholds"]["enforcement"] == 1.0
    assert found["settings"]["theme_c"] == 3
    assert found["files"]["linear.npz"]["bytes"] == size
    assert set(found["files"]) == {path.name for path in (shelf / "new").iterdir()} - {"manifest.json"}


def test_a_manifest_commands_no_terminal(tmp_path):
    release(tmp_path / "x", base="\x1b[31m[red]名\ud800")
    code, text, _ = run("show", tmp_path / "x")
    assert code == 0
    assert "\x1b" not in text
    assert "[31m[red]名" in text
    assert json.loads(run("show", tmp_path / "x", "--json")[1])["base"].startswith("\x1b[31m")


def test_verify_scores_a_bundle_that_can_be_used(shelf):
    assert run("verify", "fazhi-linear@0.0.9") == (
        0,
        f"fazhi-linear@0.0.9: 可用 can be used ({shelf / 'old'}, 6 个文件 files)\n",
        "",
    )


def test_verify_names_every_difference_on_a_line(shelf):
    (shelf / "new" / "NOTICE").unlink()
    (shelf / "new" / "linear.npz").write_bytes((shelf / "new" / "linear.npz").read_bytes()[:-9])
    edit(shelf / "new" / "manifest.json", model_text="title-only/9", scheme="ffff")
    code, out, err = run("verify", "new")
    assert (code, out) == (2, "")
    assert [line.split(" — ")[0] for line in err.splitlines()] == [
        f"fazhi: {shelf}/new/NOTICE: is missing from the bundle",
        f"fazhi: {shelf}/new/linear.npz: is not the file that the manifest names",
        f"fazhi: {shelf}/new: was made for another label scheme ffff (here {SCHEME.fingerprint})",
        f"fazhi: {shelf}/new: was made for another model_text format title-only/9 (here path-position-clean/1)",
    ]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"kind": "quantum"}, "is of kind 'quantum'"),
        ({"bundle_format": 0}, "is of bundle format 0, not 2"),
        ({"name": None}, "is no manifest (name is NoneType, not str)"),
    ],
)
def test_verify_refuses_what_is_foreign_or_older(shelf, changes, complaint):
    edit(shelf / "new" / "manifest.json", **changes)
    code, _, err = run("verify", shelf / "new")
    assert code == 2
    assert err.count("\n") == 1
    assert complaint in err


def test_verify_refuses_scores_that_are_no_probabilities(shelf):
    import numpy as np

    arrays = dict(np.load(shelf / "new" / "linear.npz"))
    arrays["section_bias"][0] = np.nan
    np.savez_compressed(shelf / "new" / "linear.npz", **arrays)
    resign(shelf / "new")
    code, _, err = run("verify", "new")
    assert code == 2
    assert "gives scores that are no probabilities" in err


def test_the_same_bundle_twice_differs_in_nothing(tmp_path):
    shutil.copytree(SHIPPED.folder, tmp_path / "copy")
    code, text, _ = run("diff", "linear", tmp_path / "copy")
    assert code == 0
    assert "没有不同之处" in text
    assert json.loads(run("diff", "linear", tmp_path / "copy", "--json")[1])["differences"] == []


def test_diff_puts_fields_side_by_side(shelf):
    found = json.loads(run("diff", "linear", "new", "--json")[1])
    assert (found["a"]["bundle"], found["b"]["bundle"]) == ("fazhi-linear@0.1.0", "fazhi-linear@0.3.0")
    assert found["changes"] is None
    rows = {tuple(each["path"]): (each["part"], each["a"], each["b"]) for each in found["differences"]}
    assert rows.pop(("files", "thresholds.json", "sha256"))[0] == "files"
    rows.pop(("files", "thresholds.json", "bytes"))
    assert rows == {
        ("version",): ("manifest", "0.1.0", "0.3.0"),
        ("decisions", "theme_thresholds", "enforcement"): ("decisions", enforcement(), 1.0),
        ("settings", "theme_c"): ("settings", SHIPPED.manifest.settings["theme_c"], 3),
    }


def test_measurements_on_other_texts_stand_beside_each_other(tmp_path):
    body = {"paragraphs": 9, "theme_micro_f1": 0.5, "themes": [{"id": "digital", "f1": 0.25, "support": 3}]}
    more = {"paragraphs": 9, "theme_micro_f1": 0.75, "themes": [{"id": "digital", "f1": 0.5, "support": 4}]}
    a = read_bundle(release(tmp_path / "a", metrics={"5 folds over 152": {"body": body}, "real": {"body": body}}))
    b = read_bundle(release(tmp_path / "b", metrics={"5 folds over 160": {"body": more}}))
    assert {each.path[1:]: (each.a, each.b) for each in differences(a, b)} == {
        ("N folds over N", "measured"): ("5 folds over 152", "5 folds over 160"),
        ("N folds over N", "body", "theme_micro_f1"): (0.5, 0.75),
        ("N folds over N", "body", "themes", "digital", "f1"): (0.25, 0.5),
        ("N folds over N", "body", "themes", "digital", "support"): (3, 4),
        ("real", "measured"): ("real", None),
        ("real", "body", "paragraphs"): (9, None),
        ("real", "body", "theme_micro_f1"): (0.5, None),
        ("real", "body", "themes", "digital", "f1"): (0.25, None),
        ("real", "body", "themes", "digital", "support"): (3, None),
    }
    console = Console(file=io.StringIO(), width=100, color_system=None)
    show(Diff(a, b, differences(a, b), None), console)
    text = console.file.getvalue()
    assert "themes / digital / f1" in text
    assert "support" not in text
    assert "另有 2 处" in text


def test_leaves_of_nested_values():
    nested = {"a": {"b": 1, "c": [1, 2]}, "d": [{"id": "x", "n": 2}, {"id": "y", "n": 3}], "e": [], "f": {}}
    assert leaves(nested) == {("a", "b"): 1, ("a", "c"): [1, 2], ("d", "x", "n"): 2, ("d", "y", "n"): 3, ("e",): []}


def tagged(index, themes=(), section="work", scores=None, section_score=0.9):
    clean = f"第{index}段"
    paragraph = Paragraph(index, 9, 10 * index, 10 * index + 5, clean, clean, 0, "", (), ())
    scored = dict.fromkeys(SCHEME.theme_ids, 0.1) | (scores or {})
    return TaggedParagraph(paragraph, section, section_score, tuple(themes), tuple(scored.values()), "sure")


def report(*paragraphs):
    return TaggedReport("one.txt", "sha", "m@1", SCHEME.theme_ids, paragraphs)


BEFORE = report(
    tagged(0, ("digital",), scores={"digital": 0.6}),
    tagged(1, ("enforcement", "digital"), scores={"digital": 0.9, "enforcement": 0.7}),
    tagged(2, section="plan", section_score=0.8),
    tagged(3, ("capacity",)),
)
AFTER = report(
    tagged(0, ("digital", "publicity"), scores={"digital": 0.65, "publicity": 0.5}),
    tagged(1, ("enforcement",), scores={"digital": 0.1, "enforcement": 0.7}),
    tagged(2, section="problem", section_score=0.7),
    tagged(3, ("capacity",), scores={"capacity": 0.9}),  # surer, and decided as before
)


def test_changes_are_counted():
    found = changes_of([(BEFORE, AFTER)], SCHEME)
    assert (found.reports, found.total) == (1, 4)
    assert [(each.index, each.gained, each.lost, each.sections) for each in found.paragraphs] == [
        (1, (), ("digital",), ("work", "work")),
        (2, (), (), ("plan", "problem")),
        (0, ("publicity",), (), ("work", "work")),
    ]
    assert found.paragraphs[0].furthest == Moved("digital", 0.9, 0.1)
    assert [each.size for each in found.paragraphs] == pytest.approx([0.8, 0.5, 0.4])  # 0.8 + 0.7 - 1; 0.5 - 0.1
    assert found.sections == ((("plan", "problem"), 1),)
    assert {each.id: each for each in found.themes if each.first or each.second} == {
        "digital": ThemeChange("digital", 2, 1, 0, 1),
        "publicity": ThemeChange("publicity", 0, 1, 1, 0),
        "enforcement": ThemeChange("enforcement", 1, 1, 0, 0),
        "capacity": ThemeChange("capacity", 1, 1, 0, 0),
    }


def test_changes_are_shown_and_recorded():
    diff = Diff(SHIPPED, SHIPPED, (), changes_of([(BEFORE, AFTER)], SCHEME))
    console = Console(file=io.StringIO(), width=140, color_system=None)
    show(diff, console)
    text = " ".join(console.file.getvalue().split())
    assert "1 份报告 reports,4 段 paragraphs:3 段标注有变 tagged differently (75.0%)" in text
    assert "one.txt 1 第1段 −digital digital 0.90 → 0.10" in text
    assert "one.txt 2 第2段 plan → problem 得分未变 no score moved" in text
    assert "数字 digital 2 1 0 1" in text
    recorded = json.loads(json.dumps(as_record(diff)))["changes"]
    assert recorded["sections"] == [{"was": "plan", "now": "problem", "paragraphs": 1}]
    assert recorded["paragraphs"][0] == {
        "document": "one.txt", "index": 1, "words": "第1段", "sections": ["work", "work"], "section_scores": [0.9, 0.9],
        "themes": [["enforcement", "digital"], ["enforcement"]],
        "furthest": {"theme": "digital", "was": 0.9, "now": 0.1},
    }  # fmt: skip


def test_diff_on_reports_finds_what_a_threshold_takes_away(shelf, root):
    seed = next((root / "seeds" / "reports").glob("003*"))
    gone = [each.paragraph.index for each in load_tagger("linear").tag(seed).paragraphs if "enforcement" in each.themes]
    assert gone
    code, out, err = run("diff", "fazhi-linear@0.1.0", "fazhi-linear@0.3.0", seed, "--json")
    assert (code, err) == (0, "")
    changes = json.loads(out)["changes"]
    assert sorted(each["index"] for each in changes["paragraphs"]) == gone
    theme = next(each for each in changes["themes"] if each["id"] == "enforcement")
    assert theme == {"id": "enforcement", "first": len(gone), "second": 0, "gained": 0, "lost": len(gone)}
    assert all(each["furthest"]["was"] == each["furthest"]["now"] for each in changes["paragraphs"])


def test_diff_names_reports_that_cannot_be_read(shelf, root, tmp_path):
    seed = next((root / "seeds" / "reports").glob("003*"))
    (tmp_path / "empty.txt").touch()
    code, out, err = run("diff", "linear", "old", seed, tmp_path / "empty.txt", tmp_path / "gone.txt")
    assert code == 1
    assert [line.split(": ")[1] for line in err.splitlines()] == [f"{tmp_path}/empty.txt", f"{tmp_path}/gone.txt"]
    assert "1 份报告 reports" in out
    assert "0 段标注有变" in out
    assert run("diff", "linear", "old", tmp_path / "empty.txt")[0] == 2
    with pytest.raises(InputError, match="-: can be read once"):
        run("diff", "linear", "old", "-")


COMMAND = Path(sys.executable).parent / "fazhi"


def fazhi(*arguments, cwd, **environment):
    done = subprocess.run(
        [COMMAND, *map(str, arguments)], cwd=cwd, capture_output=True, env={**os.environ, **environment}, check=False
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_workers_tag_with_the_bundle_that_the_name_means(shelf, root, tmp_path):
    """FAZHI_BUNDLES relative to where we stand, two processes, and back by name to the one that ships."""
    for number in range(3):
        shutil.copy(next((root / "seeds" / "reports").glob("003*")), tmp_path / f"{number}.txt")

    def themes(name):
        arguments = ("tag", "*.txt", "-o", "-", "--workers", "2", "--bundle", name)
        code, out, err = fazhi(*arguments, cwd=tmp_path, FAZHI_BUNDLES="shelf")
        assert (code, err) == (0, "")
        lines = [json.loads(line) for line in out.split("\n") if line]
        return {line["model"] for line in lines}, {theme for line in lines for theme in line["themes"]}

    models, given = themes("fazhi-linear")
    assert models == {"fazhi-linear@0.3.0"}
    assert "enforcement" not in given
    models, given = themes("fazhi-linear@0.1.0")
    assert models == {"fazhi-linear@0.1.0"}
    assert "enforcement" in given


def test_mistakes_are_one_line_and_exit_code_2(shelf, tmp_path):
    code, out, err = fazhi("bundle", "show", "nonsense", cwd=tmp_path)
    assert (code, out) == (2, "")
    assert err.startswith("fazhi: nonsense: is neither a bundle folder nor the name of a bundle — there are: ")
    code, out, err = fazhi("tag", "x.txt", cwd=tmp_path, FAZHI_BUNDLES="nowhere")
    assert (code, out) == (2, "")
    assert err.startswith("fazhi: nowhere: is no folder of bundles (No such file or directory) — correct FAZHI_BUNDLES")
