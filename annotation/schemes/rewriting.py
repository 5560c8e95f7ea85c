"""Answers under an old scheme to answers under a new one; what the change leaves open goes out for review.

    rewrite(examples, plan, old, new)  ->  Rewritten(kept=(…), review=(…), given_up={"digital": 12})

A paragraph one of whose answers has a split label is open, with all its answers: were the others kept alone, a
disagreement would turn into agreement. In the review, answers are provisional: all parts of a split theme, the first
part of a split section.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fazhi.annotation.schemes.changes import ids
from fazhi.annotation.schemes.moves import Moves
from fazhi.model.labels import Example, Scheme
from fazhi.model.reading import InputError

PROVISIONAL = "provisional"
"""Source of answers that somebody has to confirm."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What came of the answers.

    Attributes:
        kept: Answers that say under the new scheme what they said, in their order.
        review: Provisional answers, all of a paragraph together.
        given_up: How many answers lost each theme that the plan gives up.
    """

    kept: tuple[Example, ...]
    review: tuple[Example, ...]
    given_up: dict[str, int]


def rewrite(examples: Sequence[Example], plan: Moves, old: Scheme, new: Scheme) -> Rewritten:
    """Rewrite answers.

    Args:
        examples: Answers under the old scheme.
        plan: Where every old id goes.
        old: Their scheme.
        new: The other.

    Raises:
        InputError: Answers would be lost: of a label without a place, or of themes in a section that takes none.
    """
    used = Counter(label for example in examples for label in (*example.themes, example.section))
    _check_places(used, plan, new)
    split = {name for name, targets in plan.items() if len(targets) > 1}
    given_up = {name: used[name] for name in ids(old) if not plan[name] and used[name]}
    paragraphs: dict[str, bool] = defaultdict(bool)
    for example in examples:
        paragraphs[example.uid] |= not split.isdisjoint((*example.themes, example.section))
    changed = [_rewritten(example, plan, new) for example in examples]
    _check_themes(changed, new)
    kept = tuple(example for example in changed if not paragraphs[example.uid])
    waiting = [replace(example, source=PROVISIONAL) for example in changed if paragraphs[example.uid]]
    order = {uid: place for place, uid in enumerate(paragraphs)}
    return Rewritten(kept, tuple(sorted(waiting, key=lambda example: order[example.uid])), given_up)


def _rewritten(example: Example, plan: Moves, new: Scheme) -> Example:
    themes = {target for theme in example.themes for target in plan[theme]}
    return replace(
        example,
        section=plan[example.section][0],
        themes=tuple(theme for theme in new.theme_ids if theme in themes),
        scheme=new.fingerprint,
    )


def _check_places(used: Counter[str], plan: Moves, new: Scheme) -> None:
    """Refuse answers with a label that the new scheme lacks and the plan does not move."""
    lost = [f"{name} ({used[name]} answers)" for name in used if any(each not in ids(new) for each in plan[name])]
    if lost:
        what = f"would lose {', '.join(lost)}: the new scheme has no such label"
        raise InputError("scheme", what, "say what becomes of it: --map old=new (merge takes old= to give it up)")


def _check_themes(changed: Sequence[Example], new: Scheme) -> None:
    """Refuse themes in sections that carry none in the new scheme."""
    lost = Counter(example.section for example in changed if example.themes and example.section in new.unthemed)
    if lost:
        counts = ", ".join(f"{section} ({count} answers)" for section, count in lost.items())
        what = f"would lose the themes of {counts}: the section carries none in the new scheme"
        raise InputError("scheme", what, "let it carry themes, or answer these paragraphs anew first")
