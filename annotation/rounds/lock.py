"""One command at a time: a folder in, its lock held while a block runs.

    with locked(Path("rounds")): …

The system lets go of a lock when its process ends, however it ends. What a killed process left half written under a
temporary name is cleared away by the next that holds the lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from fazhi.model.reading import InputError
from fazhi.model.writing import PARTS

LOCK = ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder that exists.

    Raises:
        InputError: Another command holds it, or the folder cannot be written.
    """
    try:
        lock = FileLock(folder / LOCK).acquire(blocking=False)
    except Timeout:
        hint = "wait until it has ended, then run this again"
        raise InputError(str(folder), "is being worked on by another command", hint) from None
    except OSError as error:
        raise InputError(str(folder / LOCK), f"cannot be written ({error.strerror})", "check the folder") from None
    with lock:
        for part in [*folder.glob(PARTS), *folder.glob(f"*/{PARTS}")]:
            part.unlink(missing_ok=True)
        yield
