"""A PDF to the characters of its pages and where they stand: bytes in, a `Page` a page out.

    read_pages(data, "report.pdf")  ->  (Page(number=1, text="法治政府…", places=8 floats a character, …), …)

Runs PDFium in a process of its own (`pdf_child`), with limits: what crashes or hangs there is an `InputError` here, and
threads that read at the same time do not meet in a library that knows none. Knows nothing of lines.
"""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fazhi.model.reading.errors import InputError

MAX_PAGES = 2_000
"""Forty times a long report."""
MAX_CHARACTERS, MAX_PAGE_CHARACTERS = 2_000_000, 100_000
"""In the document; on one page, where a full one has some 1,500."""
MAX_SECONDS = 60
"""Of PDFium's time; 60 pages take half a second."""

_CHILD = Path(__file__).with_name("pdf_child.py")
_CHARACTER, _RULE, _HEAD = 8, 4, 4  # numbers of 4 bytes; the same as in `pdf_child`
_TAIL = 2_048  # bytes at the end in which %%EOF stands
_AGAIN = "open it and print it to PDF anew, or save its text as .txt"
_REFUSALS = {
    40: ("is damaged and cannot be opened as PDF", "get a clean copy of the file"),
    41: ("is locked with a password", "open it and print it to PDF anew, without a password"),
    42: ("is locked in a way that is not known", "open it and print it to PDF anew, without a password"),
    43: ("has no pages", "get a clean copy of the file"),
    44: (f"has more than {MAX_PAGES:,} pages", "split it into single reports"),
    45: (
        f"has more than {MAX_PAGE_CHARACTERS:,} characters on a page or {MAX_CHARACTERS:,} in all",
        "split it into single reports",
    ),
}

Boxes = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class Page:
    """What is drawn on one page.

    Attributes:
        number: From 1, as readers count.
        text: The characters in the order in which they are drawn.
        places: Float32 (characters, 8): left, bottom, right, top, origin x and y, size, angle; points and radians.
        rules: Float32 (rules, 4): left, bottom, right, top of straight lines.
        objects: How many things are drawn; 0 is a blank page.
        lost: Characters that have a shape but no meaning (a font without a ToUnicode map).
        damaged: The page could not be opened.
    """

    number: int
    text: str
    places: Boxes
    rules: Boxes
    objects: int
    lost: int
    damaged: bool


def read_pages(data: bytes, name: str) -> tuple[Page, ...]:
    """Return every page.

    Raises:
        InputError: Cut off, damaged, locked, without pages, over a limit, or more than PDFium can take.
    """
    if b"%%EOF" not in data.rstrip(b"\0\r\n \t")[-_TAIL:]:
        raise InputError(name, "is a PDF that breaks off before its end", "get a clean copy of the file")
    return tuple(_parse(_run(data, name)))


def _run(data: bytes, name: str) -> bytes:
    # -P: the script's folder holds modules named like those of the standard library (html).
    limits = map(str, (MAX_PAGES, MAX_PAGE_CHARACTERS, MAX_CHARACTERS, MAX_SECONDS))
    command = [sys.executable, "-P", str(_CHILD), *limits]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=2 * MAX_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise InputError(name, f"takes more than {2 * MAX_SECONDS} s to read", _AGAIN) from None
    if done.returncode in _REFUSALS:
        raise InputError(name, *_REFUSALS[done.returncode])
    if done.returncode < 0 or b"MemoryError" in done.stderr:
        raise InputError(name, f"takes more than {MAX_SECONDS} s or 2 GB, or breaks the PDF reader", _AGAIN)
    if done.returncode:
        raise RuntimeError(f"pdf_child ended with {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout


def _parse(wire: bytes) -> Iterator[Page]:
    start, number = 0, 0
    while start < len(wire):
        number += 1
        head = np.frombuffer(wire, np.int32, _HEAD, start).tolist()
        count, rules = max(head[0], 0), head[1]
        text = start + 4 * _HEAD
        places = text + 4 * count
        ruled = places + 4 * count * _CHARACTER
        start = ruled + 4 * rules * _RULE
        codes = np.frombuffer(wire, np.uint32, count, text).tolist()
        yield Page(
            number,
            "".join(map(chr, codes)),
            np.frombuffer(wire, np.float32, count * _CHARACTER, places).reshape(-1, _CHARACTER),
            np.frombuffer(wire, np.float32, rules * _RULE, ruled).reshape(-1, _RULE),
            objects=head[2],
            lost=head[3],
            damaged=head[0] < 0,
        )
