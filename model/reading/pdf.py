r"""A PDF with a text layer to the text that a reader sees, one paragraph a line.

    pdf_text(data, "report.pdf")  ->  Extract("法治政府建设报告\n一、工作情况\n…", furniture=12, warnings=())

Each step is a file: `pdf_pages` (characters, from PDFium), `pdf_segments` (pieces of lines), `pdf_furniture` (page
numbers and running heads go), `pdf_tables`, `pdf_columns` (reading order), `pdf_paragraphs` (wraps). Here it is judged
whether what came out is text at all. Pictures of text are for character recognition, done before.
"""

from collections.abc import Sequence

from fazhi.model.reading.errors import InputError
from fazhi.model.reading.extract import Extract
from fazhi.model.reading.pdf_columns import regions
from fazhi.model.reading.pdf_furniture import without_furniture
from fazhi.model.reading.pdf_pages import Page, read_pages
from fazhi.model.reading.pdf_paragraphs import paragraphs
from fazhi.model.reading.pdf_segments import draw
from fazhi.model.reading.pdf_tables import with_rows
from fazhi.model.reading.text import common_share

_MOST_LOST, _SOME_LOST = 0.2, 0.002  # share of characters without a meaning: refused, said
_LEAST_COMMON = 0.5  # share of common characters among the non-ASCII ones; Chinese prose has over 0.9
_ENOUGH = 50  # characters that can be judged
_PRIVATE_USE = range(0xE000, 0xF900)
_RECOGNISE = "recognise the text first, for example: ocrmypdf -l chi_sim IN.pdf OUT.pdf"
_RECOGNISE_ANEW = "recognise the text anew: ocrmypdf --force-ocr -l chi_sim IN.pdf OUT.pdf"
_MOST_NAMED = 10


def pdf_text(data: bytes, name: str) -> Extract:
    """Return the paragraphs, each ended by a newline, how many rows of page furniture went, and what is amiss.

    Raises:
        InputError: What `read_pages` refuses; pages that are pictures only; fonts that do not say what they show.
    """
    pages = read_pages(data, name)
    drawn = [draw(page) for page in pages]
    segments, furniture = without_furniture([each.segments for each in drawn])
    _check_meaning(pages, name)
    rows = [with_rows(page, each.rules) for page, each in zip(segments, drawn, strict=True)]
    texts = paragraphs(regions(rows))
    if not texts:
        raise InputError(name, f"has no text on its {len(pages)} pages: scanned, or pictures of text", _RECOGNISE)
    read = [bool(page) for page in segments]
    return Extract("\n".join(texts) + "\n", furniture + sum(each.askew for each in drawn), _warnings(pages, read))


def _check_meaning(pages: Sequence[Page], name: str) -> None:
    """Refuse a text layer that is rubbish: without a map from shapes to characters, or with a wrong one."""
    text = "".join(page.text for page in pages)
    lost = _lost(pages)
    garbled = InputError(name, "has fonts that do not say which characters they show", _RECOGNISE_ANEW)
    if lost > _MOST_LOST * (len(text) + lost):
        raise garbled
    telling = [char for char in text if char > "\x7f"]
    if len(telling) >= _ENOUGH and common_share("".join(telling)) < _LEAST_COMMON:
        raise garbled


def _lost(pages: Sequence[Page]) -> int:
    private = sum(ord(char) in _PRIVATE_USE for page in pages for char in page.text)
    return private + sum(page.lost for page in pages)


def _warnings(pages: Sequence[Page], read: Sequence[bool]) -> tuple[str, ...]:
    empty = [page.number for page, has_text in zip(pages, read, strict=True) if not has_text and page.objects]
    damaged = [page.number for page in pages if page.damaged]
    lost = _lost(pages)
    found = []
    if empty:
        found.append(f"{_named(empty)} of {len(pages)} without text, left out (scanned?) — {_RECOGNISE}")
    if damaged:
        found.append(f"{_named(damaged)} of {len(pages)} damaged, left out — get a clean copy of the file")
    if lost > _SOME_LOST * sum(len(page.text) for page in pages):
        found.append(f"{lost} characters left out: their font does not say what they are — {_RECOGNISE_ANEW}")
    return tuple(found)


def _named(numbers: Sequence[int]) -> str:
    """Write page numbers as people do: pages 3, 5, 6 …."""
    more = " …" if len(numbers) > _MOST_NAMED else ""
    return f"page{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers[:_MOST_NAMED]))}{more}"
