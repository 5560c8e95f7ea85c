"""report.html of a round: what `report` found in, one page that needs no network and no script out."""

from html import escape
from typing import Any

from fazhi.annotation.audit.page import suspect_grid
from fazhi.annotation.page import style
from fazhi.annotation.rounds.curve_picture import curve_picture
from fazhi.annotation.rounds.report import Report
from fazhi.model.labels import Scheme
from fazhi.model.showing import NONE, Grid, heading, label_names, links, number, page, table

_PARTS = {
    "ahead": "下一步 · what comes next",
    "curve": "学习曲线 · learning curve",
    "themes": "各主题 · themes",
    "answers": "作答 · answers",
    "suspects": "可能的标注错误 · likely label errors",
}
_QUESTIONS = "这里是问题,不是更正:模型也会错 · questions, not corrections: the model can be wrong too"


def render(report: Report, scheme: Scheme) -> str:
    """Return the page."""
    data, names = report.data, label_names(scheme)
    bodies = {
        "ahead": _ahead(data, names),
        "curve": _curve(data),
        "themes": table(_themes(data, names)),
        "answers": table(_answers(data)),
        "suspects": _soft(_QUESTIONS if report.suspects else "没有 · none")
        + table(suspect_grid(report.suspects, scheme)),
    }
    parts = "".join(heading(name, title) + bodies[name] for name, title in _PARTS.items())
    title = f"第 {data['round']:03d} 轮 · round"
    return page(title, table(_glance(data)) + links(_PARTS) + parts, style())


def _glance(data: dict[str, Any]) -> Grid:
    rows = (
        ("选题策略 · strategy", data["strategy"]),
        ("模型 · bundle", data["bundle"] or NONE),
        ("已问 · asked so far", str(data["asked"])),
        ("已答 · answered so far", str(data["answered"])),
        ("用于训练 · trained on", str(data["trained_on"])),
        ("尚未问 · left to ask", str(data["left_to_ask"])),
        ("抽查 · audited", f"{data['audit']['paragraphs']} / {data['audit']['fewest']}"),
    )
    return Grid("概况 · at a glance", ("", ""), rows)


def _ahead(data: dict[str, Any], names: dict[str, str]) -> str:
    said = data["advice"]
    rarest = "、".join(names[theme] for theme in data["forecast"]["rarest"])
    lines = (f"最少的主题 · rarest themes: {rarest}", *_forecast(data["forecast"]))
    advice = f'<p class="note">{escape(said["zh"])}<br>{escape(said["en"])}</p>'
    return advice + "".join(f"<p>{escape(line)}</p>" for line in lines)


def _forecast(expected: dict[str, Any]) -> tuple[str, ...]:
    """Return the forecast in Chinese and in English, or why there is none."""
    ahead, fewest = expected["one_point"], expected["fewest_rounds"]
    if ahead is None:
        zh = f"预测:还不能,至少要 {fewest} 个训练过的轮次"
        return (f"{zh} · forecast: not yet, it takes {fewest} trained rounds",)
    if ahead["more"] is None:
        return ("预测:曲线没有上升到能再升 1 个百分点 · forecast: the curve does not rise by one more point",)
    low, high = (("∞" if ahead[end] is None else str(ahead[end])) for end in ("low", "high"))
    return (
        f"预测:再标约 {ahead['more']} 段,宏 F1 可升 1 个百分点(90 % 区间 {low} 至 {high} 段)",
        f"Forecast: about {ahead['more']} more paragraphs for one point of macro F1 (90 % interval {low} to {high})",
    )


def _curve(data: dict[str, Any]) -> str:
    picture = curve_picture(data["curve"])
    if not picture:
        return _soft("还没有训练过的轮次 · no round was trained yet")
    few = data["audit"]["score"] is None
    fewest = data["audit"]["fewest"]
    caveat = (
        f"抽查满 {fewest} 段之前,这里只有交叉验证:选出的题比整个段落池难或易,分数会偏;竖线是 95 % 区间 · "
        f"until {fewest} paragraphs are audited these are figures of cross-validation: what was selected is harder or "
        "easier than the pool, so they are biased; bars are 95 % intervals"
    )
    key = "蓝:未见过的报告(交叉验证);橙:抽查 · blue: left-out reports; orange: the audit; bars are 95 % intervals"
    rows = tuple(
        (f"{each['round']:03d}", str(each["paragraphs"]), _score(each["left_out"]), _score(each["audit"]))
        for each in data["curve"]
    )
    columns = ("轮 round", "学了 learned from", "交叉验证 left-out", "抽查 audit")
    note = f'<p class="note">{escape(caveat)}</p>' if few else _soft(key)
    return note + picture + table(Grid("宏 F1 与 95 % 区间 · macro F1", columns, rows))


def _themes(data: dict[str, Any], names: dict[str, str]) -> Grid:
    rows = tuple((names[theme], str(each["paragraphs"]), number(each["f1"])) for theme, each in data["themes"].items())
    return Grid("F1 在未见过的报告上 · on left-out reports", ("主题 theme", "段落 paragraphs", "F1"), rows)


def _answers(data: dict[str, Any]) -> Grid:
    both, pace = data["agreement"], data["pace"]
    said, twice = pace["suggested"], data["agreement"]["twice"]
    rows = (
        ("两人都答 · answered by two people", str(twice)),
        ("　主题相同 · with the same themes", _share(both["same_themes"], twice)),
        ("　部分相同 · with the same section", _share(both["same_section"], twice)),
        ("本轮每段用时,中位数 · seconds an answer, median", _seconds(pace)),
        ("改动了建议 · suggestions changed", _share(said["seen"] - said["kept"], said["seen"])),
        ("　改了主题 · themes changed", _share(said["seen"] - said["themes"], said["seen"])),
        ("　改了部分 · section changed", _share(said["seen"] - said["section"], said["seen"])),
    )
    return Grid("一致、用时、建议 · agreement, time, suggestions", ("", ""), rows)


def _seconds(pace: dict[str, Any]) -> str:
    if not pace["timed"]:
        return NONE
    return f"{pace['median']:.0f} ({pace['lower']:.0f}–{pace['upper']:.0f}), n = {pace['timed']}"


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} ({part / whole:.0%})" if whole else NONE


def _score(score: dict[str, Any] | None) -> str:
    return f"{score['macro_f1']:.3f} [{score['low']:.3f}, {score['high']:.3f}]" if score else NONE


def _soft(words: str) -> str:
    return f'<p class="soft">{escape(words)}</p>'
