"""What a run counts while reports go by: paragraphs per report and theme. Shown by `summary_table`."""

from collections import Counter
from dataclasses import dataclass, field

from fazhi.model.bundle import Bundle
from fazhi.model.tagger import TaggedReport

_MOST_ROWS = 40


@dataclass(frozen=True, slots=True)
class Row:
    """One report's counts.

    Attributes:
        document: Its name.
        check: Paragraphs in the band `check`.
        themes: Paragraphs of each theme.
    """

    document: str
    paragraphs: int
    check: int
    themes: Counter[str]


@dataclass(slots=True)
class Summary:
    """Counts of a run; holds no report.

    Attributes:
        bundle: Names the themes.
        rows: Of the first reports.
        themes: Paragraphs of each theme in all reports.
    """

    bundle: Bundle
    rows: list[Row] = field(default_factory=list)
    themes: Counter[str] = field(default_factory=Counter)
    reports: int = 0
    paragraphs: int = 0
    check: int = 0

    def add(self, report: TaggedReport) -> None:
        """Count one report."""
        themes = Counter(theme for tagged in report.paragraphs for theme in tagged.themes)
        check = sum(tagged.band == "check" for tagged in report.paragraphs)
        if len(self.rows) < _MOST_ROWS:
            self.rows.append(Row(report.document, len(report.paragraphs), check, themes))
        self.reports += 1
        self.paragraphs += len(report.paragraphs)
        self.check += check
        self.themes += themes
