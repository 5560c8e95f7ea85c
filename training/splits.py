"""Splits of reports into folds: whole documents, and near-identical ones together.

So no paragraph sees its neighbour in training, nor itself in a corrected edition of its report.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from fazhi.model.report import Paragraph
from fazhi.training.rows import AnsweredReport

_TELLING = 20  # characters, blanks aside, from which the same paragraph in two reports is no formula
_COMMON = 0.5  # share of the shorter report's telling characters that near-identical ones have in common


def editions(reports: Sequence[AnsweredReport]) -> list[int]:
    """Return, for each report, the first one that it is near-identical with: itself if there is none before it.

    Near-identical reports have half of the shorter one's text in common, in paragraphs that are alike but for blanks.
    """
    telling = [{text for text in map(_bare, report.paragraphs) if len(text) >= _TELLING} for report in reports]
    lengths = [sum(map(len, texts)) for texts in telling]
    holders: dict[str, list[int]] = defaultdict(list)
    found = list(range(len(reports)))
    for here, texts in enumerate(telling):
        common: dict[int, int] = defaultdict(int)
        for text in texts:
            for other in holders[text]:
                common[other] += len(text)
            holders[text].append(here)
        alike = [other for other, size in common.items() if size >= _COMMON * min(lengths[here], lengths[other])]
        joined = {found[other] for other in alike}
        first = min([here, *joined])
        found = [first if each in joined or place == here else each for place, each in enumerate(found)]
    return found


def _bare(paragraph: Paragraph) -> str:
    return "".join(paragraph.clean.split())


def folds(
    sources: Sequence[Hashable], count: int, seed: int, groups: Sequence[Hashable] | None = None
) -> list[NDArray[np.int64]]:
    """Return the held-out reports of each fold: disjoint, together all of them, every source spread evenly.

    Args:
        sources: Of each report, where it came from: five real reports among many written ones lie in five folds.
        count: Wanted folds; with fewer groups each group is a fold.
        seed: Orders the reports of a source before they are dealt out.
        groups: Of each report; those of a group go into one fold. Without them each report is a group.
    """
    random = np.random.default_rng(seed)
    order: list[int] = []
    for source in dict.fromkeys(sources):
        order += random.permutation([place for place, each in enumerate(sources) if each == source]).tolist()
    keys = list(range(len(sources))) if groups is None else list(groups)
    parts = min(count, len(set(keys)))
    dealt: dict[Hashable, int] = {}
    for place in order:
        dealt.setdefault(keys[place], len(dealt) % parts)
    held_out = [[place for place in order if dealt[keys[place]] == part] for part in range(parts)]
    return [np.sort(np.array(part, dtype=np.int64)) for part in held_out]
