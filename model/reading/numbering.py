"""Automatic list numbers: numbering.xml and styles.xml in, the number before each paragraph out.

    numbering = read_numbering(numbering_root, styles_root)
    counters = Counters(numbering)
    counters.number(paragraph_1)  ->  "一、"
    counters.number(paragraph_2)  ->  "（一）"

`Numbering` is what the file says, `Counters` walks through the document once, in its order. Leaves the digits to
`numerals` and the text to `docx`. Rules: ECMA-376 part 1, 17.9; where it is silent, what Word and LibreOffice print.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from fazhi.model.reading.numerals import numeral

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_MAX_PATTERN = 100  # characters of a `w:lvlText` that are used; Word takes no longer ones, a bomb does
_MAX_DEPTH = 20  # styles based on styles, and links between lists; Word allows fewer
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_PLACEHOLDER = re.compile("%([1-9])")
# A mark that ends so needs nothing before the text; 第一条 and 1. are set off by a space, as people type them.
_CLOSED = re.compile("[、。．，：；）】〕》」①-⑳⑴-⒇⒈-⒛㊀-㊉]$|[\u3400-\u9fff][).,]$")


@dataclass(frozen=True, slots=True)
class Level:
    """One `w:lvl`: how the paragraphs of a level are counted and shown."""

    start: int = 0
    number_format: str = "decimal"
    pattern: str = ""
    suffix: str = "tab"
    restart: int | None = None
    legal: bool = False
    style: str = ""


@dataclass(frozen=True, slots=True)
class List:
    """One `w:num`: the abstract list whose counters it shares, its levels, and where it starts anew."""

    counters: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListPlace:
    """A `w:numPr`: list id and level, either open; and the styles from the asked one to the nearest with any."""

    list_id: str | None = None
    level: int | None = None
    styles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Numbering:
    """All lists by `w:numId`, and the list place of every paragraph style that has one."""

    lists: Mapping[str, List] = field(default_factory=dict)
    styles: Mapping[str, ListPlace] = field(default_factory=dict)
    default_style: str = ""

    def place(self, paragraph: etree._Element) -> tuple[List, int] | None:
        """Return the list and level of a `w:p`: its own `w:numPr` over its style's; None without a number."""
        properties = paragraph.find(f"{W}pPr")
        style = _value(properties, "pStyle") or self.default_style
        own, styled = _list_place(properties), self.styles.get(style, ListPlace())
        found = self.lists.get(own.list_id or styled.list_id or "")
        if found is None:
            return None
        level = own.level
        if level is None and own.list_id is None:
            level = _level_of_styles(found, styled.styles)
        level = styled.level or 0 if level is None else level
        return (found, level) if level in found.levels else None


