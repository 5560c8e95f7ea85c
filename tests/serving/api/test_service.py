"""Health, labels, model, figures, the exchange of the bundle, deadlines and full queues, on the real application."""

import asyncio
import json
import logging
import threading
from dataclasses import replace

import pytest
from bundle_copies import edit, release

from fazhi.model.tagger import load_tagger
from fazhi.serving.api.logs import LOG, JsonLines
from fazhi.serving.api.service import Limits
from fazhi.serving.batching import BatchSettings

pytestmark = pytest.mark.anyio
BODY = {"paragraphs": [{"text": "开展行政执法检查3次。"}]}


def error_of(answer, status):
    assert answer.status_code == status, answer.text
    return answer.json()["error"]


class Held:
    """A scorer that waits to be let go before it scores as the real one does."""

    def __init__(self, scorer):
        self.scorer, self.gate = scorer, threading.Event()
        self.gate.set()

    def score(self, paragraphs):
        assert self.gate.wait(10)
        return self.scorer.score(paragraphs)


@pytest.fixture
def held(tagger):
    return replace(tagger, scorer=Held(tagger.scorer))


async def test_labels_are_the_scheme_with_the_thresholds_that_are_applied(serving, scheme, tagger):
    async with serving() as client:
        found = (await client.get("/v1/labels")).json()
    first = json.loads((tagger.bundle.folder / "thresholds.json").read_text(encoding="utf-8"))["theme_thresholds"][0]
    assert [each["id"] for each in found["themes"]] == list(scheme.theme_ids)
    assert [each["id"] for each in found["sections"]] == list(scheme.section_ids)
    assert found["fingerprint"] == "70187ae07abbc477"
    assert (found["themes"][0]["threshold"], found["themes"][0]["short"]) == (first, scheme.themes[0].short)
    assert [each["id"] for each in found["sections"] if not each["themed"]] == [
        "title",
        "assignment",
        "closing",
        "boilerplate",
    ]


async def test_the_model_says_where_it_comes_from(serving):
    async with serving() as client:
        found = (await client.get("/v1/model")).json()
    assert (found["model"], found["kind"], found["licence"]) == ("fazhi-linear@0.1.0", "linear", "Apache-2.0")
    assert "5 folds by document over 152 documents, real and written" in found["metrics"]


async def test_health_figures_and_pages(serving):
    async with serving() as client:
        assert (await client.get("/health/live")).json() == {"status": "live"}
        assert (await client.get("/health/ready")).json() == {"status": "ready", "model": "fazhi-linear@0.1.0"}
        assert (await client.post("/v1/tag", json=BODY)).status_code == 200
        assert error_of(await client.get("/nowhere"), 404)["code"] == "not_found"
        assert error_of(await client.get("/v1/tag"), 405)["code"] == "method_not_allowed"
        figures = (await client.get("/metrics")).text
        docs = (await client.get("/docs")).text
        home = await client.get("/")
    assert 'fazhi_requests_total{method="POST",route="/v1/tag",status="200"} 1.0' in figures
    assert 'fazhi_requests_total{method="GET",route="other",status="404"} 1.0' in figures
    assert "fazhi_queue_depth 0.0" in figures
    assert "fazhi_paragraphs_total 1.0" in figures
    assert "POST /v1/reports</code>" in docs
    assert "multipart/form-data" in docs
    policy = home.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "connect-src 'self';" in policy
    assert policy.endswith("frame-ancestors 'none'")
    assert "unsafe" not in policy
    assert "<script" not in docs
    assert "://" not in home.text + docs


