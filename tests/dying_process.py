"""A command in a process of its own that kills itself, signal 9, at its nth moment: before or after a write or request.

    run(["push", "--project", "试标", "--rounds", str(rounds)], at=3, around=…)  ->  -9, or its own exit code

What it talks to is either `stored`, a server that is a file, so that what it was told outlives the process, with
`fake_training.py` for `fazhi train`; or `real`, where a request is one to whatever server the command is told of.
"""

import json
import multiprocessing
import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import httpx
from fake_studio import FakeStudio
from typer.testing import CliRunner

from fazhi.annotation.rounds import cli, close, collect, learn, send  # noqa: F401 - loaded once, not in each process
from fazhi.model import load_tagger, writing

SERVER = "server.json"
_TRAINING = Path(__file__).with_name("fake_training.py")
_LIMIT = 120


class StoredStudio(FakeStudio):
    """A server whose tasks stand in a file."""

    def __init__(self, path, *titles):
        super().__init__(*titles)
        self.path = path
        if path.exists():
            self.tasks = {int(number): tasks for number, tasks in json.loads(path.read_text("utf-8")).items()}

    def _ask(self, effect):
        done = super()._ask(effect)
        self.store()
        return done

    def store(self):
        self.path.write_text(json.dumps(self.tasks, ensure_ascii=False), encoding="utf-8")


class Moments:
    """Counts them, and kills the process at one."""

    def __init__(self, at):
        self.at, self.seen = at, 0

    def pass_one(self):
        if self.seen == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.seen += 1

    def around(self, real):
        def called(*arguments, **named):
            self.pass_one()
            done = real(*arguments, **named)
            self.pass_one()
            return done

        return called


def stored(path, titles, moments):
    """Put a server that stands in a file, and a training that is none, in the command's way."""
    StoredStudio._ask = moments.around(StoredStudio._ask)
    learn._FAZHI = (sys.executable, str(_TRAINING))

    @contextmanager
    def reach(asked):
        yield StoredStudio(path, *titles)

    cli.reach = reach


def real(moments):
    """Leave everything as it is, and count requests."""
    httpx.Client.send = moments.around(httpx.Client.send)


def _command(arguments, around, at):
    moments = Moments(at)
    writing.os.replace = moments.around(os.replace)
    around(moments)
    done = CliRunner().invoke(cli.app, arguments)
    if done.exit_code and at < 0:
        print(done.output, repr(done.exception), file=sys.stderr)
    sys.exit(done.exit_code)


def run(arguments, around, at=-1):
    """Return the process's exit code; -9 where it was killed at its nth moment, counted from 0."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["dying_process"])
    process = context.Process(target=_command, args=([str(each) for each in arguments], around, at))
    with mock.patch.dict(os.environ, PYTHONPATH=os.pathsep.join(filter(None, sys.path))):  # the fork server ignores it
        process.start()
    process.join(_LIMIT)
    assert process.exitcode is not None, f"{arguments} did not end within {_LIMIT} s"
    return process.exitcode


load_tagger("linear")  # so that no process has to read its code
