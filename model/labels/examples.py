"""examples.jsonl: annotated paragraphs, one vote or verdict a line. Writer and reader side by side.

    {"uid": "…", "document": "a.txt", "index": 12, …, "section": "work", "themes": ["digital"], "kind": "vote"}

annotation/ writes it, training/ reads it.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

from fazhi.model.labels.lines import SHOWN, check_types, read_lines, types_of
from fazhi.model.labels.scheme import HEADING, Scheme
from fazhi.model.reading import InputError
from fazhi.model.writing import replacing


@dataclass(frozen=True, slots=True)
class Example:
    """One annotated paragraph.

    Attributes:
        uid: `uid_of(sha256, start, end)`: one per paragraph, whoever answered.
        kind: `vote` of one annotator, or the `verdict` that settles them.
        source: Where the answer came from (`gold`, `written`, `label-studio`, …).
        round: Active-learning round, or 0.
        scheme: Fingerprint of the label scheme that it was answered under.
        segmenter: Version of the cut that the span belongs to.
    """

    uid: str
    document: str
    sha256: str
    index: int
    count: int
    start: int
    end: int
    text: str
    clean: str
    level: int
    marker: str
    path: tuple[str, ...]
    section: str
    themes: tuple[str, ...]
    kind: str
    annotator: str
    source: str
    round: int
    scheme: str
    segmenter: str


def uid_of(sha256: str, start: int, end: int) -> str:
    """Return the identity of a paragraph: sha256 over the hash of its document's text and its span."""
    return hashlib.sha256(f"{sha256}:{start}:{end}".encode()).hexdigest()


def write_examples(path: Path, examples: Iterable[Example]) -> None:
    """Write one example a line; a reader never sees half a file."""
    with replacing(path) as file:
        for example in examples:
            file.write(line_of(example))


def line_of(example: Example) -> str:
    """Return the line of one example."""
    return json.dumps(asdict(example), ensure_ascii=False) + "\n"


def read_examples(path: Path, scheme: Scheme) -> list[Example]:
    """Read and check every line.

    Raises:
        InputError: The file cannot be read, or lines are bad; the message names them all (up to 20) by number.
    """
    return read_lines(path, partial(example_of, scheme=scheme), "a file of examples")


def trainable(examples: Sequence[Example]) -> list[Example]:
    """Return one example a paragraph: its verdict, else its unanimous votes.

    Raises:
        InputError: Votes differ and no verdict settles them; the message names the paragraphs.
    """
    groups: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        groups[example.uid].append(example)
    chosen, conflicts = [], []
    for group in groups.values():
        verdicts = [example for example in group if example.kind == "verdict"]
        answers = {(example.section, frozenset(example.themes)) for example in verdicts or group}
        if len(answers) > 1:
            conflicts.append(f"{group[0].document} paragraph {group[0].index}")
        chosen.append((verdicts or group)[-1])
    if conflicts:
        raise InputError("examples", f"conflicting answers for {'; '.join(conflicts[:SHOWN])}", "adjudicate them first")
    return chosen


_TYPES = types_of(Example)


def example_of(data: Any, scheme: Scheme) -> Example:
    """Build and check one example of what a line, or another program, says.

    Raises:
        ValueError: Says what was expected and what was found.
    """
    if not isinstance(data, dict):
        raise ValueError(f"expected an object, found {type(data).__name__}")
    missing = [field.name for field in fields(Example) if field.name not in data]
    if missing:
        raise ValueError(f"misses {', '.join(missing)}")
    unknown = sorted(set(data) - {field.name for field in fields(Example)})
    if unknown:
        raise ValueError(f"has unknown fields {', '.join(unknown)}")
    check_types(data, _TYPES)
    example = Example(**{**data, "path": tuple(data["path"]), "themes": tuple(data["themes"])})
    check_example(example, scheme)
    return example


def check_example(example: Example, scheme: Scheme) -> None:
    """Check that labels and place of an example make sense.

    Raises:
        ValueError: Says what was expected and what was found.
    """
    _check_labels(example, scheme)
    _check_place(example)


def _check_place(example: Example) -> None:
    if not 0 <= example.start < example.end or not 0 <= example.index < example.count:
        raise ValueError(f"has no place: characters {example.start}-{example.end}, {example.index} of {example.count}")
    if example.uid != uid_of(example.sha256, example.start, example.end):
        raise ValueError("uid is not that of its document and span")


def _check_labels(example: Example, scheme: Scheme) -> None:
    if example.scheme != scheme.fingerprint:
        raise ValueError(f"was answered under scheme {example.scheme}, not {scheme.fingerprint}")
    if example.section not in scheme.section_ids:
        raise ValueError(f"unknown section {example.section!r}")
    if len(set(example.themes)) < len(example.themes):
        raise ValueError(f"names a theme twice: {', '.join(example.themes)}")
    strange = [theme for theme in example.themes if theme not in scheme.theme_ids]
    if strange:
        raise ValueError(f"unknown themes {', '.join(strange)}")
    if (example.section == HEADING) != (example.level > 0):
        raise ValueError(f"section {example.section!r} does not go with level {example.level}")
    if example.themes and example.section in scheme.unthemed:
        raise ValueError(f"section {example.section!r} carries no themes, found {', '.join(example.themes)}")
    if example.kind not in ("vote", "verdict"):
        raise ValueError(f"kind should be vote or verdict, found {example.kind!r}")
