"""Answered headings: what is refused, what they teach the section, and that the shipped ones are as their card says."""

import dataclasses
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from fazhi.model.reading import InputError, document_from_text
from fazhi.model.report import Paragraph, segment
from fazhi.training.cli import app
from fazhi.training.fit_linear import fit_linear
from fazhi.training.headings import AnsweredHeading, read_headings, unanimous
from fazhi.training.inputs import read_training_data
from fazhi.training.left_out import protocols
from fazhi.training.linear import left_out_linear, train_linear
from fazhi.training.settings import load_linear_settings
from fazhi.training.supplement import Supplement, SupplementFiles

TELLING = (
    AnsweredHeading(("四、恳请上级协调的事项",), "w", ("suggestion",)),
    AnsweredHeading(("五、恳请支持的诉求",), "w", ("suggestion",)),
    AnsweredHeading(("一、往年工作", "(二)恳请上级协调的诉求"), "w", ("suggestion",)),
    AnsweredHeading(("六、下一年的盘算",), "w", ("plan",)),
    AnsweredHeading(("三、来年盘算",), "w", ("plan",)),
)
UNTOLD = tuple(
    AnsweredHeading((f"{mark}、{text}",), "w", (None,)) for mark in "一二" for text in ("优化服务", "组织领导")
)


def line(**changed):
    return json.dumps({"path": ["一、打算"], "writer": "w", "answers": ["plan"], **changed}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("[]", "expected an object with answers, path, writer"),
        (json.dumps({"path": ["一"], "answers": ["plan"]}), "expected an object"),
        (line(path=[]), "path should be a list of headings"),
        (line(path=["一、打算", " "]), "path should be a list of headings"),
        (line(path="一、打算"), "path should be a list of headings"),
        (line(writer=3), "writer should be a name"),
        (line(answers=[]), "answers should be a list"),
        (line(answers=["plans"]), "unknown section 'plans'"),
        (line(answers=["plan", "heading"]), "unknown section 'heading'"),
        (line(answers=[1]), "unknown section 1"),
    ],
)
def test_a_bad_line_is_named(tmp_path, scheme, bad, said):
    (tmp_path / "h.jsonl").write_text(f"{line()}\n{bad}\n", encoding="utf-8")
    with pytest.raises(InputError, match=f"line 2: {said}"):
        read_headings(tmp_path / "h.jsonl", scheme)


def test_headings_are_learnt_from_only_where_all_answers_are_the_same():
    mixed = AnsweredHeading(("五、保障",), "w", ("plan", None))
    assert unanimous((*TELLING, mixed, *UNTOLD), "h.jsonl") == (*TELLING, *UNTOLD)


