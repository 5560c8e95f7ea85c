"""Scoring for many at once: requests in, their scores out, several requests in one call of the scorer.

    async with Batcher(BatchSettings(), count) as batcher:
        [scores] = await batcher.score(tagger.scorer, [report.paragraphs], deadline)

One thread scores, off the event loop. What arrives meanwhile, and for a few milliseconds after the first, is scored
together, up to a budget of characters; a report is never split. The queue is bounded by requests and by time: who could
not be served before their deadline is turned away at once (`FullError`), not after waiting in vain. Knows no HTTP.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, groupby, islice
from types import TracebackType
from typing import Self

from fazhi.model.report import Paragraph
from fazhi.model.scorers import Scorer, Scores, score_reports

Paragraphs = Sequence[Paragraph]
_OLD = 0.5  # weight of what was known of the speed, against the last full batch


class FullError(Exception):
    """Nothing more can be taken now; `retry_after` seconds may help."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"full for {retry_after} s")
        self.retry_after = retry_after


class ClosedError(Exception):
    """Nothing is taken any more: what is waiting is finished, then it ends."""


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """How requests are brought together.

    Attributes:
        characters: Of a batch, heading paths included; a request that has more is a batch of its own.
        wait: Seconds that the first request of a batch waits for company.
        waiting: Requests that may wait.
    """

    characters: int = 4_000
    wait: float = 0.002
    waiting: int = 256


@dataclass(frozen=True, slots=True)
class Batch:
    """What was scored in one call, for whoever counts."""

    requests: int
    paragraphs: int
    characters: int
    seconds: float


@dataclass(slots=True, eq=False)
class _Job:
    scorer: Scorer
    reports: Sequence[Paragraphs]
    size: int
    scores: asyncio.Future[list[Scores]]


class Batcher:
    """Give it work inside `async with`; leaving the block finishes what waits.

    Args:
        count: Is told of every batch.
    """

    def __init__(self, settings: BatchSettings, count: Callable[[Batch], None]) -> None:
        self._settings, self._count = settings, count
        self._jobs: deque[_Job] = deque()
        self._size = 0  # characters of what waits or is being scored
        self._speed = 0.0  # characters a second; 0 until a batch told
        self._closing = False
        self._arrived = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Start the thread."""
        self._thread = ThreadPoolExecutor(1, "fazhi-scoring")
        self._running = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Refuse what is new, finish what waits."""
        self._closing = True
        self._arrived.set()
        await self._running
        self._thread.shutdown()

    @property
    def depth(self) -> int:
        """Requests that wait."""
        return len(self._jobs)

    @property
    def is_full(self) -> bool:
        """Whether the next request would be turned away for their number."""
        return len(self._jobs) >= self._settings.waiting

    async def score(self, scorer: Scorer, reports: Sequence[Paragraphs], deadline: float) -> list[Scores]:
        """Score the paragraphs of each report.

        Args:
            scorer: A batch holds requests of one scorer only.
            reports: Each looked at as a whole.
            deadline: By the loop's clock.

        Raises:
            FullError: Too many wait, or too much to be done in time.
            ClosedError: It is being closed.
            TimeoutError: The deadline has passed.
        """
        size = sum(len(each.model_text) for each in chain.from_iterable(reports))
        self._check_room(size, deadline)
        job = _Job(scorer, reports, size, asyncio.get_running_loop().create_future())
        self._jobs.append(job)
        self._size += size
        self._arrived.set()
        async with asyncio.timeout_at(deadline):
            return await job.scores

    def _check_room(self, size: int, deadline: float) -> None:
        if self._closing:
            raise ClosedError
        ahead = self._size / self._speed if self._speed else 0.0
        own = size / self._speed if self._speed else 0.0
        left = deadline - asyncio.get_running_loop().time()
        if self.is_full or (ahead and ahead + own > left):
            raise FullError(max(1, math.ceil(ahead)))

    async def _run(self) -> None:
        while await self._some():
            await self._company()
            jobs = self._take()
            for _, same in groupby(jobs, key=lambda job: id(job.scorer)):
                await self._score(list(same))

    async def _some(self) -> bool:
        """Wait for work; False where none will come."""
        while not self._jobs and not self._closing:
            self._arrived.clear()
            await self._arrived.wait()
        return bool(self._jobs)

    async def _company(self) -> None:
        """Wait until a batch is full, or long enough."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.wait):
                while self._size < self._settings.characters and not self._closing:
                    self._arrived.clear()
                    await self._arrived.wait()

    def _take(self) -> list[_Job]:
        """Take the next batch from the queue, leaving out requests that have gone."""
        taken: list[_Job] = []
        room = self._settings.characters
        while self._jobs and (not taken or self._jobs[0].size <= room):
            job = self._jobs.popleft()
            if job.scores.done():
                self._size -= job.size
                continue
            taken.append(job)
            room -= job.size
        return taken

    async def _score(self, jobs: list[_Job]) -> None:
        loop = asyncio.get_running_loop()
        reports = [report for job in jobs for report in job.reports]
        began = loop.time()
        scoring = loop.run_in_executor(self._thread, score_reports, jobs[0].scorer, reports)
        await asyncio.wait([scoring])
        if scoring.exception() and len(jobs) > 1:  # what one request brings must not fail the others
            for job in jobs:
                await self._score([job])
            return
        self._note(Batch(len(jobs), sum(map(len, reports)), sum(job.size for job in jobs), loop.time() - began))
        _answer(jobs, scoring)

    def _note(self, batch: Batch) -> None:
        self._size -= batch.characters
        self._speed = self._speed_after(batch)
        self._count(batch)

    def _speed_after(self, batch: Batch) -> float:
        """Learn from a batch; a small one is slow by its character, so it tells the least that can be done."""
        now = batch.characters / max(batch.seconds, 1e-6)
        if not self._speed or 2 * batch.characters < self._settings.characters:
            return max(self._speed, now)
        return _OLD * self._speed + (1 - _OLD) * now


def _answer(jobs: Sequence[_Job], scoring: asyncio.Future[list[Scores]]) -> None:
    """Hand every request its scores, or what went wrong; those that have gone get nothing."""
    error = scoring.exception()
    scores = iter(scoring.result() if error is None else ())
    for job in jobs:
        own = list(islice(scores, len(job.reports)))
        if job.scores.done():
            continue
        if error is None:
            job.scores.set_result(own)
        else:
            job.scores.set_exception(error)
