r"""Hard-wrapped lines: text that was broken at a fixed width, as mail programs and old editors do.

    "  全市共办理行政复议\n案件七件。\n"  ->  the break after 复议 is left out

A document counts as wrapped when many lines end within a few columns of the longest. In others nothing is joined.
"""

import re
from collections.abc import Iterator

_WIDEST, _NARROWEST = 200, 40  # columns; a Chinese character takes two
_SLACK = 6  # columns that a line may stay short: a wide character and a mark that may not begin a line
_FEWEST = 6  # lines in a document that can be judged
_FULL_SHARE = 0.4
_STARTS_ANEW = re.compile(r"[第(①-⑳]|[一二三四五六七八九十]{1,3}[、是.]|\d{1,2}[.、)]")
_ENDS = tuple("。!?:;”)")
_LINES = re.compile(r"[^\n]+")


def wrapped_breaks(folded: str) -> Iterator[tuple[int, int]]:
    """Yield the spans (line feed with the blanks around it) that join a wrapped line to the next."""
    lines = [match.span() for match in _LINES.finditer(folded)]
    if len(lines) < _FEWEST:
        return
    widths = [_columns(folded[start:end].rstrip(" ")) for start, end in lines]
    limit = max(widths)
    full = [width >= limit - _SLACK for width in widths]
    if not _NARROWEST <= limit <= _WIDEST or sum(full) < _FULL_SHARE * sum(width > 0 for width in widths):
        return
    indents = [_indent(folded, start, end) for start, end in lines]
    margin = min(indent for indent, width in zip(indents, widths, strict=True) if width)
    indented = sum(indent > margin for indent in indents) >= 0.1 * len(lines)
    for here in range(len(lines) - 1):
        (start, end), (after, after_end) = lines[here], lines[here + 1]
        if not full[here] or after != end + 1 or not widths[here + 1] or indents[here + 1] > margin:
            continue
        head = after + indents[here + 1]
        tail = folded[start:end].rstrip(" ")
        if _STARTS_ANEW.match(folded, head, after_end) or (not indented and tail.endswith(_ENDS)):
            continue
        if tail[-1].isascii() and tail[-1].isalnum() and folded[head].isascii() and folded[head].isalnum():
            continue  # two Latin words would run together; such a line stays a line
        yield start + len(tail), head


def _columns(line: str) -> int:
    """Return the width on a terminal: GB 18030 spends two bytes on a wide character, one on a narrow one."""
    return len(line.encode("gb18030", "replace"))


def _indent(text: str, start: int, end: int) -> int:
    line = text[start:end]
    return len(line) - len(line.lstrip(" "))
