"""Label Studio's ML-backend contract, with requests as version 1.23 sends them."""

import asyncio
import threading
import time
from dataclasses import replace

import pytest

from fazhi.annotation.tasks import tasks_of
from fazhi.model.labels import load_scheme
from fazhi.model.reading import document_from_text
from fazhi.serving.api.service import Limits
from fazhi.serving.batching import BatchSettings

pytestmark = pytest.mark.anyio
SETUP = {
    "project": "7.1795227952",
    "schema": "<View/>",
    "hostname": "http://localhost:8080",
    "access_token": "legacy-secret",
    "extra_params": None,
}
CHECKS = "一是严格执法。开展行政执法检查3次,落实行政执法三项制度。"


def task(text, answers=(), **place):
    """Return a task as Label Studio sends it: whole, with the answers that people gave."""
    data = {
        "uid": "u",
        "text": text,
        "document": "a.txt",
        "index": place.get("index", 3),
        "level": place.get("level", 0),
    }
    meta = {"sha256": "ab", "count": 40, "path": place.get("path", ["一、工作情况"]), "clean": text}
    return {"id": 1, "data": data, "meta": meta, "annotations": list(answers), "predictions": [], "project": 7}


def predict_body(*tasks):
    params = {"login": None, "password": None, "context": None}
    return {"tasks": list(tasks), "project": "7.1795227952", "label_config": "<View/>", "params": params}


async def test_connecting_names_the_version_and_never_reads_the_token(serving, caplog):
    async with serving() as client:
        assert (await client.get("/studio/health")).json() == {"status": "UP", "model_class": "fazhi"}
        assert (await client.post("/studio/setup", json=SETUP)).json() == {"model_version": "fazhi-linear@0.1.0"}
        assert (await client.post("/studio/setup", content=b"\xff no json")).status_code == 200
        assert (await client.get("/studio/versions")).json() == {"versions": ["fazhi-linear@0.1.0"]}
    assert "legacy-secret" not in caplog.text


async def test_every_task_gets_one_prediction_in_order(serving):
    texts = [(CHECKS, 0), ("(一)严格规范公正文明执法", 2), ("特此报告。", 0)]
    tasks = [task(text, level=level, index=39 if text == "特此报告。" else 3) for text, level in texts]
    async with serving() as client:
        results = (await client.post("/studio/predict", json=predict_body(*tasks))).json()["results"]
    sections = [each["result"][0]["value"]["choices"] for each in results]
    assert sections == [["work"], ["heading"], ["closing"]]
    assert [item["from_name"] for item in results[0]["result"]] == ["section", "themes"]
    assert results[0]["result"][1]["value"] == {"choices": ["enforcement"]}
    assert [item["from_name"] for item in results[2]["result"]] == ["section"]  # a closing carries no themes
    assert {each["model_version"] for each in results} == {"fazhi-linear@0.1.0"}
    assert all(0 <= each["score"] <= 1 for each in results)


async def test_answers_that_are_there_already_change_nothing(serving):
    wrong = {"result": [{"from_name": "section", "type": "choices", "value": {"choices": ["title"]}}], "id": 9}
    async with serving() as client:
        plain = await client.post("/studio/predict", json=predict_body(task(CHECKS)))
        told = await client.post("/studio/predict", json=predict_body(task(CHECKS, answers=[wrong])))
    assert plain.json() == told.json()


async def test_the_place_that_a_task_carries_counts(serving):
    async with serving() as client:
        known = await client.post("/studio/predict", json=predict_body(task(CHECKS)))
        bare = {"id": 1, "data": {"text": CHECKS}, "meta": None}
        unknown = await client.post("/studio/predict", json=predict_body(bare))
        tagged = await client.post("/v1/tag", json={"paragraphs": [{"text": CHECKS}]})
    own = tagged.json()["paragraphs"][0]
    said = unknown.json()["results"][0]["result"]
    assert said[0]["value"]["choices"] == [own["section"]]
    assert said[1]["score"] == own["theme_scores"]["enforcement"]
    assert known.json()["results"][0]["result"][0]["score"] != said[0]["score"]


