"""Many files through several processes: inputs in, outcomes out, in the order of the inputs, in bounded memory.

Each process loads the tagger once. What is done with one input is for `batch`.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor

from fazhi.model.tagger import Tagger, load_tagger
from fazhi.serving.batch import Outcome, TagSettings, tag_one
from fazhi.serving.inputs import STDIN, Input

_AHEAD = 4  # reports per worker that may wait for their turn to be written


def tag_side_by_side(inputs: Sequence[Input], tagger: Tagger, settings: TagSettings, workers: int) -> Iterator[Outcome]:
    """Tag every input; one that fails gives an outcome with its error and stops nothing."""
    with ProcessPoolExecutor(min(workers, len(inputs)), initializer=_start, initargs=(settings,)) as pool:
        waiting: deque[Future[Outcome]] = deque()
        try:
            for each in inputs:
                waiting.append(_submit(pool, each, tagger, settings))
                if len(waiting) >= _AHEAD * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, each: Input, tagger: Tagger, settings: TagSettings) -> Future[Outcome]:
    """Hand an input to a worker; standard input is read here, since workers have none."""
    if each.path != STDIN:
        return pool.submit(_tag_in_worker, each)
    here: Future[Outcome] = Future()
    here.set_result(tag_one(each, tagger, settings))
    return here


_worker: dict[str, tuple[Tagger, TagSettings]] = {}


def _start(settings: TagSettings) -> None:
    _worker["ready"] = (load_tagger(settings.bundle, settings.min_score, threads=1), settings)


def _tag_in_worker(each: Input) -> Outcome:
    tagger, settings = _worker["ready"]
    return tag_one(each, tagger, settings)
