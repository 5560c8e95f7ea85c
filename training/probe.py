"""Where tuning starts: linear heads on frozen features, each feature standardised by what the training data shows.

Logistic regression (scikit-learn) on pooled features of the untuned encoder. The base's raw features share a large
common part, so that heads of random start learn slowly; from here the first step is already a fair model.
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from fazhi.model.encoder import TwoHeads
from fazhi.model.labels import HEADING, Scheme
from fazhi.training.rows import AnsweredReport

Array = NDArray[np.float64]
_NEVER = -10.0  # bias of a label that no paragraph has
_ALMOST_ZERO = 1e-6
_MOST_STEPS = 1000


def start_from_probe(
    network: TwoHeads, features: Array, reports: Sequence[AnsweredReport], scheme: Scheme, c: float
) -> None:
    """Set standardisation and heads of a network.

    Args:
        network: Changed in place.
        features: (n, 2 · hidden), pooled by the same network.
        reports: Whose n paragraphs these are, in order.
        scheme: Names the columns.
        c: Inverse regularisation.
    """
    center, scale = features.mean(axis=0), features.std(axis=0) + _ALMOST_ZERO
    standardised = (features - center) / scale
    themes = np.concatenate([report.themes for report in reports])
    sections = np.concatenate([report.sections for report in reports])
    body = sections != scheme.section_ids.index(HEADING)
    theme_heads = [_binary(standardised, themes[:, column], c) for column in range(themes.shape[1])]
    weights, bias = _softmax(standardised[body], sections[body], len(scheme.sections), c)
    with torch.no_grad():
        for name, value in (
            ("center", center),
            ("scale", scale),
            ("themes.weight", np.stack([weight for weight, _ in theme_heads])),
            ("themes.bias", np.array([bias for _, bias in theme_heads])),
            ("sections.weight", weights),
            ("sections.bias", bias),
        ):
            network.state_dict()[name].copy_(torch.from_numpy(value))


def _binary(features: Array, answers: NDArray[np.bool_], c: float) -> tuple[Array, float]:
    """Fit one theme; a theme that no example has gets a head that never gives it."""
    if not answers.any():
        return np.zeros(features.shape[1]), _NEVER
    head = LogisticRegression(C=c, max_iter=_MOST_STEPS).fit(features, answers)
    return head.coef_[0], float(head.intercept_[0])


def _softmax(features: Array, answers: NDArray[np.int64], sections: int, c: float) -> tuple[Array, Array]:
    """Fit the section; sections that no example has keep a bias that rules them out."""
    seen = np.unique(answers)
    if len(seen) == 1:
        return np.zeros((sections, features.shape[1])), np.where(np.arange(sections) == seen[0], 0.0, _NEVER)
    model = LogisticRegression(C=c, max_iter=_MOST_STEPS).fit(features, answers)
    weights, bias = np.zeros((sections, features.shape[1])), np.full(sections, _NEVER)
    weights[model.classes_], bias[model.classes_] = model.coef_, model.intercept_
    return weights, bias
