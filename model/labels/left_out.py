"""oof.jsonl: what models said of paragraphs that they were not trained on, one a line. Writer and reader side by side.

    {"uid": "…", "protocol": "folds", "part": 3, "theme_scores": {"digital": 0.97, …}, "themes": ["digital"], …}

training/ writes it; evaluation and the choice of what to annotate next read it. Tags were given with thresholds that
the paragraph's own part had no say in. The answers themselves stand in examples.jsonl, under the same uid.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

from fazhi.model.labels.lines import check_types, read_lines, types_of
from fazhi.model.labels.scheme import Scheme
from fazhi.model.writing import replacing

BANDS = ("sure", "check")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What one model, trained without the paragraph's document, said of the paragraph.

    Attributes:
        uid: As in examples.jsonl.
        document: As in examples.jsonl.
        sha256: Of the document; all paragraphs of a document were left out together.
        index: Place in the document, from 0.
        protocol: Which way of leaving out: `real`, `folds`, …
        part: Which of the protocol's parts the document was held out with.
        model: Name of what was trained (`fazhi-linear@0.1.0`).
        scheme: Fingerprint of the label scheme.
        theme_scores: Calibrated probabilities, scheme order.
        section_scores: Posteriors after decoding the report, scheme order; they sum to 1.
        section: The section that was given.
        themes: The themes that were given, scheme order.
        band: `sure` or `check`.
    """

    uid: str
    document: str
    sha256: str
    index: int
    protocol: str
    part: int
    model: str
    scheme: str
    theme_scores: tuple[float, ...]
    section_scores: tuple[float, ...]
    section: str
    themes: tuple[str, ...]
    band: str


def write_left_out(path: Path, rows: Iterable[LeftOut], scheme: Scheme) -> None:
    """Write one paragraph a line; scores by the names of their labels, to six places."""
    with replacing(path) as file:
        for row in rows:
            named = {
                "theme_scores": _named(scheme.theme_ids, row.theme_scores),
                "section_scores": _named(scheme.section_ids, row.section_scores),
            }
            file.write(json.dumps({**asdict(row), **named}, ensure_ascii=False) + "\n")


def read_left_out(path: Path, scheme: Scheme) -> list[LeftOut]:
    """Read and check every line.

    Raises:
        InputError: The file cannot be read, or lines are bad; the message names them.
    """
    return read_lines(path, partial(_row_of, scheme=scheme), "an oof.jsonl that `fazhi train` wrote")


def _named(ids: tuple[str, ...], scores: tuple[float, ...]) -> dict[str, float]:
    return {name: round(score, 6) for name, score in zip(ids, scores, strict=True)}


_TYPES = types_of(LeftOut)


def _row_of(data: Any, scheme: Scheme) -> LeftOut:
    """Build and check one row; ValueError says what was expected and what was found."""
    names = {field.name for field in fields(LeftOut)}
    if not isinstance(data, dict) or set(data) != names:
        raise ValueError(f"expected an object with {', '.join(sorted(names))}")
    if data["scheme"] != scheme.fingerprint:
        raise ValueError(f"was scored under scheme {data['scheme']}, not {scheme.fingerprint}")
    check_types(data, _TYPES)
    if data["band"] not in BANDS:
        raise ValueError(f"band should be {' or '.join(BANDS)}, found {data['band']!r}")
    strange = [theme for theme in data["themes"] if theme not in scheme.theme_ids]
    if strange or data["section"] not in scheme.section_ids:
        raise ValueError(f"unknown labels {', '.join([*strange, data['section']])}")
    scores = {
        "theme_scores": _ordered(data["theme_scores"], scheme.theme_ids),
        "section_scores": _ordered(data["section_scores"], scheme.section_ids),
    }
    return LeftOut(**{**data, **scores, "themes": tuple(data["themes"])})


def _ordered(scores: Any, ids: tuple[str, ...]) -> tuple[float, ...]:
    """Return named scores in the order of the scheme."""
    if not isinstance(scores, dict) or set(scores) != set(ids):
        raise ValueError(f"expected a score for each of {', '.join(ids)}")
    values = tuple(float(scores[name]) for name in ids)
    if not all(0.0 <= value <= 1.0 for value in values):
        raise ValueError("a score lies outside 0 to 1")
    return values
