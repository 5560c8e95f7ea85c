"""What the service counts, for Prometheus. Text never comes in here, and no name that a sender could choose."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector, generate_latest

from fazhi.serving.batching import Batch

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_PARAGRAPHS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
_TOO_MANY = 429


class Metrics:
    """Figures of one service, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        registry = self._registry
        ProcessCollector(registry=registry)
        self._requests = Counter(
            "fazhi_requests", "Requests answered", ("route", "method", "status"), registry=registry
        )
        self._seconds = Histogram(
            "fazhi_request_seconds", "Time to answer", ("route",), buckets=_SECONDS, registry=registry
        )
        self._rejected = Counter("fazhi_rejected", "Requests turned away because too many wait", registry=registry)
        self._batches = Histogram(
            "fazhi_batch_paragraphs", "Paragraphs scored in one call", buckets=_PARAGRAPHS, registry=registry
        )
        self._batch_requests = Histogram(
            "fazhi_batch_requests", "Requests scored in one call", buckets=_PARAGRAPHS, registry=registry
        )
        self._scoring = Histogram("fazhi_batch_seconds", "Time to score a batch", buckets=_SECONDS, registry=registry)
        self._paragraphs = Counter("fazhi_paragraphs", "Paragraphs scored", registry=registry)
        self._characters = Counter("fazhi_characters", "Characters scored, about one token each", registry=registry)
        self._reloads = Counter("fazhi_reloads", "Bundles loaded anew", ("result",), registry=registry)
        self._model = Info("fazhi_model", "The bundle that new requests get", registry=registry)
        self._depth = Gauge("fazhi_queue_depth", "Requests that wait for the scorer", registry=registry)

    def watch(self, depth: Callable[[], int]) -> None:
        """Ask for the depth of the queue whenever figures are read."""
        self._depth.set_function(depth)

    def count_batch(self, batch: Batch) -> None:
        """Count what was scored in one call."""
        self._batches.observe(batch.paragraphs)
        self._batch_requests.observe(batch.requests)
        self._scoring.observe(batch.seconds)
        self._paragraphs.inc(batch.paragraphs)
        self._characters.inc(batch.characters)

    def count_request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answer; the route is a pattern, not what was asked for."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        if status == _TOO_MANY:
            self._rejected.inc()

    def count_reload(self, is_good: bool) -> None:
        """Count a bundle that was loaded, or refused, while requests came in."""
        self._reloads.labels("loaded" if is_good else "refused").inc()

    def name_model(self, label: str, kind: str) -> None:
        """Say which bundle answers."""
        self._model.info({"bundle": label, "kind": kind})

    def text(self) -> bytes:
        """Return the figures in Prometheus's text format."""
        return generate_latest(self._registry)
