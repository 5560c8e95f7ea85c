"""What a person sees after a run: a table of reports by themes, in paragraphs, and what the run says beside it."""

from collections import Counter
from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fazhi.model.bundle import Bundle
from fazhi.model.reading import one_line
from fazhi.serving.remarks import Remarks
from fazhi.serving.summary import Summary

_NARROWEST = 100  # columns where no terminal says its width
_COLUMN = 2  # characters
_OTHERS, _NAME = 71, 8  # columns of a terminal: all but the names; the least for a name
_FEW = 8  # names that are listed


def console_on(stream: TextIO) -> Console:
    """Return a console as wide as its terminal, or wide enough for the table."""
    return Console(file=stream, width=None if stream.isatty() else _NARROWEST)


def show_run(console: Console, summary: Summary, remarks: Remarks, skipped: int) -> None:
    """Print the table, where reports were tagged, and the remarks; `skipped` reports had their results already."""
    if summary.reports:
        _show_counts(console, summary, remarks.furniture)
    if skipped:
        console.print(f"{skipped} 份已有结果,未重做 · already there, not tagged again", style="yellow")
    if remarks.doubtful:
        names = [one_line(document) for document, _ in remarks.doubtful[:_FEW]]
        names += ["…"] if len(remarks.doubtful) > _FEW else []
        text = f"{len(remarks.doubtful)} 份不像法治政府建设报告 · do not look like such reports: {', '.join(names)}"
        console.print(Text(text, style="yellow"))
    if remarks.failed:
        console.print(f"{len(remarks.failed)} 个输入未能标注,原因见上 · inputs not tagged, see above", style="yellow")
    if remarks.left_out:
        console.print(f"{remarks.left_out} 个文件不是报告格式,未读 · files left out: of another format", style="yellow")


def signature(bundle: Bundle) -> Text:
    """Return the line that names the bundle, with a warning where it is the fallback."""
    if bundle.manifest.kind == "linear":
        note = "后备模型(字符 n-gram),不如微调的 BERT 准 · the fallback, less exact than the fine-tuned encoder"
        return Text(f"模型 model: {bundle.label} — {note}", style="yellow")
    return Text(f"模型 model: {bundle.label}")


def _show_counts(console: Console, summary: Summary, furniture: int) -> None:
    console.print(_table(summary, console.width))
    if summary.reports > len(summary.rows):
        console.print(f"… 另有 {summary.reports - len(summary.rows)} 份报告 · more reports, all in the results")
    if furniture:
        console.print(f"页眉、页脚、页码 {furniture} 行已略去 · rows of page furniture left out")
    console.print(signature(summary.bundle))


def _table(summary: Summary, width: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", padding=0, pad_edge=False)
    table.caption = "段落数;一段可有几个主题 · paragraphs per theme; one paragraph may have several"
    table.add_column("报告", overflow="ellipsis", no_wrap=True, max_width=max(width - _OTHERS, _NAME))
    table.add_column("段", justify="right", min_width=3)
    table.add_column("待核", justify="right", style="yellow", min_width=4)
    for theme in summary.bundle.scheme.themes:
        table.add_column(Text(_two_lines(theme.short)), justify="right", min_width=4)
    ids = summary.bundle.scheme.theme_ids
    for row in summary.rows:
        table.add_row(
            Text(one_line(_tail(row.document))), str(row.paragraphs), str(row.check), *_cells(row.themes, ids)
        )
    table.add_section()
    cells = _cells(summary.themes, ids)
    table.add_row("合计 total", str(summary.paragraphs), str(summary.check), *cells, style="bold")
    return table


def _cells(counts: Counter[str], themes: tuple[str, ...]) -> list[str]:
    return [str(counts[theme]) if counts[theme] else "·" for theme in themes]


def _two_lines(short: str) -> str:
    """Break a name after its second character: a column is two characters wide."""
    return f"{short[:2]}\n{short[2:]}" if len(short) > _COLUMN else short


def _tail(document: str) -> str:
    """Return the file's name: folders repeat from row to row."""
    return document.replace("\\", "/").rsplit("/", 1)[-1]
