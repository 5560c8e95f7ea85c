"""How much of a report a theme or section takes: in paragraphs and in characters. Pure; every output counts with this.

    count(report)  ->  Counts(paragraphs=31, body=24, check=5, characters=4210, …)

Body is every paragraph that is no heading; headings count neither as paragraphs of a theme nor as text. A paragraph
with two themes counts in both, so that a row of shares may add up to more than one.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from fazhi.model.labels import HEADING
from fazhi.model.tagger import TaggedParagraph, TaggedReport

RULE_ZH = (
    "正文指小标题以外的全部段落,段落数和占比都只计正文;占比 = 带该主题的正文段落的字数 ÷ 全部正文字数"
    "(清洗后的文字)。一段有两个主题,两边都计,所以各占比之和可以超过 100%。"
)
RULE_EN = (
    "Body is every paragraph but headings; counts and shares take body only. Share = characters of the body paragraphs "
    "with the theme ÷ characters of all body paragraphs (cleaned text). A paragraph with two themes counts in both, so "
    "shares may add up to more than 100%."
)


@dataclass(frozen=True, slots=True)
class Counts:
    """One row: a report, or all of them.

    Attributes:
        check: Paragraphs in the band `check`, headings too.
        characters: Of the clean text of body paragraphs.
        theme_paragraphs: Body paragraphs of each theme, scheme order.
        theme_characters: Characters of their clean text.
    """

    paragraphs: int
    body: int
    check: int
    characters: int
    theme_paragraphs: tuple[int, ...]
    theme_characters: tuple[int, ...]

    @property
    def shares(self) -> tuple[float, ...]:
        """Share of the body text that each theme's paragraphs hold; 0 where there is no body."""
        return tuple(part / max(self.characters, 1) for part in self.theme_characters)


@dataclass(frozen=True, slots=True)
class Tally:
    """Body paragraphs of each label, and the characters of their clean text; as many of both as labels."""

    paragraphs: tuple[int, ...]
    characters: tuple[int, ...]


def count(report: TaggedReport) -> Counts:
    """Count a report."""
    body = _body_of(report)
    themes = _tally(body, report.theme_ids, lambda each: each.themes)
    return Counts(
        paragraphs=len(report.paragraphs),
        body=len(body),
        check=sum(each.band == "check" for each in report.paragraphs),
        characters=sum(len(each.paragraph.clean) for each in body),
        theme_paragraphs=themes.paragraphs,
        theme_characters=themes.characters,
    )


def count_sections(report: TaggedReport, sections: Sequence[str]) -> Tally:
    """Count the body paragraphs of each section, and their text."""
    return _tally(_body_of(report), sections, lambda each: (each.section,))


def total(rows: Sequence[Counts]) -> Counts:
    """Add up rows, of which there is at least one."""
    return Counts(
        paragraphs=sum(row.paragraphs for row in rows),
        body=sum(row.body for row in rows),
        check=sum(row.check for row in rows),
        characters=sum(row.characters for row in rows),
        theme_paragraphs=tuple(map(sum, zip(*(row.theme_paragraphs for row in rows), strict=True))),
        theme_characters=tuple(map(sum, zip(*(row.theme_characters for row in rows), strict=True))),
    )


def _body_of(report: TaggedReport) -> list[TaggedParagraph]:
    return [each for each in report.paragraphs if each.section != HEADING]


def _tally(
    body: Sequence[TaggedParagraph], labels: Sequence[str], of: Callable[[TaggedParagraph], Collection[str]]
) -> Tally:
    lengths = [[len(each.paragraph.clean) for each in body if label in of(each)] for label in labels]
    return Tally(tuple(map(len, lengths)), tuple(map(sum, lengths)))
