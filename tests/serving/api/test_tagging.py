"""POST /v1/tag on the real application."""

import asyncio

import pytest

from fazhi.model.reading import document_from_text
from fazhi.serving.api.schemas import FIELDS
from fazhi.serving.api.service import Limits
from fazhi.serving.outputs import record

pytestmark = pytest.mark.anyio
TEXT = "某市法治政府建设报告\n一、工作情况\n(一)严格规范公正文明执法。开展行政执法检查3次,落实三项制度。\n二、存在问题\n执法人员不足。"
CHECKS = {"text": "开展行政执法检查３次,落实行政執法三項制度。", "path": ["一、工作情况"]}


def error_of(answer, status):
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "field", "hint", "request"}
    assert error["request"] == answer.headers["x-request-id"]
    return error


async def test_a_report_gives_what_the_command_line_gives(serving, tagger):
    async with serving() as client:
        answer = await client.post("/v1/tag", json={"text": TEXT, "document": "a.txt"})
    assert answer.status_code == 200
    report = tagger.tag(document_from_text(TEXT, "a.txt"))
    assert answer.json() == {
        "model": "fazhi-linear@0.1.0",
        "paragraphs": [record(report, each) for each in report.paragraphs],
    }
    sections = [each["section"] for each in answer.json()["paragraphs"]]
    assert sections == ["title", "heading", "work", "heading", "problem"]


async def test_paragraphs_are_tagged_by_themselves_and_have_no_place(serving):
    async with serving() as client:
        answer = await client.post("/v1/tag", json={"paragraphs": [CHECKS, {"text": "  组织学法培训。一是讲座。 "}]})
    first, second = answer.json()["paragraphs"]
    nowhere = {"document": None, "sha256": None, "start": None, "end": None}
    assert {name: first[name] for name in nowhere} == nowhere
    assert (first["text"], first["clean"]) == (CHECKS["text"], "开展行政执法检查3次,落实行政执法三项制度。")
    assert (first["index"], first["path"], first["section"], first["themes"]) == (
        0,
        ["一、工作情况"],
        "work",
        ["enforcement"],
    )
    assert (second["index"], second["text"], second["path"]) == (1, "组织学法培训。一是讲座。", [])
    assert "capacity" in second["themes"]


async def test_the_documented_paragraph_is_the_one_that_is_sent(serving):
    async with serving() as client:
        answer = await client.post("/v1/tag", json={"paragraphs": [CHECKS], "explain": True})
    paragraph = answer.json()["paragraphs"][0]
    assert set(paragraph) == FIELDS
    earned = paragraph["earned"]["enforcement"]
    assert earned["text"] == CHECKS["text"]
    assert earned["words"]["text"] in CHECKS["text"]


async def test_only_the_fields_asked_for_come_in_their_usual_order(serving):
    async with serving() as client:
        answer = await client.post("/v1/tag", json={"paragraphs": [CHECKS], "fields": ["themes", "index"]})
    assert answer.json()["paragraphs"] == [{"index": 0, "themes": ["enforcement"]}]
    assert list(answer.json()["paragraphs"][0]) == ["index", "themes"]


async def test_a_minimum_score_leaves_fewer_themes(serving):
    async with serving() as client:
        answer = await client.post("/v1/tag", json={"paragraphs": [CHECKS], "min_score": 1})
    assert answer.json()["paragraphs"][0]["themes"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": "甲", "paragraphs": [CHECKS]}, "text"),
        ({"text": " \n\u200b"}, "text"),
        ({"text": ""}, "text"),
        ({"text": 5}, "text"),
        ({"paragraphs": []}, "paragraphs"),
        ({"paragraphs": [CHECKS, {"path": []}]}, "paragraphs.1.text"),
        ({"paragraphs": [CHECKS, {"text": " "}]}, "paragraphs.1.text"),
        ({"paragraphs": [{"text": "甲", "path": ["一" * 201]}]}, "paragraphs.0.path.0"),
        ({"paragraphs": [{"text": "甲", "section": "work"}]}, "paragraphs.0.section"),
        ({"text": "甲", "min_score": 1.5}, "min_score"),
        ({"text": "甲", "min_score": "0.5"}, "min_score"),
        ({"text": "甲", "explain": 1}, "explain"),
        ({"text": "甲", "fields": ["index", "secret"]}, "fields.1"),
        ({"text": "甲", "colour": "red"}, "colour"),
        ([], "body"),
    ],
)
async def test_a_field_that_cannot_be_used_is_named(serving, body, field):
    async with serving() as client:
        error = error_of(await client.post("/v1/tag", json=body), 422)
    assert (error["code"], error["field"]) == ("invalid", field)


@pytest.mark.parametrize(
    "content", [b"{", b"\xff", b'{"text": "\\ud800"}', b"[" * 100_000, b'{"min_score": NaN, "text": "a"}']
)
async def test_what_is_no_json_of_ours_is_refused_without_a_trace(serving, content):
    async with serving() as client:
        answer = await client.post("/v1/tag", content=content, headers={"content-type": "application/json"})
    assert answer.status_code in {400, 422}
    assert "Traceback" not in answer.text
    error_of(answer, answer.status_code)


async def test_other_kinds_of_body_are_refused(serving):
    async with serving() as client:
        for kind in ({}, {"content-type": "text/plain"}, {"content-type": "multipart/form-data; boundary=x"}):
            error = error_of(await client.post("/v1/tag", content=b"{}", headers=kind), 415)
            assert (error["code"], error["hint"]) == ("unsupported_type", "application/json")


async def test_bodies_over_the_limit_are_refused_with_and_without_a_length(serving):
    async def chunks():
        yield b'{"text": "'
        for _ in range(100):
            yield b"x" * 1_000

    headers = {"content-type": "application/json"}
    async with serving(limits=Limits(json_bytes=5_000)) as client:
        assert error_of(await client.post("/v1/tag", json={"text": "x" * 5_000}), 413)["field"] == "body"
        assert error_of(await client.post("/v1/tag", content=chunks(), headers=headers), 413)["code"] == "too_large"


async def test_more_text_or_paragraphs_than_a_request_may_bring_are_refused(serving):
    async with serving(limits=Limits(characters=10, paragraphs=2)) as client:
        assert error_of(await client.post("/v1/tag", json={"text": "一" * 11}), 413)["field"] == "text"
        three = [{"text": "一"}] * 3
        assert error_of(await client.post("/v1/tag", json={"paragraphs": three}), 413)["field"] == "paragraphs"
        assert (await client.post("/v1/tag", json={"paragraphs": three[:2]})).status_code == 200


async def test_thirty_requests_at_once_are_scored_together_and_answered_each_with_its_own(serving):
    texts = [f"开展行政执法检查{number}次。" for number in range(30)]
    async with serving() as client:
        answers = await asyncio.gather(
            *(client.post("/v1/tag", json={"paragraphs": [{"text": each}]}) for each in texts)
        )
        figures = (await client.get("/metrics")).text
    assert [each.json()["paragraphs"][0]["text"] for each in answers] == texts
    assert "fazhi_paragraphs_total 30.0" in figures
    batches = next(
        float(line.split()[1]) for line in figures.split("\n") if line.startswith("fazhi_batch_requests_count")
    )
    assert batches < 30
