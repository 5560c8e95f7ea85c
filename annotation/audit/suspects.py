"""Likely label errors: answers and what a model said of them unseen in; paragraphs to read again, worst first, out.

    suspects(examples, rows, scheme)[0].labels[0]  ->  SuspectLabel("missed", "digital", 0.97)

Only what a person decides is judged: no themes where the section has none by rule, and no section of a heading, which
the cut gives away. The model can be wrong too: a suspect is a question, not a correction.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fazhi.annotation.audit.confident import Array, Columns, Flags, disputed, disputed_labels, quality
from fazhi.model.labels import HEADING, Example, LeftOut, Scheme, theme_flags
from fazhi.model.reading import InputError

SURELY_RIGHT = 1.0
"""Stands for the confidence in a label that nobody had to decide."""


@dataclass(frozen=True, slots=True)
class SuspectLabel:
    """A label that looks wrong.

    Attributes:
        kind: `missed` or `spurious` (themes), or `section` (the section that the model gives).
        probability: The model's for the label.
    """

    kind: str
    label: str
    probability: float


@dataclass(frozen=True, slots=True)
class Suspect:
    """A paragraph with labels that look wrong.

    Attributes:
        score: 0 to 1, the lower the likelier something is wrong.
        labels: The doubtful ones, the worst first.
        given: What the model gave.
    """

    example: Example
    score: float
    labels: tuple[SuspectLabel, ...]
    given: LeftOut


@dataclass(frozen=True, slots=True, eq=False)
class _Scored:
    """Answers beside probabilities; judged themes are those of `themed` rows, judged sections those of `body` rows."""

    themes: Flags
    sections: Columns
    theme_scores: Array
    section_scores: Array
    themed: Flags
    body: Flags


def chosen_rows(rows: Sequence[LeftOut], protocol: str, model: str | None) -> list[LeftOut]:
    """Return the rows of one protocol and model.

    Raises:
        InputError: There are none, several models to choose from, or a paragraph has two.
    """
    models = sorted({row.model for row in rows if row.protocol == protocol})
    protocols = ", ".join(sorted({row.protocol for row in rows})) or "none"
    if not models:
        raise InputError("--protocol", f"found no {protocol!r}", f"these are there: {protocols}")
    if (model is None and len(models) > 1) or (model is not None and model not in models):
        what = f"found no {model!r}" if model else f"has {len(models)} models to choose from"
        raise InputError("--model", what, f"these are there: {', '.join(models)}")
    found = [row for row in rows if row.protocol == protocol and row.model == (model or models[0])]
    twice = [uid for uid, count in Counter(row.uid for row in found).items() if count > 1]
    if twice:
        raise InputError("--oof", f"has {len(twice)} paragraphs twice ({twice[0]} …)", "give the file of one training")
    return found


def suspects(examples: Sequence[Example], rows: Sequence[LeftOut], scheme: Scheme) -> tuple[Suspect, ...]:
    """Find paragraphs whose answers a model confidently disputes, the likeliest error first.

    Args:
        examples: One answer a paragraph; those without a row are not judged.
        rows: One a paragraph.
        scheme: Order of the scores.

    Raises:
        InputError: Not one paragraph has both.
    """
    by_uid = {row.uid: row for row in rows}
    pairs = [(example, by_uid[example.uid]) for example in examples if example.uid in by_uid]
    if not pairs:
        what = f"scores none of the {len(examples)} answered paragraphs"
        raise InputError("--oof", what, "give the file that training wrote for these examples")
    scored = _scored(pairs, scheme)
    wrong_themes, wrong_sections = _disputed(scored)
    scores = quality(_self_confidences(scored))
    order = [row for row in np.argsort(scores, kind="stable") if wrong_themes[row].any() or wrong_sections[row]]
    return tuple(
        Suspect(
            example=pairs[row][0],
            score=float(scores[row]),
            labels=_labels(pairs[row], wrong_themes[row], bool(wrong_sections[row]), scheme),
            given=pairs[row][1],
        )
        for row in order
    )


def _scored(pairs: Sequence[tuple[Example, LeftOut]], scheme: Scheme) -> _Scored:
    return _Scored(
        themes=theme_flags([example.themes for example, _ in pairs], scheme),
        sections=np.array([scheme.section_ids.index(example.section) for example, _ in pairs]),
        theme_scores=np.array([row.theme_scores for _, row in pairs]),
        section_scores=np.array([row.section_scores for _, row in pairs]),
        themed=np.array([example.section not in scheme.unthemed for example, _ in pairs]),
        body=np.array([example.section != HEADING for example, _ in pairs]),
    )


def _disputed(scored: _Scored) -> tuple[Flags, Flags]:
    """Return (n, themes) and (n,): what is judged and confidently disputed."""
    themes, sections = np.zeros_like(scored.themes), np.zeros_like(scored.body)
    themed, body = scored.themed, scored.body
    themes[themed] = disputed_labels(scored.themes[themed], scored.theme_scores[themed])
    sections[body] = disputed(scored.sections[body], scored.section_scores[body])
    return themes, sections


def _self_confidences(scored: _Scored) -> Array:
    """Return (n, themes + 1): the probability of each theme's answer and of the section's."""
    themes = np.where(scored.themes, scored.theme_scores, 1 - scored.theme_scores)
    section = scored.section_scores[np.arange(len(scored.sections)), scored.sections]
    themes = np.where(scored.themed[:, None], themes, SURELY_RIGHT)
    return np.column_stack([themes, np.where(scored.body, section, SURELY_RIGHT)])


def _labels(pair: tuple[Example, LeftOut], themes: Flags, section: bool, scheme: Scheme) -> tuple[SuspectLabel, ...]:
    example, row = pair
    found = []
    for theme, wrong, score in zip(scheme.theme_ids, themes, row.theme_scores, strict=True):
        if wrong:
            found.append((score if theme in example.themes else 1 - score, theme, score))
    labels = [
        SuspectLabel("spurious" if theme in example.themes else "missed", theme, score)
        for _, theme, score in sorted(found)
    ]
    if section:
        best = int(np.argmax(row.section_scores))
        labels.append(SuspectLabel("section", scheme.section_ids[best], row.section_scores[best]))
    return tuple(labels)
