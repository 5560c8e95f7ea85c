"""What every route of the endpoint stands on, as values: limits, who may come in, the engine."""

from dataclasses import dataclass, field, replace
from typing import Annotated, cast

from fastapi import Depends, Request

from fazhi.serving.api.keys import KeyRing
from fazhi.serving.api.metrics import Metrics
from fazhi.serving.engine import Asked, Engine


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one request may bring, and how long it may take.

    Attributes:
        file_bytes: Of an uploaded file.
        json_bytes: Of a JSON body.
        studio_bytes: Of what Label Studio sends to be predicted: whole tasks with their annotations.
        unpacked_bytes: Of all reports in an archive.
        characters: Of all text in a request.
        paragraphs: That come without their report.
        under_way: Requests that are being received or answered.
        seconds: From the first byte of a request to its answer.
        studio_seconds: The same for predictions; Label Studio waits 100.
    """

    file_bytes: int = 10_000_000
    json_bytes: int = 2_000_000
    studio_bytes: int = 20_000_000
    unpacked_bytes: int = 100_000_000
    characters: int = 500_000
    paragraphs: int = 1_000
    under_way: int = 256
    seconds: float = 30.0
    studio_seconds: float = 90.0


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may come in.

    Attributes:
        needs_key: All but the open paths ask for a key.
        is_local: Only this machine reaches the port.
    """

    needs_key: bool = False
    is_local: bool = True


@dataclass(frozen=True, slots=True)
class Service:
    """Everything that the routes share."""

    engine: Engine
    metrics: Metrics
    keys: KeyRing
    policy: Policy = field(default_factory=Policy)
    limits: Limits = field(default_factory=Limits)


async def service_of(request: Request) -> Service:  # a plain function would be sent to a thread
    """Return the service of the application that a request came to."""
    return cast("Service", request.app.state.service)


Shared = Annotated[Service, Depends(service_of)]


def asked_of(request: Request, service: Service, min_score: float = 0.0, explain: bool = False) -> Asked:
    """Return what a request wants, with the bundle of now, by the deadline that it got when it was admitted."""
    tagger = replace(service.engine.tagger, min_score=min_score)
    return Asked(tagger, request.state.deadline, explain)
