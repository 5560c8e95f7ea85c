"""A trial's figures as pictures: F1 bars, support against F1, reliability, confusion. Drawn by `charts`."""

from html import escape

from fazhi.model.labels import Scheme
from fazhi.model.showing import label_names
from fazhi.training.evaluation.calibration import ReliabilityPoint
from fazhi.training.evaluation.charts import COLORS, Bar, Point, bars, heat, over_logarithm, unit_square
from fazhi.training.evaluation.confusion import ThemeConfusion
from fazhi.training.evaluation.figures import Figures, TrialFigures


def legend(trial: TrialFigures) -> str:
    """Return which colour is whose."""
    names = (f'<span class="c{place % COLORS}">{escape(model.name)}</span>' for place, model in enumerate(trial.models))
    return f'<p class="legend">{"".join(names)}</p>'


def label_bars(trial: TrialFigures, kind: str, scheme: Scheme) -> str:
    """Draw F1 of each theme or section with its interval, on body paragraphs."""
    names, labels = label_names(scheme), getattr(trial.models[0].body.evaluation, kind)
    drawn = bars(
        [names[label.id] for label in labels if label.support],
        [_label_bars(model, kind) for model in trial.models],
        "F1",
    )
    return _figure(drawn, "F1 与 95% 区间 · F1 with its 95 % interval")


def support(trial: TrialFigures, scheme: Scheme) -> str:
    """Draw F1 of each theme over its support; the last model's points carry the names."""
    names = {theme.id: theme.short for theme in scheme.themes}
    series = [
        [
            Point(label.support, label.f1, label=names[label.id] if model is trial.models[-1] else "")
            for label in model.body.evaluation.themes
            if label.support
        ]
        for model in trial.models
    ]
    drawn = over_logarithm(series, "support and F1", ("支持数(对数) support, logarithmic", "F1"))
    return _figure(drawn, "支持数与 F1 · F1 over the number of paragraphs that have the theme")


def reliability(trial: TrialFigures) -> str:
    """Draw reliability diagrams of all themes together and of the given section, on body paragraphs."""
    found = [model.body.calibration for model in trial.models if model.body.calibration]
    axes = ("分数 mean score", "正确的占比 share that is right")
    themes = unit_square([_points(each.theme_reliability) for each in found], "themes", axes)
    sections = unit_square([_points(each.section_reliability) for each in found], "section", axes)
    pictures = (
        _figure(themes, "主题分数,每档 0.1 · theme scores by tenths"),
        _figure(sections, "所给部分的后验 · posterior of the given section"),
    )
    return f'<div class="charts">{"".join(pictures)}</div>'


def confusions(model: Figures, scheme: Scheme) -> str:
    """Draw which themes and which sections a model took for which, on body paragraphs."""
    names = label_names(scheme)
    themes, columns = [names[name] for name in scheme.theme_ids], [theme.short for theme in scheme.themes]
    found = model.body.theme_confusion
    pairs = heat([*themes, "只多 only added"], [*columns, "只漏"], _with_margins(found), "themes")
    sections = heat(
        [names[name] for name in scheme.section_ids],
        [section.zh for section in scheme.sections],
        model.body.section_confusion,
        "sections",
    )
    explained = (
        "行:漏掉的主题;列:同一段里多给的主题;末列只漏,末行只多 · a paragraph that missed the row's theme and "
        "got the column's; last column: missed and got none instead; last row: only added"
    )
    return _figure(pairs, explained) + _figure(sections, "行:答案;列:所给 · rows: answer; columns: given")


def _with_margins(found: ThemeConfusion) -> list[tuple[int, ...]]:
    rows = [(*pairs, alone) for pairs, alone in zip(found.pairs, found.missed_alone, strict=True)]
    return [*rows, (*found.spurious_alone, 0)]


def _label_bars(model: Figures, kind: str) -> list[Bar | None]:
    intervals = model.body.theme_intervals if kind == "themes" else model.body.section_intervals
    ends = ((label, intervals[label.id]) for label in getattr(model.body.evaluation, kind) if label.support)
    return [Bar(label.f1, found.low, found.high) if found else None for label, found in ends]


def _points(found: tuple[ReliabilityPoint, ...]) -> list[Point]:
    most = max(point.count for point in found)
    return [Point(point.score, point.share, point.count / most) for point in found]


def _figure(drawn: str, caption: str) -> str:
    return f"<figure>{drawn}<figcaption>{escape(caption)}</figcaption></figure>"
