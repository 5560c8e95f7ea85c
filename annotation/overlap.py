"""Answers to paragraphs of an older cut, carried to today's paragraphs: examples and reports in, examples out.

    remap(examples, {"7b1b92…": report})  ->  Remapped(kept=(…), carried=(…), unclear=(…), missing=())

The rule, for each paragraph of today's cut and each annotator (verdicts count as one), blank characters left out:

1. An answer under today's cut stands, and so does one to exactly these characters.
2. Otherwise its sources are the answered old paragraphs that it shares characters with. A share of less than a tenth of
   both is a boundary that moved a little and does not count.
3. The answer is carried where sources cover at least nine tenths of the paragraph, all say the same, and each lies in
   it by at least nine tenths or names no theme: the parts of a paragraph have its section, but a theme may stand in
   any one of them.
4. Whether it is a heading is for the cut: an answer that says otherwise is not carried.

What is not carried is listed with the reason; `push` asks about it again, and about nothing that is carried.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from fazhi.model.cleaning import BLANKS
from fazhi.model.labels import HEADING, Example, uid_of
from fazhi.model.report import SEGMENTER_VERSION, Paragraph, Report

_BLANKS = frozenset(BLANKS)
_ALMOST_ALL, _ALMOST_NONE = 0.9, 0.1
_PLACE = ("index", "count", "start", "end", "text", "clean", "level", "marker", "path")


@dataclass(frozen=True, slots=True)
class Unclear:
    """A paragraph of today's cut to which an annotator's answers cannot be carried.

    Attributes:
        uid: Of the paragraph.
        document: What the report was called.
        sources: The answers that it shares characters with.
        why: After the paragraph's name, a short sentence.
    """

    uid: str
    document: str
    index: int
    sources: tuple[Example, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Remapped:
    """What came of the answers.

    Attributes:
        kept: Answers under today's cut, as they were.
        carried: Answers of an older cut under today's, by report and paragraph.
        unclear: Paragraphs that answers are not carried to, and why.
        missing: Answers of an older cut whose reports were not given.
    """

    kept: tuple[Example, ...]
    carried: tuple[Example, ...]
    unclear: tuple[Unclear, ...]
    missing: tuple[Example, ...]

    @property
    def left(self) -> tuple[Example, ...]:
        """Old answers that were not carried, or not to all paragraphs that they are about."""
        return (*dict.fromkeys(source for each in self.unclear for source in each.sources), *self.missing)


@dataclass(frozen=True, slots=True)
class _Share:
    """What an answered old paragraph has in common with a new one.

    Attributes:
        both: Places of characters.
        of_old: Part of the old paragraph.
        of_new: Part of the new one.
    """

    answer: Example
    both: frozenset[int]
    of_old: float
    of_new: float


def is_older(example: Example) -> bool:
    """Say whether an answer belongs to another cut than today's."""
    return example.segmenter != SEGMENTER_VERSION


def remap(examples: Sequence[Example], reports: Mapping[str, Report]) -> Remapped:
    """Carry answers to today's cut.

    Args:
        examples: Votes and verdicts, of any cut.
        reports: Cut today, by the hash of their text; only those with answers of an older cut are looked at.
    """
    kept = [example for example in examples if not is_older(example)]
    answered = {(example.uid, _voter(example)) for example in kept}
    groups: dict[tuple[str, str], list[Example]] = defaultdict(list)
    for example in examples:
        if is_older(example) and example.sha256 in reports:
            groups[example.sha256, _voter(example)].append(example)
    found = [
        each
        for (sha256, voter), answers in groups.items()
        for each in _carry_all(answers, reports[sha256], {uid for uid, who in answered if who == voter})
    ]
    return Remapped(
        kept=tuple(kept),
        carried=tuple(each for each in found if isinstance(each, Example)),
        unclear=tuple(each for each in found if isinstance(each, Unclear)),
        missing=tuple(each for each in examples if is_older(each) and each.sha256 not in reports),
    )


def spared(found: Remapped, there: Collection[str]) -> frozenset[str]:
    """Return the paragraphs that nobody need be asked about: answers are carried to them, none is unclear.

    Args:
        found: What came of the answers in a project.
        there: Paragraphs that are in the project already.
    """
    return frozenset({each.uid for each in found.carried} - {each.uid for each in found.unclear} - set(there))


def _voter(example: Example) -> str:
    """Return whose answers belong together; no annotator is called nothing."""
    return example.annotator if example.kind == "vote" else ""


def _carry_all(answers: Sequence[Example], report: Report, answered: Collection[str]) -> list[Example | Unclear]:
    """Carry one annotator's answers to the paragraphs of a report that they did not answer themselves."""
    inked = [(answer, _inked(answer)) for answer in answers]
    found = []
    for paragraph in report.paragraphs:
        uid = uid_of(report.sha256, paragraph.start, paragraph.end)
        shares = [] if uid in answered else _shares(paragraph, inked)
        if shares:
            found.append(_carry(uid, paragraph, shares))
    return found


def _shares(paragraph: Paragraph, inked: Sequence[tuple[Example, frozenset[int]]]) -> list[_Share]:
    """Return the sources of a paragraph: an answer to exactly it, or those that count."""
    mine = _inked(paragraph)
    near = [(old, places) for old, places in inked if old.start < paragraph.end and paragraph.start < old.end]
    exact = [(old, places) for old, places in near if places == mine]
    shares = [
        _Share(old, mine & places, len(mine & places) / len(places), len(mine & places) / len(mine))
        for old, places in exact or near
        if mine & places
    ]
    return [each for each in shares if max(each.of_old, each.of_new) >= _ALMOST_NONE]


def _carry(uid: str, paragraph: Paragraph, shares: Sequence[_Share]) -> Example | Unclear:
    sources = tuple(share.answer for share in shares)
    why = _doubt(paragraph, shares)
    if why:
        return Unclear(uid, sources[0].document, paragraph.index, sources, why)
    return replace(
        sources[0],
        uid=uid,
        annotator="+".join(dict.fromkeys(each.annotator for each in sources)),
        source="+".join(dict.fromkeys(each.source for each in sources)),
        round=max(each.round for each in sources),
        segmenter=SEGMENTER_VERSION,
        **{name: getattr(paragraph, name) for name in _PLACE},
    )


def _doubt(paragraph: Paragraph, shares: Sequence[_Share]) -> str:
    """Say why sources do not answer a paragraph; nothing where they do."""
    covered = len(frozenset[int]().union(*(share.both for share in shares))) / len(_inked(paragraph))
    first = shares[0].answer
    parts = [share for share in shares if share.of_old < _ALMOST_ALL]
    if covered < _ALMOST_ALL:
        return f"only {covered:.0%} of it was answered"
    if len({(share.answer.section, frozenset(share.answer.themes)) for share in shares}) > 1:
        return f"lies over {len(shares)} paragraphs that were answered differently"
    if parts and first.themes:
        return f"is a part ({parts[0].of_old:.0%}) of what was answered with {', '.join(first.themes)}"
    if (first.section == HEADING) != (paragraph.level > 0):
        return f"is {'a' if paragraph.level else 'no'} heading now, and was answered as {first.section}"
    return ""


def _inked(place: Example | Paragraph) -> frozenset[int]:
    """Return the places of the characters that are not blank, counted in the report."""
    return frozenset(place.start + here for here, sign in enumerate(place.text) if sign not in _BLANKS)
