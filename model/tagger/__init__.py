"""Scores to tags, with the bundle's thresholds: a report in, a `TaggedReport` out.

    load_tagger().tag("report.txt").paragraphs[3]  ->  TaggedParagraph(section="work", themes=("enforcement",), …)

Decides what is given and how sure it is; how it is written is for `serving`.
"""

from fazhi.model.tagger.decoding import decode_sections, same_chapter
from fazhi.model.tagger.earned import Earned, Stretch
from fazhi.model.tagger.occlusion import explain
from fazhi.model.tagger.tagger import TaggedParagraph, TaggedReport, Tagger, load_tagger, tag_scores

__all__ = [
    "Earned",
    "Stretch",
    "TaggedParagraph",
    "TaggedReport",
    "Tagger",
    "decode_sections",
    "explain",
    "load_tagger",
    "same_chapter",
    "tag_scores",
]
