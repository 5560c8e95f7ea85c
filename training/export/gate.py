"""What an export changed: two bundles' scores of the same answered reports to one comparison, and whether it passes.

    compare(reports, before, after, decisions, scheme).passes  ->  False where the export errs too much

Pure. The limits are those of the export gate: no theme loses more than 0.005 F1, at most 0.5 % of the theme decisions
that were open (probability between 0.05 and 0.95) change. The answers may have been trained on: what counts is the
difference between the two bundles, not how right either is. What changes on paragraphs that neither was trained on,
where more decisions are close, is counted and told, and refuses nothing.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fazhi.model.bundle import Decisions
from fazhi.model.labels import Scheme, theme_flags
from fazhi.model.scorers import Scores
from fazhi.model.tagger import tag_scores
from fazhi.training.evaluate import evaluate
from fazhi.training.rows import AnsweredReport

MOST_LOST = 0.005
MOST_CHANGED = 0.005
OPEN = (0.05, 0.95)


@dataclass(frozen=True, slots=True)
class Worst:
    """The score that moved furthest."""

    document: str
    index: int
    theme: str
    before: float
    after: float
    text: str


@dataclass(frozen=True, slots=True)
class Unseen:
    """What an export changed on paragraphs without answers.

    Attributes:
        paragraphs: How many were compared.
        open: Theme decisions with a probability in `OPEN` before.
        changed: How many of those went the other way.
    """

    paragraphs: int
    open: int
    changed: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an export changed.

    Attributes:
        paragraphs: How many were compared.
        open: Theme decisions with a probability in `OPEN` before.
        changed: How many of those went the other way.
        largest_loss: The most F1 that a theme lost; negative where all gained.
        loser: Which theme that was.
        sections_changed: Paragraphs whose section went another way.
        worst: The theme score that moved furthest.
        unseen: The same question on paragraphs that no bundle was trained on; None where there are none.
    """

    paragraphs: int
    open: int
    changed: int
    largest_loss: float
    loser: str
    sections_changed: int
    worst: Worst
    unseen: Unseen | None = None

    @property
    def passes(self) -> bool:
        """Whether the export may be used."""
        return self.largest_loss <= MOST_LOST and self.changed <= MOST_CHANGED * self.open

    def as_json(self) -> dict[str, Any]:
        """Return plain values for a manifest: figures, without the text."""
        return {name: value for name, value in asdict(self).items() if name != "worst"}

    def __str__(self) -> str:
        worst, unseen = self.worst, self.unseen
        elsewhere = f" ({unseen.changed} of {unseen.open} on texts without answers)" if unseen else ""
        return (
            f"{self.changed} of {self.open} open theme decisions changed{elsewhere}, "
            f"{self.sections_changed} of {self.paragraphs} sections; largest loss of F1 {self.largest_loss:.4f} "
            f"({self.loser}); furthest: {worst.document} paragraph {worst.index}, {worst.theme} "
            f"{worst.before:.3f} -> {worst.after:.3f}: {worst.text}"
        )


def compare(
    reports: Sequence[AnsweredReport],
    before: Sequence[Scores],
    after: Sequence[Scores],
    decisions: Decisions,
    scheme: Scheme,
) -> Comparison:
    """Compare the scores that two bundles with the same decisions gave reports."""
    (one, one_sections), (other, other_sections) = (
        _tags(reports, found, decisions, scheme) for found in (before, after)
    )
    answers = np.concatenate([report.themes for report in reports])
    sections = np.concatenate([report.sections for report in reports])
    scores = np.concatenate([found.themes for found in before])
    is_open = (scores > OPEN[0]) & (scores < OPEN[1])
    f1 = [
        np.array([each.f1 for each in evaluate(tags, answers, kinds, sections, scheme).themes])
        for tags, kinds in ((one, one_sections), (other, other_sections))
    ]
    lost = f1[0] - f1[1]
    return Comparison(
        paragraphs=len(answers),
        open=int(is_open.sum()),
        changed=int((is_open & (one != other)).sum()),
        largest_loss=float(lost.max()),
        loser=scheme.theme_ids[int(lost.argmax())],
        sections_changed=int((one_sections != other_sections).sum()),
        worst=_worst(reports, scores, np.concatenate([found.themes for found in after]), scheme),
    )


def compare_unseen(before: Scores, after: Scores, decisions: Decisions) -> Unseen:
    """Compare the theme scores that two bundles with the same decisions gave paragraphs without answers."""
    is_open = (before.themes > OPEN[0]) & (before.themes < OPEN[1])
    given, given_after = (scores.themes >= decisions.theme_thresholds for scores in (before, after))
    return Unseen(len(before.themes), int(is_open.sum()), int((is_open & (given != given_after)).sum()))


def _tags(
    reports: Sequence[AnsweredReport], found: Sequence[Scores], decisions: Decisions, scheme: Scheme
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return given themes (n, themes) and sections (n,)."""
    tagged = [
        each
        for report, scores in zip(reports, found, strict=True)
        for each in tag_scores(report.paragraphs, scores, scheme, decisions)
    ]
    themes = theme_flags([each.themes for each in tagged], scheme)
    return themes, np.array([scheme.section_ids.index(each.section) for each in tagged])


def _worst(
    reports: Sequence[AnsweredReport], before: NDArray[np.float64], after: NDArray[np.float64], scheme: Scheme
) -> Worst:
    row, column = (int(place) for place in np.unravel_index(np.abs(after - before).argmax(), before.shape))
    report, paragraph = [(report, each) for report in reports for each in report.paragraphs][row]
    moved = float(before[row, column]), float(after[row, column])
    return Worst(report.document, paragraph.index, scheme.theme_ids[column], *moved, paragraph.clean)
