"""Features of the linear model: a paragraph in its report to named blocks of tokens.

    "(一)双随机"  ->  text: "双" "随" "机" "双随" … ;  head: n-grams of the nearest heading;  shape: "marker=(一)" …

Training and scoring call the same functions, so that they cannot drift apart. Weights and vocabularies are elsewhere.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile

from fazhi.model.report import Paragraph

BLOCKS = ("text", "head", "chapter", "opening", "shape")
"""Names of the blocks, in the order of the weights."""

_LONGEST_GRAM = 4
_END = "\n"  # of a heading; no clean text holds it
_MARK = re.compile(r"^(?:第.{1,3}[章部分篇]+|[一二三四五六七八九十]+[、.是]|\(.{1,3}\)|\d{1,2}[.、])")
_PATTERNS = {
    "date": re.compile(r"\d{4}[年./-]\d{1,2}[月./-]\d{1,2}"),
    "address": re.compile(r"^[^,。;]{2,30}:$"),
    "organ": re.compile(r"(?:政府|委员会|局|厅|办公室|院|处)$"),
    "latin": re.compile(r"[A-Za-z]{3}"),
}
_SHORT, _MEDIUM, _LONG = 12, 40, 120
_MOST_TITLES = 20  # short lines of an opening; a list without any heading is no opening


def blocks_of(paragraphs: Sequence[Paragraph], *, texts: bool = True) -> list[tuple[Counter[str], ...]]:
    """Return, per paragraph, one Counter of tokens per block of `BLOCKS`. Paragraphs are a report's, in order.

    Paragraphs that share a head, a chapter or an opening share the Counter itself: it is counted once. Without `texts`
    the first block stays empty, for who looks the n-grams of texts up by place.
    """
    opening = Counter(grams(_opening(paragraphs)))
    heads = {head: Counter(head_grams(head)) for each in paragraphs for head in ("", *each.path[:1], *each.path[-1:])}
    return [
        (
            Counter(grams(paragraph.clean) if texts else ()),
            heads[paragraph.path[-1] if paragraph.path else ""],
            heads[paragraph.path[0] if paragraph.path else ""],
            opening,
            Counter(shape),
        )
        for paragraph, shape in zip(paragraphs, _shapes(paragraphs), strict=True)
    ]


def _opening(paragraphs: Sequence[Paragraph]) -> str:
    """Return what tells reports from plans: the short lines above the first heading, and the last words there."""
    above = [each.clean for each in takewhile(lambda each: not each.level and not each.path, paragraphs)]
    titles = [line for line in above if len(line) <= _MEDIUM]
    return "\n".join([*titles[:_MOST_TITLES], *(line[-_SHORT:] for line in above[-1:])])


def grams(text: str) -> Iterator[str]:
    """Yield the character 1- to 4-grams of text without its leading mark; digits count as one character each."""
    start = mark_length(text)
    for row in gram_rows(text):
        yield from row[start:]


def gram_rows(text: str) -> list[list[str]]:
    """Return, for n from 1 to 4, the n-gram that begins at each character; digits count as one character each."""
    body = re.sub(r"\d", "0", text)
    return [
        [body[start : start + size] for start in range(len(body) - size + 1)] for size in range(1, _LONGEST_GRAM + 1)
    ]


def mark_length(text: str) -> int:
    """Return how many characters the mark has that a text begins with; 0 without one."""
    found = _MARK.match(text)
    return found.end() if found else 0


def head_grams(text: str) -> Iterator[str]:
    """Yield the n-grams of a heading; its end counts as a character: …工作打算 and …打算的落实 are not alike."""
    return grams(text + _END) if text else iter(())


def _shapes(paragraphs: Sequence[Paragraph]) -> Iterator[list[str]]:
    seen_heading = False
    for place, paragraph in enumerate(paragraphs):
        seen_heading = seen_heading or paragraph.level > 0 or bool(paragraph.path)
        yield [
            f"depth={len(paragraph.path)}",
            f"level={paragraph.level}",
            f"marker={_kind(paragraph.marker)}",
            f"length={_length(paragraph.clean)}",
            f"ends={paragraph.clean[-1:]}",
            f"tenth={10 * paragraph.index // max(paragraph.count, 1)}",
            f"headings={'before' if seen_heading else 'none yet'}",
            f"first={paragraph.index == 0}",
            f"from end={min(paragraph.count - paragraph.index, 5)}",
            f"heads={place + 1 < len(paragraphs) and paragraphs[place + 1].level > 0}",
            *(name for name, pattern in _PATTERNS.items() if pattern.search(paragraph.clean)),
        ]


def _kind(marker: str) -> str:
    """Return the marker with its number taken out: (三) and (十二) are one feature."""
    return re.sub(r"[一二三四五六七八九十百]+", "一", re.sub(r"[\d①-⑳]+", "1", marker))


def _length(text: str) -> str:
    bins = [name for limit, name in ((_SHORT, "short"), (_MEDIUM, "medium"), (_LONG, "long")) if len(text) <= limit]
    return bins[0] if bins else "very long"
