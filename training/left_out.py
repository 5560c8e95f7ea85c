"""Ways to leave documents out, and what their models said: logits per report to tags as the tagger gives them.

    Protocol("folds", …) holds out a fifth of the documents at a time;  Protocol("real", …) one real report at a time

Decisions for a held-out part are chosen on the logits that the `folds` protocol gave all *other* documents: each of
those logits comes from a model that had not seen that document (though it may have seen the part). Nothing is trained
here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fazhi.model.bundle import Decisions
from fazhi.model.labels import HEADING, LeftOut, Scheme, theme_flags, uid_of
from fazhi.model.scorers import Logits, Scores, calibrated
from fazhi.model.tagger import decode_sections, tag_scores
from fazhi.training.decide import decide
from fazhi.training.evaluate import Evaluation, evaluate
from fazhi.training.rows import GOLD, AnsweredReport
from fazhi.training.settings import DecisionSettings
from fazhi.training.splits import editions, folds

FOLDS, REAL = "folds", "real"
_FEWEST_REAL = 3

Found = Mapping[int, Logits]
"""Logits by the place of their report; every report was left out of the model that gave them."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """Which reports are held out together, one part after the other; the rest is trained on."""

    name: str
    title: str
    parts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a protocol found, on all paragraphs of the held-out reports and on body paragraphs alone."""

    title: str
    everything: Evaluation
    body: Evaluation

    def as_json(self) -> dict[str, Any]:
        """Return plain values for a manifest."""
        return {"body": self.body.as_json(), "all": self.everything.as_json()}


@dataclass(frozen=True, slots=True, eq=False)
class Conclusion:
    """What follows from left-out logits: decisions for the final model, rows of oof.jsonl, figures."""

    decisions: Decisions
    rows: tuple[LeftOut, ...]
    measured: tuple[Measured, ...]


def protocols(reports: Sequence[AnsweredReport], count: int, seed: int) -> list[Protocol]:
    """Return the ways to leave out: folds over everything, and, where others were written, every real report alone.

    Near-identical reports are held out together; of those that only a real report is one of, the others stay.
    """
    groups = editions(reports)
    parts = folds([report.source for report in reports], count, seed, groups)
    title = f"{len(parts)} folds by document over {len(reports)} documents"
    real = [here for here, report in enumerate(reports) if report.source == GOLD]
    both = _FEWEST_REAL <= len(real) < len(reports)
    mixed = ", real and written" if both else ""
    found = [Protocol(FOLDS, title + mixed, tuple(tuple(part.tolist()) for part in parts))]
    if both:
        alone = [
            tuple(here for here in real if groups[here] == group)
            for group in dict.fromkeys(groups[each] for each in real)
        ]
        found.append(Protocol(REAL, f"Leave one of {len(real)} real reports out", tuple(alone)))
    return found


def conclude(
    ways: Sequence[Protocol],
    found: Sequence[Found],
    reports: Sequence[AnsweredReport],
    scheme: Scheme,
    settings: DecisionSettings,
    model: str,
) -> Conclusion:
    """Tag every held-out part with decisions chosen without it, and compare with the answers.

    Args:
        ways: Protocols; the first is `folds`.
        found: What each of them found.
        reports: With their answers.
        scheme: Names the columns.
        settings: How to choose decisions.
        model: Name of what was trained, for the rows.
    """

    def decided(part: tuple[int, ...]) -> Decisions:
        others = [here for here in range(len(reports)) if here not in part]
        return decide([reports[here] for here in others], [found[0][here] for here in others], scheme, settings)

    rows: list[LeftOut] = []
    for protocol, logits in zip(ways, found, strict=True):
        for number, part in enumerate(protocol.parts):
            decisions = decided(part)
            for here in part:
                scores = calibrated(logits[here], decisions)
                rows += rows_of_scores(reports[here], scores, decisions, scheme, (protocol.name, number, model))
    figures = [_measured(protocol, rows, reports, scheme) for protocol in ways]
    real = _real_among(ways[0], reports)
    if real is not None:
        figures.insert(1, _measured(real, rows, reports, scheme))
    return Conclusion(decided(()), tuple(rows), tuple(figures))


def _real_among(protocol: Protocol, reports: Sequence[AnsweredReport]) -> Protocol | None:
    """Return the folds with nothing but their real reports in view; None where there are no others."""
    parts = tuple(tuple(here for here in part if reports[here].source == GOLD) for part in protocol.parts)
    count = sum(map(len, parts))
    if not 0 < count < len(reports):
        return None
    title = f"The {count} real reports in those folds, each left out with a share of the written documents"
    return Protocol(protocol.name, title, parts)


def rows_of_scores(
    report: AnsweredReport, scores: Scores, decisions: Decisions, scheme: Scheme, said: tuple[str, int, str]
) -> list[LeftOut]:
    """Return what was `said` (protocol, part, model) of a report: scores, and the tags that decisions make of them."""
    heading = scheme.section_ids.index(HEADING)
    posteriors = decode_sections(report.paragraphs, scores.sections, heading, decisions.chain)
    tagged = tag_scores(report.paragraphs, scores, scheme, decisions)
    protocol, part, model = said
    return [
        LeftOut(
            uid=uid,
            document=report.document,
            sha256=report.sha256,
            index=each.paragraph.index,
            protocol=protocol,
            part=part,
            model=model,
            scheme=scheme.fingerprint,
            theme_scores=each.theme_scores,
            section_scores=tuple(map(float, posterior)),
            section=each.section,
            themes=each.themes,
            band=each.band,
        )
        for uid, each, posterior in zip(_uids(report), tagged, posteriors, strict=True)
    ]


def _measured(
    protocol: Protocol, rows: Sequence[LeftOut], reports: Sequence[AnsweredReport], scheme: Scheme
) -> Measured:
    """Compare what a protocol's models said with the answers."""
    said = {row.uid: row for row in rows if row.protocol == protocol.name}
    places = sorted(here for part in protocol.parts for here in part)
    order = [said[uid] for here in places for uid in _uids(reports[here])]
    given = theme_flags([row.themes for row in order], scheme)
    sections = np.array([scheme.section_ids.index(row.section) for row in order])
    answers = np.concatenate([reports[here].themes for here in places])
    section_answers = np.concatenate([reports[here].sections for here in places])
    body = section_answers != scheme.section_ids.index(HEADING)
    return Measured(
        protocol.title,
        everything=evaluate(given, answers, sections, section_answers, scheme),
        body=evaluate(given[body], answers[body], sections[body], section_answers[body], scheme),
    )


def _uids(report: AnsweredReport) -> list[str]:
    return [uid_of(report.sha256, each.start, each.end) for each in report.paragraphs]
