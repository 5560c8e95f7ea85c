"""How far two annotators agree: two passes of examples in, figures per theme and section out.

    agreement(first, second, scheme).themes[4]  ->  LabelAgreement("enforcement", kappa=0.97, f1=0.98, support=(41, 40))

Pure functions over examples.jsonl; says nothing about who is right (`adjudicator`s do, in the gold file).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score, f1_score

from fazhi.model.labels import Example, Scheme
from fazhi.model.reading import InputError


@dataclass(frozen=True, slots=True)
class LabelAgreement:
    """Agreement on one label over all paragraphs.

    Attributes:
        kappa: Cohen's kappa; None where neither annotator ever gave the label.
        f1: F1 of one annotator against the other (symmetric); None likewise.
        support: Paragraphs that the first and the second gave it to.
    """

    id: str
    kappa: float | None
    f1: float | None
    support: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of two passes over the same paragraphs.

    Attributes:
        section_kappa: Cohen's kappa over the section as one choice.
        section_kappa_body: The same without headings, whose section the segmenter gives away.
        identical: Paragraphs with the same section and the same set of themes.
    """

    paragraphs: int
    identical: int
    section_kappa: float
    section_kappa_body: float
    themes: tuple[LabelAgreement, ...]
    sections: tuple[LabelAgreement, ...]


def agreement(first: Sequence[Example], second: Sequence[Example], scheme: Scheme) -> Agreement:
    """Compare two passes; their order may differ, their paragraphs may not.

    Raises:
        InputError: A paragraph answered in one pass only, or twice in one.
    """
    pairs = _pairs(first, second)
    sections = [(one.section, other.section) for one, other in pairs]
    body = [(one.section, other.section) for one, other in pairs if one.level == 0]
    same = sum(one.section == other.section and set(one.themes) == set(other.themes) for one, other in pairs)
    return Agreement(
        paragraphs=len(pairs),
        identical=same,
        section_kappa=_kappa(*zip(*sections, strict=True)),
        section_kappa_body=_kappa(*zip(*body, strict=True)),
        themes=tuple(
            _label(pairs, theme, lambda example, label: label in example.themes) for theme in scheme.theme_ids
        ),
        sections=tuple(
            _label(pairs, section, lambda example, label: example.section == label) for section in scheme.section_ids
        ),
    )


def markdown_table(figures: Agreement) -> str:
    """Return the figures as the table that seeds/README.md shows."""
    rows = [
        f"{figures.paragraphs} paragraphs, {figures.identical} answered identically. Cohen's kappa of the section: "
        f"{figures.section_kappa:.3f}; without headings {figures.section_kappa_body:.3f}.",
        "",
        "| label | kappa | F1 | support A / B |",
        "| --- | --- | --- | --- |",
    ]
    for label in (*figures.themes, *figures.sections):
        kappa, f1 = (f"{value:.3f}" if value is not None else "—" for value in (label.kappa, label.f1))
        rows.append(f"| `{label.id}` | {kappa} | {f1} | {label.support[0]} / {label.support[1]} |")
    return "\n".join(rows) + "\n"


def _pairs(first: Sequence[Example], second: Sequence[Example]) -> list[tuple[Example, Example]]:
    one, other = ({example.uid: example for example in examples} for examples in (first, second))
    if len(one) != len(first) or len(other) != len(second):
        raise InputError("agreement", "a paragraph is answered twice in one pass", "give one pass a file")
    alone = len(one.keys() ^ other.keys())
    if alone or not one:
        raise InputError(
            "agreement", f"{alone} paragraphs are answered in one pass only", "give two passes over the same"
        )
    return [(one[uid], other[uid]) for uid in one]


def _label(pairs: list[tuple[Example, Example]], label: str, has: Callable[[Example, str], bool]) -> LabelAgreement:
    one, other = (np.array([has(pair[side], label) for pair in pairs]) for side in (0, 1))
    support = (int(one.sum()), int(other.sum()))
    if not any(support):
        return LabelAgreement(label, None, None, support)
    return LabelAgreement(label, _kappa(one, other), float(f1_score(one, other)), support)


def _kappa(one: Sequence[str] | NDArray[np.bool_], other: Sequence[str] | NDArray[np.bool_]) -> float:
    """Return Cohen's kappa; 1 where both gave the same single answer throughout, which leaves it undefined."""
    answers = sorted({*map(str, one), *map(str, other)})
    if len(answers) == 1:
        return 1.0
    return float(cohen_kappa_score(list(map(str, one)), list(map(str, other)), labels=answers))
