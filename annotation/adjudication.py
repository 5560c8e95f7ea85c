"""Votes to verdicts where the votes settle it; what they leave open goes out with the competing answers.

    adjudicate([work + digital by 张, work + digital by 李, work by 王], scheme)  ->  verdict work + digital, "majority"

The rule, a paragraph at a time:

1. A verdict that is there stands. Votes are never changed, and a single vote is no verdict.
2. The section is the one that more than half of the votes gave. Each theme is there when more than half gave it, not
   there when more than half did not.
3. Where a label has exactly half of the votes, or no section has more, or nobody gave the answer that 2 puts together,
   the paragraph is contested: somebody has to read it (`verdict_of` makes the verdict of what they say).

A section without themes needs no rule: whoever gave it gave no themes, so a majority for it is one against each theme.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fazhi.model.labels import Example, Scheme, trainable
from fazhi.model.reading import InputError

UNANIMOUS, MAJORITY = "unanimous", "majority"
"""Annotators of the verdicts that votes alone gave."""
Answer = tuple[str, tuple[str, ...]]
"""Section, and themes in scheme order."""


@dataclass(frozen=True, slots=True)
class Contest:
    """A paragraph that its votes leave open.

    Attributes:
        votes: One an annotator.
        answers: The competing answers with who gave them, the most frequent first.
    """

    votes: tuple[Example, ...]
    answers: dict[Answer, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Adjudication:
    """What came of the votes.

    Attributes:
        before: Verdicts that were there, in their order.
        new: Verdicts that the votes gave, in the order of the votes.
        contests: Paragraphs left open.
        single: Paragraphs with one vote and no verdict.
    """

    before: tuple[Example, ...]
    new: tuple[Example, ...]
    contests: tuple[Contest, ...]
    single: int


def adjudicate(examples: Sequence[Example], scheme: Scheme) -> Adjudication:
    """Settle what votes settle.

    Args:
        examples: Votes, and verdicts that are there already.
        scheme: Order of the themes.

    Raises:
        InputError: Somebody voted twice on a paragraph, or verdicts contradict one another.
    """
    before = {verdict.uid: verdict for verdict in trainable([each for each in examples if each.kind == "verdict"])}
    votes: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        if example.uid not in before:
            votes[example.uid].append(example)
    decided = [_decide(each, scheme) for each in votes.values()]
    return Adjudication(
        before=tuple(before.values()),
        new=tuple(each for each in decided if isinstance(each, Example)),
        contests=tuple(each for each in decided if isinstance(each, Contest)),
        single=decided.count(None),
    )


def verdict_of(votes: Sequence[Example], answer: Answer, annotator: str) -> Example:
    """Return the verdict that settles votes on one paragraph; its source names all of theirs."""
    return replace(
        votes[0],
        section=answer[0],
        themes=answer[1],
        kind="verdict",
        annotator=annotator,
        source="+".join(dict.fromkeys(vote.source for vote in votes)),
        round=max(vote.round for vote in votes),
    )


def _decide(votes: Sequence[Example], scheme: Scheme) -> Example | Contest | None:
    _check_once(votes)
    if len(votes) == 1:
        return None
    answers = _answers(votes, scheme)
    won = _majority(votes, scheme)
    if won is None or won not in answers:
        return Contest(tuple(votes), answers)
    return verdict_of(votes, won, UNANIMOUS if len(answers) == 1 else MAJORITY)


def _answers(votes: Sequence[Example], scheme: Scheme) -> dict[Answer, tuple[str, ...]]:
    """Return who gave which answer, the most frequent first, then in the order of the votes."""
    given: dict[Answer, tuple[str, ...]] = {}
    for vote in votes:
        answer = (vote.section, tuple(theme for theme in scheme.theme_ids if theme in vote.themes))
        given[answer] = (*given.get(answer, ()), vote.annotator)
    return dict(sorted(given.items(), key=lambda entry: -len(entry[1])))


def _majority(votes: Sequence[Example], scheme: Scheme) -> Answer | None:
    """Return what more than half say of the section and of each theme; None where they leave a label open."""
    half = len(votes) / 2
    counts = {theme: sum(theme in vote.themes for vote in votes) for theme in scheme.theme_ids}
    sections = [section for section in scheme.section_ids if sum(vote.section == section for vote in votes) > half]
    if not sections or half in counts.values():
        return None
    return sections[0], tuple(theme for theme, count in counts.items() if count > half)


def _check_once(votes: Sequence[Example]) -> None:
    names = [vote.annotator for vote in votes]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        where = f"{votes[0].document} paragraph {votes[0].index}"
        raise InputError(where, f"has several votes of {', '.join(twice)}", "keep one vote an annotator")
