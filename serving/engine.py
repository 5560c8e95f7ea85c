"""A loaded bundle behind an event loop: documents and single paragraphs in, tagged reports out, many at a time.

    async with Engine(load, EngineSettings(), count) as engine:
        tagged = await engine.tag(document, Asked(engine.tagger, deadline=loop.time() + 30))
        await engine.reload()   # requests under way keep the bundle they began with

Scoring is for `batching`; what else takes long runs on threads beside the loop. Knows no HTTP and no files: `load`
finds and reads the bundle.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

from fazhi.model.reading import Document
from fazhi.model.report import Paragraph, Report, segment
from fazhi.model.scorers import Scorer, Scores
from fazhi.model.tagger import TaggedReport, Tagger, explain
from fazhi.serving.batching import Batch, Batcher, BatchSettings
from fazhi.serving.bundles.verify import check_scores

_Result = TypeVar("_Result")
_SMALL = 2_000  # characters that are cut and tagged on the loop itself: a thread would cost more


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How much is done at a time.

    Attributes:
        threads: For reading, explaining and writing results.
    """

    batches: BatchSettings = field(default_factory=BatchSettings)
    threads: int = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request wants.

    Attributes:
        tagger: The bundle it is answered with, from its beginning to its end.
        deadline: By the loop's clock.
        explain: Mark the words that earned each theme.
    """

    tagger: Tagger
    deadline: float
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Lone:
    """A paragraph without its report, and the document that is only its text."""

    document: Document
    paragraph: Paragraph


@dataclass(frozen=True, slots=True)
class _Queued:
    """The socket of a scorer for other threads: what they score waits its turn like everything else."""

    batcher: Batcher
    scorer: Scorer
    deadline: float
    loop: asyncio.AbstractEventLoop

    def score(self, paragraphs: Sequence[Paragraph]) -> Scores:
        """Score the paragraphs of one report, in order."""
        waiting = self.batcher.score(self.scorer, [paragraphs], self.deadline)
        return asyncio.run_coroutine_threadsafe(waiting, self.loop).result()[0]


class Engine:
    """Tags inside `async with`; entering it loads the bundle, leaving it finishes what waits.

    Args:
        load: Finds the bundle and loads it; called again for every reload, on a thread.
        count: Is told of every batch.

    Attributes:
        tagger: The bundle that new requests get.
        batcher: The queue in front of it.
    """

    tagger: Tagger

    def __init__(self, load: Callable[[], Tagger], settings: EngineSettings, count: Callable[[Batch], None]) -> None:
        self._load, self._settings = load, settings
        self.batcher = Batcher(settings.batches, count)
        self._loading = asyncio.Lock()
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Load the bundle.

        Raises:
            InputError: It cannot be used.
        """
        self._threads = self._open.enter_context(ThreadPoolExecutor(self._settings.threads, "fazhi-desk"))
        self.tagger = await self.aside(self._checked)
        await self._open.enter_async_context(self.batcher)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish what waits."""
        await self._open.aclose()

    async def reload(self) -> Tagger:
        """Load the bundle anew and give it to the requests that come from now on.

        Raises:
            InputError: It is refused; the one before stays.
        """
        async with self._loading:
            self.tagger = await self.aside(self._checked)
            return self.tagger

    async def aside(self, work: Callable[[], _Result]) -> _Result:
        """Run what takes long on a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def tag(self, document: Document, asked: Asked) -> TaggedReport:
        """Cut a document and tag its paragraphs.

        Raises:
            InputError: It has no paragraphs.
            FullError, ClosedError, TimeoutError: See `Batcher.score`.
        """
        tagger, size = asked.tagger, len(document.text)
        report = await self.beside(size, partial(segment, document))
        [scores] = await self.batcher.score(tagger.scorer, [report.paragraphs], asked.deadline)
        tagged = await self.beside(size, partial(tagger.tagged, report, scores))
        return await self._explained(tagged, document, asked)

    async def tag_lone(self, lone: Sequence[Lone], asked: Asked) -> list[TaggedReport]:
        """Tag paragraphs, each by itself, as a report of one; many of them wait in line as several requests do.

        Raises:
            FullError, ClosedError, TimeoutError: See `Batcher.score`.
        """
        tagger = asked.tagger.alone
        tagged: list[TaggedReport] = []
        for some in _portions(lone, self._settings.batches.characters):
            reports = [Report(each.document.name, each.document.sha256, (each.paragraph,)) for each in some]
            paragraphs = [report.paragraphs for report in reports]
            every = await self.batcher.score(tagger.scorer, paragraphs, asked.deadline)
            for each, report, scores in zip(some, reports, every, strict=True):
                tagged.append(await self._explained(tagger.tagged(report, scores), each.document, asked))
        return tagged

    async def _explained(self, tagged: TaggedReport, document: Document, asked: Asked) -> TaggedReport:
        if not asked.explain:
            return tagged
        queued = _Queued(self.batcher, asked.tagger.scorer, asked.deadline, asyncio.get_running_loop())
        return await self.aside(partial(explain, tagged, document, queued))

    async def beside(self, characters: int, work: Callable[[], _Result]) -> _Result:
        """Run work on so much text where it disturbs least: on a thread, or here if it is little."""
        return work() if characters <= _SMALL else await self.aside(work)

    def _checked(self) -> Tagger:
        tagger = self._load()
        check_scores(tagger)
        return tagger


def _portions(lone: Sequence[Lone], most: int) -> Iterator[list[Lone]]:
    """Deal paragraphs out, in order, so that those of a portion fill about one batch."""
    portion: list[Lone] = []
    size = 0
    for each in lone:
        if portion and size + len(each.paragraph.model_text) > most:
            yield portion
            portion, size = [], 0
        portion.append(each)
        size += len(each.paragraph.model_text)
    if portion:
        yield portion
