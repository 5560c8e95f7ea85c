"""The queue before the scorer: who is scored with whom, who is turned away, and that nobody waits for nothing."""

import asyncio
import threading
from dataclasses import dataclass, field

import numpy as np
import pytest

from fazhi.model.bundle import Decisions, SectionChain
from fazhi.model.reading import document_from_text
from fazhi.model.report import Place, paragraph_alone
from fazhi.model.scorers import Blend, CalibratedScorer, Scores, Shares, score_reports
from fazhi.serving.batching import Batch, Batcher, BatchSettings, ClosedError, FullError

pytestmark = pytest.mark.anyio
MINUTE = 60.0


@pytest.fixture
def anyio_backend():
    return "asyncio"


def report(text, count=1):
    return tuple(
        paragraph_alone(document_from_text(text, "x"), Place(index=place, count=count)) for place in range(count)
    )


@dataclass
class Slow:
    """A scorer that waits to be let go; its one score is the number of characters."""

    gate: threading.Event = field(default_factory=threading.Event)
    seen: list = field(default_factory=list)

    def score(self, paragraphs):
        assert self.gate.wait(10)
        text = paragraphs[0].clean
        self.seen.append(text)
        if text == "坏":
            raise ZeroDivisionError
        return Scores(np.array([[len(text)]]), np.zeros((1, 1)))


@pytest.fixture
def batches():
    return []


def deadline(seconds=MINUTE):
    return asyncio.get_running_loop().time() + seconds


def start(batcher, scorer, text, seconds=MINUTE):
    return asyncio.create_task(batcher.score(scorer, [report(text)], deadline(seconds)))


async def test_what_arrives_while_the_scorer_is_busy_is_scored_together(batches):
    scorer = Slow()
    async with Batcher(BatchSettings(wait=0.0), batches.append) as batcher:
        tasks = [start(batcher, scorer, "一")]
        await asyncio.sleep(0.05)
        tasks += [start(batcher, scorer, text) for text in ("二二", "三三三")]
        await asyncio.sleep(0.05)
        scorer.gate.set()
        found = [(await task)[0].themes.tolist() for task in tasks]
    assert found == [[[1]], [[2]], [[3]]]
    assert [(each.requests, each.paragraphs) for each in batches] == [(1, 1), (2, 2)]
    # " | 5 | " stands before each text
    assert [each.characters for each in batches] == [8, 9 + 10]


async def test_a_first_request_waits_a_moment_for_company(batches):
    scorer = Slow()
    scorer.gate.set()
    async with Batcher(BatchSettings(wait=0.5, characters=30), batches.append) as batcher:
        first = start(batcher, scorer, "一")
        await asyncio.sleep(0.01)
        second = start(batcher, scorer, "二" * 23)  # 8 + 30 characters: more than a batch holds, so it waits no longer
        began = asyncio.get_running_loop().time()
        await asyncio.gather(first, second)
        assert asyncio.get_running_loop().time() - began < 1.5
    assert [each.requests for each in batches] == [1, 1]


async def test_a_batch_ends_before_its_budget_is_exceeded(batches):
    scorer = Slow()
    async with Batcher(BatchSettings(wait=0.0, characters=20), batches.append) as batcher:
        tasks = [start(batcher, scorer, text) for text in ("一", "二", "三三三三", "四" * 50)]  # 8, 8, 11, 57
        scorer.gate.set()
        await asyncio.gather(*tasks)
    assert [each.characters for each in batches] == [16, 11, 57]


async def test_a_full_queue_turns_away_at_once(batches):
    scorer = Slow()
    async with Batcher(BatchSettings(wait=0.0, waiting=2), batches.append) as batcher:
        running = start(batcher, scorer, "一")
        await asyncio.sleep(0.05)
        waiting = [start(batcher, scorer, text) for text in ("二", "三")]
        await asyncio.sleep(0)
        assert batcher.is_full
        with pytest.raises(FullError) as full:
            await batcher.score(scorer, [report("四")], deadline())
        assert full.value.retry_after == 1
        scorer.gate.set()
        await asyncio.gather(running, *waiting)
        assert not batcher.is_full
        assert (await batcher.score(scorer, [report("四四")], deadline()))[0].themes.tolist() == [[2]]


