"""Corrections come back: a workbook that people answered in and the reports behind it in, votes out.

    import_answers(Path("all.xlsx"), [Path("reports")], Voter("张"), scheme)  ->  Imported(examples=(…), …)

The workbook says which paragraph (`uid`), the report says everything else, so that texts, levels and paths are those of
the file and not of a cell. Whatever is not taken is named; votes are settled elsewhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from fazhi.annotation.originals import Originals, find_originals
from fazhi.annotation.workbook import read_rows
from fazhi.annotation.workbook_answers import Answer, Problem, claims_review, judge, merged, settle
from fazhi.model.labels import ANSWER_COLUMNS, HEADING, Example, Scheme, uid_of
from fazhi.model.reading import InputError
from fazhi.model.report import SEGMENTER_VERSION, Paragraph


@dataclass(frozen=True, slots=True)
class Voter:
    """Who answered, and in which active-learning round."""

    annotator: str
    round: int = 0


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a workbook.

    Attributes:
        examples: Votes, in the order of the sheet.
        reviewed: Rows whose reviewed column says something but no.
        incomplete: Of these, rows with blanks.
        repeated: Of these, rows that say of a paragraph what an earlier row says.
        unreviewed: Rows with answers that nobody marked as reviewed.
        changed: Examples that differ from the tags beside them.
        bundles: Whose tags those were.
        problems: Rows that were not taken, and why.
        errors: Files that could not be read while a report was still missing.
    """

    examples: tuple[Example, ...]
    reviewed: int
    incomplete: int
    repeated: int
    unreviewed: int
    changed: int
    bundles: tuple[str, ...]
    problems: tuple[Problem, ...]
    errors: tuple[InputError, ...]


def import_answers(
    workbook: Path, places: Sequence[Path], voter: Voter, scheme: Scheme, encoding: str | None = None
) -> Imported:
    """Turn the reviewed rows of a workbook into votes.

    Args:
        workbook: As `fazhi tag` wrote it, answered in.
        places: Files, folders and archives in which the reports are found again.
        voter: Goes into every vote.
        scheme: The answers must have been given under it.
        encoding: As it was given to `fazhi tag`.

    Raises:
        InputError: The workbook cannot be read, no row of it is reviewed, or one of the places does not exist.
    """
    rows = read_rows(workbook, scheme)
    reviewed = [row for row in rows if claims_review(row)]
    if not reviewed:
        what = f"has no reviewed rows ({len(rows)} with answers)"
        raise InputError(str(workbook), what, f"choose {ANSWER_COLUMNS.yes} in {ANSWER_COLUMNS.reviewed}, save, retry")
    judged = [judge(row, scheme) for row in reviewed]
    answers = [each for each in judged if isinstance(each, Answer)]
    settled, conflicts = settle(answers)
    originals = find_originals({each.sha256: each.document for each in settled}, places, encoding)
    matched = _matched(settled, originals, voter, scheme)
    taken = [(answer, each) for answer, each in matched if isinstance(each, Example)]
    refused = [each for each in judged if isinstance(each, Problem)]
    lost = [each for _, each in matched if isinstance(each, Problem)]
    return Imported(
        examples=tuple(example for _, example in taken),
        reviewed=len(reviewed),
        incomplete=sum(each.incomplete for each in refused),
        repeated=len(answers) - len(settled) - sum(len(each.rows) for each in conflicts),
        unreviewed=len(rows) - len(reviewed),
        changed=sum(answer.changed for answer, _ in taken),
        bundles=tuple(sorted({answer.bundle for answer, _ in taken})),
        problems=tuple(merged((*refused, *conflicts, *lost))),
        errors=originals.errors if len(originals.reports) < len({each.sha256 for each in settled}) else (),
    )


def summary_of(imported: Imported) -> str:
    """Return what happened, a line each, for people."""
    refused = imported.reviewed - len(imported.examples) - imported.incomplete - imported.repeated
    tags = ", ".join(imported.bundles)
    always = [
        ("已核 · rows reviewed", imported.reviewed),
        ("取用 · taken", len(imported.examples)),
        ("未填全 · incomplete", imported.incomplete),
        (f"与机器标注不同 · changed against the tags of {tags}", imported.changed),
    ]
    sometimes = [
        ("另有原因未取用 · not taken for other reasons", refused),
        ("重复且一致 · repeated, saying the same", imported.repeated),
        ("有答案而未核,未取用 · answered, not reviewed, not taken", imported.unreviewed),
    ]
    return "\n".join(f"{name}: {count}" for name, count in (*always, *(each for each in sometimes if each[1])))


def _matched(
    answers: Sequence[Answer], originals: Originals, voter: Voter, scheme: Scheme
) -> list[tuple[Answer, Example | Problem]]:
    """Set each answer beside its paragraph."""
    cut = {
        uid_of(report.sha256, paragraph.start, paragraph.end): paragraph
        for report in originals.reports.values()
        for paragraph in report.paragraphs
    }
    build = _builder(voter, scheme)
    return [
        (answer, build(answer, cut[answer.uid]) if answer.uid in cut else _lost(answer, originals))
        for answer in answers
    ]


def _lost(answer: Answer, originals: Originals) -> Problem:
    """Say why an answer has no paragraph."""
    if answer.sha256 in originals.reports:
        what, hint = "is a paragraph that the report is no longer cut into", "tag the report again and answer there"
        return Problem((answer.row,), answer.place, what, hint)
    what = "belongs to a report that is not found under --reports"
    if PurePath(answer.document).name in originals.others:
        what += " (a file of this name is there, with another text)"
    return Problem((answer.row,), answer.document, what, "add the file or folder that holds it as it was tagged")


def _builder(voter: Voter, scheme: Scheme) -> Callable[[Answer, Paragraph], Example | Problem]:
    def build(answer: Answer, paragraph: Paragraph) -> Example | Problem:
        if (answer.section == HEADING) != (paragraph.level > 0):
            heading = next(section.zh for section in scheme.sections if section.id == HEADING)
            what = f"should say {heading}" if paragraph.level else f"says {heading}, and is none by the cut"
            return Problem((answer.row,), answer.place, what, "whether a paragraph is a heading is not for answers")
        return _vote(answer, paragraph, voter, scheme.fingerprint)

    return build


def _vote(answer: Answer, paragraph: Paragraph, voter: Voter, fingerprint: str) -> Example:
    return Example(
        uid=answer.uid,
        document=answer.document,
        sha256=answer.sha256,
        index=paragraph.index,
        count=paragraph.count,
        start=paragraph.start,
        end=paragraph.end,
        text=paragraph.text,
        clean=paragraph.clean,
        level=paragraph.level,
        marker=paragraph.marker,
        path=paragraph.path,
        section=answer.section,
        themes=answer.themes,
        kind="vote",
        annotator=voter.annotator,
        source="xlsx",
        round=voter.round,
        scheme=fingerprint,
        segmenter=SEGMENTER_VERSION,
    )