async def test_many_tasks_are_scored_in_batches_that_let_others_in(serving):
    sizes = []
    async with serving(batches=BatchSettings(characters=200)) as client:
        batcher = client.service.engine.batcher
        count = batcher._count
        batcher._count = lambda batch: (sizes.append(batch.paragraphs), count(batch))
        body = predict_body(*(task(f"开展行政执法检查{number}次。") for number in range(30)))
        answer = await client.post("/studio/predict", json=body)
    assert len(answer.json()["results"]) == 30
    assert sum(sizes) == 30
    # 11 or 12 characters behind "一、工作情况 | 0 | " (13): eight tasks in 200
    assert sizes == [8, 8, 8, 6]


async def test_health_and_webhook_answer_while_everything_scores(serving, tagger):
    gate = threading.Event()

    class Held:
        def score(self, paragraphs):
            assert gate.wait(10)
            return tagger.scorer.score(paragraphs)

    gate.set()
    async with serving(lambda: replace(tagger, scorer=Held())) as client:
        gate.clear()
        scoring = asyncio.create_task(client.post("/studio/predict", json=predict_body(task(CHECKS))))
        await asyncio.sleep(0.05)
        began = time.monotonic()
        assert (await client.get("/studio/health")).status_code == 200
        assert (await client.post("/studio/webhook", json={"action": "START_TRAINING"})).json() == {}
        assert (await client.post("/studio/setup", json=SETUP)).status_code == 200
        assert time.monotonic() - began < 1
        gate.set()
        assert (await scoring).status_code == 200


@pytest.mark.parametrize(
    ("tasks", "field"),
    [
        ([task(CHECKS), {"id": 2, "data": {"title": "甲"}}], "tasks.1.data.text"),
        ([task(CHECKS), task(" ")], "tasks.1.data.text"),
        ([task(CHECKS, level=9)], "tasks.0.data.level"),
        ([{"id": 3}], "tasks.0.data"),
    ],
)
async def test_a_task_without_a_text_is_named(serving, tasks, field):
    async with serving() as client:
        answer = await client.post("/studio/predict", json=predict_body(*tasks))
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)


async def test_no_task_gives_no_prediction_and_too_much_is_refused(serving):
    async with serving(limits=Limits(characters=40)) as client:
        assert (await client.post("/studio/predict", json=predict_body())).json() == {"results": []}
        answer = await client.post("/studio/predict", json=predict_body(task(CHECKS), task(CHECKS)))
    assert (answer.status_code, answer.json()["error"]["field"]) == (413, "tasks")


async def test_heads_count_as_text_and_tasks_are_counted(serving):
    headed = {**task("甲"), "meta": {"path": ["一" * 50]}}
    async with serving(limits=Limits(characters=40)) as client:
        assert (await client.post("/studio/predict", json=predict_body(headed))).status_code == 413
    async with serving(limits=Limits(paragraphs=2)) as client:
        answers = [await client.post("/studio/predict", json=predict_body(*[task("甲")] * count)) for count in (2, 3)]
    assert [answer.status_code for answer in answers] == [200, 413]


async def test_a_task_that_fazhi_pushed_is_understood(serving, tagger):
    text = "某市法治政府建设报告\n一、工作情况\n(一)严格执法\n共开展行政执法检查3次,办结行政处罚案件5件。"
    report = tagger.tag(document_from_text(text, "a.txt"))
    pushed = [each.body for each in tasks_of(report, load_scheme())]
    async with serving() as client:
        results = (await client.post("/studio/predict", json=predict_body(*pushed))).json()["results"]
    assert [each["result"][0]["value"]["choices"][0] for each in results][1:] == ["heading", "heading", "work"]
    assert results[3]["result"][1]["value"] == {"choices": ["enforcement"]}
