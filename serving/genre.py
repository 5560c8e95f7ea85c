"""Whether a tagged document looks like a rule-of-law government report at all: tags in, a doubt in words or none out.

    doubt(report, scheme, thresholds)  ->  "不像法治政府建设报告 · does not look like … (有主题的文字 … 3%, …)"

One figure decides, which a person can check by looking: the share of the body text that stands in paragraphs with a
theme. In reports nearly every paragraph of work, problems and plans treats one; in other documents hardly any. The
limit was chosen on half of the documents and checked on the others by tests/benchmarks/genre.py. Documents of a near
kind (a court's judgment, a report on law enforcement alone) may pass. Pure; says nothing about how good a report is.
"""

from collections.abc import Sequence

from fazhi.model.labels import HEADING, Scheme
from fazhi.model.tagger import TaggedReport

LEAST_SHARE = 0.4
"""Of body characters in paragraphs with a theme, under which a document is doubted."""
LEAST_CHARACTERS = 50
"""Of body text, under which there is too little to judge."""


def doubt(report: TaggedReport, scheme: Scheme, thresholds: Sequence[float]) -> str:
    """Return why a document does not look like a report; empty where it does, or is too short to say.

    Args:
        report: Tagged.
        scheme: Names the sections that get no themes.
        thresholds: The bundle's own in scheme order, not raised by a minimum score: fewer themes would be no evidence.
    """
    characters, share = themed_share(report, scheme, thresholds)
    if characters < LEAST_CHARACTERS or share >= LEAST_SHARE:
        return ""
    return (
        "不像法治政府建设报告 · does not look like a rule-of-law government report "
        f"(有主题的文字 text with a theme: {share:.0%}, 通常 usually over {LEAST_SHARE:.0%})"
    )


def themed_share(report: TaggedReport, scheme: Scheme, thresholds: Sequence[float]) -> tuple[int, float]:
    """Return the characters of body text, and the share of them in paragraphs with a theme."""
    body = [each for each in report.paragraphs if each.section != HEADING]
    characters = sum(len(each.paragraph.clean) for each in body)
    themed = sum(
        len(each.paragraph.clean)
        for each in body
        if each.section not in scheme.unthemed
        and any(score >= least for score, least in zip(each.theme_scores, thresholds, strict=True))
    )
    return characters, themed / max(characters, 1)
