"""The tagger: one report through cutting, scoring, decoding and thresholds."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fazhi.model.bundle import Bundle, Decisions, find_bundle, read_bundle
from fazhi.model.labels import HEADING, Scheme
from fazhi.model.reading import Document, InputError, read_document
from fazhi.model.report import Paragraph, Report, segment
from fazhi.model.scorers import Scorer, Scores, load_scorer
from fazhi.model.tagger.decoding import decode_sections
from fazhi.model.tagger.earned import Earned

_ALMOST_ONE = 1e-9


@dataclass(frozen=True, slots=True)
class TaggedParagraph:
    """A paragraph with its tags.

    Attributes:
        section: Section id.
        section_score: Its posterior probability after the whole report was decoded.
        themes: Ids of the themes over their thresholds, scheme order.
        theme_scores: Calibrated probability of every theme, scheme order.
        band: `sure`, or `check` where a score is near its threshold or the section in doubt.
        earned: What earned the themes, those that some words earned, scheme order; None where nobody asked (`explain`).
    """

    paragraph: Paragraph
    section: str
    section_score: float
    themes: tuple[str, ...]
    theme_scores: tuple[float, ...]
    band: str
    earned: tuple[Earned, ...] | None = None


@dataclass(frozen=True, slots=True)
class TaggedReport:
    """A report with its tags and the name of the bundle that gave them."""

    document: str
    sha256: str
    model: str
    theme_ids: tuple[str, ...]
    paragraphs: tuple[TaggedParagraph, ...]


@dataclass(frozen=True, slots=True)
class Tagger:
    """A bundle and its scorer, ready to tag.

    Attributes:
        min_score: Raises every theme's threshold to at least this; it never lowers one.
    """

    bundle: Bundle
    scorer: Scorer
    min_score: float = 0.0

    @property
    def alone(self) -> "Tagger":
        """The same for paragraphs without their report: a section is what the paragraph itself says."""
        return replace(self, bundle=replace(self.bundle, decisions=self.bundle.decisions.unchained))

    @property
    def thresholds(self) -> list[float]:
        """The thresholds that it applies, in scheme order."""
        return applied_thresholds(self.bundle.decisions, self.min_score)

    def tag(self, report: Report | Document | Path | str) -> TaggedReport:
        """Tag one report: a path, a document that was read, or a report that was cut.

        Raises:
            InputError: The file cannot be read or holds no paragraphs.
        """
        if isinstance(report, str | Path):
            report = read_document(report)
        if isinstance(report, Document):
            report = segment(report)
        return self.tagged(report, self.scorer.score(report.paragraphs))

    def tagged(self, report: Report, scores: Scores) -> TaggedReport:
        """Give a report the tags that its scores earn."""
        bundle = self.bundle
        tagged = tag_scores(report.paragraphs, scores, bundle.scheme, bundle.decisions, self.min_score)
        return TaggedReport(report.document, report.sha256, bundle.label, bundle.scheme.theme_ids, tagged)


def applied_thresholds(decisions: Decisions, min_score: float) -> list[float]:
    """Return the themes' thresholds in scheme order, none below `min_score`."""
    return [max(threshold, min_score) for threshold in decisions.theme_thresholds]


def load_tagger(bundle: str | Path | None = None, min_score: float = 0.0, threads: int = 0) -> Tagger:
    """Load a tagger.

    Args:
        bundle: A bundle folder, or the name of one that ships (`find_bundle` searches other places too); the default
            bundle without it.
        min_score: Probability from 0 to 1 under which no theme is given, whatever its threshold.
        threads: For an encoder on the CPU; 0 takes as many as there are cores.

    Raises:
        InputError: No such bundle, or one that does not match this version; min_score out of range.
    """
    if not 0.0 <= min_score <= 1.0:
        raise InputError("--min-score", f"should lie between 0 and 1, found {min_score}")
    found = read_bundle(find_bundle(bundle))
    return Tagger(found, load_scorer(found, threads), min_score)


def tag_scores(
    paragraphs: tuple[Paragraph, ...], scores: Scores, scheme: Scheme, decisions: Decisions, min_score: float = 0.0
) -> tuple[TaggedParagraph, ...]:
    """Turn the scores of a report's paragraphs into tags. Pure."""
    heading = scheme.section_ids.index(HEADING)
    posteriors = decode_sections(paragraphs, scores.sections, heading, decisions.chain)
    thresholds = np.array(applied_thresholds(decisions, min_score))
    given = scores.themes >= thresholds
    near = np.abs(log_odds(scores.themes) - log_odds(thresholds)) < decisions.theme_margin
    tagged = []
    for row, paragraph in enumerate(paragraphs):
        section = scheme.section_ids[int(posteriors[row].argmax())]
        score = float(posteriors[row].max())
        themed = section not in scheme.unthemed
        themes = tuple(theme for theme, has in zip(scheme.theme_ids, given[row], strict=True) if has and themed)
        doubtful = score < decisions.section_minimum or (themed and bool(near[row].any()))
        tagged.append(
            TaggedParagraph(
                paragraph,
                section,
                score,
                themes,
                tuple(map(float, scores.themes[row])),
                "check" if doubtful else "sure",
            )
        )
    return tuple(tagged)


def log_odds(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what `sigmoid` makes a probability of, up to 20.7 on either side."""
    clipped = np.clip(probability, _ALMOST_ONE, 1 - _ALMOST_ONE)
    return np.asarray(np.log(clipped) - np.log1p(-clipped))
