"""Which words earned a tag: a tagged report in, the same with `earned` out.

    explain(tagged, document, tagger.scorer).paragraphs[3].earned
    ->  (Earned("enforcement", sentence=Stretch("严格执法,公正司法。", …), words=Stretch("严格执法", …)),)

By occlusion, so that it holds for every kind of scorer: a paragraph is scored again without each of its sentences;
then, for each theme, without each clause of the sentence whose absence lowered the theme's log-odds most; then without
each short window over the clause that was found so. A theme that no absence lowers gets no mark. The work is bounded:
a theme costs at most three times `MOST` scores, and themes of a paragraph share theirs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from fazhi.model.reading import Document
from fazhi.model.report import Paragraph, origins
from fazhi.model.report.pieces import Span, clauses, sentences, windows
from fazhi.model.scorers import Scorer, sigmoid
from fazhi.model.scorers.scores import Array
from fazhi.model.tagger.earned import Earned, Stretch
from fazhi.model.tagger.tagger import TaggedParagraph, TaggedReport, log_odds

_BATCH = 20_000  # characters that are scored at once: many rows for an encoder, little memory for n-grams
_NOTHING = "…"  # stands for a text of which nothing is left: no scorer has ever seen an empty one

_Piece = tuple[int, Span]  # row of a paragraph, a span of its clean text
_Asked = tuple[int, int]  # row of a paragraph, column of a theme that it has
_Found = tuple[Span, float]  # a span of clean text, and by how much the log-odds fall without it


def explain(report: TaggedReport, document: Document, scorer: Scorer) -> TaggedReport:
    """Return the report with what earned each of its themes. Pure.

    Args:
        report: Tagged with this scorer.
        document: What it was cut from.
        scorer: Scores a paragraph by its own text; what it takes from the others must weigh the same on the whole text
            and on what is left of it.

    Raises:
        ValueError: The report was not cut from this document.
    """
    paragraphs = [each.paragraph for each in report.paragraphs]
    chosen = _weightiest({asked: _sentences(paragraphs[asked[0]]) for asked in _themes(report)}, paragraphs, scorer)
    parts = {asked: clauses(paragraphs[asked[0]].clean, span) for asked, (span, _) in chosen.items()}
    words = _weightiest(parts, paragraphs, scorer)
    words |= _weightiest({asked: windows(span) for asked, (span, _) in words.items()}, paragraphs, scorer)
    earned: list[list[Earned]] = [[] for _ in paragraphs]
    places = origins(document, paragraphs)
    for asked, sentence in chosen.items():
        row, theme = asked
        stretch = partial(_stretch, report.paragraphs[row], places[row], theme)
        inside = stretch(words[asked]) if asked in words else None
        earned[row].append(Earned(report.theme_ids[theme], stretch(sentence), inside))
    pairs = zip(report.paragraphs, map(tuple, earned), strict=True)
    return replace(report, paragraphs=tuple(replace(each, earned=own) for each, own in pairs))


def _themes(report: TaggedReport) -> list[_Asked]:
    return [(row, report.theme_ids.index(theme)) for row, each in enumerate(report.paragraphs) for theme in each.themes]


def _sentences(paragraph: Paragraph) -> list[Span]:
    """Return the sentences behind the marker, which earns nothing."""
    clean, marker = paragraph.clean, paragraph.marker
    return sentences(clean, len(marker) if clean.startswith(marker) else 0)


def _weightiest(
    pieces: Mapping[_Asked, Sequence[Span]], paragraphs: Sequence[Paragraph], scorer: Scorer
) -> dict[_Asked, _Found]:
    """Return, of the pieces, the one whose absence lowers the theme most, the first of equals; nothing if none does."""
    distinct = list(dict.fromkeys((row, span) for (row, _), spans in pieces.items() for span in spans))
    falls = dict(zip(distinct, _falls(distinct, paragraphs, scorer), strict=True))
    found = {}
    for (row, theme), spans in pieces.items():
        fall, span = max(((falls[row, each][theme], each) for each in spans), key=itemgetter(0), default=(0.0, None))
        if span and fall > 0:
            found[row, theme] = span, float(fall)
    return found


def _falls(pieces: Sequence[_Piece], paragraphs: Sequence[Paragraph], scorer: Scorer) -> Iterator[Array]:
    """Yield, per piece, (themes,) by how much the log-odds of its paragraph fall without it; rows stand together."""
    for batch in _batches(pieces, paragraphs):
        rows: list[Paragraph] = []
        pairs: list[tuple[int, int]] = []
        for row, run in groupby(batch, key=itemgetter(0)):
            whole, first = paragraphs[row], len(rows)
            rows += [whole, *(_without(whole, span) for _, span in run)]
            pairs += [(first, place) for place in range(first + 1, len(rows))]
            rows.append(replace(whole, clean=_NOTHING))  # so that all are followed by a paragraph of the same level
        odds = log_odds(scorer.score(rows).themes)
        yield from (odds[whole] - odds[part] for whole, part in pairs)


def _batches(pieces: Sequence[_Piece], paragraphs: Sequence[Paragraph]) -> Iterator[list[_Piece]]:
    """Deal pieces out so that the texts of a batch have few characters together."""
    batch: list[_Piece] = []
    size = 0
    for piece in pieces:
        if batch and size > _BATCH:
            yield batch
            batch, size = [], 0
        batch.append(piece)
        size += len(paragraphs[piece[0]].clean)
    if batch:
        yield batch


def _without(paragraph: Paragraph, span: Span) -> Paragraph:
    return replace(paragraph, clean=paragraph.clean[: span[0]] + paragraph.clean[span[1] :] or _NOTHING)


def _stretch(tagged: TaggedParagraph, places: NDArray[np.int32], theme: int, found: _Found) -> Stretch:
    """Say where a span stands in the file, and what its absence would leave of the score that was given."""
    (first, last), drop = found
    paragraph, score = tagged.paragraph, tagged.theme_scores[theme]
    start, end = int(places[first]), int(places[last - 1]) + 1
    text = paragraph.text[start - paragraph.start : end - paragraph.start]
    return Stretch(start, end, text, (first, last), drop, float(sigmoid(log_odds(np.array(score)) - drop)))
