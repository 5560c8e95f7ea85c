"""The worst errors: paragraphs where a model was sure and wrong, with the text that it misread.

How sure it was of a wrong label is the label's score where it was given, and 1 - score where it was missed. A paragraph
is as bad as its worst label and stands in the list once, with all its wrong labels.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from fazhi.model.labels import Scheme
from fazhi.training.evaluation.material import Answers, ModelTags

SHOWN = 30


@dataclass(frozen=True, slots=True)
class WrongLabel:
    """A label that should not have been given, or should have been.

    Attributes:
        kind: `missed` or `spurious` (themes), or `section` (the section that was given).
        score: What the model gave the label; a section's posterior.
    """

    kind: str
    label: str
    score: float

    @property
    def sureness(self) -> float:
        """How sure the model was, from 0 to 1."""
        return 1 - self.score if self.kind == "missed" else self.score


@dataclass(frozen=True, slots=True)
class WorstError:
    """A paragraph with its wrong labels, the worst first."""

    document: str
    index: int
    path: tuple[str, ...]
    clean: str
    section: str
    themes: tuple[str, ...]
    given_section: str
    given_themes: tuple[str, ...]
    band: str
    wrong: tuple[WrongLabel, ...]


def worst_errors(answers: Answers, model: ModelTags, scheme: Scheme, most: int = SHOWN) -> tuple[WorstError, ...]:
    """Return the paragraphs with the surest wrong labels, the worst first."""
    found = []
    for row in range(len(answers.examples)):
        wrong = sorted(_wrong_labels(row, answers, model, scheme), key=lambda label: -label.sureness)
        if wrong:
            found.append((-wrong[0].sureness, row, tuple(wrong)))
    return tuple(_error(row, wrong, answers, model, scheme) for _, row, wrong in sorted(found)[:most])


def _wrong_labels(row: int, answers: Answers, model: ModelTags, scheme: Scheme) -> Iterator[WrongLabel]:
    section = int(model.given.sections[row])
    if section != answers.sections[row]:
        yield WrongLabel("section", scheme.section_ids[section], float(model.section_scores[row, section]))
    for column, theme in enumerate(scheme.theme_ids):
        if model.given.themes[row, column] != answers.themes[row, column]:
            kind = "missed" if answers.themes[row, column] else "spurious"
            yield WrongLabel(kind, theme, float(model.theme_scores[row, column]))


def _error(row: int, wrong: tuple[WrongLabel, ...], answers: Answers, model: ModelTags, scheme: Scheme) -> WorstError:
    example, given = answers.examples[row], model.given.themes[row]
    return WorstError(
        document=example.document,
        index=example.index,
        path=example.path,
        clean=example.clean,
        section=example.section,
        themes=example.themes,
        given_section=scheme.section_ids[int(model.given.sections[row])],
        given_themes=tuple(theme for theme, has in zip(scheme.theme_ids, given, strict=True) if has),
        band="sure" if model.sure[row] else "check",
        wrong=wrong,
    )
