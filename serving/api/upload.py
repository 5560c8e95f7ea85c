"""An uploaded file to documents: bytes and the name they came under in, what can be read of them out.

    read_upload(data, "2023.zip", deadline, limits)  ->  Upload(documents=[…], errors=[…], left_out=2)

The limits of `fazhi.model.reading` hold, and those of a request before them. Only an archive goes to disk, into a
folder that is gone at the end; its files come out one at a time.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePath, PurePosixPath
from tempfile import TemporaryDirectory

from fazhi.model.reading import Document, InputError, document_from_bytes, one_line, read_document, read_entry
from fazhi.serving.api.errors import Problem, RefusedError, too_large
from fazhi.serving.api.service import Limits
from fazhi.serving.inputs import ARCHIVE, ENDINGS, Input, find_inputs

_LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class Upload:
    """What an upload holds.

    Attributes:
        errors: Files of an archive that cannot be read.
        left_out: Files of an archive that have another ending than reports have.
    """

    documents: tuple[Document, ...]
    errors: tuple[InputError, ...] = ()
    left_out: int = 0


def tidy_name(sent: str | None) -> str:
    """Return a file's own name, without folders or what cannot be printed.

    Raises:
        RefusedError: Its ending is that of no report.
    """
    name = one_line(PurePosixPath((sent or "").replace("\\", "/")).name)[-_LONGEST_NAME:]
    if not name.lower().endswith((*ENDINGS, ARCHIVE)):
        hint = " ".join((*ENDINGS, ARCHIVE))
        raise RefusedError(
            Problem(415, "unsupported_type", f"不是报告的格式 no format of reports: {name}", "file", hint)
        )
    return name


def read_upload(data: bytes, name: str, deadline: float, limits: Limits) -> Upload:
    """Read what was uploaded.

    Args:
        data: The file.
        name: From `tidy_name`.
        deadline: By the monotonic clock; an archive is not read on beyond it.
        limits: Of one request.

    Raises:
        InputError: It cannot be read.
        RefusedError: It brings more than a request may.
        TimeoutError: The deadline has passed.
    """
    if not name.lower().endswith(ARCHIVE):
        return _within(Upload((document_from_bytes(data, name),)), limits)
    with TemporaryDirectory(prefix="fazhi-upload-") as folder:
        path = Path(folder) / f"upload{ARCHIVE}"
        path.write_bytes(data)
        with _named(path, name):
            return _read_archive(path, name, deadline, limits)


def _read_archive(path: Path, name: str, deadline: float, limits: Limits) -> Upload:
    inputs = find_inputs([str(path)])
    if sum(each.entry.member.size for each in inputs.files if each.entry) > limits.unpacked_bytes:
        raise RefusedError(
            too_large(f"解压后超过 unpacks to more than {limits.unpacked_bytes // 1_000_000} MB", "file")
        )
    documents: list[Document] = []
    errors = [_renamed(error, path, name) for error in inputs.errors]
    for each in inputs.files:
        if time.monotonic() > deadline:
            raise TimeoutError
        try:
            documents.append(replace(_read(each), name=name + each.place.removeprefix(path.name)))
        except InputError as error:
            errors.append(_renamed(error, path, name))
        _within(Upload(tuple(documents)), limits)
    return Upload(tuple(documents), tuple(errors), inputs.left_out)


def _read(each: Input) -> Document:
    return read_entry(each.entry) if each.entry else read_document(each.path)


def _within(upload: Upload, limits: Limits) -> Upload:
    if sum(len(each.text) for each in upload.documents) > limits.characters:
        hint = "分成几个文件 · split it"
        raise RefusedError(too_large(f"超过 more than {limits.characters:,} 字 characters", "file", hint))
    return upload


@contextmanager
def _named(path: PurePath, name: str) -> Iterator[None]:
    """Let errors inside say the name that the user knows."""
    try:
        yield
    except InputError as error:
        raise _renamed(error, path, name) from None


def _renamed(error: InputError, path: PurePath, name: str) -> InputError:
    return InputError(*(part.replace(str(path), name) for part in (error.where, error.what, error.hint)))
