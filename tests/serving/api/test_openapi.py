"""The document says what the service does: schemathesis sends what it allows and what it does not, and reads the answers.

Through its command line: its pytest plug-in does not fit the version of pytest here.
"""

import subprocess
import sys
from pathlib import Path

from served import served

from fazhi.serving.api.keys import new_key, write_keys

CONFIG = Path(__file__).with_name("schemathesis.toml")
RUN = [
    sys.executable,
    "-c",
    "from schemathesis.cli import schemathesis; schemathesis()",
    "--config-file",
    CONFIG,
    "run",
]


def test_every_answer_is_as_documented(tmp_path):
    """No 5xx, no status or content type that is not in the document, bodies of the shape that it shows, keys asked for."""
    key, token = new_key("schemathesis", is_admin=True)
    write_keys(tmp_path / "keys.json", [key])
    with served("--keys", str(tmp_path / "keys.json"), "--bundle", "linear") as server:
        command = [*RUN, f"{server.url}/openapi.json", "--no-color", "--header", f"Authorization: Bearer {token}"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert [line for line in server.lines() if line["level"] == "error"] == []
