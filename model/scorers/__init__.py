"""Paragraphs to scores: probabilities of every theme, logits of every section.

    load_scorer(bundle).score(report.paragraphs).themes  ->  array (paragraphs, themes)

One model per kind of bundle; all of them fit the `LogitModel` socket, and an encoder may have the linear model beside
it. Which themes are *given*, and which section a paragraph has in its report, is for `tagger`. The only sigmoid and
softmax of the project are here.
"""

import math
import os
from importlib import import_module

from fazhi.model.bundle import Bundle
from fazhi.model.reading import InputError
from fazhi.model.scorers.linear import LinearModel
from fazhi.model.scorers.scores import (
    Blend,
    CalibratedScorer,
    LogitModel,
    Logits,
    Scorer,
    Scores,
    Shares,
    blended,
    calibrated,
    log_softmax,
    sigmoid,
    softmax,
)
from fazhi.model.scorers.together import score_reports

__all__ = [
    "Blend",
    "CalibratedScorer",
    "LinearModel",
    "LogitModel",
    "Logits",
    "Scorer",
    "Scores",
    "Shares",
    "blended",
    "calibrated",
    "load_scorer",
    "log_softmax",
    "score_reports",
    "sigmoid",
    "softmax",
]


def load_scorer(bundle: Bundle, threads: int = 0) -> Scorer:
    """Return the scorer for a bundle's kind.

    Args:
        bundle: That was read and checked.
        threads: For a `fast` encoder; 0 takes as many as there are cores. Other kinds take what their library takes.

    Raises:
        InputError: A kind that this version does not know, or whose library is not installed.
    """
    model = _load_model(bundle, threads or len(os.sched_getaffinity(0)))
    shares = _linear_shares(bundle)
    if shares.count:
        model = Blend(model, LinearModel.load(bundle.folder), shares)
    return CalibratedScorer(model, bundle.decisions)


def _linear_shares(bundle: Bundle) -> Shares:
    """Return what the linear model counts that stands beside an encoder."""
    given = bundle.manifest.linear_share or {"themes": 0.0, "sections": 0.0}
    if given.keys() != {"themes", "sections"} or not all(
        isinstance(each, int | float) and 0 <= each < math.inf for each in given.values()
    ):
        raise InputError(str(bundle.folder), f"has the linear share {given!r}", "copy or export the bundle again")
    return Shares(**given)


def _load_model(bundle: Bundle, threads: int) -> LogitModel:
    """Load the model of a bundle; a library is imported only for a bundle that needs it."""
    kind = bundle.manifest.kind
    if kind == "linear":
        return LinearModel.load(bundle.folder)
    if kind == "fast":
        from fazhi.model.scorers.fast import load_fast_model  # noqa: PLC0415 - brings a library that n-grams do without

        return load_fast_model(bundle, threads)
    if kind != "torch":
        raise InputError(str(bundle.folder), f"is of kind {kind!r}", "update fazhi, or use --bundle linear")
    try:
        encoder = import_module("fazhi.model.encoder")
    except ImportError as error:
        where, what = str(bundle.folder), f"is of kind torch, which needs {error.name}"
        raise InputError(where, what, "pip install 'fazhi[train]'") from None
    model: LogitModel = encoder.load_model(bundle)
    return model
