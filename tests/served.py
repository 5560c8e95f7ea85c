"""`fazhi serve` as a process on a port of its own, for tests that need a real one."""

import os
import subprocess
import sys
from contextlib import contextmanager

COMMAND = [sys.executable, "-c", "from fazhi.serving.api.cli import app; app()"]


@contextmanager
def started(*options, **environment):
    """Start a server on any port; give its process and its address. It is killed at the end."""
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    try:
        yield process, process.stdout.readline().split(" ")[0]
    finally:
        process.kill()
        process.communicate()