async def test_who_cannot_be_served_in_time_is_turned_away_and_told_when_to_come_again(batches):
    scorer = Slow()
    async with Batcher(BatchSettings(wait=0.0), batches.append) as batcher:
        batcher._speed = 10.0  # characters a second
        running = start(batcher, scorer, "一" * 193)  # 200 characters with their context: 20 seconds
        await asyncio.sleep(0.05)
        with pytest.raises(FullError) as full:
            await batcher.score(scorer, [report("二" * 3)], deadline(20.5))  # its own 10 characters take a second more
        assert full.value.retry_after == 20
        scorer.gate.set()
        patient = start(batcher, scorer, "二", seconds=30)
        await asyncio.gather(running, patient)


async def test_small_batches_say_only_what_can_at_least_be_done(batches):
    batcher = Batcher(BatchSettings(characters=1_000), batches.append)
    told = []
    for characters, seconds in ((100, 1), (50, 1), (200, 1), (1_000, 2), (900, 1), (10, 1)):
        batcher._speed = batcher._speed_after(Batch(1, 1, characters, seconds))
        told.append(batcher._speed)
    assert told == [100, 100, 200, 350, 625, 625]  # (200 + 500) / 2, (350 + 900) / 2


async def test_a_request_that_waits_too_long_is_given_up_and_never_scored(batches):
    scorer = Slow()
    async with Batcher(BatchSettings(wait=0.0), batches.append) as batcher:
        running = start(batcher, scorer, "一")
        await asyncio.sleep(0.05)
        with pytest.raises(TimeoutError):
            await batcher.score(scorer, [report("迟")], deadline(0.05))
        scorer.gate.set()
        await running
    assert scorer.seen == ["一"]
    assert [each.requests for each in batches] == [1]


async def test_a_request_that_breaks_the_scorer_fails_alone(batches):
    scorer = Slow()
    async with Batcher(BatchSettings(wait=0.0), batches.append) as batcher:
        tasks = [start(batcher, scorer, text) for text in ("一", "坏", "三三三")]
        scorer.gate.set()
        found = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(found[1], ZeroDivisionError)
    assert [each[0].themes.tolist() for each in (found[0], found[2])] == [[[1]], [[3]]]
    assert batcher._size == 0


async def test_leaving_the_block_finishes_what_waits_and_refuses_the_rest(batches):
    scorer = Slow()
    async with Batcher(BatchSettings(wait=0.0), batches.append) as batcher:
        tasks = [start(batcher, scorer, text) for text in ("一", "二")]
        await asyncio.sleep(0.05)
        asyncio.get_running_loop().call_later(0.1, scorer.gate.set)
    assert [(await task)[0].themes.tolist() for task in tasks] == [[[1]], [[1]]]
    with pytest.raises(ClosedError):
        await batcher.score(scorer, [report("三")], deadline())


async def test_two_scorers_never_share_a_call(batches):
    old, new = Slow(), Slow()
    async with Batcher(BatchSettings(wait=0.0), batches.append) as batcher:
        tasks = [start(batcher, old, "一"), start(batcher, new, "二"), start(batcher, new, "三")]
        old.gate.set()
        new.gate.set()
        await asyncio.gather(*tasks)
    assert (old.seen, new.seen) == (["一"], ["二", "三"])
    assert [each.requests for each in batches] == [1, 2]


@dataclass
class Counting:
    """A model whose one logit is a character count, and which notes how many paragraphs came at a time."""

    by_paragraph: bool
    calls: list = field(default_factory=list)

    def logits(self, paragraphs):
        self.calls.append(len(paragraphs))
        return np.array([[len(each.clean)] for each in paragraphs], float), np.zeros((len(paragraphs), 1))


def decisions():
    return Decisions((0.5,), 1.0, 1.0, 0.1, 0.9, SectionChain((0.0,), ((0.0,),), ((0.0,),)))


async def test_a_model_of_single_paragraphs_gets_all_reports_at_once_and_others_report_by_report():
    alone, whole = Counting(True), Counting(False)
    scorer = CalibratedScorer(Blend(alone, whole, Shares(-0.5, 0.25)), decisions())
    found = score_reports(scorer, [report("一", 2), report("二二二", 1)])
    assert (alone.calls, whole.calls) == ([3], [2, 1])
    halves = [1 / (1 + np.exp(-0.5)), 1 / (1 + np.exp(-1.5))]  # n - n / 2
    assert [each.themes.shape for each in found] == [(2, 1), (1, 1)]
    np.testing.assert_allclose(found[0].themes[:, 0], [halves[0], halves[0]])
    np.testing.assert_allclose(found[1].themes[:, 0], [halves[1]])
