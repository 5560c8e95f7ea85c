"""What the machine may lack in training — memory, room on the disk — as one clear line; anything else stays a bug."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from safetensors import SafetensorError

from fazhi.model.reading import InputError

_NO_MEMORY = "not enough memory", "can't allocate memory"  # what torch's processor allocator says
_NO_ROOM = "No space left on device", "PytorchStreamWriter failed writing", "unexpected pos"  # the last two: torch.save


@contextmanager
def named_failures() -> Iterator[None]:
    """Turn exhausted memory or disk into `InputError`.

    Raises:
        InputError: Memory or disk is full; checkpoints that were written stay.
    """
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError):
        raise _memory() from None
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise _disk() from None
    except (RuntimeError, SafetensorError) as error:
        if any(words in str(error) for words in _NO_ROOM):
            raise _disk() from None
        if any(words in str(error) for words in _NO_MEMORY):
            raise _memory() from None
        raise


def _memory() -> InputError:
    return InputError("training", "does not fit into memory", "lower batch_size or max_length in the settings")


def _disk() -> InputError:
    return InputError("training", "found no room on the disk", "free some, then run the same command: it goes on")
