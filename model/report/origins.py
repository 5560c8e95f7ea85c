"""Where every character of a paragraph's clean text stands in the decoded text: for who marks a part of a paragraph.

    origins(document, report.paragraphs)[3][0]  ->  report.paragraphs[3].start

Paragraphs carry their span and not this, because hardly anyone needs it: the document is cleaned again instead. Its
paragraphs cannot be cleaned by themselves, for what is left out or rewritten depends on the whole document.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fazhi.model.cleaning import clean
from fazhi.model.reading import Document
from fazhi.model.report.paragraph import Paragraph


def origins(document: Document, paragraphs: Sequence[Paragraph]) -> list[NDArray[np.int32]]:
    """Return, per paragraph, the place in the decoded text of each character of `clean`, strictly increasing.

    Raises:
        ValueError: The paragraphs were not cut from this document.
    """
    cleaned = clean(document.text)
    firsts = np.searchsorted(cleaned.origin, [each.start for each in paragraphs])
    spans = [slice(first, first + len(each.clean)) for first, each in zip(firsts, paragraphs, strict=True)]
    for each, span in zip(paragraphs, spans, strict=True):
        if cleaned.text[span] != each.clean:
            raise ValueError(f"paragraph {each.index} was not cut from {document.name}")
    return [cleaned.origin[span] for span in spans]
