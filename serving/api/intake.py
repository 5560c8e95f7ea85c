"""Uploaded files to tagged reports: what every route that takes files begins with.

    [taken] = await take_in([file], asked, service)
    taken.tagged[0].report  ->  TaggedReport

Reading one file is for `upload`, scoring for the engine; what is made of the reports is for the routes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from fastapi import UploadFile

from fazhi.model.reading import Document, InputError
from fazhi.model.tagger import TaggedReport
from fazhi.serving.api.errors import RefusedError, invalid, too_large
from fazhi.serving.api.service import Limits, Service
from fazhi.serving.api.tagging import check_characters
from fazhi.serving.api.upload import Upload, read_upload, tidy_name
from fazhi.serving.engine import Asked


@dataclass(frozen=True, slots=True)
class Tagged:
    """A document of an upload and its tags."""

    document: Document
    report: TaggedReport


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one file.

    Attributes:
        tagged: One for a report, any number for an archive, none where nothing could be read.
        failed: What could not be read or tagged.
        left_out: Files of an archive that have another ending than reports have.
    """

    name: str
    tagged: tuple[Tagged, ...]
    failed: tuple[InputError, ...] = ()
    left_out: int = 0


async def take_in(files: Sequence[UploadFile], asked: Asked, service: Service) -> list[Taken]:
    """Read and tag files, in order.

    Raises:
        RefusedError: A file of another kind than reports are; more than a request may bring.
    """
    names = [tidy_name(file.filename) for file in files]
    uploads = await service.engine.aside(partial(_read_all, files, names, asked.deadline, service.limits))
    pairs = zip(names, uploads, strict=True)
    return [await _tag_all(name, upload, asked, service) for name, upload in pairs]


def check_any(taken: Sequence[Taken], field: str) -> None:
    """Refuse files of which nothing could be tagged, with what is wrong with the first.

    Raises:
        RefusedError: There is not one report.
    """
    if not any(each.tagged for each in taken):
        first = taken[0].failed[0]
        raise RefusedError(invalid(f"{first.where}: {first.what}", field, first.hint))


def _read_all(files: Sequence[UploadFile], names: Sequence[str], deadline: float, limits: Limits) -> list[Upload]:
    """Take files into memory on the thread that reads them: no more are there than threads."""
    uploads: list[Upload] = []
    for file, name in zip(files, names, strict=True):
        data = file.file.read(limits.file_bytes + 1)
        if len(data) > limits.file_bytes:
            raise RefusedError(too_large(f"超过 larger than {limits.file_bytes / 1_000_000:g} MB", "file"))
        uploads.append(_read(data, name, deadline, limits))
        check_characters(sum(len(each.text) for upload in uploads for each in upload.documents), limits, "file")
    return uploads


def _read(data: bytes, name: str, deadline: float, limits: Limits) -> Upload:
    try:
        return read_upload(data, name, deadline, limits)
    except InputError as error:
        return Upload((), (error,))


async def _tag_all(name: str, upload: Upload, asked: Asked, service: Service) -> Taken:
    """Tag documents one after another, so that a large archive does not stand before everybody else."""
    taken = Taken(name, (), upload.errors, upload.left_out)
    for document in upload.documents:
        try:
            tagged = Tagged(document, await service.engine.tag(document, asked))
            taken = replace(taken, tagged=(*taken.tagged, tagged))
        except InputError as error:
            taken = replace(taken, failed=(*taken.failed, error))
    return taken
