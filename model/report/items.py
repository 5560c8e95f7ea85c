"""Enumerated items inside a line: where they start.

    item_starts("存在问题:一是人手不足。二是经费不足。")  ->  [Item(5, "一是"), Item(12, "二是")]

An item counts only at the start of the line or after `。;:` (a closing quotation mark or bracket may stand between),
when its enumeration begins with the first number and runs on consecutively. Hence none in `全省第一`, `之一`,
`主要表现在:一体推进`, `2.3万`, `(12345、12315)`, `〔2009〕51号`.
"""

import re
from dataclasses import dataclass

from fazhi.model.report.marks import NUMBER_MARK

_DIGITS = {char: value for value, char in enumerate("一二三四五六七八九", start=1)}
_SEQUENCE = {"首先": 1, "其次": 2, "再次": 3, "最后": 4}
_ITEM = re.compile(
    r"(?:^|(?<=[。;:])|(?<=[。;:][”’)》]))"
    r"(?: ?)(?:"
    r"(?P<is>[一二三四五六七八九十]{1,3})是"
    r"|第(?P<nth>[一二三四五六七八九十]{1,3})[,、:]"
    r"|(?P<word>首先|其次|再次|最后)[,、:]?"
    rf"|(?P<dot>\d{{1,2}}){NUMBER_MARK}"
    r"|\((?P<paren>\d{1,2})\)"
    r"|(?P<circle>[①-⑳])"
    r")"
)


_RANKS = {"dot": 3, "paren": 4, "circle": 4}


@dataclass(frozen=True, slots=True)
class Item:
    """One enumerated item: where it starts in the line, its marker, the kind and number of its enumeration."""

    start: int
    marker: str
    kind: str
    number: int

    @property
    def rank(self) -> int | None:
        """The rank of a heading with this marker; None for 一是, 第一 and 首先, which never are."""
        return _RANKS.get(self.kind)

    def follows(self, before: "Item") -> bool:
        """Tell whether it goes on with the enumeration of another item."""
        if self.kind != before.kind:
            return False
        if self.marker.startswith("最后"):
            return before.number >= _SEQUENCE["其次"]  # 首先…其次…最后 leaves 再次 out
        return self.number == before.number + 1


def item_starts(line: str, before: Item | None = None, following: str = "") -> list[Item]:
    """Return the items that cut a line, in order.

    Args:
        line: Trimmed clean text.
        before: Last item of the line above; a line may go on with its enumeration.
        following: The line below. A first item alone in its line counts when that line goes on with the second.
    """
    found = [_item(match) for match in _ITEM.finditer(line)]
    if not found:
        return []
    runs = [run for kind in sorted({item.kind for item in found}) for run in _runs(found, kind, before)]
    kept = [item for run in runs if len(run) > 1 or _lead_in_to(run[0], following) for item in run]
    return sorted(kept, key=lambda item: item.start)


def leading_item(line: str) -> Item | None:
    """Return the item that a line begins with, whatever its number."""
    match = _ITEM.match(line)
    return _item(match) if match else None


def _item(match: re.Match[str]) -> Item:
    kind = match.lastgroup or ""
    return Item(match.end() - len(match[0].lstrip()), match[0].strip(), kind, _number(kind, match[kind]))


def _runs(found: list[Item], kind: str, before: Item | None) -> list[list[Item]]:
    """Group the items of one kind into consecutive runs, from the first number or from where the line above stopped."""
    runs: list[list[Item]] = []
    for item in found:
        if item.kind != kind:
            continue
        if item.number == 1 or (item.start == 0 and before is not None and item.follows(before)):
            runs.append([item])
        elif runs and item.follows(runs[-1][-1]):
            runs[-1].append(item)
    return runs


def _lead_in_to(item: Item, following: str) -> bool:
    """Tell whether a lone first item inside a line goes on in the next; at the head of a line it cuts nothing."""
    if item.start == 0:
        return False
    after = leading_item(following)
    return after is not None and after.follows(item)


def _number(kind: str, digits: str) -> int:
    if kind == "word":
        return _SEQUENCE[digits]
    if kind == "circle":
        return ord(digits) - ord("①") + 1
    return int(digits) if digits.isdigit() else _chinese_number(digits)


def _chinese_number(numeral: str) -> int:
    """Read 一 to 九十九; 十 alone is ten."""
    if "十" not in numeral:
        return _DIGITS.get(numeral[-1], 0)
    tens, _, ones = numeral.partition("十")
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)
