"""Figures to evaluation.html: one page that needs no script and no network.

    render(trials, scheme, "2000 resamples, seed 0")  ->  "<!doctype html>…"

A Content-Security-Policy allows the one style by its hash and nothing else; every word is escaped. Tables are the
grids of `grids`, pictures are `pictures`'.
"""

import base64
import hashlib
from collections.abc import Sequence
from html import escape
from importlib import resources
from itertools import groupby

from fazhi.model.labels import Scheme
from fazhi.training.evaluation import grids, pictures
from fazhi.training.evaluation.figures import Figures, TrialFigures
from fazhi.training.evaluation.grids import Grid
from fazhi.training.evaluation.worst import WorstError, WrongLabel

_WRONG = {"missed": "漏 missed", "spurious": "多 spurious", "section": "部分 section"}

_CALIBRATION = (
    "ACE:等量分箱的校准误差 · adaptive calibration error, bins of equal mass (Nixon et al. 2019). "
    "基准 base:只报基准率时的 Brier 分数 · Brier score of the base rate, p(1 − p)"
)


def render(trials: Sequence[TrialFigures], scheme: Scheme, note: str) -> str:
    """Return the page; the note says how the intervals were drawn."""
    style = (resources.files("fazhi.training.evaluation") / "page.css").read_text(encoding="utf-8")
    links = "".join(
        f'<a href="#p{place}">{escape(grids.protocol_title(trial))}</a>' for place, trial in enumerate(trials)
    )
    sections = "".join(_trial(place, trial, scheme) for place, trial in enumerate(trials))
    return f"""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="generator" content="fazhi">
<meta http-equiv="Content-Security-Policy" content="{_policy(style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>评估 · evaluation</title>
<style>{style}</style>
</head>
<body>
<h1>评估 · evaluation</h1>
<p class="soft">方括号内为 95% 区间,按整份文档重抽样 · in brackets 95 % intervals from resampling whole documents:
{escape(note)}.
不含答案里没有的标签的宏平均 · macro averages leave out labels that the answers never have.</p>
<nav>{links}</nav>
{sections}
</body>
</html>
"""


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _trial(place: int, trial: TrialFigures, scheme: Scheme) -> str:
    return "".join(
        (
            f'<h2 id="p{place}">{escape(grids.protocol_title(trial))}</h2>',
            *(f'<p class="note">{escape(note)}</p>' for note in trial.notes),
            "<h3>总体 · headline</h3>",
            *(_table(grids.headline_grid(trial, scope)) for scope in grids.SCOPES),
            *(_table(grids.difference_grid(trial, scope)) for scope in grids.SCOPES),
            _reports(trial),
            "<h3>各标签,正文段落 · each label, body paragraphs</h3>",
            pictures.legend(trial),
            '<div class="charts">',
            pictures.label_bars(trial, "themes", scheme),
            pictures.support(trial, scheme),
            "</div>",
            *(_table(grids.label_grid(trial, "body", kind, scheme)) for kind in ("themes", "sections")),
            _folded(
                "各标签,全部段落 · each label, all paragraphs",
                *(_table(grids.label_grid(trial, "everything", kind, scheme)) for kind in ("themes", "sections")),
            ),
            "<h3>校准 · calibration</h3>",
            pictures.legend(trial),
            pictures.reliability(trial),
            _table(grids.calibration_grid(trial, "body", scheme)),
            f'<p class="soft">{_CALIBRATION}</p>',
            _folded(
                "校准,全部段落 · calibration, all paragraphs",
                _table(grids.calibration_grid(trial, "everything", scheme)),
            ),
            *(_table(grids.band_grid(trial, scope)) for scope in grids.SCOPES),
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
    everything = _table(grids.report_grid(trial, "everything"))
    folded = _folded("各真实报告,全部段落 · each real report, all paragraphs", everything)
    return f"<h3>各真实报告 · each real report</h3>{_table(grid)}{said}{folded}" if grid.rows else ""


def _table(grid: Grid) -> str:
    """Return a table, or nothing where the grid has no rows."""
    if not grid.rows:
        return ""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in grid.columns)
    above = "".join(_over(owner, len(list(columns))) for owner, columns in groupby(grid.owners))
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in grid.rows
    )
    caption = f"<caption>{escape(grid.title)}</caption>"
    heads = f"<thead><tr>{above}</tr><tr>{head}</tr></thead>" if above else f"<thead><tr>{head}</tr></thead>"
    return f'<div class="table"><table>{caption}{heads}<tbody>{rows}</tbody></table></div>'


def _over(owner: str, columns: int) -> str:
    """Return the cell over an owner's columns."""
    return f'<th scope="colgroup" colspan="{columns}" class="owner">{escape(owner)}</th>'


def _folded(title: str, *inside: str, is_open: bool = False) -> str:
    state = " open" if is_open else ""
    return f"<details{state}><summary>{escape(title)}</summary>{''.join(inside)}</details>" if any(inside) else ""


def _confusion(model: Figures, scheme: Scheme, is_open: bool) -> str:
    drawn = f'<div class="charts">{pictures.confusions(model, scheme)}</div>'
    return _folded(model.name, drawn, is_open=is_open)


def _worst(model: Figures, scheme: Scheme, is_open: bool) -> str:
    items = "".join(_error(error, grids.label_names(scheme)) for error in model.worst)
    return _folded(f"{model.name}: {len(model.worst)}", f'<ol class="worst">{items}</ol>', is_open=is_open)


def _error(error: WorstError, names: dict[str, str]) -> str:
    path = " › ".join(error.path)
    where = f"{error.document} · 第 {error.index} 段 paragraph" + (f" · {path}" if path else "")
    answer, given = (
        " · ".join((names[section], *(names[theme] for theme in themes)))
        for section, themes in ((error.section, error.themes), (error.given_section, error.given_themes))
    )
    chips = "".join(_chip(label, names) for label in error.wrong)
    band = {"sure": "可信 sure", "check": "待核 check"}[error.band]
    return (
        f'<li><p class="soft">{escape(where)}</p><p class="text">{escape(error.clean)}</p><p class="chips">{chips}</p>'
        f'<p class="soft">答案 answer: {escape(answer)}<br>所给 given: {escape(given)} ({band})</p></li>'
    )


def _chip(label: WrongLabel, names: dict[str, str]) -> str:
    return f'<span class="{label.kind}">{_WRONG[label.kind]} {escape(names[label.label])} {label.score:.3f}</span>'
