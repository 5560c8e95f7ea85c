"""A trial's figures: for every model and annotator, on body paragraphs and on all, with intervals and differences.

    assess(trial, scheme, baseline, 2000, rng).models[0].body.intervals["exact"]  ->  Interval(0.71, 0.83)

Puts together what the other files of this room measure; shows nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from fazhi.model.labels import HEADING, Scheme
from fazhi.training.evaluate import evaluate
from fazhi.training.evaluation.calibration import calibrate
from fazhi.training.evaluation.confusion import section_confusion, theme_confusion
from fazhi.training.evaluation.counts import (
    COARSE,
    METRICS,
    Interval,
    Ratios,
    count,
    headline,
    interval,
    ratios,
    resamples,
)
from fazhi.training.evaluation.figures import Assessment, Band, Change, Difference, Figures, ReportFigures, TrialFigures
from fazhi.training.evaluation.material import Answers, Array, Columns, Flags, Given, ModelTags, Trial
from fazhi.training.evaluation.worst import worst_errors
from fazhi.training.rows import GOLD

BANDS = ("sure", "check")


@dataclass(frozen=True, slots=True, eq=False)
class _Draw:
    """What stays the same for everybody in a trial."""

    scheme: Scheme
    drawn: Columns
    documents: int


def assess(
    trial: Trial, scheme: Scheme, baseline: str | None, count_of_resamples: int, rng: np.random.Generator
) -> TrialFigures:
    """Measure everybody in a trial.

    Args:
        trial: Answers and tags.
        scheme: Names of the columns.
        baseline: The model that the others are compared with; no comparison where the trial lacks it.
        count_of_resamples: Documents are drawn so many times over.
        rng: Draws the documents.
    """
    answers = trial.answers
    documents = int(answers.documents.max()) + 1
    draw = _Draw(scheme, resamples(documents, count_of_resamples, rng), documents)
    body = answers.sections != scheme.section_ids.index(HEADING)
    return TrialFigures(
        protocol=trial.protocol,
        documents=documents,
        paragraphs=len(body),
        body_paragraphs=int(body.sum()),
        coarse=documents < COARSE,
        models=tuple(_model_figures(answers, model, body, draw) for model in trial.models),
        annotators=tuple(
            _figures(answers.where(each.rows), each.given, body[each.rows], draw) for each in trial.annotators
        ),
        differences=tuple(
            _difference(trial, model, baseline, body, draw)
            for model in trial.models
            if baseline in trial.names and model.given.name != baseline
        ),
    )


def _model_figures(answers: Answers, model: ModelTags, body: Flags, draw: _Draw) -> Figures:
    on_body, on_all = (
        _assess_model(answers.where(rows), model.where(rows), draw) for rows in (body, np.ones_like(body))
    )
    return Figures(model.given.name, on_body, on_all, worst_errors(answers, model, draw.scheme))


def _figures(answers: Answers, given: Given, body: Flags, draw: _Draw) -> Figures:
    on_body = _assess(answers.where(body), given.where(body), draw)
    return Figures(given.name, on_body, _assess(answers, given, draw))


def _assess_model(answers: Answers, model: ModelTags, draw: _Draw) -> Assessment:
    plain = _assess(answers, model.given, draw)
    return replace(plain, calibration=calibrate(answers, model, draw.scheme), bands=_bands(answers, model))


def _assess(answers: Answers, given: Given, draw: _Draw) -> Assessment:
    scheme = draw.scheme
    counted = count(answers, given, len(scheme.sections), draw.documents)
    found = ratios(counted, draw.drawn)
    alone = ratios(counted, np.eye(draw.documents, dtype=np.int64))
    return Assessment(
        evaluation=evaluate(given.themes, answers.themes, given.sections, answers.sections, scheme),
        intervals={name: interval(values) for name, values in found.metrics.items()},
        theme_intervals=_label_intervals(scheme.theme_ids, found.themes),
        section_intervals=_label_intervals(scheme.section_ids, found.sections),
        theme_confusion=theme_confusion(answers, given),
        section_confusion=section_confusion(answers, given, len(scheme.sections)),
        reports=_reports(answers, counted.paragraphs, alone),
    )


def _label_intervals(ids: Sequence[str], values: Array) -> dict[str, Interval | None]:
    return {name: interval(values[:, column]) for column, name in enumerate(ids)}


def _reports(answers: Answers, paragraphs: Columns, alone: Ratios) -> tuple[ReportFigures, ...]:
    """Return the figures of each real report that has paragraphs here."""
    names = {
        int(number): example.document
        for number, example in zip(answers.documents, answers.examples, strict=True)
        if example.source == GOLD
    }
    metrics = alone.metrics
    return tuple(
        ReportFigures(
            document=name,
            paragraphs=int(paragraphs[row]),
            theme_micro_f1=_or_none(metrics["theme_micro_f1"][row]),
            exact=float(metrics["exact"][row]),
            section_accuracy=float(metrics["section_accuracy"][row]),
        )
        for row, name in names.items()
    )


def _bands(answers: Answers, model: ModelTags) -> tuple[Band, ...]:
    exact = (model.given.themes == answers.themes).all(axis=1)
    section = model.given.sections == answers.sections
    return tuple(
        Band(
            id=name,
            paragraphs=int(rows.sum()),
            share=float(rows.mean()),
            exact=_share(exact, rows),
            section_accuracy=_share(section, rows),
            all_right=_share(exact & section, rows),
        )
        for name, rows in zip(BANDS, (model.sure, ~model.sure), strict=True)
    )


def _difference(trial: Trial, model: ModelTags, baseline: str | None, body: Flags, draw: _Draw) -> Difference:
    other = next(each for each in trial.models if each.given.name == baseline)
    on_body, on_all = (
        _changes(trial.answers.where(rows), model.given.where(rows), other.given.where(rows), draw)
        for rows in (body, np.ones_like(body))
    )
    return Difference(model.given.name, other.given.name, on_body, on_all)


def _changes(answers: Answers, given: Given, other: Given, draw: _Draw) -> dict[str, Change]:
    (points, drawn), (other_points, other_drawn) = (_points_and_ratios(answers, each, draw) for each in (given, other))
    return {
        name: Change(points[name] - other_points[name], interval(drawn.metrics[name] - other_drawn.metrics[name]))
        for name in METRICS
    }


def _points_and_ratios(answers: Answers, given: Given, draw: _Draw) -> tuple[dict[str, float], Ratios]:
    scheme = draw.scheme
    points = headline(evaluate(given.themes, answers.themes, given.sections, answers.sections, scheme))
    return points, ratios(count(answers, given, len(scheme.sections), draw.documents), draw.drawn)


def _share(right: Flags, rows: Flags) -> float | None:
    return float(right[rows].mean()) if rows.any() else None


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
