"""A service on a port until it is told to stop: settings in, an exit code out.

SIGHUP loads bundle and keys anew. SIGTERM and Ctrl-C let what is under way be answered, then end.
"""

import asyncio
import math
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import uvicorn

from fazhi.model.bundle import find_bundle
from fazhi.model.reading import InputError
from fazhi.model.tagger import Tagger, load_tagger
from fazhi.serving.api.about import announce, exchange
from fazhi.serving.api.app import create_app
from fazhi.serving.api.guard import is_loopback
from fazhi.serving.api.keys import KeyRing
from fazhi.serving.api.logs import LOG, log_as_json
from fazhi.serving.api.metrics import Metrics
from fazhi.serving.api.scratch import own_scratch
from fazhi.serving.api.service import Limits, Policy, Service
from fazhi.serving.engine import Engine, EngineSettings

_GRACE = 5  # seconds beyond the deadline of the slowest request
_IDLE = 65  # seconds; clients drop an idle connection after 5 or 60, and should be the ones to do it
_BACKLOG = 1_024  # connections that the system holds for us


@dataclass(frozen=True, slots=True)
class BundleWanted:
    """Which bundle is served: found anew at every reload, so that a newer version of a name is taken up."""

    name: str | None
    folders: tuple[Path, ...]
    threads: int = 0

    def load(self) -> Tagger:
        """Find and load it.

        Raises:
            InputError: There is none such, or it cannot be used.
        """
        return load_tagger(find_bundle(self.name, self.folders), threads=self.threads)


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """What `fazhi serve` was told.

    Attributes:
        keys: File of keys; None where none was named and none is there.
        no_auth: Serve other machines without keys, as somebody said in so many words.
    """

    host: str
    port: int
    bundle: BundleWanted
    keys: Path | None
    no_auth: bool = False
    limits: Limits = field(default_factory=Limits)
    engine: EngineSettings = field(default_factory=EngineSettings)


def policy_of(host: str, keys: Path | None, no_auth: bool) -> Policy:
    """Decide who may come in.

    Raises:
        InputError: Other machines could come in without a key and nobody said that they may.
    """
    is_local = is_loopback(host)
    if no_auth and keys:
        raise InputError("--no-auth", "excludes --keys", "leave out one of them")
    if not keys and not is_local and not no_auth:
        hint = "fazhi serve keys add NAME, or say --no-auth"
        raise InputError(f"--host {host}", "lets other machines in, and there are no keys", hint)
    return Policy(needs_key=bool(keys), is_local=is_local)


def run_server(settings: ServeSettings) -> int:
    """Serve until a signal; return the exit code.

    Raises:
        InputError: The bundle, the keys or the port cannot be used.
    """
    policy = policy_of(settings.host, settings.keys, settings.no_auth)
    metrics = Metrics()
    engine = Engine(settings.bundle.load, settings.engine, metrics.count_batch)
    service = Service(engine, metrics, KeyRing(settings.keys), policy, settings.limits)
    log_as_json(sys.stderr)
    with listening(settings.host, settings.port) as port, own_scratch():
        asyncio.run(_serve(service, port))
    return 0


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that is bound.

    Raises:
        InputError: The address is none of this machine, or taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named TCP, for asyncio to send at once (TCP_NODELAY): otherwise answers wait 40 ms for an acknowledgement.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except (OSError, OverflowError) as error:
        bound.close()
        raise InputError(f"{host}:{port}", f"cannot be served ({error})", "choose another --port or --host") from None
    return bound


async def _serve(service: Service, port: socket.socket) -> None:
    longest = max(service.limits.seconds, service.limits.studio_seconds)
    async with service.engine:
        config = uvicorn.Config(
            create_app(service),
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            backlog=_BACKLOG,
            timeout_keep_alive=_IDLE,
            timeout_graceful_shutdown=math.ceil(longest) + _GRACE,
        )
        announce(service)
        port.listen(_BACKLOG)  # before the address is told: who reads it may come at once
        _greet(service, port)
        _heed_signals(service)
        await uvicorn.Server(config).serve(sockets=[port])


def _greet(service: Service, port: socket.socket) -> None:
    host, number, *_ = port.getsockname()
    shown = f"[{host}]" if ":" in host else host
    who = "需要密钥 with keys" if service.policy.needs_key else "不需要密钥 without keys"
    print(f"http://{shown}:{number}/  {service.engine.tagger.bundle.label}  {who}", flush=True)


def _heed_signals(service: Service) -> None:
    """Reload at SIGHUP; end well, not by a signal, when the server gives back the one that stopped it."""
    loop, reloads = asyncio.get_running_loop(), set[asyncio.Task[None]]()

    def reload() -> None:
        task = loop.create_task(_reload(service))
        reloads.add(task)
        task.add_done_callback(reloads.discard)

    loop.add_signal_handler(signal.SIGHUP, reload)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, partial(_stopped, number))


async def _reload(service: Service) -> None:
    with suppress(InputError):  # `exchange` has said why, and the old bundle stays
        await exchange(service)


def _stopped(number: int, *_: object) -> None:
    LOG.info("stopped", extra={"fields": {"signal": signal.Signals(number).name}})
