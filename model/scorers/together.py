"""Several reports in one call: a scorer and the paragraphs of each report in, the scores of each out.

    score_reports(scorer, [one.paragraphs, other.paragraphs])  ->  [Scores, Scores]

The same as scoring them one after another, to the last bit of an n-gram model and to rounding of an encoder. A model
that says `by_paragraph` looks at every paragraph by itself and gets all of them at once; the others, which look at a
report as a whole, get report by report. Who waits for whom is for `serving`.
"""

from collections.abc import Sequence
from itertools import chain

import numpy as np

from fazhi.model.report import Paragraph
from fazhi.model.scorers.scores import Blend, CalibratedScorer, LogitModel, Logits, Scorer, Scores, blended, calibrated

Paragraphs = Sequence[Paragraph]


def score_reports(scorer: Scorer, reports: Sequence[Paragraphs]) -> list[Scores]:
    """Return the scores of each report, in order."""
    if not isinstance(scorer, CalibratedScorer):
        return [scorer.score(each) for each in reports]
    return [calibrated(logits, scorer.decisions) for logits in _logits(scorer.model, reports)]


def _logits(model: LogitModel, reports: Sequence[Paragraphs]) -> list[Logits]:
    if isinstance(model, Blend):
        pairs = zip(_logits(model.first, reports), _logits(model.second, reports), strict=True)
        return [blended(first, second, model.shares) for first, second in pairs]
    if not getattr(model, "by_paragraph", False):
        return [model.logits(each) for each in reports]
    themes, sections = model.logits(list(chain.from_iterable(reports)))
    cuts = np.cumsum([len(each) for each in reports])[:-1]
    return list(zip(np.split(themes, cuts), np.split(sections, cuts), strict=True))
