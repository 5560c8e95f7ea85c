"""A comparison on a terminal: themes with bars, what is not found and what came nearest, sections.

Chinese first, English beside. Figures come from `compare`; nothing is counted here.
"""

from collections.abc import Iterator, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fazhi.model.bundle import Bundle
from fazhi.model.reading import one_line
from fazhi.model.showing import label_names
from fazhi.serving.compare import LETTERS, Comparison, Line, Side, Treatment
from fazhi.serving.counts import RULE_EN, RULE_ZH
from fazhi.serving.summary_table import signature

NOT_FOUND_ZH = "“未见”指没有一段达到该主题的阈值;模型可能漏判,请看最接近的一段,不等于报告没有写。"
NOT_FOUND_EN = (
    "“Not found” means that no paragraph reached the theme's threshold. The model may have missed it: see the nearest "
    "paragraph. It does not mean that the report lacks the theme."
)
SAME = "各边是相同的报告:所有差值为零 · the same reports on every side: all differences are zero"
_NAMES, _OTHERS, _SHORT = 23, 33, 8  # columns: names of themes; all that belongs to no side; the shortest bar
_WIDTHS = {"bar": _SHORT + 1, "share": 7, "paragraphs": 5, "reports": 8}  # of a side's columns, with their gaps
_HEADS = {"bar": "", "share": "\n占比 %", "paragraphs": "段\npara", "reports": "份\nreports"}
_WIDEST = 24  # of a bar
_EIGHTHS = " ▏▎▍▌▋▊▉"
_MOST_DOCUMENTS = 6  # named in a line; all of them are in the files
_GRAY = "bright_black"


def show(comparison: Comparison, bundle: Bundle, thresholds: Sequence[float], console: Console) -> None:
    """Print everything."""
    scheme = bundle.scheme
    for letter, side in zip(LETTERS, comparison.sides, strict=False):
        console.print(_side(letter, side))
    if comparison.same:
        console.print(SAME, style="bold green")
    elif comparison.shared:
        console.print(f"{comparison.shared} 份报告不止在一边 · reports stand on more than one side", style="yellow")
    names = label_names(scheme)
    colors = {each.id: each.color for each in scheme.themes}
    console.print(_table("主题 themes", comparison.themes, names, colors, console.width))
    for line in _sentences(comparison, {each.id: each.short for each in scheme.themes}):
        console.print(line)
    for text in _gaps(comparison, names, dict(zip(scheme.theme_ids, thresholds, strict=True))):
        console.print(text)
    parts = [line for line in comparison.sections if line.found_on]
    console.print(_table("部分 sections", parts, names, {}, console.width))
    for rule in (RULE_ZH, RULE_EN, NOT_FOUND_ZH, NOT_FOUND_EN):
        console.print(rule, style=_GRAY, highlight=False)
    console.print(signature(bundle))


def _side(letter: str, side: Side) -> Text:
    text = Text(f"{letter}  ", style="bold")
    text.append(one_line(side.name))
    figures = f"  {len(side.reports)} 份报告 reports · 正文 body {side.body:,} 段 {side.characters:,} 字"
    text.append(figures, style="not bold")
    if side.skipped:
        text.append(f" · {side.skipped} 份未能读取 could not be read", style="not bold yellow")
    return text


def _table(title: str, lines: Sequence[Line], names: dict[str, str], colors: dict[str, str], width: int) -> Table:
    """Return names, then the columns of each side, then the difference; sections have no colours."""
    sides = lines[0].sides
    room = (width - _OTHERS) // len(sides)
    shown = _columns(room, bool(colors) and any(each.reports > 1 for each in sides))
    bar = min(room - sum(_WIDTHS[name] for name in shown[1:]) - 1, _WIDEST) if "bar" in shown else 0
    longest = max(1e-9, *(each.share for line in lines for each in line.sides))
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", padding=0, pad_edge=False)
    table.add_column(title, no_wrap=True, overflow="ellipsis", max_width=_NAMES)
    for letter, _ in zip(LETTERS, sides, strict=False):
        for name in shown:
            head = f"{letter}{_HEADS[name]}" if name == shown[0] else _HEADS[name]
            table.add_column(head, justify="left" if name == "bar" else "right", no_wrap=True)
    table.add_column(f"{LETTERS[len(sides) - 1]}−A\n点 pp", justify="right", no_wrap=True)
    for line in lines:
        parts = [_cells(each, each.share / longest, bar, colors.get(line.id)) for each in line.sides]
        table.add_row(names[line.id], *(cells[name] for cells in parts for name in shown), _difference(line.difference))
    return table


