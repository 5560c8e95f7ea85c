"""Several people's answers to the same paragraphs: files of examples in, arrays side by side out.

    collect({"a": votes, "b": others}, scheme).sections[:, 0]  ->  what a answered, MISSING where a did not

Nothing that cannot be compared goes by unsaid: it is refused, or counted in `Ballots.alone` and `Ballots.uncommon`.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fazhi.annotation.agreement.coefficients import MISSING, Columns
from fazhi.model.labels import Example, Scheme
from fazhi.model.reading import InputError

_TWO = 2


@dataclass(frozen=True, slots=True, eq=False)
class Ballots:
    """Answers to the paragraphs that at least two answered.

    Attributes:
        annotators: Names, the columns of the arrays.
        answers: For each paragraph, each annotator's example or None; in the order of the files.
        documents: (n,), which document each paragraph belongs to, from 0.
        sections: (n, annotators), columns in scheme order, or MISSING.
        themes: (n, annotators, themes), 1, 0 or MISSING.
        alone: Paragraphs that one annotator answered alone; they are not among these.
        uncommon: Paragraphs left out because not all annotators answered them.
    """

    annotators: tuple[str, ...]
    answers: tuple[tuple[Example | None, ...], ...]
    documents: Columns
    sections: Columns
    themes: Columns
    alone: int = 0
    uncommon: int = 0

    @property
    def paragraphs(self) -> tuple[Example, ...]:
        """An example of each paragraph, for its place and text."""
        return tuple(next(filter(None, row)) for row in self.answers)

    @property
    def body(self) -> NDArray[np.bool_]:
        """(n,), True where a paragraph is no heading, whose section the segmenter gives away."""
        return np.array([each.level == 0 for each in self.paragraphs], dtype=bool)

    @property
    def document_count(self) -> int:
        """How many documents the paragraphs come from."""
        return int(self.documents.max()) + 1


def passes_of(files: Sequence[tuple[Path, Sequence[Example]]]) -> dict[str, list[Example]]:
    """Say who answered: one file holds the votes of several annotators, of several files each is a pass.

    A pass is called after its annotator where it has one, and no other pass the same; else after its file.

    Raises:
        InputError: A single file without votes of two annotators, or files that cannot be told apart by name.
    """
    if len(files) == 1:
        return _by_annotator(*files[0])
    names = [sorted({each.annotator for each in examples}) for _, examples in files]
    called = Counter(name for each in names for name in each)
    titles = [
        each[0] if len(each) == 1 and called[each[0]] == 1 else path.stem
        for each, (path, _) in zip(names, files, strict=True)
    ]
    if len(set(titles)) < len(titles):
        raise InputError("agreement", f"cannot tell {', '.join(sorted(titles))} apart", "give files different names")
    return {title: list(examples) for title, (_, examples) in zip(titles, files, strict=True)}


def collect(passes: Mapping[str, Sequence[Example]], scheme: Scheme, common: bool = False) -> Ballots:
    """Set passes side by side; their order may differ.

    Args:
        passes: Each annotator's answers.
        scheme: Columns of the arrays.
        common: Keep only what all of them answered.

    Raises:
        InputError: A paragraph answered twice in a pass, or none answered by two.
    """
    rows: dict[str, list[Example | None]] = defaultdict(lambda: [None] * len(passes))
    for column, (name, examples) in enumerate(passes.items()):
        for example in examples:
            if rows[example.uid][column] is not None:
                where = f"{example.document} paragraph {example.index}"
                raise InputError("agreement", f"{where} is answered twice in one pass ({name})", "give one pass a file")
            rows[example.uid][column] = example
    counts = [sum(each is not None for each in row) for row in rows.values()]
    fewest = len(passes) if common else _TWO
    kept = tuple(tuple(row) for row, count in zip(rows.values(), counts, strict=True) if count >= fewest)
    if not kept:
        raise InputError("agreement", f"of {len(rows)} paragraphs none is answered by {fewest}", "compare other passes")
    alone = sum(count < _TWO for count in counts)
    return _arrays(tuple(passes), kept, scheme, (alone, len(rows) - len(kept) - alone))


def check_same(ballots: Ballots) -> None:
    """Refuse two passes that are not over the same paragraphs.

    Raises:
        InputError: One of two passes has paragraphs that the other lacks.
    """
    if len(ballots.annotators) == _TWO and ballots.alone:
        what = f"{ballots.alone} paragraphs are answered in one pass only"
        raise InputError("agreement", what, "give two passes over the same, or --common")


def _by_annotator(path: Path, examples: Sequence[Example]) -> dict[str, list[Example]]:
    passes: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        if example.kind == "vote":
            passes[example.annotator].append(example)
    if len(passes) < _TWO:
        found = ", ".join(passes) or "nobody"
        raise InputError(str(path), f"has votes of {found} alone", "add another annotator's file")
    return dict(sorted(passes.items()))


def _arrays(
    annotators: tuple[str, ...], answers: tuple[tuple[Example | None, ...], ...], scheme: Scheme, left: tuple[int, int]
) -> Ballots:
    sections = np.full((len(answers), len(annotators)), MISSING, dtype=np.int64)
    themes = np.full((*sections.shape, len(scheme.themes)), MISSING, dtype=np.int64)
    for place, row in enumerate(answers):
        for column, example in enumerate(row):
            if example is not None:
                sections[place, column] = scheme.section_ids.index(example.section)
                themes[place, column] = [theme in example.themes for theme in scheme.theme_ids]
    known = {sha256: place for place, sha256 in enumerate(dict.fromkeys(_sha256(row) for row in answers))}
    documents = np.array([known[_sha256(row)] for row in answers], dtype=np.int64)
    return Ballots(annotators, answers, documents, sections, themes, *left)


def _sha256(row: tuple[Example | None, ...]) -> str:
    return next(filter(None, row)).sha256
