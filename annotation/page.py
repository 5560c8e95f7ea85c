"""Pages of the annotation room: lists of texts that can be filtered, on the page of `model.showing`.

    filtered_page("标注一致性 · agreement", table(grid) + items("texts", […]))  ->  "<!doctype html>…"

Every word is escaped. The script only hides what a filter leaves out. What a page says is for whoever calls.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib import resources

from fazhi.model.showing import page


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list that can be filtered.

    Attributes:
        html: What stands in it, escaped.
        values: Of each filter, the keys that the entry has.
    """

    html: str
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filter:
    """A drop-down over a list: its name in the items' values, what it says when nothing is chosen, key to words."""

    name: str
    title: str
    choices: dict[str, str]


def filtered_page(title: str, body: str) -> str:
    """Return a page of the annotation room around a body that is escaped already, with the script of its filters."""
    return page(title, body, style(), _asset("filter.js"))


def style() -> str:
    """Return the style of the room's own elements."""
    return _asset("page.css")


def items(identity: str, entries: Sequence[Item], filters: Iterable[Filter]) -> str:
    """Return a numbered list below its filters."""
    drawn = "".join(f"<li{_data(entry)}>{entry.html}</li>" for entry in entries)
    words = '<input name="words" type="search" placeholder="查找 · search" aria-label="查找 · search">'
    controls = "".join(map(_select, filters)) + words + "<output></output>"
    form = f'<form class="filter" data-of="{identity}" hidden>{controls}</form>'
    return f'{form}<ol class="items" id="{identity}">{drawn}</ol>'


def _data(entry: Item) -> str:
    joined = {name: " ".join(keys) for name, keys in entry.values.items()}
    return "".join(f' data-{name}="{escape(keys)}"' for name, keys in joined.items())


def _select(filter_: Filter) -> str:
    options = "".join(
        f'<option value="{escape(key)}">{escape(words)}</option>' for key, words in filter_.choices.items()
    )
    title = escape(filter_.title)
    return f'<select name="{filter_.name}" aria-label="{title}"><option value="">{title}</option>{options}</select>'


def _asset(name: str) -> str:
    return (resources.files("fazhi.annotation") / name).read_text(encoding="utf-8")
