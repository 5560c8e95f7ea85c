"""Examples to training rows of the linear model: token blocks with answers, of reports and of the scheme's own words.

Groups examples into reports, the unit of every split. Fitting is in `fit_linear`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fazhi.model.labels import HEADING, Example, Scheme, theme_flags
from fazhi.model.report import Paragraph
from fazhi.model.scorers.features import BLOCKS, blocks_of, grams, head_grams
from fazhi.training.headings import AnsweredHeading
from fazhi.training.sentences import AnsweredSentence

GOLD = "gold"
"""Source of the examples whose documents are real reports, not written for training."""
Array = NDArray[np.float64]
Blocks = tuple[Counter[str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class AnsweredReport:
    """The paragraphs of one report with their answers.

    Attributes:
        document: What the file was called.
        sha256: Of its text.
        source: Where the answers came from, as in the examples.
        themes: (n, themes).
        sections: (n,), columns in scheme order.
    """

    document: str
    sha256: str
    source: str
    paragraphs: tuple[Paragraph, ...]
    themes: NDArray[np.bool_]
    sections: NDArray[np.int64]


def answered_reports(examples: Sequence[Example], scheme: Scheme) -> list[AnsweredReport]:
    """Group examples by the hash of their document, paragraphs in order: the folds of everything that follows."""
    groups: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        groups[example.sha256].append(example)
    return [_report_of(sorted(group, key=lambda example: example.index), scheme) for group in groups.values()]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Training rows: token blocks with answers; a row may be for the theme heads, the section head or both."""

    blocks: list[Blocks]
    themes: NDArray[np.bool_]
    sections: NDArray[np.int64]
    importance: Array
    for_themes: NDArray[np.bool_]
    for_sections: NDArray[np.bool_]


def rows_of(reports: Sequence[AnsweredReport], scheme: Scheme) -> Rows:
    """Return a row for every paragraph; headings have no say in the section."""
    sections = np.concatenate([report.sections for report in reports])
    return Rows(
        blocks=[blocks for report in reports for blocks in blocks_of(report.paragraphs)],
        themes=np.concatenate([report.themes for report in reports]),
        sections=sections,
        importance=np.ones(len(sections)),
        for_themes=np.ones(len(sections), dtype=bool),
        for_sections=sections != scheme.section_ids.index(HEADING),
    )


def scheme_rows(scheme: Scheme, weight: float) -> Rows:
    """Return the scheme's own words as rows.

    Every phrase of a theme's name and `takes` is a paragraph about it; every phrase of a section's name and definition
    is both a paragraph of that section and the chapter heading above one.
    """
    blocks: list[Blocks] = []
    answers: list[tuple[int, int]] = []  # (theme or -1, section or -1)
    for column, theme in enumerate(scheme.themes):
        for phrase in _phrases(theme.zh, theme.takes):
            blocks.append(_blocks(text=grams(phrase)))
            answers.append((column, -1))
    for column, section in enumerate(scheme.sections):
        for phrase in _phrases(section.zh, section.definition) if section.id != HEADING else ():
            blocks += [_blocks(text=grams(phrase)), _blocks(chapter=head_grams(phrase))]
            answers += [(-1, column)] * 2
    themes, sections = (np.array(column) for column in zip(*answers, strict=True))
    return Rows(
        blocks=blocks,
        themes=themes[:, None] == np.arange(len(scheme.themes)),
        sections=sections,
        importance=np.full(len(answers), weight),
        for_themes=(themes >= 0) & (weight > 0),
        for_sections=(sections >= 0) & (weight > 0),
    )


def _phrases(*texts: str) -> list[str]:
    return [phrase for text in texts for phrase in re.split("[,、;]", text) if phrase]


def sentence_rows(sentences: Sequence[AnsweredSentence], scheme: Scheme, weight: float) -> Rows:
    """Return answered sentences as rows for the themes: texts of which nothing else is known."""
    count = len(sentences)
    return Rows(
        blocks=[_blocks(text=grams(each.text)) for each in sentences],
        themes=theme_flags([each.answers[0] for each in sentences], scheme),
        sections=np.zeros(count, dtype=np.int64),
        importance=np.full(count, weight),
        for_themes=np.full(count, weight > 0),
        for_sections=np.zeros(count, dtype=bool),
    )


def heading_rows(headings: Sequence[AnsweredHeading]) -> list[Blocks]:
    """Return the blocks of paragraphs of which nothing is known but what stands above them."""
    return [_blocks(chapter=head_grams(each.path[0]), head=head_grams(each.path[-1])) for each in headings]


def _blocks(**tokens: Iterable[str]) -> Blocks:
    return tuple(Counter(tokens.get(name, ())) for name in BLOCKS)


def join(*parts: Rows) -> Rows:
    """Return the rows of all parts, one after the other."""
    return Rows(
        blocks=[blocks for part in parts for blocks in part.blocks],
        themes=np.concatenate([part.themes for part in parts]),
        sections=np.concatenate([part.sections for part in parts]),
        importance=np.concatenate([part.importance for part in parts]),
        for_themes=np.concatenate([part.for_themes for part in parts]),
        for_sections=np.concatenate([part.for_sections for part in parts]),
    )


def _report_of(examples: Sequence[Example], scheme: Scheme) -> AnsweredReport:
    themes = theme_flags([example.themes for example in examples], scheme)
    sections = np.array([scheme.section_ids.index(example.section) for example in examples])
    first = examples[0]
    paragraphs = tuple(map(_paragraph_of, examples))
    return AnsweredReport(first.document, first.sha256, first.source, paragraphs, themes, sections)


def _paragraph_of(example: Example) -> Paragraph:
    return Paragraph(
        index=example.index,
        count=example.count,
        start=example.start,
        end=example.end,
        text=example.text,
        clean=example.clean,
        level=example.level,
        marker=example.marker,
        path=example.path,
        flags=(),
    )
