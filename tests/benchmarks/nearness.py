"""How near texts stand to each other, for the scripts that print what data cards say: 5-grams, runs of characters."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

GRAM = 5
_LEFT_OUT = re.compile(r"[\s\d]")


def bare(text: str) -> str:
    """Return a text without blanks and digits."""
    return _LEFT_OUT.sub("", text)


def grams(text: str) -> set[str]:
    """Return the distinct 5-grams of characters."""
    return {text[start : start + GRAM] for start in range(len(text) - GRAM + 1)}


def longest_run(text: str, other: str) -> str:
    """Return the longest run of characters of a text that another has too."""
    found = ""
    for start in range(len(text)):
        while start + len(found) < len(text) and text[start : start + len(found) + 1] in other:
            found = text[start : start + len(found) + 1]
    return found


def nearest(sets: Sequence[set[str]]) -> np.ndarray:
    """Return, for every set of n-grams, its Jaccard similarity to the nearest other, (n,)."""
    holders: dict[str, list[int]] = {}
    for place, own in enumerate(sets):
        for gram in own:
            holders.setdefault(gram, []).append(place)
    best = np.zeros(len(sets))
    for place, own in enumerate(sets):
        shared = Counter(other for gram in own for other in holders[gram] if other != place)
        best[place] = max((count / len(own | sets[other]) for other, count in shared.items()), default=0.0)
    return best


def quantiles(values: np.ndarray) -> str:
    """Return median, 90 % quantile and maximum as a line shows them."""
    median, high, most = np.quantile(values, (0.5, 0.9, 1.0))
    return f"50% quantile {median:.3f}, 90% quantile {high:.3f}, maximum {most:.3f}"