class Counters:
    """The running numbers of one document."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._values: dict[str, dict[int, int]] = {}
        self._started: set[tuple[int, int]] = set()

    def number(self, paragraph: etree._Element) -> str:
        """Count a `w:p` and return its number with what stands before the text; empty without numbering.

        Call it once for each paragraph, in document order.
        """
        place = self._numbering.place(paragraph)
        if place is None:
            return ""
        found, level = place
        values = self._values.setdefault(found.counters, {})
        self._advance(found, level, values)
        return _shown(found, level, values)

    def _advance(self, found: List, level: int, values: dict[int, int]) -> None:
        anew = level in found.starts and (id(found), level) not in self._started
        self._started.add((id(found), level))
        values[level] = _start(found, level) if anew or level not in values else values[level] + 1
        for upper in range(level):  # 1.1 before any 1.: Word shows and takes the upper level as begun
            if upper not in values and upper in found.levels:
                values[upper] = _start(found, upper)
        for lower in [deeper for deeper in values if deeper > level]:
            restart = found.levels[lower].restart if lower in found.levels else None
            if restart is None or level < restart:
                del values[lower]


def read_numbering(numbering: etree._Element | None, styles: etree._Element | None) -> Numbering:
    """Read the two parts; either may be missing."""
    tree = {} if styles is None else {style.get(f"{W}styleId", ""): style for style in styles.iter(f"{W}style")}
    default = next((key for key, style in tree.items() if _is_default(style)), "")
    own = {key: _list_place(style.find(f"{W}pPr")) for key, style in tree.items()}
    parents = {key: _value(style, "basedOn") for key, style in tree.items()}
    lists = {} if numbering is None else _lists(numbering, own)
    return Numbering(lists, {key: _inherited(key, own, parents) for key in own}, default)


def _is_default(style: etree._Element) -> bool:
    return style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in {"1", "true", "on"}


def _inherited(key: str, own: Mapping[str, ListPlace], parents: Mapping[str, str]) -> ListPlace:
    """Fill list and level up from the styles that a style is based on."""
    list_id, level, styles = None, None, []
    for _ in range(_MAX_DEPTH):
        if key not in own or (list_id and level is not None):
            break
        if list_id is None and level is None:
            styles.append(key)
        list_id = list_id or own[key].list_id
        level = own[key].level if level is None else level
        key = parents[key]
    return ListPlace(list_id, level, tuple(styles)) if list_id else ListPlace()


def _lists(root: etree._Element, styles: Mapping[str, ListPlace]) -> dict[str, List]:
    abstracts = {item.get(f"{W}abstractNumId", ""): item for item in root.iter(f"{W}abstractNum")}
    nums = {item.get(f"{W}numId", ""): item for item in root.iter(f"{W}num")}
    links = _links(abstracts, nums, styles)
    levels = {key: dict(_levels(item)) for key, item in abstracts.items()}
    lists = {}
    for key, num in nums.items():
        target = _value(num, "abstractNumId")
        for _ in range(_MAX_DEPTH):
            target = links.get(target, target)
        if key != "0" and target in levels:
            lists[key] = _overridden(num, List(target, levels[target]))
    return lists


def _links(
    abstracts: Mapping[str, etree._Element], nums: Mapping[str, etree._Element], styles: Mapping[str, ListPlace]
) -> dict[str, str]:
    """Map each abstract list with a `w:numStyleLink` to the one that holds the levels.

    The way is list style -> list -> abstract list; where the style is gone, the list that says it defines it.
    """
    defined = {_value(item, "styleLink"): key for key, item in abstracts.items()}
    links = {}
    for key, item in abstracts.items():
        name = _value(item, "numStyleLink")
        via = nums.get(styles.get(name, ListPlace()).list_id or "")
        if name:
            links[key] = defined.get(name, key) if via is None else _value(via, "abstractNumId")
    return links


def _overridden(num: etree._Element, found: List) -> List:
    levels, starts = dict(found.levels), {}
    for override in num.iter(f"{W}lvlOverride"):
        levels.update(_levels(override))
        level, start = _integer(override.get(f"{W}ilvl")), _integer(_value(override, "startOverride"))
        if level is not None and start is not None:
            starts[level] = start
    return replace(found, levels=levels, starts=starts)


def _levels(parent: etree._Element) -> list[tuple[int, Level]]:
    pairs = [(_integer(item.get(f"{W}ilvl")), _level(item)) for item in parent.iterchildren(f"{W}lvl")]
    return [(number, level) for number, level in pairs if number is not None and 0 <= number < _LEVELS]


def _level(item: etree._Element) -> Level:
    # A custom format stands in mc:Choice and the ordinary one in mc:Fallback, after it.
    formats = [node.get(f"{W}val", "") for node in item.iter(f"{W}numFmt")]
    return Level(
        start=_integer(_value(item, "start")) or 0,
        number_format=formats[-1] if formats else "decimal",
        pattern=_value(item, "lvlText")[:_MAX_PATTERN],
        suffix=_value(item, "suff") or "tab",
        restart=_integer(_value(item, "lvlRestart")),
        legal=is_on(item.find(f"{W}isLgl")),
        style=_value(item, "pStyle"),
    )


def _level_of_styles(found: List, styles: tuple[str, ...]) -> int | None:
    """Return the level that `w:pStyle` ties to the first of the styles; it outdoes the style's own `w:ilvl`."""
    tied = {level.style: number for number, level in found.levels.items() if level.style}
    return next((tied[style] for style in styles if style in tied), None)


def _list_place(properties: etree._Element | None) -> ListPlace:
    """Read the `w:numPr` of a `w:pPr`; that of a tracked earlier state lies deeper and is not seen."""
    number = None if properties is None else properties.find(f"{W}numPr")
    return ListPlace(_value(number, "numId") or None, _integer(_value(number, "ilvl")))


def _start(found: List, level: int) -> int:
    return found.starts.get(level, found.levels[level].start)


def _shown(found: List, level: int, values: Mapping[int, int]) -> str:
    """Fill the pattern, each place in the format of its own level, and set it off from the text."""
    rule = found.levels[level]
    if rule.number_format == "bullet":
        return ""

    def fill(match: re.Match[str]) -> str:
        place = int(match[1]) - 1
        if place > level or place not in found.levels:
            return ""
        number_format = found.levels[place].number_format
        keeps = not rule.legal or number_format in {"decimalZero", "bullet", "none"}
        return numeral(values[place], number_format if keeps else "decimal")

    text = _PLACEHOLDER.sub(fill, rule.pattern)
    mark = text.strip()
    wide = not mark or _CLOSED.search(mark) or (rule.suffix == "nothing" and mark == text)
    return mark if wide else f"{mark} "


def is_on(node: etree._Element | None) -> bool:
    """Tell whether a toggle such as `<w:vanish/>` is there and not switched off."""
    return node is not None and node.get(f"{W}val", "1") not in {"0", "false", "off"}


def _value(parent: etree._Element | None, name: str) -> str:
    """Return `w:val` of a child, empty when either is missing."""
    child = None if parent is None else parent.find(W + name)
    return "" if child is None else str(child.get(f"{W}val", ""))


def _integer(text: str | None) -> int | None:
    return int(text) if text and _NUMBER.fullmatch(text) else None
