"""API keys: made once and shown once; a file keeps only their hashes, and only its owner may read it.

    key, token = new_key("校验系统", is_admin=False)     the token goes to whoever calls, the key into the file
    KeyRing(path).owner(token)                            ->  the key, or None

A token has 256 random bits, so that a plain SHA-256 of it cannot be turned round; salt and slowness are for passwords.
"""

import hashlib
import hmac
import json
import os
import secrets
import stat
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from fazhi.model.reading import InputError
from fazhi.model.reading.document import opened
from fazhi.model.writing import replacing

_PREFIX = "fz_"  # by which people and scanners for leaked secrets know it
_MOST = 1_000_000  # bytes of a file of keys
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_DIGITS = 64  # of a SHA-256


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is kept.

    Attributes:
        sha256: Of the token, in hexadecimal.
        is_admin: May exchange the bundle.
    """

    name: str
    sha256: str
    created: str
    is_admin: bool = False


class KeyRing:
    """The keys of a file, read again when asked; without a file there are none."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.keys: tuple[Key, ...] = ()
        self.reread()

    def reread(self) -> None:
        """Take the keys that the file has now.

        Raises:
            InputError: See `read_keys`; the keys stay as they were.
        """
        if self._path is not None:
            self.keys = read_keys(self._path)

    def owner(self, token: str) -> Key | None:
        """Return the key of a token, taking the same time for every wrong one."""
        digest = _hash(token)
        found = None
        for key in self.keys:
            if hmac.compare_digest(key.sha256, digest):
                found = key
        return found


def new_key(name: str, is_admin: bool) -> tuple[Key, str]:
    """Make a key; return it with its token, which is kept nowhere."""
    token = _PREFIX + secrets.token_urlsafe(32)
    return Key(name, _hash(token), datetime.now(UTC).isoformat(timespec="seconds"), is_admin), token


def read_keys(path: Path) -> tuple[Key, ...]:
    """Read a file of keys.

    Raises:
        InputError: It cannot be read, others may read it, or it holds no keys of ours.
    """
    with opened(path) as file:
        mode = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(mode) or mode & _OTHERS:
            raise InputError(str(path), f"may be read by others (mode {stat.S_IMODE(mode):o})", f"chmod 600 {path}")
        data = file.read(_MOST)
    try:
        keys = tuple(Key(**each) for each in json.loads(data)["keys"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise InputError(str(path), "is no file of keys", "make one: fazhi serve keys add NAME") from None
    if not all(_is_good(key) for key in keys):
        raise InputError(str(path), "holds a key that is none", "make it anew: fazhi serve keys add NAME")
    return keys


def write_keys(path: Path, keys: Sequence[Key]) -> None:
    """Write a file of keys, complete or not at all, that its owner alone may read.

    Raises:
        InputError: It cannot be written.
    """
    with replacing(path) as file:
        os.fchmod(file.fileno(), 0o600)
        json.dump({"keys": [asdict(key) for key in keys]}, file, ensure_ascii=False, indent=1)
        file.write("\n")


def _is_good(key: Key) -> bool:
    texts = (key.name, key.sha256, key.created)
    return all(isinstance(text, str) for text in texts) and len(key.sha256) == _DIGITS and key.sha256.isascii()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
