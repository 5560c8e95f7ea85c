"""Put the cleaning steps together and keep track of where every character came from."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fazhi.model.cleaning.blanks import surplus_blanks, zero_width
from fazhi.model.cleaning.characters import end_sentences, fold_characters, pair_quotes
from fazhi.model.cleaning.pinyin import mark_lost, pinyin_spans
from fazhi.model.cleaning.traditional import to_simplified
from fazhi.model.cleaning.wrapping import wrapped_breaks

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Cleaned:
    r"""Clean text and its alignment.

    Attributes:
        text: Normalised, simplified; lines end in `\n`.
        origin: int32, one per character of `text`, strictly increasing: index of its original character.
    """

    text: str
    origin: NDArray[np.int32]


def clean(original: str) -> Cleaned:
    """Clean decoded text of any length; linear in time and memory."""
    folded = fold_characters(original)
    folded, origin = _leave_out(folded, np.arange(len(folded), dtype=np.int32), zero_width(folded))
    folded = mark_lost(folded)
    folded, origin = _leave_out(folded, origin, pinyin_spans(folded))
    folded, origin = _leave_out(folded, origin, wrapped_breaks(folded))
    folded, origin = _leave_out(folded, origin, surplus_blanks(folded))
    return Cleaned(end_sentences(pair_quotes(to_simplified(folded))), origin)


def _leave_out(text: str, origin: NDArray[np.int32], spans: Iterable[Span]) -> tuple[str, NDArray[np.int32]]:
    """Drop spans (sorted, disjoint) from the text and from its alignment alike."""
    kept, position = [], 0
    mask = np.ones(len(text), dtype=bool)
    for start, end in spans:
        kept.append(text[position:start])
        mask[start:end] = False
        position = end
    if position == 0:
        return text, origin
    kept.append(text[position:])
    return "".join(kept), origin[mask]
