"""How answering went: the exports of a round's projects in; time per answer, and how often suggestions were kept, out.

    pace_of(Path("rounds/003"), asked, scheme).median  ->  14.2

Label Studio counts the seconds (`lead_time`) while a paragraph is open; where somebody leaves it open over lunch they
are many, so the middle is shown and never the mean.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from fazhi.annotation.export import Export, read_export
from fazhi.annotation.suggested import Suggested
from fazhi.annotation.votes import votes_of
from fazhi.model.labels import Scheme

EXPORTS = "pulled-*.export.json"
_QUARTERS = (25, 50, 75)


@dataclass(frozen=True, slots=True)
class Pace:
    """How answering went.

    Attributes:
        timed: Answers whose seconds are known.
        lower: Seconds of the quarter that was answered fastest, at most; None where no answer was timed.
        median: Seconds of half of the answers, at most.
        upper: Seconds of three quarters, at most.
        suggested: How often suggestions were kept.
    """

    timed: int
    lower: float | None
    median: float | None
    upper: float | None
    suggested: Suggested


def pace_of(folder: Path, asked: set[str], scheme: Scheme) -> Pace:
    """Return how the questions of a round, by their uids, were answered."""
    exports = [_only(read_export(path), asked) for path in sorted(folder.glob(EXPORTS))]
    seconds = [each for export in exports for each in _seconds(export)]
    counts = [votes_of(export, scheme).suggested for export in exports]
    names = ("seen", "kept", "section", "themes")
    suggested = Suggested(**{name: sum(getattr(each, name) for each in counts) for name in names})
    if not seconds:
        return Pace(0, None, None, None, suggested)
    lower, median, upper = (float(value) for value in np.percentile(seconds, _QUARTERS))
    return Pace(len(seconds), lower, median, upper, suggested)


def _only(export: Export, asked: set[str]) -> Export:
    """Return the export with the tasks of one round: a project may serve many."""
    return replace(export, tasks=[task for task in export.tasks if _uid(task["data"]) in asked])


def _uid(data: Any) -> object:
    return data.get("uid") if isinstance(data, dict) else None


def _seconds(export: Export) -> Iterator[float]:
    for task in export.tasks:
        for answer in task["annotations"]:
            value = answer.get("lead_time")
            if type(value) in {int, float} and np.isfinite(value) and value > 0 and not answer.get("was_cancelled"):
                yield float(value)
