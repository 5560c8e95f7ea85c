"""`fazhi serve` as a process on a port of its own, for tests that need a real one."""

import os
import subprocess
import sys
from contextlib import contextmanager
from tempfile import TemporaryFile

COMMAND = [sys.executable, "-c", "from fazhi.serving.api.cli import app; app()"]


@contextmanager
def started(*options, **environment):
    """Start a server on any port; give its process, its address and its log. It is killed at the end.

    The log is a file: a pipe that nobody empties stops the server when it is full.
    """
    with TemporaryFile("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            [*COMMAND, "--port", "0", *options],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, **environment},
        )
        try:
            yield process, process.stdout.readline().split(" ")[0], log
        finally:
            process.kill()
            process.communicate()
