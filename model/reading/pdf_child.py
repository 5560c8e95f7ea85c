"""The process in which PDFium runs: a PDF on standard input, the characters of its pages on standard output.

Started by `pdf_pages` as a script of its own, so that a file that crashes, hangs or fills the memory of PDFium (native
code) costs one process and not the run. Imports nothing of ours. What a page looks like on the wire:

    4 integers: characters (-1: damaged page), rules, objects, characters without a meaning
    characters x code point, characters x `CHARACTER` floats, rules x `RULE` floats   (all of 4 bytes, this machine's)

Coordinates are points of the page, y upwards. Says why it stopped by its exit status, one of the constants below.
"""

import ctypes
import math
import sys
from array import array
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium

CHARACTER, RULE = 8, 4
DAMAGED, PASSWORD, SECURITY, NO_PAGES, MANY_PAGES, MANY_CHARACTERS = 40, 41, 42, 43, 44, 45
MEMORY = 2_000_000_000
"""Bytes of address space; a PDF of 60 pages takes 0.1 GB."""

_REASONS = {pdfium.FPDF_ERR_PASSWORD: PASSWORD, pdfium.FPDF_ERR_SECURITY: SECURITY}
_MOST_OBJECTS = 20_000  # looked at on a page, for rules
_THIN = 3.0  # points
_SHORT = 5.0
_FARTHEST = 1e6
_SURROGATES = range(0xD800, 0xE000)
_HYPHEN, _NOTHING = 0x2D, (0x00, 0xFFFD, 0xFFFE, 0xFFFF)


def main(most_pages: int, most_page_characters: int, most_characters: int, seconds: int) -> int:
    """Read, write, return the exit status."""
    _limit(seconds)
    data = sys.stdin.buffer.read()
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        return _REASONS.get(pdfium.FPDF_GetLastError(), DAMAGED)
    pages = pdfium.FPDF_GetPageCount(document)
    if not 0 < pages <= most_pages:
        return MANY_PAGES if pages > 0 else NO_PAGES
    for number in range(pages):
        page = pdfium.FPDF_LoadPage(document, number)
        text = pdfium.FPDFText_LoadPage(page) if page else None
        count = pdfium.FPDFText_CountChars(text) if text else -1
        most_characters -= max(count, 0)
        if count > most_page_characters or most_characters < 0:
            return MANY_CHARACTERS
        _write(page, text, count)
        if text:
            pdfium.FPDFText_ClosePage(text)
        if page:
            pdfium.FPDF_ClosePage(page)
    return 0


def _limit(seconds: int) -> None:
    """Bound time and memory where the system can (not on Windows; there the parent's clock alone holds)."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _write(page: Any, text: Any, count: int) -> None:
    codes, places, lost = array("I"), array("f"), 0
    for code, place in _characters(text, count):
        if code in _NOTHING:
            lost += 1
            continue
        codes.append(code)
        places.extend(place)
    rules, objects = _rules(page) if count >= 0 else (array("f"), 0)
    head = array("i", (len(codes) if count >= 0 else -1, len(rules) // RULE, objects, lost))
    for part in (head, codes, places, rules):
        sys.stdout.buffer.write(part.tobytes())


def _characters(text: Any, count: int) -> Iterator[tuple[int, tuple[float, ...]]]:
    """Yield code point (0: no meaning) and left, bottom, right, top, origin x and y, size, angle in radians."""
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    high = 0
    for index in range(count):
        if pdfium.FPDFText_IsGenerated(text, index) == 1:
            continue
        code = pdfium.FPDFText_GetUnicode(text, index)
        if code in _SURROGATES and code < 0xDC00:  # noqa: PLR2004 - the low half follows
            high = code
            continue
        if code in _SURROGATES:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0
        high = 0
        if pdfium.FPDFText_HasUnicodeMapError(text, index) == 1 or code > sys.maxunicode:
            code = 0
        elif pdfium.FPDFText_IsHyphen(text, index) == 1:
            code = _HYPHEN
        pdfium.FPDFText_GetLooseCharBox(text, index, box)
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        pdfium.FPDFText_GetMatrix(text, index, matrix)
        size = pdfium.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
        place = (box.left, box.bottom, box.right, box.top, x.value, y.value, size, math.atan2(matrix.b, matrix.a))
        if all(abs(number) < _FARTHEST for number in place) and size > 0:
            yield code, place


def _rules(page: Any) -> "tuple[array[float], int]":
    """Return the straight lines drawn on a page, and how many objects of any kind it has."""
    found = array("f")
    objects = pdfium.FPDFPage_CountObjects(page)
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for index in range(min(objects, _MOST_OBJECTS)):
        each = pdfium.FPDFPage_GetObject(page, index)
        if pdfium.FPDFPageObj_GetType(each) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        if not pdfium.FPDFPageObj_GetBounds(each, left, bottom, right, top):
            continue
        place = (left.value, bottom.value, right.value, top.value)
        wide, high = right.value - left.value, top.value - bottom.value
        if all(abs(number) < _FARTHEST for number in place) and min(wide, high) < _THIN and max(wide, high) > _SHORT:
            found.extend(place)
    return found, objects


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
