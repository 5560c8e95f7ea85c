"""What differs between two label schemes: ids, which answers hang on, and words, which only people read.

changes(old, new)  ->  Changes(removed=("digital",), added=("online",), reordered=False, reworded=("enforcement",), …)
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from fazhi.model.labels import Scheme, Section, Theme

_MEANING = ("zh", "en", "definition", "takes", "excludes")
"""Fields that say what a label means; colours and keys do not."""


@dataclass(frozen=True, slots=True)
class Changes:
    """From an old scheme to a new one.

    Attributes:
        removed: Ids that the new scheme lacks.
        added: Ids that the old scheme lacks.
        reordered: Whether ids of both stand in another order.
        reworded: Ids of both whose names or definitions differ.
        closed: Sections of both that no longer carry themes.
        opened: Sections of both that carry themes now.
    """

    removed: tuple[str, ...]
    added: tuple[str, ...]
    reordered: bool
    reworded: tuple[str, ...]
    closed: tuple[str, ...]
    opened: tuple[str, ...]


def ids(scheme: Scheme) -> tuple[str, ...]:
    """Return all ids, themes first."""
    return (*scheme.theme_ids, *scheme.section_ids)


def changes(old: Scheme, new: Scheme) -> Changes:
    """Compare two schemes."""
    before, after = _labels(old), _labels(new)
    kept = [name for name in before if name in after]
    open_before, open_after = (set(scheme.section_ids) - scheme.unthemed for scheme in (old, new))
    return Changes(
        removed=tuple(name for name in before if name not in after),
        added=tuple(name for name in after if name not in before),
        reordered=kept != [name for name in after if name in before],
        reworded=tuple(name for name in kept if _meaning(before[name]) != _meaning(after[name])),
        closed=tuple(name for name in kept if name in open_before and name in new.unthemed),
        opened=tuple(name for name in kept if name in old.unthemed and name in open_after),
    )


def _labels(scheme: Scheme) -> Mapping[str, Theme | Section]:
    labels: tuple[Theme | Section, ...] = (*scheme.themes, *scheme.sections)
    return {label.id: label for label in labels}


def _meaning(label: Theme | Section) -> dict[str, str]:
    return {name: value for name, value in asdict(label).items() if name in _MEANING}
