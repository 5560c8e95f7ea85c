"""Where a service keeps temporary files: a folder of its own, gone at its end; a killed one's goes at the next start.

A service holds a lock on its folder as long as it lives, however it ends; a folder that nobody holds is a dead one's.
Upload and results ask `tempfile` for their folders, so they need not know.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "fazhi-serve-"
_UNFINISHED = "fazhi-begin-"  # a folder has its right name from when it is locked on


@contextmanager
def own_scratch() -> Iterator[Path]:
    """Let this process make its temporary files in a folder of its own; it goes with the block."""
    place = Path(tempfile.gettempdir())
    _clear(place)
    begun = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=place))
    lock = _lock(begun)
    folder = begun.rename(place / begun.name.replace(_UNFINISHED, _PREFIX))
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = before
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _clear(place: Path) -> None:
    """Remove the folders of services that are no more, as far as they are ours to remove."""
    for folder in place.glob(f"{_PREFIX}*"):
        try:
            lock = _lock(folder)
        except OSError:  # in use, somebody else's, or just gone
            continue
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _lock(folder: Path) -> int:
    """Take a folder for this process alone.

    Raises:
        OSError: Another has it, or it is no folder that we may open.
    """
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(opened)
        raise
    return opened
