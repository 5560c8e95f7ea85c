"""A trial's figures as grids of words: what the terminal and the page both show.

    headline_grid(trial, "body").rows[0]  ->  ("fazhi-linear@0.1.0", "0.803 [0.767-0.831]", …)

Chinese first, English beside it. How a grid is drawn is for `show` and `page`.
"""

from collections.abc import Sequence

from fazhi.model.labels import Scheme
from fazhi.model.showing import NONE, Grid, label_names, number
from fazhi.training.evaluate import LabelScore
from fazhi.training.evaluation.counts import METRICS, Interval
from fazhi.training.evaluation.figures import Assessment, Change, Figures, TrialFigures

SCOPES = {"body": "正文段落 · body paragraphs", "everything": "全部段落 · all paragraphs"}
PROTOCOLS = {
    "real": "逐份留出真实报告 · one real report left out at a time",
    "folds": "按文档分折 · folds by document",
    "bundle": "模型包直接标注 · a bundle as it is",
}
METRIC_NAMES = dict(
    zip(
        METRICS,
        (
            "主题微平均 F1 micro",
            "主题宏平均 F1 macro",
            "主题全对 exact",
            "部分正确率 section acc.",
            "部分宏平均 F1 macro",
        ),
        strict=True,
    )
)
_KINDS = {"themes": "各主题 · each theme", "sections": "各部分 · each section"}


def protocol_title(trial: TrialFigures) -> str:
    """Return a protocol's name and size."""
    size = f"{trial.documents} 份文档 documents, {trial.body_paragraphs} 正文段 body, {trial.paragraphs} 段 all"
    return f"{PROTOCOLS.get(trial.protocol, trial.protocol)} ({size})"


def headline_grid(trial: TrialFigures, scope: str) -> Grid:
    """Return one row a model and annotator: the headline figures with their intervals."""
    rows = [_headline_row(each.name, getattr(each, scope)) for each in trial.models]
    rows += [_headline_row(f"标注者 annotator {each.name}", getattr(each, scope)) for each in trial.annotators]
    return Grid(SCOPES[scope], ("", "段 n", *METRIC_NAMES.values()), tuple(rows))


def difference_grid(trial: TrialFigures, scope: str) -> Grid:
    """Return one row a model that was compared."""
    rows = tuple(
        (f"{each.model} − {each.baseline}", *(_change(getattr(each, scope)[name]) for name in METRICS))
        for each in trial.differences
    )
    return Grid(f"差值 · differences, {SCOPES[scope]}", ("", *METRIC_NAMES.values()), rows)


def report_grid(trial: TrialFigures, scope: str) -> Grid:
    """Return one row a real report: micro F1 and section accuracy, model beside model."""
    each_has = ("主题 F1 micro", "部分 section")
    sides = [getattr(model, scope).reports for model in trial.models]
    rows = tuple(
        (
            each[0].document.rsplit("/", 1)[-1],
            str(each[0].paragraphs),
            *(cell for side in each for cell in (number(side.theme_micro_f1), number(side.section_accuracy))),
        )
        for each in zip(*sides, strict=True)
    )
    columns = ("报告 report", "段 n", *each_has * len(sides))
    return Grid(f"各真实报告 · each real report, {SCOPES[scope]}", columns, rows, _owners(trial, 2, len(each_has)))


def wins(trial: TrialFigures) -> tuple[str, ...]:
    """Say on how many real reports each compared model has more micro F1 than the baseline, on body paragraphs."""
    models = {model.name: model.body.reports for model in trial.models}
    said = []
    for each in trial.differences:
        pairs = list(zip(models[each.model], models[each.baseline], strict=True))
        better = sum((one.theme_micro_f1 or 0.0) > (other.theme_micro_f1 or 0.0) for one, other in pairs)
        zh = f"{each.model}: 主题微平均 F1 在 {len(pairs)} 份真实报告中的 {better} 份上高于 {each.baseline}"
        en = f"themes micro F1 above it on {better} of {len(pairs)} real reports"
        said += [f"{zh} · {en}"] if pairs else []
    return tuple(said)


