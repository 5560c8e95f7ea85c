"""Figures to evaluation.html: one page that needs no script and no network.

    render(trials, scheme, "2000 resamples, seed 0")  ->  "<!doctype html>…"

Every word is escaped. Tables are the grids of `grids`, pictures are `pictures`'.
"""

from collections.abc import Sequence
from html import escape
from importlib import resources

from fazhi.model.labels import Scheme
from fazhi.model.showing import heading, label_names, links, page, place_of, table
from fazhi.training.evaluation import grids, pictures
from fazhi.training.evaluation.figures import Figures, TrialFigures
from fazhi.training.evaluation.worst import WorstError, WrongLabel

_WRONG = {"missed": "漏 missed", "spurious": "多 spurious", "section": "部分 section"}

_CALIBRATION = (
    "ACE:等量分箱的校准误差 · adaptive calibration error, bins of equal mass (Nixon et al. 2019). "
    "基准 base:只报基准率时的 Brier 分数 · Brier score of the base rate, p(1 − p)"
)


def render(trials: Sequence[TrialFigures], scheme: Scheme, note: str) -> str:
    """Return the page; the note says how the intervals were drawn."""
    style = (resources.files("fazhi.training.evaluation") / "page.css").read_text(encoding="utf-8")
    titles = {f"p{place}": grids.protocol_title(trial) for place, trial in enumerate(trials)}
    sections = "".join(_trial(place, trial, scheme) for place, trial in enumerate(trials))
    body = f"""<p class="soft">方括号内为 95% 区间,按整份文档重抽样 · in brackets 95 % intervals from resampling whole
documents: {escape(note)}.
不含答案里没有的标签的宏平均 · macro averages leave out labels that the answers never have.</p>
{links(titles)}
{sections}"""
    return page("评估 · evaluation", body, style)


def _trial(place: int, trial: TrialFigures, scheme: Scheme) -> str:
    return "".join(
        (
            heading(f"p{place}", grids.protocol_title(trial)),
            *(f'<p class="note">{escape(note)}</p>' for note in trial.notes),
            "<h3>总体 · headline</h3>",
            *(table(grids.headline_grid(trial, scope)) for scope in grids.SCOPES),
            *(table(grids.difference_grid(trial, scope)) for scope in grids.SCOPES),
            _reports(trial),
            "<h3>各标签,正文段落 · each label, body paragraphs</h3>",
            pictures.legend(trial),
            '<div class="charts">',
            pictures.label_bars(trial, "themes", scheme),
            pictures.support(trial, scheme),
            "</div>",
            *(table(grids.label_grid(trial, "body", kind, scheme)) for kind in ("themes", "sections")),
            _folded(
                "各标签,全部段落 · each label, all paragraphs",
                *(table(grids.label_grid(trial, "everything", kind, scheme)) for kind in ("themes", "sections")),
            ),
            "<h3>校准 · calibration</h3>",
            pictures.legend(trial),
            pictures.reliability(trial),
            table(grids.calibration_grid(trial, "body", scheme)),
            f'<p class="soft">{_CALIBRATION}</p>',
            _folded(
                "校准,全部段落 · calibration, all paragraphs",
                table(grids.calibration_grid(trial, "everything", scheme)),
            ),
            *(table(grids.band_grid(trial, scope)) for scope in grids.SCOPES),
            "<h3>混淆,正文段落 · confusion, body paragraphs</h3>",
            *(_confusion(model, scheme, model is trial.models[-1]) for model in trial.models),
            "<h3>最严重的错误 · the worst errors</h3>",
            '<p class="soft">模型越有把握而越错的在前 · the surer and wrong, the earlier; 全部段落 all paragraphs</p>',
            *(_worst(model, scheme, model is trial.models[-1]) for model in trial.models),
        )
    )


def _reports(trial: TrialFigures) -> str:
    grid = grids.report_grid(trial, "body")
    said = "".join(f"<p>{escape(line)}</p>" for line in grids.wins(trial))
    everything = table(grids.report_grid(trial, "everything"))
    folded = _folded("各真实报告,全部段落 · each real report, all paragraphs", everything)
    return f"<h3>各真实报告 · each real report</h3>{table(grid)}{said}{folded}" if grid.rows else ""


def _folded(title: str, *inside: str, is_open: bool = False) -> str:
    state = " open" if is_open else ""
    return f"<details{state}><summary>{escape(title)}</summary>{''.join(inside)}</details>" if any(inside) else ""


def _confusion(model: Figures, scheme: Scheme, is_open: bool) -> str:
    drawn = f'<div class="charts">{pictures.confusions(model, scheme)}</div>'
    return _folded(model.name, drawn, is_open=is_open)


def _worst(model: Figures, scheme: Scheme, is_open: bool) -> str:
    items = "".join(_error(error, label_names(scheme)) for error in model.worst)
    return _folded(f"{model.name}: {len(model.worst)}", f'<ol class="items">{items}</ol>', is_open=is_open)


def _error(error: WorstError, names: dict[str, str]) -> str:
    answer, given = (
        " · ".join((names[section], *(names[theme] for theme in themes)))
        for section, themes in ((error.section, error.themes), (error.given_section, error.given_themes))
    )
    chips = "".join(_chip(label, names) for label in error.wrong)
    band = {"sure": "可信 sure", "check": "待核 check"}[error.band]
    return (
        f'<li>{place_of(error)}<p class="chips">{chips}</p>'
        f'<p class="soft">答案 answer: {escape(answer)}<br>所给 given: {escape(given)} ({band})</p></li>'
    )


def _chip(label: WrongLabel, names: dict[str, str]) -> str:
    return f'<span class="{label.kind}">{_WRONG[label.kind]} {escape(names[label.label])} {label.score:.3f}</span>'
