"""A bundle's tags of answered paragraphs, as rows of protocol `bundle`: as in oof.jsonl, but nothing was left out.

Whether the bundle was trained on these very paragraphs cannot be told from its manifest; `caveat` says so.
"""

from collections.abc import Sequence

from fazhi.model.labels import Example, LeftOut
from fazhi.model.tagger import Tagger
from fazhi.training.left_out import rows_of_scores
from fazhi.training.rows import answered_reports

PROTOCOL = "bundle"


def bundle_rows(tagger: Tagger, examples: Sequence[Example]) -> list[LeftOut]:
    """Tag the examples' paragraphs, each document as a whole."""
    bundle = tagger.bundle
    return [
        row
        for report in answered_reports(examples, bundle.scheme)
        for row in rows_of_scores(
            report, tagger.scorer.score(report.paragraphs), bundle.decisions, bundle.scheme, (PROTOCOL, 0, bundle.label)
        )
    ]


def caveat(tagger: Tagger) -> str:
    """Return what a reader of the bundle's figures must know."""
    bundle = tagger.bundle
    trained = bundle.manifest.training_data[:12] or "?"
    return (
        f"{bundle.label} 可能正是用这些段落训练的(训练数据 {trained}),数字会偏高,不能当作检验 · "
        f"{bundle.label} may have been trained on these very paragraphs (training data {trained}); its figures then "
        "flatter it and are no test"
    )
