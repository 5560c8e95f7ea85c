"""Near-identical paragraphs: texts in, which of them stand for which out.

    firsts(["一二三四五六", "甲乙丙丁戊己", "一二三四五六。"], 0.5)  ->  [0, 1, 0]

How alike two texts are is for `audit.duplicates`: the Jaccard index of their character 5-grams, blanks aside.
"""

from collections.abc import Iterable, Sequence

from fazhi.annotation.audit.duplicates import alike


def firsts(texts: Sequence[str], least: float) -> list[int]:
    """Return for each text the place of the first that it is alike to, directly or through others between them."""
    places = {text: place for place, text in reversed(list(enumerate(map(_bare, texts))))}
    above = {place: place for place in places.values()}
    for one, other, _ in alike(list(places), least):
        ends = sorted((_top(above, places[one]), _top(above, places[other])))
        above[ends[1]] = ends[0]
    return [_top(above, places[_bare(text)]) for text in texts]


def like_any(texts: Sequence[str], others: Iterable[str], least: float) -> list[bool]:
    """Say for each text whether it is alike to one of the others."""
    known = set(map(_bare, others))
    pairs = alike(list(dict.fromkeys([*map(_bare, texts), *known])), least) if known else ()
    found = {text for one, other, _ in pairs for text, beside in ((one, other), (other, one)) if beside in known}
    return [_bare(text) in found for text in texts]


def _bare(text: str) -> str:
    return "".join(text.split())


def _top(above: dict[int, int], place: int) -> int:
    """Return the first place of a group, and shorten the way to it."""
    while above[place] != place:
        above[place] = above[above[place]]
        place = above[place]
    return place
