"""Given themes as an array: what counts, curves and learners take in place of names."""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from fazhi.model.labels.scheme import Scheme


def theme_flags(answers: Sequence[Collection[str]], scheme: Scheme) -> NDArray[np.bool_]:
    """Return answers, each a collection of theme ids, as (n, themes) in scheme order; n may be 0."""
    flags = [[theme in answer for theme in scheme.theme_ids] for answer in answers]
    return np.array(flags, dtype=np.bool_).reshape(len(answers), len(scheme.themes))
