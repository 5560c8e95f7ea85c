"""`fazhi serve` as a process: ports, signals, a sudden end."""

import json
import signal
import socket
import threading
import time
from contextlib import contextmanager

import httpx
import pytest
from bundle_copies import release
from served import started

from fazhi.model.reading import InputError
from fazhi.serving.api.run import listening

BODY = {"paragraphs": [{"text": "开展行政执法检查3次。"}]}


@contextmanager
def asked(*options, **environment):
    """Start a server; give its process, a client and its log."""
    with started(*options, **environment) as (process, url, log), httpx.Client(base_url=url, timeout=20) as client:
        yield process, client, log


def waits_until(true, seconds=10):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_it_serves_reloads_at_sighup_and_ends_well_with_the_request_that_is_under_way(tmp_path):
    release(tmp_path / "1", version="1.0.0")
    with asked("--bundle", "fazhi-linear", "--wait", "900", FAZHI_BUNDLES=str(tmp_path)) as (process, client, log):
        assert client.post("/v1/tag", json=BODY).json()["model"] == "fazhi-linear@1.0.0"
        release(tmp_path / "2", version="2.0.0")
        process.send_signal(signal.SIGHUP)
        waits_until(lambda: client.get("/v1/model").json()["version"] == "2.0.0")
        answers = []
        asking = threading.Thread(target=lambda: answers.append(client.post("/v1/tag", json=BODY)))
        asking.start()  # waits 0.9 s for company
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        asking.join(10)
        assert [each.status_code for each in answers] == [200]
        assert process.wait(10) == 0
        log.seek(0)
        lines = [json.loads(line) for line in log.read().splitlines()]
    models = [line["bundle"] for line in lines if line["message"] == "model"]
    assert models == ["fazhi-linear@1.0.0", "fazhi-linear@2.0.0"]
    assert [line["status"] for line in lines if line.get("route") == "/v1/tag"] == [200, 200]


def test_after_a_sudden_end_the_port_is_free_and_it_starts_again():
    with asked() as (process, client, _):
        port = str(client.base_url.port)
        assert client.get("/health/ready").status_code == 200
        process.kill()
        process.wait(10)
    with asked("--port", port) as (_, client, _):
        assert client.base_url.port == int(port)
        assert client.post("/v1/tag", json=BODY).status_code == 200


def test_answers_do_not_wait_for_acknowledgements():
    with listening("127.0.0.1", 0) as port:
        assert port.proto == socket.IPPROTO_TCP


def test_a_port_that_is_taken_is_one_line():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(InputError, match="cannot be served"):
            listening("127.0.0.1", other.getsockname()[1])
