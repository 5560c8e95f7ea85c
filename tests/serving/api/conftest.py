"""The real application with the linear bundle, spoken to without a network."""

from contextlib import asynccontextmanager

import httpx
import pytest

from fazhi.model.tagger import load_tagger
from fazhi.serving.api.app import create_app
from fazhi.serving.api.keys import KeyRing
from fazhi.serving.api.metrics import Metrics
from fazhi.serving.api.service import Limits, Policy, Service
from fazhi.serving.batching import BatchSettings
from fazhi.serving.engine import Engine, EngineSettings


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="session")
def tagger():
    return load_tagger("linear")


@pytest.fixture(scope="session")
def serving(tagger):
    """Start a service, `async with serving(limits=…) as client`; the client knows its `service`."""

    @asynccontextmanager
    async def start(load=lambda: tagger, batches=None, keys=None, policy=None, limits=None, client=("127.0.0.1", 1)):
        metrics = Metrics()
        engine = Engine(load, EngineSettings(batches or BatchSettings()), metrics.count_batch)
        service = Service(engine, metrics, KeyRing(keys), policy or Policy(), limits or Limits())
        transport = httpx.ASGITransport(create_app(service), raise_app_exceptions=False, client=client)
        async with engine, httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
            http.service = service
            yield http

    return start
