"""What a row of the workbook says: a `Row` in, an `Answer` or a `Problem` out.

    是 in 已核, 工作情况 in 核定:部分, 是 or 否 in all twelve themes  ->  Answer(section="work", themes=("digital",), …)
    the same with two themes blank                                   ->  Problem("… 核定:普法宣传 … are blank")

A blank cell means: not judged. It is never taken for a no, nor for agreement with the model, so a row counts when all
of it is judged. One exception: a section that carries no themes by rule (a title, a closing …) leaves nothing to judge.
Knows the sheet only; whether the paragraph is still in its report is for `from_xlsx`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from fazhi.annotation.workbook import Row
from fazhi.model.labels import ANSWER_COLUMNS, Scheme, uid_of
from fazhi.model.report import SEGMENTER_VERSION

_ROWS_SHOWN = 5
_AGAIN = "tag the report again with this fazhi and answer there"


@dataclass(frozen=True, slots=True)
class Answer:
    """A row that is judged in full.

    Attributes:
        document: What the report was called when it was tagged.
        bundle: Whose tags stood beside the answer.
        changed: Whether the answer differs from these tags.
    """

    row: int
    document: str
    index: str
    uid: str
    sha256: str
    section: str
    themes: tuple[str, ...]
    bundle: str
    changed: bool

    @property
    def place(self) -> str:
        """Which paragraph, for people."""
        return f"{self.document}, paragraph {self.index}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why rows are not taken.

    Attributes:
        rows: Their numbers in the sheet.
        place: The report, or the paragraph in it.
        incomplete: They are reviewed, and something is left blank.
    """

    rows: tuple[int, ...]
    place: str
    what: str
    hint: str
    incomplete: bool = False

    @property
    def where(self) -> str:
        """Rows and place: `row 12 (a.txt, paragraph 3)`."""
        if len(self.rows) == 1:
            return f"row {self.rows[0]} ({self.place})"
        shown = ", ".join(map(str, self.rows[:_ROWS_SHOWN]))
        more = f", … {len(self.rows)} in all" if len(self.rows) > _ROWS_SHOWN else ""
        return f"rows {shown}{more} ({self.place})"


def claims_review(row: Row) -> bool:
    """Say whether the reviewed column says anything but no."""
    return row.word(ANSWER_COLUMNS.reviewed) not in {"", ANSWER_COLUMNS.no}


def judge(row: Row, scheme: Scheme) -> Answer | Problem:
    """Read a row whose reviewed column says something."""
    document, index = row.word(ANSWER_COLUMNS.document), row.word(ANSWER_COLUMNS.index)
    place = f"{document}, paragraph {index}"
    for problem in (_origin(row, scheme, document), _unknown(row, scheme, place), _incomplete(row, scheme, place)):
        if problem:
            return problem
    section = next(each for each in scheme.sections if each.zh == row.word(ANSWER_COLUMNS.section))
    answered = zip(scheme.themes, ANSWER_COLUMNS.themes(scheme), strict=True)
    themes = [theme for theme, header in answered if row.word(header) == ANSWER_COLUMNS.yes]
    if themes and not section.themed:
        what = f"says {section.zh}, which carries no themes, and 是 for {', '.join(theme.zh for theme in themes)}"
        return Problem((row.number,), place, what, "choose another section, or 否")
    given = set(row.word(ANSWER_COLUMNS.given_themes).split("\n")) - {""}
    return Answer(
        row=row.number,
        document=document,
        index=index,
        uid=row.word("uid"),
        sha256=row.word("sha256"),
        section=section.id,
        themes=tuple(theme.id for theme in themes),
        bundle=row.word("bundle"),
        changed=section.zh != row.word(ANSWER_COLUMNS.given_section) or {theme.zh for theme in themes} != given,
    )


def settle(answers: Sequence[Answer]) -> tuple[list[Answer], list[Problem]]:
    """Take each paragraph once; where rows answer it differently, none of them."""
    groups: dict[str, list[Answer]] = {}
    for answer in answers:
        groups.setdefault(answer.uid, []).append(answer)
    taken, problems = [], []
    for group in groups.values():
        if len({(answer.section, answer.themes) for answer in group}) == 1:
            taken.append(group[0])
        else:
            rows, what = tuple(answer.row for answer in group), "answer one paragraph differently"
            problems.append(Problem(rows, group[0].place, what, "keep one of them, or make them agree"))
    return taken, problems


def merged(problems: Iterable[Problem]) -> list[Problem]:
    """Join problems that say the same of the same place, in the order of their first rows."""
    found: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        key = (problem.place, problem.what)
        before = found.get(key)
        found[key] = replace(before, rows=(*before.rows, *problem.rows)) if before else problem
    return sorted(found.values(), key=lambda problem: problem.rows)


def _origin(row: Row, scheme: Scheme, document: str) -> Problem | None:
    """Check the hidden columns."""
    start, end = (_whole(row.cells[name]) for name in ("start", "end"))
    if start is None or end is None or row.word("uid") != uid_of(row.word("sha256"), start, end):
        what = "has hidden columns that were changed or emptied (uid, sha256, start, end)"
        return Problem((row.number,), document, what, "copy them from the workbook that `fazhi tag` wrote")
    if not row.word("bundle"):
        return Problem((row.number,), document, "does not say which bundle tagged it", _AGAIN)
    for name, expected in (("scheme", scheme.fingerprint), ("segmenter", SEGMENTER_VERSION)):
        if row.word(name) != expected:
            found = row.word(name) or "nothing"
            what = f"was tagged under {name} {found:.80}, expected {expected}"
            return Problem((row.number,), document, what, _AGAIN)
    return None


def _unknown(row: Row, scheme: Scheme, place: str) -> Problem | None:
    """Name cells that hold another word than the drop-downs offer."""
    words = {ANSWER_COLUMNS.yes, ANSWER_COLUMNS.no, ""}
    allowed = {
        ANSWER_COLUMNS.section: {"", *(section.zh for section in scheme.sections)},
        **dict.fromkeys((*ANSWER_COLUMNS.themes(scheme), ANSWER_COLUMNS.reviewed), words),
    }
    strange = [f"{name}={row.word(name):.40}" for name, known in allowed.items() if row.word(name) not in known]
    if not strange:
        return None
    hint = f"choose from the drop-down lists; they offer {ANSWER_COLUMNS.yes} and {ANSWER_COLUMNS.no}, and sections"
    return Problem((row.number,), place, f"has unknown answers {'; '.join(strange)}", hint)


def _incomplete(row: Row, scheme: Scheme, place: str) -> Problem | None:
    unthemed = {section.zh for section in scheme.sections if not section.themed}
    themes = () if row.word(ANSWER_COLUMNS.section) in unthemed else ANSWER_COLUMNS.themes(scheme)
    blank = [name for name in (ANSWER_COLUMNS.section, *themes) if not row.word(name)]
    if not blank:
        return None
    what = f"is reviewed, and {len(blank)} answers are blank: {', '.join(blank)}"
    return Problem((row.number,), place, what, "blank means not judged; fill them, or empty 已核", incomplete=True)


def _whole(value: object) -> int | None:
    """Return a whole number; some programs store 12 as 12.0."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
