"""POST /v1/votes: answers become lines that training reads, or are refused by name."""

import json

import pytest

from fazhi.model.labels import read_examples

pytestmark = pytest.mark.anyio
TEXT = "一、工作情况\n开展行政执法检查3次,𠮷林路除外。\n"


async def body_of(client, **changes):
    """Answer the second paragraph of a report as the page does."""
    data = (await client.post("/v1/reports", files={"file": ("甲.txt", TEXT.encode())})).json()
    each = data["reports"][0]["paragraphs"][1]
    names = ("document", "sha256", "index", "start", "end", "text", "clean", "level", "marker", "path")
    answer = {name: each[name] for name in names} | {"count": 2, "section": "work", "themes": ["enforcement"]}
    answer |= {"scheme": data["scheme"], "segmenter": data["segmenter"]}
    return {"annotator": "王", "answers": [answer | changes]}


async def test_votes_are_read_as_they_were_given(serving, scheme, tmp_path):
    async with serving() as client:
        answer = await client.post("/v1/votes", json=await body_of(client, themes=["publicity", "digital"]))
    path = tmp_path / "examples.jsonl"
    path.write_bytes(answer.content)
    [vote] = read_examples(path, scheme)
    assert (vote.section, vote.themes, vote.kind) == ("work", ("publicity", "digital"), "vote")
    assert (vote.annotator, vote.source, vote.round, vote.segmenter) == ("王", "page", 0, "1")
    assert (vote.index, vote.count, vote.start, vote.end) == (1, 2, 7, 24)
    assert vote.text == "开展行政执法检查3次,𠮷林路除外。" == TEXT[7:24]
    assert answer.headers["content-disposition"] == 'attachment; filename="examples.jsonl"'


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"section": "news"}, "answers.0"),
        ({"themes": ["colour"]}, "answers.0"),
        ({"section": "title"}, "answers.0"),  # carries no themes
        ({"section": "heading"}, "answers.0"),  # is none
        ({"end": 3}, "answers.0"),
        ({"index": 2}, "answers.0"),
        ({"scheme": "0"}, "answers.0"),
        ({"sha256": "../x"}, "answers.0.sha256"),
        ({"text": "\ud800"}, "answers.0.text"),
        ({"kind": "verdict"}, "answers.0.kind"),
    ],
)
async def test_answers_that_make_no_sense_are_named(serving, changes, field):
    async with serving() as client:
        body = await body_of(client)
        body["answers"][0] |= changes
        content = json.dumps(body)
        answer = await client.post("/v1/votes", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == field


async def test_who_answered_must_be_said(serving):
    async with serving() as client:
        body = await body_of(client)
        for change, field in (
            ({"annotator": ""}, "annotator"),
            ({"answers": []}, "answers"),
        ):
            answer = await client.post("/v1/votes", json=body | change)
            assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
