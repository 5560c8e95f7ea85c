"""Which old label becomes which new ones: what a person wrote after --map in, a checked plan out.

    plan(old, new, read_moves(["digital=online"]), "rename")["digital"]  ->  ("online",)

Every old id is accounted for: one that is not named stays what it is. A plan is refused where answers would say
something that nobody answered: a new label that no old one leads to, a theme that becomes a section.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from fazhi.annotation.schemes.changes import ids
from fazhi.model.labels import HEADING, Scheme
from fazhi.model.reading import InputError

Moves = Mapping[str, tuple[str, ...]]
"""From old ids to new ids; to none where a theme is given up."""
_OPTION = "--map"


def read_moves(words: Sequence[str]) -> Moves:
    """Read `old=new`, `old=one,other` and `old=`.

    Raises:
        InputError: Not of this form, or an id is named twice.
    """
    moves: dict[str, tuple[str, ...]] = {}
    for word in words:
        name, sign, targets = (part.strip() for part in word.partition("="))
        found = tuple(target.strip() for target in targets.split(",") if target.strip())
        if not sign or not name or len(set(found)) < len(found):
            raise InputError(_OPTION, f"found {word!r}", "write old=new, old=one,other or old=")
        if name in moves:
            raise InputError(_OPTION, f"names {name} twice", f"write it once: {name}=one,other")
        moves[name] = found
    return moves


def plan(old: Scheme, new: Scheme, moves: Moves, verb: str) -> Moves:
    """Return where every old id goes; one that the new scheme lacks and no move names goes to itself, and is lost.

    Args:
        old: Scheme of the answers.
        new: Scheme to rewrite them for.
        moves: What was asked for.
        verb: `rename`, `merge` or `split`: what the moves may do.

    Raises:
        InputError: Unknown ids, moves that are not what the verb says, or new labels that nothing leads to.
    """
    _check_ids(old, new, moves)
    whole = {name: moves.get(name, (name,)) for name in ids(old)}
    reached = Counter(target for targets in whole.values() for target in targets)
    _check_verb(moves, reached, verb)
    unreached = [name for name in ids(new) if not reached[name]]
    if unreached:
        what = f"is led to by no old label: {', '.join(unreached)}; nobody was asked about it"
        hint = f"say which old label it was ({_OPTION} old={unreached[0]}) or is a part of (old=old,{unreached[0]})"
        raise InputError("the new scheme", what, hint)
    return whole


def _check_ids(old: Scheme, new: Scheme, moves: Moves) -> None:
    for name, targets in moves.items():
        if name not in ids(old):
            raise InputError(_OPTION, f"found {name!r}, which the old scheme lacks", f"it has {', '.join(ids(old))}")
        strange = [target for target in targets if target not in ids(new)]
        if strange:
            what = f"found {', '.join(map(repr, strange))}, which the new scheme lacks"
            raise InputError(_OPTION, what, f"it has {', '.join(ids(new))}")
        _check_kind(name, targets, old, new)


def _check_kind(name: str, targets: Sequence[str], old: Scheme, new: Scheme) -> None:
    is_theme = name in old.theme_ids
    if any((target in new.theme_ids) != is_theme for target in targets):
        raise InputError(_OPTION, f"makes a section of a theme or a theme of a section ({name})", "keep them apart")
    if name == HEADING or HEADING in targets:
        raise InputError(_OPTION, f"moves {HEADING}, which the cut decides", "leave it as it is")
    if not targets and not is_theme:
        raise InputError(_OPTION, f"gives up the section {name}", "every paragraph has one: say which takes its place")


def _check_verb(moves: Moves, reached: Mapping[str, int], verb: str) -> None:
    splits = [name for name, targets in moves.items() if len(targets) > 1]
    merges = [name for name, targets in moves.items() if not targets or any(reached[target] > 1 for target in targets)]
    if splits and verb != "split":
        raise InputError(_OPTION, f"splits {', '.join(splits)}", "use scheme split")
    if merges and verb == "rename":
        raise InputError(_OPTION, f"merges or gives up {', '.join(merges)}", "use scheme merge")
    if (verb == "split" and not splits) or (verb == "merge" and not merges):
        raise InputError(_OPTION, f"{verb}s nothing", "use scheme rename, or name what becomes what")