def label_grid(trial: TrialFigures, scope: str, kind: str, scheme: Scheme) -> Grid:
    """Return one row a label with support, models first, then annotators; kind is `themes` or `sections`."""
    names, each_has = label_names(scheme), ("P", "R", "F1")
    answered = getattr(getattr(trial.models[0], scope).evaluation, kind)
    rows = []
    for row, label in enumerate(answered):
        cells = (cell for model in trial.models for cell in _label_cells(model, scope, kind, row))
        ceiling = (_label_cells(each, scope, kind, row)[-1] for each in trial.annotators)
        rows += [(names[label.id], str(label.support), *cells, *ceiling)] if label.support else []
    columns = ("标签 label", "支持 support", *each_has * len(trial.models), *["F1"] * len(trial.annotators))
    owners = (*_owners(trial, 2, len(each_has)), *(f"标注者 annotator {each.name}" for each in trial.annotators))
    return Grid(f"{_KINDS[kind]}, {SCOPES[scope]}", columns, tuple(rows), owners)


def label_f1_grid(trial: TrialFigures, scope: str, kind: str, scheme: Scheme) -> Grid:
    """Return the label grid with F1 alone, of models alone: what a terminal has room for."""
    full = label_grid(trial, scope, kind, scheme)
    kept = (0, 1, *(4 + 3 * place for place in range(len(trial.models))))
    columns, owners = (tuple(line[place] for place in kept) for line in (full.columns, full.owners))
    return Grid(full.title, columns, tuple(tuple(row[place] for place in kept) for row in full.rows), owners)


def calibration_grid(trial: TrialFigures, scope: str, scheme: Scheme) -> Grid:
    """Return one row a theme and one for the given section: adaptive error, Brier score, the base rate's."""
    names = {**label_names(scheme), "mean": "主题平均 · mean of themes", "section": "所给部分 · the given section"}
    each_has = ("ACE", "Brier", "基准 base")
    tables = [
        (found.mean, found.section, *found.themes)
        for model in trial.models
        if (found := getattr(model, scope).calibration)
    ]
    rows = tuple(
        (
            names[each[0].id],
            *(number(value) for one in each for value in (one.adaptive_error, one.brier, one.base_brier)),
        )
        for each in zip(*tables, strict=True)
    )
    columns = ("", *each_has * len(tables))
    return Grid(f"校准 · calibration, {SCOPES[scope]}", columns, rows, _owners(trial, 1, len(each_has)))


def band_grid(trial: TrialFigures, scope: str) -> Grid:
    """Return one row a model and band: how many paragraphs it holds and how right they are."""
    columns = ("", "档 band", "段 n", "占比 share", "主题全对 themes", "部分对 section", "全对 all right")
    rows = tuple(
        (
            model.name,
            {"sure": "可信 sure", "check": "待核 check"}[band.id],
            str(band.paragraphs),
            *map(number, (band.share, band.exact, band.section_accuracy, band.all_right)),
        )
        for model in trial.models
        for band in getattr(model, scope).bands
    )
    return Grid(f"可信与待核 · sure and check, {SCOPES[scope]}", columns, rows)


def _owners(trial: TrialFigures, nobodys: int, each: int) -> tuple[str, ...]:
    """Return owners of columns: nobody's first, then so many of each model."""
    return (*[""] * nobodys, *(model.name for model in trial.models for _ in range(each)))


def _headline_row(name: str, found: Assessment) -> tuple[str, ...]:
    figures = (_with(getattr(found.evaluation, metric), found.intervals[metric]) for metric in METRICS)
    return (name, str(found.evaluation.paragraphs), *figures)


def _label_cells(each: Figures, scope: str, kind: str, row: int) -> Sequence[str]:
    found: Assessment = getattr(each, scope)
    label: LabelScore = getattr(found.evaluation, kind)[row]
    intervals = found.theme_intervals if kind == "themes" else found.section_intervals
    if not label.support:
        return NONE, NONE, NONE
    return f"{label.precision:.2f}", f"{label.recall:.2f}", _with(label.f1, intervals[label.id], 2)


def _with(value: float, interval: Interval | None, places: int = 3) -> str:
    around = f" [{interval.low:.{places}f}–{interval.high:.{places}f}]" if interval else ""
    return f"{value:.{places}f}{around}"


def _change(change: Change) -> str:
    around = f" [{change.interval.low:+.3f}…{change.interval.high:+.3f}]" if change.interval else ""
    return f"{change.difference:+.3f}{around}"
