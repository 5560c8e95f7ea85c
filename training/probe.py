"""Where tuning starts: linear heads on frozen features, each feature standardised by what the training data shows.

Logistic regression (scikit-learn) on pooled features of the untuned encoder. The base's raw features share a large
common part, so that heads of random start learn slowly; from here the first step is already a fair model.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from fazhi.model.encoder import TwoHeads
from fazhi.training.lessons import NO_SECTION, Lessons
from fazhi.training.two_classes import by_class

Array = NDArray[np.float64]
_NEVER = -10.0  # bias of a label that no paragraph has
_ALMOST_ZERO = 1e-6
_MOST_STEPS = 1000
_TWO = 2  # sections, without which there is nothing to tell apart


def start_from_probe(network: TwoHeads, features: Array, lessons: Lessons, c: float) -> None:
    """Set standardisation and heads of a network.

    Args:
        network: Changed in place.
        features: (n, 2 · hidden), pooled by the same network.
        lessons: What the n paragraphs are answered with.
        c: Inverse regularisation.
    """
    center, scale = features.mean(axis=0), features.std(axis=0) + _ALMOST_ZERO
    standardised = (features - center) / scale
    asked = lessons.sections != NO_SECTION
    theme_heads = [_binary(standardised, answers, c) for answers in lessons.themes.T]
    weights, bias = _softmax(standardised[asked], lessons.sections[asked], network.sections.out_features, c)
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
    if len(seen) < _TWO:
        return np.zeros((sections, features.shape[1])), np.where(np.isin(np.arange(sections), seen), 0.0, _NEVER)
    model = LogisticRegression(C=c, max_iter=_MOST_STEPS).fit(features, answers)
    weights, bias = np.zeros((sections, features.shape[1])), np.full(sections, _NEVER)
    weights[model.classes_], bias[model.classes_] = by_class(model.coef_), by_class(model.intercept_)
    return weights, bias
