"""Sends requests to a service over a number of connections, or at a rate: bodies in, statuses and seconds out.

Threads with the standard library's http.client, a connection each. The sender shares the cores with what it measures, so
it has to be light; what it takes of them itself is told beside (`Sent.share`).
"""

import http.client
import itertools
import math
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlsplit

BROKEN = 0  # in place of a status: the connection ended without an answer
_TIMEOUT = 120.0
_HEADERS = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Answer:
    """What came back for one request, and how long after it was due."""

    status: int
    seconds: float


@dataclass(frozen=True)
class Sent:
    """What came back for all.

    Attributes:
        seconds: From the first request to the last answer.
        share: Of one core, which the sender took itself.
    """

    answers: list[Answer]
    seconds: float
    share: float

    @property
    def good(self):
        """Seconds of the requests that were answered with 200, in rising order."""
        return sorted(each.seconds for each in self.answers if each.status == 200)

    @property
    def rate(self):
        """Requests answered with 200 a second."""
        return len(self.good) / self.seconds

    def percentile(self, percent):
        """Return the seconds within which so many per cent of the good answers came (nearest rank)."""
        good = self.good
        return good[math.ceil(len(good) * percent / 100) - 1] if good else math.nan

    def count(self, status):
        """Return how many answers had a status."""
        return sum(each.status == status for each in self.answers)


def by_turns(url, bodies, connections, seconds=math.inf, count=None):
    """Send over so many connections, on each the next body when the last was answered, for a time or up to a count."""
    numbers, end = itertools.count(), time.perf_counter() + seconds

    def run(connection, path):
        found = []
        while time.perf_counter() < end and (number := next(numbers)) < (count or math.inf):
            began = time.perf_counter()
            found.append(Answer(_status(connection, path, bodies[number % len(bodies)]), time.perf_counter() - began))
        return found

    return _in_threads(url, connections, run)


def at_rate(url, bodies, rate, seconds, connections=600):
    """Send so many a second whether answers come or not; the clock of a request runs from when it was due."""
    numbers, start = itertools.count(), time.perf_counter() + 0.5

    def run(connection, path):
        found = []
        while (number := next(numbers)) < rate * seconds:
            due = start + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            status = _status(connection, path, bodies[number % len(bodies)])
            found.append(Answer(status, time.perf_counter() - due))
        return found

    return _in_threads(url, connections, run)


def _in_threads(url, connections, run):
    """Run a function on so many threads with a connection each; collect what they give."""
    parts = urlsplit(url)

    def connected(_):
        with closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=_TIMEOUT)) as connection:
            return run(connection, parts.path)

    began, taken = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(connections) as pool:
        answers = list(itertools.chain.from_iterable(pool.map(connected, range(connections))))
    seconds = time.perf_counter() - began
    return Sent(answers, seconds, (time.process_time() - taken) / seconds)


def _status(connection, path, body):
    try:
        connection.request("POST", path, body, _HEADERS)
        with connection.getresponse() as answer:
            answer.read()
            return answer.status
    except (OSError, http.client.HTTPException):
        connection.close()  # the next request opens it again
        return BROKEN
