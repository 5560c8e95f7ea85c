"""The table that a person sees after a run: reports by themes, in paragraphs."""

from collections import Counter

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fazhi.model.bundle import Bundle
from fazhi.model.tagger import TaggedReport

_MOST_ROWS = 40
_COLUMN = 2  # characters
_OTHERS, _NARROWEST = 71, 8  # columns of a terminal: all but the names; the least for a name


class Summary:
    """Counts paragraphs per report and theme while reports go by; holds no report."""

    def __init__(self, bundle: Bundle) -> None:
        """Start empty; the bundle names the columns."""
        self._bundle = bundle
        self._rows: list[tuple[str, int, int, Counter[str]]] = []
        self._total: Counter[str] = Counter()
        self._reports = self._paragraphs = self._check = self._furniture = 0

    def add(self, report: TaggedReport, furniture: int = 0) -> None:
        """Count one report, and the rows of page furniture that its reader left out."""
        counts = Counter(theme for tagged in report.paragraphs for theme in tagged.themes)
        check = sum(tagged.band == "check" for tagged in report.paragraphs)
        if len(self._rows) < _MOST_ROWS:
            self._rows.append((report.document, len(report.paragraphs), check, counts))
        self._reports += 1
        self._paragraphs += len(report.paragraphs)
        self._check += check
        self._furniture += furniture
        self._total += counts

    def show(self, console: Console) -> None:
        """Print the table, and which bundle made it; nothing where no report was tagged."""
        if not self._reports:
            return
        console.print(self._table(console.width))
        if self._reports > len(self._rows):
            console.print(f"… 另有 {self._reports - len(self._rows)} 份报告 · more reports, all in the results")
        if self._furniture:
            console.print(f"页眉、页脚、页码 {self._furniture} 行已略去 · rows of page furniture left out")
        console.print(signature(self._bundle))

    def _table(self, width: int) -> Table:
        table = Table(box=box.SIMPLE_HEAD, header_style="bold", padding=0, pad_edge=False)
        table.caption = "段落数;一段可有几个主题 · paragraphs per theme; one paragraph may have several"
        table.add_column("报告", overflow="ellipsis", no_wrap=True, max_width=max(width - _OTHERS, _NARROWEST))
        table.add_column("段", justify="right", min_width=3)
        table.add_column("待核", justify="right", style="yellow", min_width=4)
        for theme in self._bundle.scheme.themes:
            table.add_column(Text(_two_lines(theme.short)), justify="right", min_width=4)
        for document, paragraphs, check, counts in self._rows:
            table.add_row(Text(_tail(document)), str(paragraphs), str(check), *self._cells(counts))
        table.add_section()
        cells = self._cells(self._total)
        table.add_row("合计 total", str(self._paragraphs), str(self._check), *cells, style="bold")
        return table

    def _cells(self, counts: Counter[str]) -> list[str]:
        return [str(counts[theme]) if counts[theme] else "·" for theme in self._bundle.scheme.theme_ids]


def signature(bundle: Bundle) -> Text:
    """Return the line that names the bundle, with a warning where it is the fallback."""
    if bundle.manifest.kind == "linear":
        note = "后备模型(字符 n-gram),不如微调的 BERT 准 · the fallback, less exact than the fine-tuned encoder"
        return Text(f"模型 model: {bundle.label} — {note}", style="yellow")
    return Text(f"模型 model: {bundle.label}")


def _two_lines(short: str) -> str:
    """Break a name after its second character: a column is two characters wide."""
    return f"{short[:2]}\n{short[2:]}" if len(short) > _COLUMN else short


def _tail(document: str) -> str:
    """Return the file's name: folders repeat from row to row."""
    return document.replace("\\", "/").rsplit("/", 1)[-1]
