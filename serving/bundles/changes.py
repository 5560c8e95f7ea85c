"""Two bundles on the same reports: which paragraphs they tag differently. Pure: tagged reports in, `Changes` out.

changes_of([(by_a, by_b)], scheme).paragraphs[0].themes  ->  (("enforcement",), ("enforcement", "digital"))
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fazhi.model.labels import Scheme
from fazhi.model.tagger import TaggedParagraph, TaggedReport
from fazhi.serving.compare import first_words


@dataclass(frozen=True, slots=True)
class Moved:
    """The score that moved furthest between two bundles."""

    theme: str
    was: float
    now: float


@dataclass(frozen=True, slots=True)
class Change:
    """A paragraph whose section or themes differ; pairs are of the first bundle and the second.

    Attributes:
        words: How its clean text begins.
        furthest: Of its themes' scores.
    """

    document: str
    index: int
    words: str
    sections: tuple[str, str]
    section_scores: tuple[float, float]
    themes: tuple[tuple[str, ...], tuple[str, ...]]
    furthest: Moved

    @property
    def gained(self) -> tuple[str, ...]:
        """Themes that only the second bundle gives."""
        return tuple(theme for theme in self.themes[1] if theme not in self.themes[0])

    @property
    def lost(self) -> tuple[str, ...]:
        """Themes that only the first bundle gives."""
        return tuple(theme for theme in self.themes[0] if theme not in self.themes[1])

    @property
    def size(self) -> float:
        """How far a probability moved, 0 to 1, to order changes by.

        Where the section differs, that of the old one fell at least from its score to what the new one leaves.
        """
        themes = abs(self.furthest.now - self.furthest.was)
        return max(themes, sum(self.section_scores) - 1 if self.sections[0] != self.sections[1] else 0)


@dataclass(frozen=True, slots=True)
class ThemeChange:
    """Paragraphs of one theme under each bundle, and how many the second gained and lost."""

    id: str
    first: int
    second: int
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What two bundles decide differently.

    Attributes:
        reports: That both tagged.
        total: Their paragraphs.
        paragraphs: Those that differ, the largest change first.
        themes: In scheme order.
        sections: Paragraphs by old and new section, the most frequent first.
    """

    reports: int
    total: int
    paragraphs: tuple[Change, ...]
    themes: tuple[ThemeChange, ...]
    sections: tuple[tuple[tuple[str, str], int], ...]


def changes_of(pairs: Iterable[tuple[TaggedReport, TaggedReport]], scheme: Scheme) -> Changes:
    """Compare pairs of one report under two bundles; of each, only what differs is kept."""
    reports = total = 0
    found: list[Change] = []
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for was, now in pairs:
        reports += 1
        total += len(was.paragraphs)
        first += _themes(was)
        second += _themes(now)
        found += _changed(was, now)
    gained = Counter(theme for each in found for theme in each.gained)
    lost = Counter(theme for each in found for theme in each.lost)
    sections = Counter(each.sections for each in found if each.sections[0] != each.sections[1])
    themes = (
        ThemeChange(theme, *(count[theme] for count in (first, second, gained, lost))) for theme in scheme.theme_ids
    )
    ordered = tuple(sorted(found, key=lambda each: -each.size))
    return Changes(reports, total, ordered, tuple(themes), tuple(sections.most_common()))


def _themes(report: TaggedReport) -> Counter[str]:
    return Counter(theme for each in report.paragraphs for theme in each.themes)


def _changed(first: TaggedReport, second: TaggedReport) -> Iterator[Change]:
    for was, now in zip(first.paragraphs, second.paragraphs, strict=True):
        if (was.section, was.themes) != (now.section, now.themes):
            yield Change(
                document=first.document,
                index=was.paragraph.index,
                words=first_words(was),
                sections=(was.section, now.section),
                section_scores=(was.section_score, now.section_score),
                themes=(was.themes, now.themes),
                furthest=_furthest(was, now, first.theme_ids),
            )


def _furthest(was: TaggedParagraph, now: TaggedParagraph, theme_ids: Iterable[str]) -> Moved:
    moved = map(Moved, theme_ids, was.theme_scores, now.theme_scores)
    return max(moved, key=lambda each: abs(each.now - each.was))
