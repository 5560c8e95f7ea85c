"""Run mypy, strict, over all of `fazhi`.

The top-level folders are mapped to `fazhi.*` by setuptools; mypy does not follow the editable finder, so it gets a
throw-away folder `fazhi/` of links.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("model", "training", "annotation", "serving")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "fazhi"
        package.mkdir()
        for room in ROOMS:
            (package / room).symlink_to(ROOT / room)
        command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml")]
        command += ["--namespace-packages", "--explicit-package-bases", "-p", "fazhi"]
        environment = {**os.environ, "MYPYPATH": folder}
        return subprocess.run(command, cwd=folder, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
