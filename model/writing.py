"""Files that are complete or absent: written under a temporary name, renamed at the end.

with replacing(Path("out/a.jsonl")) as file:
    file.write(…)
"""

import errno
import io
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from fazhi.model.reading import InputError

PARTS = ".fazhi-*.part"
"""Temporary names; where a process was killed, one of them stays."""
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Open a text file under a temporary name; it takes its own when the block ends well, else it disappears.

    Raises:
        InputError: The place cannot be written, or the disk is full.
    """
    with (
        replacing_bytes(path) as file,
        io.TextIOWrapper(file, encoding="utf-8", errors="backslashreplace", newline="") as text,
    ):
        yield text


@contextmanager
def replacing_bytes(path: Path) -> Iterator[BinaryIO]:
    """Do what `replacing` does, for a file of bytes.

    Raises:
        InputError: The place cannot be written, or the disk is full.
    """
    part = part_of(path)
    check_file(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = part.open("wb")
    except OSError as error:
        raise InputError(str(path), f"cannot be written ({error.strerror})", "choose another place") from None
    try:
        with file:
            yield file
        _rename(part, path)
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise InputError(
            str(path), f"could not be completed ({error.strerror})", "free some space, run again"
        ) from None
    finally:
        part.unlink(missing_ok=True)


def part_of(path: Path) -> Path:
    """Return a temporary name beside a file's own: like no other, and short, for that may be as long as names go."""
    return path.parent / f".fazhi-{os.getpid()}-{secrets.token_hex(4)}.part"


def check_file(path: Path) -> None:
    """Refuse what a file must not replace: a folder, and a device such as /dev/null, which would be gone after it.

    Raises:
        InputError: One of these is there, or the place cannot be looked at.
    """
    try:
        if path.is_dir():
            raise InputError(str(path), "is a folder, not a file", "name a file")
        if path.exists() and not path.is_file():
            raise InputError(str(path), "is a device or pipe, not a file", "name a file, or - for standard output")
    except OSError as error:
        raise InputError(str(path), f"cannot be written ({error.strerror})", "choose another place or name") from None


def _rename(part: Path, path: Path) -> None:
    try:
        os.replace(part, path)
    except OSError as error:
        raise InputError(str(path), f"cannot be written ({error.strerror})", "choose another place or name") from None
