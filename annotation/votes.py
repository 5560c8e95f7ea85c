"""What people answered in Label Studio, to votes: an export of a project in, examples and figures out.

    votes_of(export, scheme)  ->  Votes(examples=(…), skipped=3, …, problems=(Problem(41, "http://…", "…"),))

One vote per annotator and paragraph, the newest. Skipped answers, drafts and empty submissions are told by their flags
and are no votes. Nothing is repaired: what does not fit the scheme is named with its task. Votes are settled elsewhere.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fazhi.annotation.export import Export
from fazhi.annotation.suggested import Suggested, chosen, share_of
from fazhi.annotation.tasks import paragraph_of
from fazhi.model.labels import HEADING, NOTE, SECTION, THEMES, Example, Scheme, example_of

SOURCE = "label-studio"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer is no vote.

    Attributes:
        task: Number of the task.
        url: Where the task is seen.
    """

    task: int
    url: str
    what: str


@dataclass(frozen=True, slots=True)
class Votes:
    """What came of an export.

    Attributes:
        examples: Votes, by the first answer to their paragraphs.
        tasks: Tasks in the project.
        skipped: Answers by which a person passed the paragraph over.
        empty: Submissions without any answer.
        drafts: Answers that were begun and not submitted.
        older: Answers that a newer one of the same person replaces.
        notes: Votes with a note beside them; it stands in the export.
        suggested: How often suggestions were kept.
        problems: Answers that were not taken, and why.
    """

    examples: tuple[Example, ...]
    tasks: int
    skipped: int
    empty: int
    drafts: int
    older: int
    notes: int
    suggested: Suggested
    problems: tuple[Problem, ...]

    @property
    def answered(self) -> int:
        """Paragraphs with at least one vote."""
        return len({example.uid for example in self.examples})


@dataclass(frozen=True, slots=True)
class Answer:
    """A submission that was neither skipped nor empty, with its task."""

    task: Mapping[str, Any]
    annotation: Mapping[str, Any]

    @property
    def result(self) -> Sequence[Mapping[str, Any]]:
        """What was answered, an item for each control."""
        return list(self.annotation["result"])

    @property
    def key(self) -> tuple[str, str]:
        """Which paragraph, and whose answer; two tasks may show the same paragraph."""
        data = self.task.get("data")
        uid = data.get("uid") if isinstance(data, dict) else None
        return str(uid or self.task["id"]), str(self.annotation.get("completed_by"))

    @property
    def time(self) -> tuple[datetime, int]:
        """When it was last changed; its number decides between equal times."""
        return datetime.fromisoformat(self.annotation["updated_at"]), self.annotation["id"]


def votes_of(export: Export, scheme: Scheme) -> Votes:
    """Turn an export into votes."""
    annotations = [(task, each) for task in export.tasks for each in task["annotations"]]
    flags = Counter(_flag(each) for _, each in annotations)
    answers = newest([Answer(task, each) for task, each in annotations if _flag(each) == "submitted"])
    built = [(answer, _vote(answer, export, scheme)) for answer in answers]
    taken = [(answer, vote) for answer, vote in built if isinstance(vote, Example)]
    return Votes(
        examples=tuple(vote for _, vote in taken),
        tasks=len(export.tasks),
        skipped=flags["skipped"],
        empty=flags["empty"],
        drafts=sum(len(task.get("drafts", ())) for task in export.tasks),
        older=flags["submitted"] - len(answers),
        notes=sum(any(item.get("from_name") == NOTE for item in answer.result) for answer, _ in taken),
        suggested=share_of([answer.annotation for answer, _ in taken]),
        problems=tuple(each for _, each in built if isinstance(each, Problem)),
    )


def newest(answers: Iterable[Answer]) -> list[Answer]:
    """Keep each person's newest answer to each paragraph, in the order of first answers."""
    kept: dict[tuple[str, str], Answer] = {}
    for answer in answers:
        before = kept.get(answer.key)
        if before is None or answer.time > before.time:
            kept[answer.key] = answer
    return list(kept.values())


def _flag(annotation: Mapping[str, Any]) -> str:
    """Say what an annotation is; a skipped one may hold the untouched suggestion, so its flag comes first."""
    if annotation.get("was_cancelled"):
        return "skipped"
    return "submitted" if annotation["result"] else "empty"


def _vote(answer: Answer, export: Export, scheme: Scheme) -> Example | Problem:
    """Build and check a vote; whatever is wrong with it becomes a problem with the task's address."""
    try:
        fields = paragraph_of(answer.task) | _labels_of(answer.result, scheme)
        _check_heading(fields, scheme)
        user = export.name_of(answer.annotation.get("completed_by"))
        return example_of({**fields, "kind": "vote", "annotator": user, "source": SOURCE}, scheme)
    except (ValueError, TypeError) as error:
        task = answer.task["id"]
        return Problem(task, export.task_url(task), str(error))


def _check_heading(fields: Mapping[str, Any], scheme: Scheme) -> None:
    """Refuse, in the words of the interface, an answer that contradicts the cut."""
    if fields["scheme"] == scheme.fingerprint and (fields["section"] == HEADING) != (fields["level"] > 0):
        heading = next(section.zh for section in scheme.sections if section.id == HEADING)
        raise ValueError(f"should say {heading}" if fields["level"] else f"says {heading}, and is none by the cut")


def _labels_of(result: Sequence[Mapping[str, Any]], scheme: Scheme) -> dict[str, Any]:
    """Read section and themes of an answer; themes in scheme order."""
    sections, themes = chosen(result, SECTION), chosen(result, THEMES)
    strange = [section for section in sections if section not in scheme.section_ids]
    strange += [theme for theme in themes if theme not in scheme.theme_ids]
    if strange:
        raise ValueError(f"has labels that the scheme does not know: {', '.join(strange)}")
    if len(sections) != 1:
        raise ValueError(f"should have one section, has {', '.join(sections) or 'none'}")
    return {"section": sections[0], "themes": sorted(themes, key=scheme.theme_ids.index)}