async def test_the_openapi_document_describes_answers_and_errors(serving):
    async with serving() as client:
        paths = (await client.get("/openapi.json")).json()["paths"]
    answers = paths["/v1/tag"]["post"]["responses"]
    assert answers["200"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/TagAnswer"}
    assert answers["422"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/ErrorAnswer"}
    assert "text/csv" in paths["/v1/reports"]["post"]["responses"]["200"]["content"]


async def test_a_full_queue_gives_429_with_a_time_to_come_again(serving, held):
    async with serving(lambda: held, BatchSettings(waiting=2, wait=0.0)) as client:
        held.scorer.gate.clear()
        running = asyncio.create_task(client.post("/v1/tag", json=BODY))
        await asyncio.sleep(0.1)
        waiting = [asyncio.create_task(client.post("/v1/tag", json=BODY)) for _ in range(2)]
        await asyncio.sleep(0.1)
        refused = await client.post("/v1/tag", json=BODY)
        assert error_of(refused, 429)["code"] == "busy"
        assert int(refused.headers["retry-after"]) >= 1
        assert error_of(await client.get("/health/ready"), 503)["code"] == "busy"
        assert (await client.get("/health/live")).status_code == 200
        held.scorer.gate.set()
        assert [(await each).status_code for each in (running, *waiting)] == [200, 200, 200]
        assert (await client.post("/v1/tag", json=BODY)).status_code == 200
        assert "fazhi_rejected_total 1.0" in (await client.get("/metrics")).text


async def test_only_so_many_requests_are_under_way(serving, held):
    async with serving(lambda: held, limits=Limits(under_way=1)) as client:
        held.scorer.gate.clear()
        running = asyncio.create_task(client.post("/v1/tag", json=BODY))
        await asyncio.sleep(0.1)
        assert error_of(await client.post("/v1/reports", files={"file": ("a.txt", b"x")}), 429)["code"] == "busy"
        held.scorer.gate.set()
        assert (await running).status_code == 200


async def test_a_deadline_ends_a_request_and_what_it_left_waiting(serving, held):
    async with serving(lambda: held, limits=Limits(seconds=0.2)) as client:
        held.scorer.gate.clear()
        assert error_of(await client.post("/v1/tag", json=BODY), 504)["code"] == "deadline"
        held.scorer.gate.set()
        assert (await client.post("/v1/tag", json=BODY)).status_code == 200


async def test_explaining_ends_at_the_deadline_too(serving, held):
    async with serving(lambda: held, limits=Limits(seconds=0.3)) as client:
        task = asyncio.create_task(client.post("/v1/tag", json={**BODY, "explain": True}))
        await asyncio.sleep(0)
        held.scorer.gate.clear()
        assert error_of(await task, 504)["code"] == "deadline"
        held.scorer.gate.set()


async def test_a_sender_that_dawdles_is_ended(serving):
    async def slowly():
        yield b'{"text"'
        await asyncio.sleep(5)
        yield b': "x"}'

    async with serving(limits=Limits(seconds=0.2)) as client:
        answer = await client.post("/v1/tag", content=slowly(), headers={"content-type": "application/json"})
    assert error_of(answer, 504)["code"] == "deadline"


async def test_a_bug_gives_an_id_and_no_traceback_and_the_log_no_text(serving, tagger, caplog):
    class Broken:
        def score(self, paragraphs):
            if len(paragraphs) == 1:
                raise ZeroDivisionError(paragraphs[0].text)
            return tagger.scorer.score(paragraphs)

    with caplog.at_level(logging.INFO, LOG.name):
        async with serving(lambda: replace(tagger, scorer=Broken())) as client:
            answer = await client.post("/v1/tag", json=BODY, headers={"X-Request-ID": "abc-1"})
    error = error_of(answer, 500)
    assert (error["code"], error["request"], answer.headers["x-request-id"]) == ("internal", "abc-1", "abc-1")
    assert "ZeroDivisionError" not in answer.text
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records if record.name == LOG.name]
    bug = next(line for line in lines if line["message"] == "bug")
    assert (bug["request"], bug["error"]) == ("abc-1", "ZeroDivisionError")
    told = next(line for line in lines if line["message"] == "request")
    assert (told["route"], told["status"], told["level"]) == ("/v1/tag", 500, "error")
    assert "行政执法" not in json.dumps(lines, ensure_ascii=False)


async def test_an_id_that_is_no_word_is_replaced(serving):
    async with serving() as client:
        answer = await client.get("/health/live", headers={"X-Request-ID": "a b"})
    assert len(answer.headers["x-request-id"]) == 32


async def test_reload_under_load_loses_nothing(serving, tmp_path):
    folders = [release(tmp_path / "1", version="1.0.0")]
    async with serving(lambda: load_tagger(folders[-1])) as client:
        answers = []

        async def keep_asking():
            model = ""
            while model != "fazhi-linear@2.0.0":
                answers.append(await client.post("/v1/tag", json=BODY))
                model = answers[-1].json()["model"]

        asking = [asyncio.create_task(keep_asking()) for _ in range(4)]
        await asyncio.sleep(0.02)
        folders.append(release(tmp_path / "2", version="2.0.0"))
        assert (await client.post("/v1/admin/reload")).json() == {"model": "fazhi-linear@2.0.0"}
        await asyncio.gather(*asking)
        assert {each.status_code for each in answers} == {200}
        assert {each.json()["model"] for each in answers} == {"fazhi-linear@1.0.0", "fazhi-linear@2.0.0"}
        assert (await client.post("/v1/tag", json=BODY)).json()["model"] == "fazhi-linear@2.0.0"
        assert 'fazhi_model_info{bundle="fazhi-linear@2.0.0",kind="linear"} 1.0' in (await client.get("/metrics")).text


async def test_a_bundle_that_fails_its_checks_is_refused_and_the_old_one_stays(serving, tmp_path):
    good = release(tmp_path / "1", version="1.0.0")
    bad = release(tmp_path / "2", version="2.0.0")
    edit(bad / "thresholds.json", theme_margin=0.1)
    folders = [good]
    async with serving(lambda: load_tagger(folders[-1])) as client:
        folders.append(bad)
        error = error_of(await client.post("/v1/admin/reload"), 409)
        assert (error["code"], "is not the file that the manifest names" in error["message"]) == ("refused", True)
        assert (await client.get("/v1/model")).json()["version"] == "1.0.0"
        assert (await client.post("/v1/tag", json=BODY)).status_code == 200
        assert 'fazhi_reloads_total{result="refused"} 1.0' in (await client.get("/metrics")).text
