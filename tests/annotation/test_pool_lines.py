"""A pool given as paragraphs: what `fazhi tag` wrote is the same pool as the reports themselves."""

import json

import pytest
from round_material import SENTENCES, reports

from fazhi.annotation.rounds.pool import read_reports
from fazhi.model.reading import InputError


def line(paragraph, report, **changes):
    names = ("index", "start", "end", "text", "clean", "level", "marker", "path", "flags")
    values = {name: getattr(paragraph, name) for name in names}
    more = {"section": "work", "themes": [], "model": "fazhi@1"}
    return {"document": report.document, "sha256": report.sha256, **values, **more, **changes}


def written(path, lines):
    path.write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in lines), encoding="utf-8")
    return path


def test_paragraphs_of_files_in_any_order_are_the_reports(tmp_path):
    one, other = reports("甲", "乙")
    lines = [line(each, report) for report in (one, other) for each in report.paragraphs]
    halves = [written(tmp_path / "a.jsonl", lines[::-2]), written(tmp_path / "b.jsonl", lines[-2::-2])]
    found, errors = read_reports(halves, None)
    assert (sorted(found, key=lambda each: each.document), errors) == (
        sorted([one, other], key=lambda each: each.document),
        [],
    )


def test_some_of_a_reports_paragraphs_keep_their_places(tmp_path):
    (report,) = reports("甲")
    path = written(tmp_path / "a.jsonl", [line(report.paragraphs[place], report) for place in (2, 7)])
    (found,) = read_reports([path], None)[0]
    assert [(each.index, each.count, each.clean) for each in found.paragraphs] == [
        (2, 8, SENTENCES[1]),
        (7, 8, SENTENCES[6]),
    ]


def test_reports_and_paragraphs_together(tmp_path):
    one, other = reports("甲", "乙")
    path = written(tmp_path / "a.jsonl", [line(each, one) for each in one.paragraphs])
    for report in (one, other):
        (tmp_path / report.document).write_text("\n".join(each.text for each in report.paragraphs), encoding="utf-8")
    found, _ = read_reports([path, tmp_path], None)
    assert [each.sha256 for each in found] == [one.sha256, other.sha256]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": None}, "text should be str, found None"),
        ({"start": -1}, "start should be a number from 0, found -1"),
        ({"index": True}, "index should be int, found True"),
        ({"path": "一"}, "path should be a list of strings, found '一'"),
        ({"sha256": "7b1b"}, "sha256 should be 64 hexadecimal digits, found '7b1b'"),
        ({"end": 10**9}, "text should fill 0 to 1000000000, found 10 characters"),
        ({"clean": " "}, "clean should hold words, found none"),
        ({"level": 5}, "level should be 0 to 4, found 5"),
    ],
)
def test_bad_lines_are_named(tmp_path, change, said):
    (report,) = reports("甲")
    path = written(tmp_path / "a.jsonl", [line(report.paragraphs[0], report, **change)])
    with pytest.raises(InputError, match=f"a.jsonl: line 1: {said}"):
        read_reports([path], None)


def test_two_paragraphs_in_one_place_are_refused(tmp_path):
    (report,) = reports("甲")
    first, second, *_ = report.paragraphs
    twice = written(tmp_path / "a.jsonl", [line(first, report)] * 2)
    with pytest.raises(InputError, match="--pool: has paragraphs 0 and 0 of 甲.txt in one place — give each"):
        read_reports([twice], None)
    into = line(second, report, start=second.start - 5, end=second.end - 5)
    with pytest.raises(InputError, match="has paragraphs 0 and 1 of 甲.txt in one place"):
        read_reports([written(tmp_path / "b.jsonl", [line(first, report), into])], None)
    with pytest.raises(InputError, match="gives no report — give reports, folders of them, or paragraphs in .jsonl"):
        read_reports([written(tmp_path / "c.jsonl", [])], None)
    with pytest.raises(InputError, match="d.jsonl: cannot be read"):
        read_reports([tmp_path / "d.jsonl"], None)
