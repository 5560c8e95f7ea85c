"""Tagged paragraphs to Label Studio's tasks, and the paragraph of a task back again.

    tasks_of(tagged, scheme, round_=1)[3].body
    ->  {"data": {"uid": "…", "text": "…", "document": "a.txt", …}, "meta": {…}, "predictions": [{…}]}

A task carries all that an example needs beside its answers, so that answers come home without the reports. People see
and filter by what stands in `data`; the rest is `meta`. What people answered is for `votes`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from fazhi.model.labels import Said, Scheme, suggestion, uid_of
from fazhi.model.reading import InputError
from fazhi.model.report import SEGMENTER_VERSION
from fazhi.model.tagger import TaggedParagraph, TaggedReport

_SHOWN = ("uid", "text", "document", "index", "level", "round")  # in data, beside file and heading_path for people
_KEPT = ("sha256", "count", "start", "end", "clean", "marker", "path", "scheme", "segmenter")  # in meta
_NO_PATH = "—"  # an empty value would show the variable's name


@dataclass(frozen=True, slots=True)
class Task:
    """A paragraph as it is pushed.

    Attributes:
        data: What people see and filter by; the interface names its keys.
        meta: What brings the answers home.
        prediction: What the model says, as Label Studio stores it; None shows nothing.
    """

    data: Mapping[str, Any]
    meta: Mapping[str, Any]
    prediction: Mapping[str, Any] | None = None

    @property
    def uid(self) -> str:
        """The paragraph's identity; pushing again finds the task by it."""
        return str(self.data["uid"])

    @property
    def bundle(self) -> str:
        """Whose suggestion it carries; empty where it carries none."""
        return str(self.prediction["model_version"]) if self.prediction else ""

    @property
    def body(self) -> dict[str, Any]:
        """What is sent."""
        predictions = [dict(self.prediction)] if self.prediction else []
        return {"data": dict(self.data), "meta": dict(self.meta), "predictions": predictions}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which paragraphs are pushed.

    Attributes:
        sections: Ids of the sections that the model gave; empty takes all.
        shortest: Characters of the clean text, at least.
        longest: Characters of the clean text, at most.
    """

    sections: frozenset[str] = frozenset()
    shortest: int = 0
    longest: int | None = None

    def takes(self, tagged: TaggedParagraph) -> bool:
        """Say whether a paragraph is pushed."""
        length = len(tagged.paragraph.clean)
        fits = self.shortest <= length and (self.longest is None or length <= self.longest)
        return fits and (not self.sections or tagged.section in self.sections)


def filter_of(sections: Sequence[str], shortest: int, longest: int | None, scheme: Scheme) -> Filter:
    """Build a filter of what the user said.

    Raises:
        InputError: A section that the scheme does not know, or lengths that nothing fits.
    """
    strange = [section for section in sections if section not in scheme.section_ids]
    if strange:
        raise InputError("--section", f"knows no {', '.join(strange)}", f"choose of {', '.join(scheme.section_ids)}")
    if longest is not None and longest < shortest:
        raise InputError("--longest", f"is {longest}, less than --shortest {shortest}", "swap them")
    return Filter(frozenset(sections), shortest, longest)


def tasks_of(report: TaggedReport, scheme: Scheme, round_: int = 0, wanted: Filter | None = None) -> list[Task]:
    """Return the tasks of a report in its order."""
    chosen = wanted or Filter()
    return [_task(tagged, report, scheme, round_) for tagged in report.paragraphs if chosen.takes(tagged)]


def task_of(fields: Mapping[str, Any], prediction: Mapping[str, Any] | None = None) -> Task:
    """Build the task of a paragraph, given with the fields of an example by their names."""
    path = list(fields["path"])
    above = {"file": PurePath(fields["document"]).name, "heading_path": " > ".join(path) or _NO_PATH}
    data = {name: fields[name] for name in _SHOWN} | above
    return Task(data, {name: fields[name] for name in _KEPT} | {"path": path}, prediction)


def paragraph_of(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an example that a task carries; their values are not judged here.

    Raises:
        ValueError: No task of ours, or one that lost fields.
    """
    data, meta = task.get("data"), task.get("meta")
    if not isinstance(data, dict) or not isinstance(meta, dict) or "uid" not in data:
        raise ValueError("is no paragraph that fazhi pushed")
    missing = [f"data.{name}" for name in _SHOWN if name not in data]
    missing += [f"meta.{name}" for name in _KEPT if name not in meta]
    if missing:
        raise ValueError(f"lost {', '.join(missing)}")
    if len(data["text"]) != meta["end"] - meta["start"]:
        raise ValueError("has a text that is not as long as its span")
    return {name: data[name] for name in _SHOWN} | {name: meta[name] for name in _KEPT}


def _task(tagged: TaggedParagraph, report: TaggedReport, scheme: Scheme, round_: int) -> Task:
    paragraph = tagged.paragraph
    fields: dict[str, Any] = {
        "uid": uid_of(report.sha256, paragraph.start, paragraph.end),
        "document": report.document,
        "sha256": report.sha256,
        "round": round_,
        "scheme": scheme.fingerprint,
        "segmenter": SEGMENTER_VERSION,
    }
    fields |= {name: getattr(paragraph, name) for name in (*_SHOWN, *_KEPT) if name not in fields}
    scores = dict(zip(report.theme_ids, tagged.theme_scores, strict=True))
    said = Said(tagged.section, tagged.section_score, tagged.themes, scores)
    return task_of(fields, suggestion(report.model, said, scheme))
