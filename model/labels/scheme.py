"""The label scheme as data: `labels.toml` to a frozen `Scheme`."""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from fazhi.model.reading import InputError

HEADING = "heading"
"""The section that the segmenter decides: a paragraph has it exactly where its level is above 0."""
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme. `takes` and `excludes` are the columns of the scheme that annotators work by."""

    id: str
    zh: str
    short: str
    en: str
    definition: str
    takes: str
    excludes: str
    color: str
    key: str


@dataclass(frozen=True, slots=True)
class Section:
    """One section. `themed` is False where paragraphs carry no themes by rule (title, closing …)."""

    id: str
    zh: str
    en: str
    definition: str
    key: str
    themed: bool


@dataclass(frozen=True, slots=True)
class Scheme:
    """Themes and sections in their fixed order: columns of every score array."""

    name: str
    version: str
    themes: tuple[Theme, ...]
    sections: tuple[Section, ...]

    @property
    def theme_ids(self) -> tuple[str, ...]:
        """Ids in scheme order."""
        return tuple(theme.id for theme in self.themes)

    @property
    def section_ids(self) -> tuple[str, ...]:
        """Ids in scheme order."""
        return tuple(section.id for section in self.sections)

    @property
    def unthemed(self) -> frozenset[str]:
        """Sections whose paragraphs carry no themes."""
        return frozenset(section.id for section in self.sections if not section.themed)

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits over the ordered ids: names and definitions may change, ids may not."""
        ids = "\n".join(("themes", *self.theme_ids, "sections", *self.section_ids))
        return hashlib.sha256(ids.encode("utf-8")).hexdigest()[:16]


def load_scheme(path: Path | None = None) -> Scheme:
    """Read a scheme; without a path the one that ships.

    Raises:
        InputError: Not TOML, a field missing, an id that is no plain word, an id, colour or key used twice.
    """
    return _shipped_scheme() if path is None else _read_scheme(path)


def scheme_source() -> str:
    """Return the text of the scheme that ships, as bundles carry it."""
    return _shipped().read_text(encoding="utf-8")


def _shipped() -> Traversable:
    return resources.files("fazhi.model.labels") / "labels.toml"


@cache
def _shipped_scheme() -> Scheme:
    """Read it once a process: every bundle is compared with it."""
    return _read_scheme(_shipped())


def _read_scheme(source: Traversable) -> Scheme:
    try:
        data = tomllib.loads(source.read_text(encoding="utf-8"))
        scheme = _scheme_of(data)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(str(source), f"is no label scheme ({error!r})", "compare it with the one that ships") from None
    _check_ids(str(source), scheme)
    _check_unique(str(source), scheme)
    return scheme


def _scheme_of(data: dict[str, Any]) -> Scheme:
    themes = tuple(_theme_of(entry) for entry in data["themes"])
    sections = tuple(_section_of(entry) for entry in data["sections"])
    return Scheme(data["name"], data["version"], themes, sections)


def _theme_of(entry: dict[str, str]) -> Theme:
    return Theme(
        id=entry["id"],
        zh=entry["zh"],
        short=entry["short"],
        en=entry["en"],
        definition=entry["definition"],
        takes=entry["takes"],
        excludes=entry["not"],
        color=entry["color"],
        key=entry["key"],
    )


def _section_of(entry: dict[str, Any]) -> Section:
    return Section(
        id=entry["id"],
        zh=entry["zh"],
        en=entry["en"],
        definition=entry["definition"],
        key=entry["key"],
        themed=entry.get("themes", True),
    )


def _check_ids(where: str, scheme: Scheme) -> None:
    """Refuse ids that files, tables and pages could not hold as one word."""
    strange = [name for name in (*scheme.theme_ids, *scheme.section_ids) if not _ID.fullmatch(str(name))]
    if strange:
        raise InputError(where, f"has the ids {', '.join(map(repr, strange))}", "use letters, digits, _ and -")


def _check_unique(where: str, scheme: Scheme) -> None:
    labels: tuple[Theme | Section, ...] = (*scheme.themes, *scheme.sections)
    columns = {
        "id": [label.id for label in labels],
        "key": [label.key for label in labels],
        "color": [theme.color for theme in scheme.themes],
    }
    for field, values in columns.items():
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            raise InputError(where, f"{field} {', '.join(map(repr, twice))} is used twice", "make each one unique")
