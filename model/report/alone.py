"""A paragraph that came without its report: text in, one `Paragraph` out, never cut.

    paragraph_alone(document_from_text("一是严格执法。", "1"), Place(path=("一、工作情况",)))
    ->  Paragraph(text="一是严格执法。", marker="一是", level=0, path=("一、工作情况",), …)

What only a report tells (place, path, whether the line is a heading) is what the caller knows of it.
"""

from dataclasses import dataclass

from fazhi.model.cleaning import BLANKS, clean, is_damaged
from fazhi.model.reading import Document, InputError
from fazhi.model.report.items import leading_item
from fazhi.model.report.marks import leading_mark
from fazhi.model.report.paragraph import Paragraph


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paragraph stands in its report; where nobody knows, in the middle, as most do.

    Attributes:
        path: Heads above it, outermost first.
        level: 1-4 where it is a heading.
        index: Place among `count` paragraphs, from 0.
    """

    path: tuple[str, ...] = ()
    level: int = 0
    index: int = 5
    count: int = 10


def paragraph_alone(document: Document, place: Place) -> Paragraph:
    """Return all of a document as one paragraph; its span counts in the document.

    Raises:
        InputError: The document has only blanks, zero-width ones included.
    """
    cleaned = clean(document.text)
    words = cleaned.text.strip(BLANKS)
    if not words:
        raise InputError(document.name, "has no words", "it holds only blanks")
    first = cleaned.text.index(words)
    start, end = int(cleaned.origin[first]), int(cleaned.origin[first + len(words) - 1]) + 1
    head = leading_mark(words)
    item = leading_item(words)
    return Paragraph(
        index=place.index,
        count=place.count,
        start=start,
        end=end,
        text=document.text[start:end],
        clean=words,
        level=place.level,
        marker=head.text if head else item.marker if item else "",
        path=place.path,
        flags=("damaged",) if is_damaged(words) else (),
    )
