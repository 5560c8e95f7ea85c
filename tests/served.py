"""`fazhi serve` as a process: options in, the process, a client of it and its log out. It is killed at the end."""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import httpx

COMMAND = [sys.executable, "-c", "from fazhi.serving.api.cli import app; app()"]
BODY = {"paragraphs": [{"text": "开展行政执法检查3次。"}]}


@dataclass(frozen=True)
class Served:
    """A service that runs."""

    process: subprocess.Popen
    client: httpx.Client
    log: IO

    @property
    def url(self):
        return str(self.client.base_url).rstrip("/")

    def lines(self):
        """Return what it logged so far; a line cut short by its end is left out."""
        self.log.seek(0)
        return [json.loads(line) for line in self.log if line.endswith("\n")]


@contextmanager
def served(*options, **environment):
    """Start a service on any port, unless the options name one."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:  # a pipe that nobody reads would fill and stop it
        process = subprocess.Popen(
            [*COMMAND, "--port", "0", *options],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, **environment},
        )
        try:
            url = process.stdout.readline().split(" ")[0]
            with httpx.Client(base_url=url, timeout=20, trust_env=False) as client:
                yield Served(process, client, log)
        finally:
            process.kill()
            process.communicate()
