"""kill -9 in the middle of work, and the start after it: who sends again is answered, nothing stays on disk."""

import fcntl
import os
import signal
import threading
import time
import zipfile
from contextlib import contextmanager

import httpx
import pytest
from served import BODY, served

from fazhi.serving.api.scratch import own_scratch

SENDERS = 4
NOBODY = 0  # in place of a status: the connection was refused or broken off


@pytest.fixture(scope="module")
def archive(seeds, tmp_path_factory):
    """The five reports, zipped: reading them takes long enough to be killed meanwhile."""
    path = tmp_path_factory.mktemp("zip") / "all.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for number, document in seeds.items():
            packed.writestr(f"{number}.txt", document.text)
    return path.read_bytes()


@contextmanager
def senders(url, archive):
    """Send paragraphs and archives from several threads, again and again; give what each got so far."""
    stop, got = threading.Event(), [[] for _ in range(SENDERS)]

    def send(number):
        with httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
            while not stop.is_set():
                try:
                    files = {"file": ("all.zip", archive)}
                    answer = (
                        client.post("/v1/reports", files=files) if number % 2 else client.post("/v1/tag", json=BODY)
                    )
                    got[number].append(answer.status_code if answer.json()["model"] else None)
                except httpx.TransportError:
                    got[number].append(NOBODY)
                    time.sleep(0.05)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(SENDERS)]
    for each in threads:
        each.start()
    try:
        yield got
    finally:
        stop.set()
        for each in threads:
            each.join(30)


def waits_until(true, seconds=40):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def kill_while(process, true):
    """Kill a process at a moment at which something is true: it is held still for the look."""

    def is_held_so():
        process.send_signal(signal.SIGSTOP)
        if true():
            return True
        process.send_signal(signal.SIGCONT)
        return False

    waits_until(is_held_so)
    process.kill()
    process.wait(10)


def uploads(place):
    return list(place.glob("fazhi-serve-*/fazhi-upload-*"))


def all_answered_from_now(got):
    """Return what says whether every sender got an answer after this moment."""
    before = [len(each) for each in got]
    return lambda: all(200 in each[start:] for each, start in zip(got, before, strict=True))


def test_killed_under_load_it_starts_again_answers_and_clears_what_was_left(archive, tmp_path):
    with served("--bundle", "linear", TMPDIR=str(tmp_path)) as first, senders(first.url, archive) as got:
        waits_until(all_answered_from_now(got))
        kill_while(first.process, lambda: uploads(tmp_path))
        assert len(uploads(tmp_path)) > 0
        port = str(first.client.base_url.port)
        with served("--bundle", "linear", "--port", port, TMPDIR=str(tmp_path)) as second:
            waits_until(all_answered_from_now(got))
            assert len(list(tmp_path.iterdir())) == 1
            second.process.send_signal(signal.SIGTERM)
            assert second.process.wait(40) == 0
    assert {status for each in got for status in each} == {200, NOBODY}
    assert list(tmp_path.iterdir()) == []


def test_only_folders_that_nobody_holds_are_cleared(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    held, left, other = (tmp_path / name for name in ("fazhi-serve-held", "fazhi-serve-left", "fazhi-other"))
    for folder in (held, left, other):
        folder.mkdir()
    (left / "report.zip").write_bytes(b"x")
    (tmp_path / "fazhi-serve-link").symlink_to(other)
    holder = os.open(held, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    with own_scratch() as folder:
        names = {each.name for each in tmp_path.iterdir()}
        with own_scratch() as inner:
            assert inner.parent == folder
    os.close(holder)
    assert names == {"fazhi-serve-held", "fazhi-other", "fazhi-serve-link", folder.name}
    assert not folder.exists()
