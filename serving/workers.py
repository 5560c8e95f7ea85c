"""Many files through several processes: inputs in, outcomes out, in the order of the inputs, in bounded memory.

Each process loads the tagger once. What is done with one input is for `batch`.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from fazhi.model.reading import InputError
from fazhi.model.tagger import Tagger, load_tagger
from fazhi.serving.batch import Outcome, TagSettings, tag_one
from fazhi.serving.inputs import STDIN, Input

_AHEAD = 4  # reports per worker that may wait for their turn to be written


def tag_side_by_side(inputs: Sequence[Input], tagger: Tagger, settings: TagSettings, workers: int) -> Iterator[Outcome]:
    """Tag every input; one that fails, or ends its process, gives an outcome with its error and stops nothing."""
    count, left = min(workers, len(inputs)), deque(inputs)
    waiting: deque[tuple[Input, Future[Outcome]]] = deque()
    pool = _pool(count, settings)
    try:
        while left or waiting:
            while left and len(waiting) < _AHEAD * workers:
                waiting.append((left[0], _submit(pool, left[0], tagger, settings)))
                left.popleft()
            oldest, future = waiting.popleft()
            try:
                yield future.result()
            except BrokenProcessPool:  # by whichever input was being read; the oldest goes on alone, and so on
                pool.shutdown()
                yield _alone(oldest, settings)
                pool = _pool(count, settings)
                waiting = deque(
                    (each, future if _is_fine(future) else _submit(pool, each, tagger, settings))
                    for each, future in waiting
                )
    finally:
        pool.shutdown(cancel_futures=True)


def _pool(count: int, settings: TagSettings) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(count, initializer=_start, initargs=(settings,))


def _is_fine(future: Future[Outcome]) -> bool:
    return future.done() and future.exception() is None


def _alone(each: Input, settings: TagSettings) -> Outcome:
    """Tag an input in a process of its own; say so where it ends that too."""
    with _pool(1, settings) as pool:
        try:
            return pool.submit(_tag_in_worker, each).result()
        except BrokenProcessPool:
            what = "ended the process that read it; there may be too little memory"
            return Outcome(each, None, InputError(each.path, what, "tag it alone on a larger machine, or split it"))


def _submit(pool: ProcessPoolExecutor, each: Input, tagger: Tagger, settings: TagSettings) -> Future[Outcome]:
    """Hand an input to a worker; standard input is read here, since workers have none."""
    here: Future[Outcome] = Future()
    if each.path == STDIN:
        here.set_result(tag_one(each, tagger, settings))
        return here
    try:
        return pool.submit(_tag_in_worker, each)
    except BrokenProcessPool as error:  # found out when its turn comes
        here.set_exception(error)
        return here


_worker: dict[str, tuple[Tagger, TagSettings]] = {}


def _start(settings: TagSettings) -> None:
    _worker["ready"] = (load_tagger(settings.bundle, settings.min_score, threads=1), settings)


def _tag_in_worker(each: Input) -> Outcome:
    tagger, settings = _worker["ready"]
    return tag_one(each, tagger, settings)
