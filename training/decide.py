"""Left-out logits of answered reports to `Decisions`. The rules themselves are in `decisions`."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fazhi.model.bundle import Decisions
from fazhi.model.labels import HEADING, Scheme
from fazhi.model.scorers import Logits, log_softmax, sigmoid
from fazhi.model.tagger import decode_sections, same_chapter
from fazhi.training.decisions import (
    Steps,
    chain_of,
    margin_for,
    section_temperature,
    theme_temperature,
    theme_thresholds,
)
from fazhi.training.rows import AnsweredReport
from fazhi.training.settings import DecisionSettings

Array = NDArray[np.float64]
_ALMOST_ONE = 1 - 1e-12


def decide(
    reports: Sequence[AnsweredReport], left_out: Sequence[Logits], scheme: Scheme, settings: DecisionSettings
) -> Decisions:
    """Choose thresholds, temperatures, bands and transitions.

    Args:
        reports: With their answers.
        left_out: Per report, logits of a model that was not trained on it.
        scheme: Names the columns.
        settings: How to choose.
    """
    unthemed = [scheme.section_ids.index(section) for section in scheme.unthemed]
    themes = _decide_themes(
        np.concatenate([themes for themes, _ in left_out]),
        np.concatenate([report.themes for report in reports]),
        ~np.isin(np.concatenate([report.sections for report in reports]), unthemed),
        settings,
    )
    sections = _decide_sections(reports, [sections for _, sections in left_out], scheme, settings)
    return Decisions(**themes, **sections)


def _decide_themes(
    logits: Array, answers: NDArray[np.bool_], themed: NDArray[np.bool_], settings: DecisionSettings
) -> dict[str, Any]:
    """Return the themes' part of the decisions, from left-out logits (n, themes).

    A band is a paragraph's, so its margin is too: what counts is the theme nearest to its threshold, and whether all
    themes are right, in paragraphs (`themed`, (n,)) whose section has themes at all.
    """
    temperature = theme_temperature(logits, answers)
    scores = sigmoid(logits / temperature)
    thresholds = theme_thresholds(scores, answers, settings.threshold_shrink)
    cuts = np.log(thresholds) - np.log1p(-np.array(thresholds))
    distances = np.abs(logits / temperature - cuts).min(axis=1)
    right = ((scores >= thresholds) == answers).all(axis=1)
    return {
        "theme_thresholds": thresholds,
        "theme_temperature": temperature,
        "theme_margin": margin_for(distances[themed], right[themed], settings.sure_themes),
    }


def _decide_sections(
    reports: Sequence[AnsweredReport], logits: Sequence[Array], scheme: Scheme, settings: DecisionSettings
) -> dict[str, Any]:
    """Return the section's part of the decisions, from left-out logits (n, sections) of each report."""
    heading = scheme.section_ids.index(HEADING)
    answers = np.concatenate([report.sections for report in reports])
    body = answers != heading
    others = np.delete(np.concatenate(logits)[body], heading, axis=1)
    temperature = section_temperature(others, _without(answers[body], heading))
    chain = chain_of([_steps_of(report, heading) for report in reports], len(scheme.sections), settings.chain_prior)
    posteriors = np.concatenate(
        [
            decode_sections(report.paragraphs, log_softmax(each / temperature), heading, chain)
            for report, each in zip(reports, logits, strict=True)
        ]
    )[body]
    certainty = np.log(posteriors.max(axis=1)) - np.log1p(-np.minimum(posteriors.max(axis=1), _ALMOST_ONE))
    right = posteriors.argmax(axis=1) == answers[body]
    margin = margin_for(certainty, right, settings.sure_section)
    return {"section_temperature": temperature, "section_minimum": float(sigmoid(np.array(margin))), "chain": chain}


def _steps_of(report: AnsweredReport, heading: int) -> Steps:
    """Return what follows what; where paragraphs between two were not answered, nothing is known of their order."""
    body, paragraphs = np.flatnonzero(report.sections != heading), report.paragraphs
    pairs = [
        (one, other) for one, other in pairwise(body) if paragraphs[other].index - paragraphs[one].index == other - one
    ]
    before, after = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    opening = body[:1] if len(body) and paragraphs[body[0]].index == body[0] else body[:0]
    return Steps(
        report.sections[opening],
        report.sections[before],
        report.sections[after],
        np.array([same_chapter(paragraphs[one], paragraphs[other]) for one, other in pairs], dtype=bool),
    )


def _without(columns: NDArray[np.int64], left_out: int) -> NDArray[np.int64]:
    return np.asarray(columns - (columns > left_out))
