"""The folder of a local Label Studio: its database, its secrets, and where it runs at this moment.

    .studio/venv/       its own Python environment, with the versions that it asks for
            data/       database and files
            secret, password, token    made once, mode 600
            studio.log  what the server says
            running.json  address and process, while it runs

Makes and reads these files; starting the server is for `server`.
"""

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fazhi.model.reading import InputError
from fazhi.model.writing import replacing

DEFAULT_HOME = Path(".studio")
LOGIN = "fazhi@localhost.local"
"""The first user's address; nothing is ever sent to it."""


@dataclass(frozen=True, slots=True)
class Home:
    """The folder; its files by their names."""

    folder: Path

    @property
    def data(self) -> Path:
        """Database and files of the server."""
        return self.folder / "data"

    @property
    def token(self) -> Path:
        """File of the first user's token."""
        return self.folder / "token"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "studio.log"

    @property
    def program(self) -> Path:
        """The server, as `make studio` installs it."""
        return self.folder / "venv" / "bin" / "label-studio"

    def prepare(self) -> None:
        """Make the folder; nobody else may look into it.

        Raises:
            InputError: It cannot be made.
        """
        try:
            self.data.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700)
        except OSError as error:
            raise InputError(str(self.folder), f"cannot be made ({error.strerror})", "give --home") from None

    def secret(self, name: str, make: Callable[[], str]) -> str:
        """Return a secret, made at the first time and kept: sessions and tokens are signed with one of them."""
        path = self.folder / name
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(make() + "\n")
        except FileExistsError:
            pass
        return path.read_text(encoding="utf-8").strip()

    def secrets(self) -> dict[str, str]:
        """Return all secrets by name: of 256 bits, 96 and 160."""
        made = {
            "secret": lambda: secrets.token_hex(32),
            "password": lambda: secrets.token_urlsafe(12),
            "token": lambda: secrets.token_hex(20),
        }
        return {name: self.secret(name, make) for name, make in made.items()}

    def note_running(self, url: str, process: int) -> None:
        """Write down where the server runs."""
        with replacing(self._running) as file:
            json.dump({"url": url, "pid": process}, file)

    def note_stopped(self) -> None:
        """Forget where it ran."""
        self._running.unlink(missing_ok=True)

    def running_url(self) -> str:
        """Return where the server runs; empty where it does not, also after it was killed."""
        try:
            noted = json.loads(self._running.read_text(encoding="utf-8"))
            os.kill(int(noted["pid"]), 0)
            return str(noted["url"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    @property
    def _running(self) -> Path:
        return self.folder / "running.json"
