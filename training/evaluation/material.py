"""What is compared: examples, oof.jsonl rows and annotators' passes in; a `Trial` a protocol out.

Everything is joined by uid. What does not fit together is refused with both counts, never dropped.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fazhi.model.labels import HEADING, Example, LeftOut, Scheme, read_examples, read_left_out, theme_flags
from fazhi.model.reading import InputError

Array = NDArray[np.float64]
Columns = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The answered paragraphs of a protocol, document by document.

    Attributes:
        examples: (n,).
        documents: (n,), which document each belongs to, from 0.
        themes: (n, themes).
        sections: (n,), columns in scheme order.
    """

    examples: tuple[Example, ...]
    documents: Columns
    themes: Flags
    sections: Columns

    def where(self, rows: Flags) -> "Answers":
        """Return the answers of some rows; documents keep their numbers."""
        examples = tuple(example for example, taken in zip(self.examples, rows, strict=True) if taken)
        return Answers(examples, self.documents[rows], self.themes[rows], self.sections[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """The tags that somebody gave: themes (n, themes), sections (n,)."""

    name: str
    themes: Flags
    sections: Columns

    def where(self, rows: Flags) -> "Given":
        """Return the tags of some rows."""
        return Given(self.name, self.themes[rows], self.sections[rows])


@dataclass(frozen=True, slots=True, eq=False)
class ModelTags:
    """What a model gave, and how sure it was.

    Attributes:
        theme_scores: (n, themes).
        section_scores: (n, sections).
        sure: (n,), True in band `sure`.
    """

    given: Given
    theme_scores: Array
    section_scores: Array
    sure: Flags

    def where(self, rows: Flags) -> "ModelTags":
        """Return what it gave to some rows."""
        return ModelTags(self.given.where(rows), self.theme_scores[rows], self.section_scores[rows], self.sure[rows])


@dataclass(frozen=True, slots=True, eq=False)
class AnnotatorTags:
    """What an annotator gave to the rows that they answered; `given` has those rows only."""

    rows: Flags
    given: Given


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """A protocol: the answers, and everybody's tags of the same paragraphs."""

    protocol: str
    answers: Answers
    models: tuple[ModelTags, ...]
    annotators: tuple[AnnotatorTags, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the models."""
        return tuple(model.given.name for model in self.models)


def read_rows(path: Path, answered: Mapping[str, Example], scheme: Scheme) -> list[LeftOut]:
    """Read an oof.jsonl whose paragraphs are all answered.

    Raises:
        InputError: Unreadable, of another scheme, empty, or about paragraphs without an answer.
    """
    rows = read_left_out(path, scheme)
    _check_answered(str(path), {row.uid: row.sha256 for row in rows}, answered)
    return rows


def read_pass(path: Path, answered: Mapping[str, Example], scheme: Scheme) -> tuple[str, list[Example]]:
    """Read one annotator's answers to paragraphs that the examples answer too; the file's stem names them.

    Raises:
        InputError: Unreadable, empty, a paragraph answered twice or not by the examples.
    """
    votes = read_examples(path, scheme)
    uids = {vote.uid: vote.sha256 for vote in votes}
    if len(uids) < len(votes):
        raise InputError(str(path), f"has {len(votes)} answers to {len(uids)} paragraphs", "give one pass a file")
    _check_answered(str(path), uids, answered)
    return path.stem, votes


def trials(
    examples: Sequence[Example],
    rows: Sequence[LeftOut],
    passes: Mapping[str, Sequence[Example]],
    scheme: Scheme,
) -> list[Trial]:
    """Return a trial for each protocol of the rows, in their order.

    Raises:
        InputError: A paragraph scored twice by a model, models of a protocol that scored different paragraphs, a
            document that was left out in part, or a protocol without body paragraphs.
    """
    groups: dict[str, dict[str, list[LeftOut]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        groups[row.protocol][row.model].append(row)
    return [_trial(protocol, models, examples, passes, scheme) for protocol, models in groups.items()]


def _trial(
    protocol: str,
    models: Mapping[str, Sequence[LeftOut]],
    examples: Sequence[Example],
    passes: Mapping[str, Sequence[Example]],
    scheme: Scheme,
) -> Trial:
    uids = _common_uids(protocol, models)
    chosen = [example for example in examples if example.uid in uids]
    _check_whole(protocol, chosen, examples)
    answers = _answers(chosen, scheme)
    if all(example.section == HEADING for example in chosen):
        raise InputError(f"protocol {protocol}", f"has {len(chosen)} paragraphs, all headings", "add body paragraphs")
    tags = tuple(_model_tags(name, rows, answers, scheme) for name, rows in models.items())
    annotators = (_annotator(name, votes, answers, scheme) for name, votes in passes.items())
    body = answers.sections != scheme.section_ids.index(HEADING)
    return Trial(protocol, answers, tags, tuple(each for each in annotators if each.rows[body].any()))


def _answers(examples: Sequence[Example], scheme: Scheme) -> Answers:
    """Order the examples by document, as documents first appear, and place."""
    numbers = {sha256: number for number, sha256 in enumerate(dict.fromkeys(each.sha256 for each in examples))}
    ordered = tuple(sorted(examples, key=lambda example: (numbers[example.sha256], example.index)))
    documents = np.array([numbers[example.sha256] for example in ordered])
    given = _given("answers", ordered, scheme)
    return Answers(ordered, documents, given.themes, given.sections)


def _model_tags(name: str, rows: Sequence[LeftOut], answers: Answers, scheme: Scheme) -> ModelTags:
    by_uid = {row.uid: row for row in rows}
    ordered = [by_uid[example.uid] for example in answers.examples]
    return ModelTags(
        given=_given(name, ordered, scheme),
        theme_scores=np.array([row.theme_scores for row in ordered]),
        section_scores=np.array([row.section_scores for row in ordered]),
        sure=np.array([row.band == "sure" for row in ordered]),
    )


def _annotator(name: str, votes: Sequence[Example], answers: Answers, scheme: Scheme) -> AnnotatorTags:
    by_uid = {vote.uid: vote for vote in votes}
    rows = np.array([example.uid in by_uid for example in answers.examples])
    ordered = [by_uid[example.uid] for example in answers.examples if example.uid in by_uid]
    return AnnotatorTags(rows, _given(name, ordered, scheme))


def _given(name: str, tagged: Sequence[Example] | Sequence[LeftOut], scheme: Scheme) -> Given:
    sections = [scheme.section_ids.index(each.section) for each in tagged]
    return Given(name, theme_flags([each.themes for each in tagged], scheme), np.array(sections, dtype=np.int64))


def _check_answered(where: str, uids: Mapping[str, str], answered: Mapping[str, Example]) -> None:
    if not uids:
        raise InputError(where, "holds no paragraphs", "give a file with at least one line")
    unknown = [uid for uid in uids if uid not in answered]
    if unknown:
        what = f"has {len(unknown)} of {len(uids)} paragraphs without an answer in the examples (first: {unknown[0]})"
        raise InputError(where, what, "name every examples file that the models were trained and tested on")
    moved = sum(answered[uid].sha256 != sha256 for uid, sha256 in uids.items())
    if moved:
        raise InputError(where, f"names another document for {moved} of {len(uids)} paragraphs", "write it again")


def _common_uids(protocol: str, models: Mapping[str, Sequence[LeftOut]]) -> set[str]:
    """Return the paragraphs of a protocol, which every model must have scored exactly once."""
    sets = {name: {row.uid for row in rows} for name, rows in models.items()}
    for name, rows in models.items():
        if len(sets[name]) < len(rows):
            what = f"has {len(rows)} rows of model {name} for {len(sets[name])} paragraphs"
            raise InputError(f"protocol {protocol}", what, "give each row once, one run a model name")
    first, *others = sets
    for other in others:
        if sets[other] != sets[first]:
            shared = len(sets[other] & sets[first])
            what = f"has {len(sets[first])} paragraphs of {first} and {len(sets[other])} of {other}, {shared} of both"
            raise InputError(f"protocol {protocol}", what, "models are compared on the same paragraphs only")
    return sets[first]


def _check_whole(protocol: str, chosen: Iterable[Example], examples: Iterable[Example]) -> None:
    """Refuse documents of which only some answered paragraphs were scored."""
    scored, answered = (Counter(example.sha256 for example in each) for each in (chosen, examples))
    partial = [sha256 for sha256, count in scored.items() if count < answered[sha256]]
    if partial:
        name = next(example.document for example in examples if example.sha256 == partial[0])
        what = f"has scores for {scored[partial[0]]} of the {answered[partial[0]]} answered paragraphs of {name}"
        more = f"; {len(partial)} of {len(scored)} documents are left out in part" if len(partial) > 1 else ""
        raise InputError(f"protocol {protocol}", what + more, "examples and oof.jsonl should be of the same run")
