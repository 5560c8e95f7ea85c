"""Near-duplicates answered differently: examples in, pairs of texts with the labels that differ out.

    twins(examples, scheme, 0.8)[0]  ->  Twins(similarity=0.97, one=…, other=…, labels=("digital",))

Two texts are as similar as the Jaccard index of their character 5-grams, blanks aside. The search is exact: a pair
that reaches the limit must share one of the rarest grams of each (prefix filter: Bayardo, Ma & Srikant 2007, "Scaling
Up All Pairs Similarity Search"), so only such pairs are compared, and no random hashing is needed.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fazhi.model.labels import Example, Scheme

_GRAM = 5
_TINY = 1e-9
Grams = frozenset[str]


@dataclass(frozen=True, slots=True)
class Twins:
    """Two texts alike with different answers.

    Attributes:
        similarity: 0 to 1.
        one: A paragraph with the first answer.
        other: A paragraph with the second.
        labels: Themes and sections that one has and the other has not, scheme order.
        uids: Of all paragraphs with either text and its answer.
    """

    similarity: float
    one: Example
    other: Example
    labels: tuple[str, ...]
    uids: tuple[str, ...]


def twins(examples: Sequence[Example], scheme: Scheme, least: float) -> tuple[Twins, ...]:
    """Return pairs at least so similar; differing themes first, then the more similar first.

    Args:
        examples: One answer a paragraph.
        scheme: Order of the labels.
        least: Similarity, above 0 to 1.
    """
    variants: dict[str, dict[frozenset[str], list[Example]]] = defaultdict(lambda: defaultdict(list))
    for example in examples:
        variants["".join(example.clean.split())][frozenset((*example.themes, example.section))].append(example)
    found = [
        _twins(similarity, one_group, other_group, scheme)
        for one, other, similarity in alike(list(variants), least)
        for one_answer, one_group in variants[one].items()
        for other_answer, other_group in variants[other].items()
        if one_answer != other_answer and (one != other or one_group[0].uid < other_group[0].uid)
    ]
    themes = frozenset(scheme.theme_ids)
    return tuple(sorted(found, key=lambda each: (not themes & set(each.labels), -each.similarity)))


def alike(texts: Sequence[str], least: float) -> Iterator[tuple[str, str, float]]:
    """Give each text with itself, and all pairs that reach the limit, with their similarity.

    Args:
        texts: Different ones, without blanks.
        least: Similarity, above 0 to 1.
    """
    yield from ((text, text, 1.0) for text in texts)
    cut = {text: grams(text) for text in texts}
    often = Counter(gram for each in cut.values() for gram in each)
    index: dict[str, list[str]] = defaultdict(list)
    for text in sorted(texts, key=lambda text: (len(cut[text]), text)):
        prefix = _rarest(cut[text], often, least)
        for other in dict.fromkeys(other for gram in prefix for other in index[gram]):
            alike = similarity(cut[text], cut[other])
            if alike >= least - _TINY:
                yield other, text, alike
        for gram in prefix:
            index[gram].append(text)


def similarity(one: Grams, other: Grams) -> float:
    """Return the Jaccard index: shared grams of all grams."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def grams(text: str) -> Grams:
    """Return the character 5-grams of a text without blanks; a shorter text is its own gram."""
    return frozenset(text[start : start + _GRAM] for start in range(max(1, len(text) - _GRAM + 1)))


def _rarest(mine: Grams, often: Mapping[str, int], least: float) -> list[str]:
    """Return so many of the rarest grams that a text alike must have one of them."""
    count = len(mine) - math.ceil(least * len(mine) - _TINY) + 1
    return sorted(mine, key=lambda gram: (often[gram], gram))[:count]


def _twins(alike: float, one: Sequence[Example], other: Sequence[Example], scheme: Scheme) -> Twins:
    differing = {*one[0].themes, one[0].section} ^ {*other[0].themes, other[0].section}
    labels = tuple(label for label in (*scheme.theme_ids, *scheme.section_ids) if label in differing)
    return Twins(alike, one[0], other[0], labels, tuple(each.uid for each in (*one, *other)))
