"""pool.jsonl: every paragraph of the reports to ask from, fixed at the first round. Writer and reader side by side.

    pool_of(reports, Sieve(shortest=8, alike=0.8), rng)[3]  ->  Pooled(paragraph=…, rank=17)

Paragraphs that may be asked have a rank: their place in one random order. Of near-identical ones the first has it,
whatever report it stands in, and the others have none: they are context for the model and nothing else.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fazhi.annotation.originals import read_source, sources
from fazhi.annotation.rounds.alike import firsts
from fazhi.annotation.rounds.pool_lines import ENDING, reports_in
from fazhi.model.labels import uid_of
from fazhi.model.labels.lines import check_types, read_lines, types_of
from fazhi.model.reading import InputError
from fazhi.model.report import Paragraph, Report, segment
from fazhi.model.writing import replacing

_SHORTEST, _ALIKE = 8, 0.8


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which paragraphs may be asked.

    Attributes:
        shortest: Characters of the clean text, at least.
        alike: Similarity from which two are one.
    """

    shortest: int = _SHORTEST
    alike: float = _ALIKE


@dataclass(frozen=True, slots=True)
class Pooled:
    """A paragraph in the pool.

    Attributes:
        document: What its report was called.
        sha256: Of the report's text.
        rank: Place in the random order; None where it is never asked.
    """

    paragraph: Paragraph
    document: str
    sha256: str
    rank: int | None

    @property
    def uid(self) -> str:
        """The paragraph's identity."""
        return uid_of(self.sha256, self.paragraph.start, self.paragraph.end)


def read_reports(places: Sequence[Path], encoding: str | None) -> tuple[list[Report], list[InputError]]:
    """Read and cut reports, the same text once; return them and what could not be read.

    Raises:
        InputError: A place does not exist, or no report can be read.
    """
    errors: list[InputError] = []
    lines = [place for place in places if place.suffix == ENDING]
    reports = {report.sha256: report for report in reports_in(lines)}
    for source in sources([place for place in places if place not in lines], errors):
        try:
            report = segment(read_source(source, encoding))
            reports.setdefault(report.sha256, report)
        except InputError as error:
            errors.append(error)
    if not reports:
        why = f": {errors[0]}" if errors else ""
        raise InputError("--pool", f"gives no report{why}", f"give reports, folders of them, or paragraphs in {ENDING}")
    return list(reports.values()), errors


def pool_of(reports: Iterable[Report], sieve: Sieve, rng: np.random.Generator) -> tuple[Pooled, ...]:
    """Return all paragraphs, those that may be asked in an order by chance.

    Raises:
        InputError: None may be asked.
    """
    rows = [(each, report) for report in reports for each in report.paragraphs]
    first = firsts([each.clean for each, _ in rows], sieve.alike)
    asked = [row for row, (each, _) in enumerate(rows) if row == first[row] and len(each.clean) >= sieve.shortest]
    if not asked:
        raise InputError("--pool", f"has no paragraph of {sieve.shortest} characters", "give more reports")
    ranks = dict(zip(asked, rng.permutation(len(asked)).tolist(), strict=True))
    return tuple(
        Pooled(each, report.document, report.sha256, ranks.get(row)) for row, (each, report) in enumerate(rows)
    )


def ranked(pool: Iterable[Pooled]) -> list[Pooled]:
    """Return what may be asked in the random order."""
    return sorted((each for each in pool if each.rank is not None), key=lambda each: each.rank or 0)


def reports_of(pool: Iterable[Pooled]) -> list[Report]:
    """Return the reports as they were cut."""
    groups: dict[str, list[Pooled]] = defaultdict(list)
    for each in pool:
        groups[each.sha256].append(each)
    return [
        Report(group[0].document, sha256, tuple(each.paragraph for each in group)) for sha256, group in groups.items()
    ]


def write_pool(path: Path, pool: Iterable[Pooled]) -> None:
    """Write one paragraph a line; a reader never sees half a file."""
    with replacing(path) as file:
        for each in pool:
            place = {"document": each.document, "sha256": each.sha256, "rank": each.rank}
            file.write(json.dumps({**asdict(each.paragraph), **place}, ensure_ascii=False) + "\n")


def read_pool(path: Path) -> tuple[Pooled, ...]:
    """Read and check every line.

    Raises:
        InputError: The file cannot be read, or lines are bad.
    """
    return tuple(read_lines(path, _pooled_of, "the pool that `fazhi round start` wrote"))


_PARAGRAPH, _PLACE = types_of(Paragraph), types_of(Pooled)


def _pooled_of(data: Any) -> Pooled:
    """Build and check one line; ValueError says what was expected."""
    names = {*_PARAGRAPH, *_PLACE, "rank"}
    if not isinstance(data, dict) or set(data) != names:
        raise ValueError(f"expected an object with {', '.join(sorted(names))}")
    check_types(data, _PARAGRAPH | _PLACE)
    if data["rank"] is not None and type(data["rank"]) is not int:
        raise ValueError(f"rank should be a number or nothing, found {data['rank']!r}")
    paragraph = Paragraph(**{name: kind(data[name]) for name, kind in _PARAGRAPH.items()})
    return Pooled(paragraph, data["document"], data["sha256"], data["rank"])
