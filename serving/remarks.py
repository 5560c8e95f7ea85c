"""What a run has to say beside its results: inputs that failed, documents that do not look like reports.

Collected while the run goes on, for the lines on standard error, the summary and the last sheet of the workbook; those
who show it decide how. Holds no report.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fazhi.model.reading import InputError

_MOST = 1_000  # of a kind on the sheet; the rest is counted


@dataclass(slots=True)
class Remarks:
    """Grows while reports go by.

    Attributes:
        left_out: Files in folders and archives that have another ending than reports have.
        failed: Why inputs gave no result.
        doubtful: Name of a document that does not look like a report, and why.
        incomplete: Name of a document of which something could not be read, and what.
        furniture: Rows of page furniture (running heads, page numbers) that reading left out.
    """

    left_out: int = 0
    failed: list[InputError] = field(default_factory=list)
    doubtful: list[tuple[str, str]] = field(default_factory=list)
    incomplete: list[tuple[str, str]] = field(default_factory=list)
    furniture: int = 0

    def facts(self) -> dict[str, str]:
        """Return everything as name and value, counts first."""
        why = ((error.where, f"{error.what} — {error.hint}" if error.hint else error.what) for error in self.failed)
        return {
            "未标注的输入 inputs not tagged": str(len(self.failed)),
            "不像报告的文件 unlike a report": str(len(self.doubtful)),
            "未读全的文件 not read in full": str(len({name for name, _ in self.incomplete})),
            "页眉页脚页码,已略去 rows of page furniture left out": str(self.furniture),
            "其他格式,未读 files of other formats, not read": str(self.left_out),
            **_named("未标注 not tagged", why),
            **_named("未读全 not read in full", self.incomplete),
            **_named("存疑 unlike a report", self.doubtful),
        }


def _named(kind: str, lines: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return lines under names that begin with their kind, so that no file's name can pass for another fact."""
    found: dict[str, str] = {}
    for name, why in lines:
        key = f"{kind}: {name}"
        found[key] = f"{found[key]}\n{why}" if key in found else why
    return dict(_first(kind, found)) if len(found) > _MOST else found


def _first(kind: str, found: dict[str, str]) -> Iterator[tuple[str, str]]:
    yield from list(found.items())[:_MOST]
    yield f"{kind}: …", f"另有 {len(found) - _MOST} 个 · more"
