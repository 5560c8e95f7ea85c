"""Who differs from whom on what: answers side by side in; pairs of annotators and the paragraphs they differ on out.

differences(ballots, scheme).pairs[0].labels["digital"]  ->  (1, 2): one paragraph only the first gave it, two the other
"""

from collections import Counter
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from fazhi.annotation.agreement.ballots import Ballots
from fazhi.annotation.agreement.coefficients import contingency, f1, kappa
from fazhi.model.labels import Example, Scheme


@dataclass(frozen=True, slots=True)
class Pair:
    """Two annotators on the paragraphs that both answered.

    Attributes:
        identical: Paragraphs with the same section and set of themes from both.
        section_kappa: Cohen's kappa over the section as one choice.
        theme_f1: Micro F1 over all themes; None where neither gave any.
        labels: Of each theme, and each section, that they differ on: paragraphs that only the first, and only the
            second gave it to.
        sections: How often the first gave the first section of a key where the second gave the second.
    """

    first: str
    second: str
    paragraphs: int
    identical: int
    section_kappa: float
    theme_f1: float | None
    labels: dict[str, tuple[int, int]]
    sections: dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Disputed:
    """A paragraph with differing answers.

    Attributes:
        answers: Of each annotator who answered, by name.
        labels: Themes that some gave and some did not, then sections where there are several; scheme order.
        pairs: Names of annotators who differ, two by two.
    """

    paragraph: Example
    answers: dict[str, Example]
    labels: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """All of it; pairs without a paragraph in common are left out."""

    pairs: tuple[Pair, ...]
    disputed: tuple[Disputed, ...]


def differences(ballots: Ballots, scheme: Scheme) -> Differences:
    """Compare annotators two by two, and paragraph by paragraph."""
    pairs = [_pair(ballots, one, other, scheme) for one, other in combinations(range(len(ballots.annotators)), 2)]
    every = [_disputed(dict(zip(ballots.annotators, row, strict=True)), scheme) for row in ballots.answers]
    return Differences(tuple(pair for pair in pairs if pair.paragraphs), tuple(each for each in every if each.labels))


def _pair(ballots: Ballots, one: int, other: int, scheme: Scheme) -> Pair:
    both = [(row[one], row[other]) for row in ballots.answers]
    answered = [(first, second) for first, second in both if first is not None and second is not None]
    only_first, only_second, sections = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for first, second in answered:
        mine, theirs = _labels_of(first), _labels_of(second)
        only_first.update(mine - theirs)
        only_second.update(theirs - mine)
        if first.section != second.section:
            sections[first.section, second.section] += 1
    return Pair(
        first=ballots.annotators[one],
        second=ballots.annotators[other],
        paragraphs=len(answered),
        identical=sum(_labels_of(first) == _labels_of(second) for first, second in answered),
        section_kappa=_section_kappa(ballots, one, other, len(scheme.sections)),
        theme_f1=_theme_f1(ballots, one, other),
        labels={
            label: (only_first[label], only_second[label])
            for label in (*scheme.theme_ids, *scheme.section_ids)
            if only_first[label] or only_second[label]
        },
        sections=dict(sections.most_common()),
    )


def _section_kappa(ballots: Ballots, one: int, other: int, count: int) -> float:
    whole = np.zeros_like(ballots.documents)
    return float(kappa(contingency(ballots.sections[:, one], ballots.sections[:, other], whole, (1, count)))[0])


def _theme_f1(ballots: Ballots, one: int, other: int) -> float | None:
    mine, theirs = (ballots.themes[:, column].ravel() for column in (one, other))
    found = float(f1(contingency(mine, theirs, np.zeros_like(mine), (1, 2)))[0])
    return found if np.isfinite(found) else None


def _disputed(answers: dict[str, Example | None], scheme: Scheme) -> Disputed:
    given = {name: example for name, example in answers.items() if example is not None}
    labels = {name: _labels_of(example) for name, example in given.items()}
    contested = frozenset.union(*labels.values()) - frozenset.intersection(*labels.values())
    return Disputed(
        paragraph=next(iter(given.values())),
        answers=given,
        labels=tuple(label for label in (*scheme.theme_ids, *scheme.section_ids) if label in contested),
        pairs=tuple((one, other) for one, other in combinations(given, 2) if labels[one] != labels[other]),
    )


def _labels_of(example: Example) -> frozenset[str]:
    """Return themes and section together: their ids differ throughout a scheme."""
    return frozenset((*example.themes, example.section))