def _columns(room: int, several: bool) -> tuple[str, ...]:
    """Return the columns that fit into the room of a side; the share always does."""
    for shown in ((*_WIDTHS,) if several else ("bar", "share", "paragraphs"), ("share", "paragraphs")):
        if sum(map(_WIDTHS.__getitem__, shown)) <= room:
            return shown
    return ("share",)


def _cells(each: Treatment, part: float, width: int, color: str | None) -> dict[str, Text]:
    """Return the cells of one side; where a theme is not found, these words instead of a bar."""
    nothing, reports = Text("·", style=_GRAY), Text(f"{each.found_in}/{each.reports}")
    if not each.found:
        words = Text(_fitting("未见 not found", "未见", width) if color else "", style="yellow")
        share = nothing if width >= _SHORT or not color else Text("未见", style="yellow")
        return {"bar": words, "share": share, "paragraphs": nothing, "reports": reports}
    bar = Text(bar_of(part, width), style=color or "")
    if not each.paragraphs:
        bar = Text(_fitting("仅小标题 heading only", "仅小标题", width), style=_GRAY)
    share = Text(f"{each.share:.1%}")
    return {"bar": bar, "share": share, "paragraphs": Text(str(each.paragraphs)), "reports": reports}


def _fitting(long: str, short: str, width: int) -> str:
    return long if cell_len(long) <= width else short


def bar_of(part: float, width: int) -> str:
    """Return a bar that fills a part of a width, in eighths of a character; what is above zero shows."""
    whole, eighths = divmod(max(round(part * width * 8), 1 if part > 0 else 0), 8)
    return ("█" * whole + _EIGHTHS[eighths]).rstrip()


def _difference(difference: float) -> Text:
    points = round(100 * difference, 1)
    if not points:
        return Text("0", style=_GRAY)
    return Text(f"{points:+.1f}", style="green" if points > 0 else "red")


def _sentences(comparison: Comparison, names: dict[str, str]) -> Iterator[Text]:
    """Say which themes only one side treats, and which none does."""
    for place, letter in enumerate(LETTERS[: len(comparison.sides)]):
        only = [names[line.id] for line in comparison.themes if line.found_on == (place,)]
        if only:
            yield Text(f"只在 {letter} 见到 found only in {letter}: {'、'.join(only)}")
    nowhere = [names[line.id] for line in comparison.themes if not line.found_on]
    if nowhere:
        yield Text(f"各边都未见 found on no side: {'、'.join(nowhere)}", style="yellow")


def _gaps(comparison: Comparison, names: dict[str, str], thresholds: dict[str, float]) -> Iterator[Text]:
    """Name for every theme that a side does not have its nearest paragraph, and the reports without those it has."""
    for place, (letter, side) in enumerate(zip(LETTERS, comparison.sides, strict=False)):
        for line in comparison.themes:
            each = line.sides[place]
            if each.nearest:
                document, near = each.nearest
                text = Text(f"{letter} 未见 not found: {names[line.id]}", style="yellow")
                score = f" — 最接近 nearest {_score(near.score)} (阈值 threshold {thresholds[line.id]:.2f}) "
                text.append(f"{score}{one_line(document)} #{near.index} ", style="not bold default")
                yield text.append(f"“{one_line(near.words)}”", style=_GRAY)
            elif each.not_found:
                yield _without(letter, names[line.id], [gap.document for gap in each.not_found], len(side.reports))


def _score(score: float) -> str:
    return "<0.01" if score < 0.005 else f"{score:.2f}"  # noqa: PLR2004 - rounds to 0.00, which no score is


def _without(letter: str, name: str, documents: Sequence[str], reports: int) -> Text:
    listed = "、".join(map(one_line, documents[:_MOST_DOCUMENTS])) + (" …" if len(documents) > _MOST_DOCUMENTS else "")
    return Text(f"{letter} {name}: {len(documents)}/{reports} 份未见 not found in {listed}", style=_GRAY)
