"""A command in a process of its own that kills itself, signal 9, at its nth moment: before or after a write or request.

    run(["push", "--project", "试标", "--rounds", str(rounds)], at=3)  ->  -9, or the exit code where it has fewer moments

The server is a file beside the rounds, so that what it was told outlives the process. Training is `fake_training.py`
in another process, as `fazhi train` would be.
"""

import json
import multiprocessing
import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

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
        def called(*arguments):
            self.pass_one()
            done = real(*arguments)
            self.pass_one()
            return done

        return called


def _command(arguments, server, titles, at):
    moments = Moments(at)
    writing.os.replace = moments.around(os.replace)
    StoredStudio._ask = moments.around(StoredStudio._ask)
    learn._FAZHI = (sys.executable, str(_TRAINING))

    @contextmanager
    def reach(asked):
        yield StoredStudio(server, *titles)

    cli.reach = reach
    done = CliRunner().invoke(cli.app, arguments)
    if done.exit_code and at < 0:
        print(done.output, repr(done.exception), file=sys.stderr)
    sys.exit(done.exit_code)


def run(arguments, server, titles, at=-1):
    """Return the process's exit code; -9 where it was killed."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["dying_process"])
    process = context.Process(target=_command, args=([str(each) for each in arguments], Path(server), titles, at))
    with mock.patch.dict(os.environ, PYTHONPATH=os.pathsep.join(filter(None, sys.path))):  # the fork server ignores it
        process.start()
    process.join(_LIMIT)
    assert process.exitcode is not None, f"{arguments} did not end within {_LIMIT} s"
    return process.exitcode


load_tagger("linear")  # so that no process has to read its code
