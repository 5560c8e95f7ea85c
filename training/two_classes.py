"""What scikit-learn's logistic regression leaves out where there are but two classes."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def by_class(found: Array) -> Array:
    """Return a row a class; of two classes scikit-learn keeps the second's lead over the first alone."""
    return found if len(found) > 1 else np.concatenate([-found, found]) / 2