def test_headings_of_one_section_are_refused(tmp_path, root):
    (tmp_path / "h.jsonl").write_text(f"{line()}\n{line(answers=[None])}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"h\.jsonl: has 2 headings with one answer, which tell 1 sections — give"):
        train_linear(
            [root / "seeds" / "gold.jsonl"], tmp_path / "out", None, "1", None, SupplementFiles(tmp_path / "h.jsonl")
        )
    assert not (tmp_path / "out").exists()


def below(*path):
    return Paragraph(9, 20, 0, 9, "我们认真抓好此项。", "我们认真抓好此项。", 0, "", path, ())


@pytest.fixture(scope="module")
def settings():
    return dataclasses.replace(load_linear_settings(), heading_share=2.0)


@pytest.fixture(scope="module")
def fit(answered, scheme, settings):
    return lambda headings, **changed: fit_linear(
        answered[:2], scheme, dataclasses.replace(settings, **changed), Supplement(headings)
    )


@pytest.fixture(scope="module")
def moved(fit):
    """How far answered headings move the section logits of a paragraph below some path."""
    without, taught = fit((*TELLING, *UNTOLD), heading_share=0.0), fit((*TELLING, *UNTOLD))
    return lambda *path: taught.logits([below(*path)])[1][0] - without.logits([below(*path)])[1][0]


@pytest.mark.parametrize("path", [("八、恳请上级协调",), ("一、往年工作", "(三)恳请协调的诉求")])
def test_a_telling_heading_moves_its_section_most(scheme, moved, path):
    assert scheme.section_ids[moved(*path).argmax()] == "suggestion"


def test_a_heading_that_does_not_tell_and_none_at_all_move_little(moved):
    assert np.abs(moved("三、优化服务")).max() < 0.1 * np.abs(moved("八、恳请上级协调")).max()
    np.testing.assert_array_equal(moved(), 0)


def test_the_end_of_a_heading_tells_more_than_its_middle(scheme, moved):
    plan = scheme.section_ids.index("plan")
    assert moved("九、明年的盘算")[plan] > moved("九、盘算后的落实")[plan]


def test_two_sections_alone_are_told_apart(fit, scheme):
    taught, without = fit(TELLING), fit(TELLING, heading_share=0.0)
    for path, section in ((("八、恳请上级协调",), "suggestion"), (("七、来年盘算",), "plan")):
        lead = taught.logits([below(*path)])[1][0] - without.logits([below(*path)])[1][0]
        assert scheme.section_ids[lead.argmax()] == section
        assert lead.sum() == pytest.approx(0, abs=1e-4)


def test_headings_leave_themes_alone_where_there_are_none(fit, answered):
    paragraphs = [each for each in answered[2].paragraphs if not each.path]
    one, other = fit(()).logits(paragraphs), fit((*TELLING, *UNTOLD)).logits(paragraphs)
    np.testing.assert_allclose(one[0], other[0], atol=1e-3)


@pytest.mark.parametrize(("field", "value"), [("heading_c", 0.1), ("heading_share", 1.0)])
def test_every_setting_of_headings_is_obeyed(fit, field, value):
    one, other = fit(TELLING).weights, fit(TELLING, **{field: value}).weights
    assert not np.array_equal(one.section_weights, other.section_weights)
    np.testing.assert_array_equal(one.theme_weights, other.theme_weights)


def test_headings_are_read_as_the_paths_of_paragraphs_are_written(tmp_path, scheme):
    report = segment(document_from_text("一、责任\uff08落实\uff09情况。\n\n全年抓了三件事,都已办结。\n", "a.txt"))
    written = line(path=["一、責任\uff08落實\uff09情况。"])
    (tmp_path / "h.jsonl").write_text(written, encoding="utf-8")
    (heading,) = read_headings(tmp_path / "h.jsonl", scheme)
    assert heading.path == report.paragraphs[1].path


@pytest.fixture(scope="module")
def seeds_data(root, scheme):
    """The five real reports, without headings and with them."""
    examples, files = [root / "seeds" / "gold.jsonl"], SupplementFiles(root / "seeds" / "headings.jsonl")
    return read_training_data(examples, scheme), read_training_data(examples, scheme, files)


def test_the_identity_of_the_data_covers_the_headings_and_the_hash_of_examples_does_not(seeds_data):
    without, data = seeds_data
    assert data.examples_sha256 == without.examples_sha256 == without.identity
    assert data.identity != data.examples_sha256


def test_left_out_reports_are_tagged_with_headings_too(seeds_data, scheme, settings):
    way = protocols(seeds_data[0].reports, 2, 0)[0]
    one, other = (left_out_linear(way, data, scheme, settings) for data in seeds_data)
    assert one.keys() == other.keys()
    assert not any(np.allclose(one[here][1], other[here][1], atol=0.1) for here in one)


def test_the_command_takes_headings(root, tmp_path):
    (tmp_path / "h.jsonl").write_text(f"{line()}\n", encoding="utf-8")
    own = ["--headings", str(tmp_path / "h.jsonl"), "--out", str(tmp_path / "out")]
    found = CliRunner().invoke(app, ["linear", str(root / "seeds" / "gold.jsonl"), *own])
    assert isinstance(found.exception, InputError)
    assert "has 1 headings with one answer" in str(found.exception)


def test_the_card_of_the_headings_is_what_the_script_prints(root, printed_by):
    assert printed_by("headings.py") in (root / "seeds" / "README.md").read_text(encoding="utf-8")
