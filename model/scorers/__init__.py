"""Paragraphs to scores: probabilities of every theme, logits of every section.

    load_scorer(bundle).score(report.paragraphs).themes  ->  array (paragraphs, themes)

One scorer per kind of bundle; all of them fit the `Scorer` socket. Which themes are *given*, and which section a
paragraph has in its report, is for `tagger`. The only sigmoid and softmax of the project are here.
"""

from fazhi.model.bundle import Bundle
from fazhi.model.reading import InputError
from fazhi.model.scorers.linear import LinearScorer
from fazhi.model.scorers.scores import Scorer, Scores, log_softmax, sigmoid, softmax

__all__ = ["LinearScorer", "Scorer", "Scores", "load_scorer", "log_softmax", "sigmoid", "softmax"]


def load_scorer(bundle: Bundle) -> Scorer:
    """Return the scorer for a bundle's kind.

    Raises:
        InputError: A kind that this version does not know.
    """
    if bundle.manifest.kind == "linear":
        return LinearScorer.load(bundle)
    raise InputError(str(bundle.folder), f"is of kind {bundle.manifest.kind!r}", "update fazhi, or use --bundle linear")
