"""Two or more sides, each of one or more tagged reports, put beside each other. Pure: values in, a `Comparison` out.

    a, b = (figures_of(report, scheme) for report in reports)
    compare([Side("2021", (a,)), Side("2022", (b,))], scheme).themes[0].difference  ->  0.031

How a report is counted is for `counts`; reading, tagging and showing are for others. A theme is **found** in a report
where any of its paragraphs has it, headings too. What is not found may still be there, for a model can miss it, so a
report without a theme names its nearest paragraph: the one whose score came closest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fazhi.model.labels import HEADING, Scheme
from fazhi.model.tagger import TaggedParagraph, TaggedReport
from fazhi.serving.counts import Counts, Tally, count, count_sections

LETTERS = "ABCDEF"
"""What sides are called; there are at most as many."""

_WORDS = 80  # characters of a paragraph that are quoted


@dataclass(frozen=True, slots=True)
class Nearest:
    """The paragraph of a report that came closest to a theme which it does not have.

    Attributes:
        index: Of the paragraph in its report.
        score: Under the theme's threshold.
        words: How its clean text begins.
    """

    index: int
    score: float
    words: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """A report in which a theme is not found; `nearest` is None where no paragraph may carry themes."""

    document: str
    nearest: Nearest | None


@dataclass(frozen=True, slots=True)
class Figures:
    """All that a comparison keeps of one report.

    Attributes:
        sections: Of the scheme's sections without `heading`, in their order.
        not_found: Of the themes in scheme order; None where the theme is found.
    """

    document: str
    sha256: str
    counts: Counts
    sections: Tally
    not_found: tuple[NotFound | None, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """What the user put on one side: its reports, at least one, and how many inputs of it could not be tagged."""

    name: str
    reports: tuple[Figures, ...]
    skipped: int = 0

    @property
    def body(self) -> int:
        """Body paragraphs."""
        return sum(each.counts.body for each in self.reports)

    @property
    def characters(self) -> int:
        """Characters of the body."""
        return sum(each.counts.characters for each in self.reports)


@dataclass(frozen=True, slots=True)
class Treatment:
    """One theme or section on one side.

    Attributes:
        paragraphs: Of the body.
        share: Of the characters of the side's body, 0 to 1.
        reports: Of the side.
        found_in: Reports in which it is found.
        not_found: The other reports, for themes only.
    """

    paragraphs: int
    share: float
    reports: int
    found_in: int
    not_found: tuple[NotFound, ...] = ()

    @property
    def found(self) -> bool:
        """Whether any report of the side has it."""
        return self.found_in > 0

    @property
    def nearest(self) -> tuple[str, Nearest] | None:
        """The document and its paragraph that came closest, where the side does not have the theme at all."""
        near = [(each.document, each.nearest) for each in self.not_found if each.nearest]
        return max(near, key=lambda pair: pair[1].score) if near and not self.found else None


@dataclass(frozen=True, slots=True)
class Line:
    """One theme or section on all sides, in their order."""

    id: str
    sides: tuple[Treatment, ...]

    @property
    def difference(self) -> float:
        """Share on the last side less share on the first."""
        return self.sides[-1].share - self.sides[0].share

    @property
    def found_on(self) -> tuple[int, ...]:
        """The sides on which it is found."""
        return tuple(place for place, each in enumerate(self.sides) if each.found)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Sides beside each other.

    Attributes:
        themes: In scheme order.
        sections: In scheme order, without headings, which are no body.
        same: Every side has the same reports, so that every difference is zero.
        shared: Reports that stand on more than one side.
    """

    sides: tuple[Side, ...]
    themes: tuple[Line, ...]
    sections: tuple[Line, ...]
    same: bool
    shared: int


def figures_of(report: TaggedReport, scheme: Scheme) -> Figures:
    """Take from a report what a comparison needs of it; the report itself can go."""
    found = {theme for each in report.paragraphs for theme in each.themes}
    may = [each for each in report.paragraphs if each.section not in scheme.unthemed]
    return Figures(
        document=report.document,
        sha256=report.sha256,
        counts=count(report),
        sections=count_sections(report, _body_sections(scheme)),
        not_found=tuple(
            None if theme in found else NotFound(report.document, _nearest(may, place))
            for place, theme in enumerate(scheme.theme_ids)
        ),
    )


def compare(sides: Sequence[Side], scheme: Scheme) -> Comparison:
    """Put sides beside each other, each of which has at least one report, tagged with this scheme."""
    hashes = [sorted(each.sha256 for each in side.reports) for side in sides]
    standing = [sha for side in hashes for sha in set(side)]
    return Comparison(
        sides=tuple(sides),
        themes=_lines(scheme.theme_ids, [_themes_of(side) for side in sides]),
        sections=_lines(_body_sections(scheme), [_sections_of(side) for side in sides]),
        same=all(each == hashes[0] for each in hashes),
        shared=sum(standing.count(sha) > 1 for sha in set(standing)),
    )


def first_words(tagged: TaggedParagraph) -> str:
    """Return how the clean text of a paragraph begins, on one line."""
    clean = " ".join(tagged.paragraph.clean.split())
    return clean if len(clean) <= _WORDS else clean[:_WORDS] + "…"


def _body_sections(scheme: Scheme) -> tuple[str, ...]:
    return tuple(section for section in scheme.section_ids if section != HEADING)


def _nearest(paragraphs: Sequence[TaggedParagraph], theme: int) -> Nearest | None:
    if not paragraphs:
        return None
    best = max(paragraphs, key=lambda each: each.theme_scores[theme])
    return Nearest(best.paragraph.index, best.theme_scores[theme], first_words(best))


def _lines(labels: Sequence[str], columns: Sequence[Sequence[Treatment]]) -> tuple[Line, ...]:
    return tuple(Line(label, treatments) for label, treatments in zip(labels, zip(*columns, strict=True), strict=True))


def _themes_of(side: Side) -> list[Treatment]:
    counted = [Tally(each.counts.theme_paragraphs, each.counts.theme_characters) for each in side.reports]
    treatments = []
    for place, (paragraphs, share) in enumerate(_sums(side, counted)):
        gaps = [each.not_found[place] for each in side.reports]
        without = tuple(each for each in gaps if each)
        treatments.append(Treatment(paragraphs, share, len(gaps), len(gaps) - len(without), without))
    return treatments


def _sections_of(side: Side) -> list[Treatment]:
    counted = [each.sections for each in side.reports]
    return [
        Treatment(paragraphs, share, len(counted), sum(each.paragraphs[place] > 0 for each in counted))
        for place, (paragraphs, share) in enumerate(_sums(side, counted))
    ]


def _sums(side: Side, counted: Sequence[Tally]) -> list[tuple[int, float]]:
    """Return paragraphs and share of the side's body text for every label."""
    paragraphs = map(sum, zip(*(each.paragraphs for each in counted), strict=True))
    characters = map(sum, zip(*(each.characters for each in counted), strict=True))
    return [(many, part / max(side.characters, 1)) for many, part in zip(paragraphs, characters, strict=True)]
