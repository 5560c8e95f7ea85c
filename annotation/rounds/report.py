"""report.json of a round: the folders of rounds in; what was asked and learned, and what to expect, as data out.

    report_of(rounds, course, begun, scheme).data["advice"]  ->  {"stop": None, "zh": "…", "en": "…"}

What earlier rounds scored is read from their own reports. How it looks is for `report_page`.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fazhi.annotation.audit.suspects import Suspect, chosen_rows, suspects
from fazhi.annotation.rounds.advice import Standing, advice
from fazhi.annotation.rounds.folder import BUNDLE, LEFT_OUT, REPORT, Round, folder_of
from fazhi.annotation.rounds.forecast import FEWEST as FEWEST_ROUNDS
from fazhi.annotation.rounds.forecast import Forecast, Point, deviation_of, forecast
from fazhi.annotation.rounds.honest import FEWEST, Flags, Score, audit_score, score_of
from fazhi.annotation.rounds.learned import learned_from, questions_of, votes_of_rounds
from fazhi.annotation.rounds.pace import pace_of
from fazhi.annotation.rounds.pool import ranked, reports_of
from fazhi.annotation.rounds.setup import Course
from fazhi.annotation.sampling.uncertainty import Rows
from fazhi.model.labels import Example, LeftOut, Scheme, read_left_out, theme_flags, trainable, uid_of
from fazhi.model.tagger import load_tagger

FORMAT = 2
PROTOCOL = "folds"
"""Of left-out scores: a fifth of the documents at a time."""
_SUSPECTS, _RAREST = 20, 3


@dataclass(frozen=True, slots=True)
class Report:
    """What a round's report says.

    Attributes:
        data: Goes to report.json.
        suspects: Likely label errors, the worst first; shown on the page.
    """

    data: dict[str, Any]
    suspects: tuple[Suspect, ...]


def report_of(rounds: Path, course: Course, begun: Sequence[Round], scheme: Scheme) -> Report:
    """Return the report of the last of the rounds.

    Raises:
        InputError: Answers differ without a verdict, or a file of the round cannot be read.
    """
    round_, folder = begun[-1], folder_of(rounds, begun[-1].number)
    asked, votes = questions_of(rounds, begun), votes_of_rounds(rounds, begun, scheme)
    learned = learned_from(rounds, begun, course.base, scheme)
    audit = _audit_of(votes, {each.uid for each in asked if each.audit})
    rows = chosen_rows(read_left_out(folder / LEFT_OUT, scheme), PROTOCOL, None) if round_.trained else []
    left_out = _left_out_score(learned, rows, scheme, course.setup.seed) if rows else None
    audited = _audit_score(folder / BUNDLE, course, audit, scheme) if round_.trained else None
    here = {"round": round_.number, "paragraphs": len(learned), "left_out": _shown(left_out), "audit": _shown(audited)}
    curve = [*_earlier(rounds, begun[:-1]), here]
    ahead = forecast(_points(curve), np.random.default_rng(course.setup.seed))
    counts = {theme: sum(theme in each.themes for each in learned) for theme in scheme.theme_ids}
    scores = left_out.themes if left_out else [None] * len(counts)
    own = questions_of(rounds, [round_])
    left = len(ranked(course.pool)) - len(asked)
    found = suspects(learned, rows, scheme) if rows else ()
    data = {
        "format": FORMAT,
        "round": round_.number,
        "strategy": round_.strategy,
        "bundle": round_.trained or None,
        "asked": len(asked),
        "answered": len({each.uid for each in votes}),
        "trained_on": len(learned),
        "left_to_ask": left,
        "curve": curve,
        "themes": {
            theme: {"paragraphs": count, "f1": score}
            for (theme, count), score in zip(counts.items(), scores, strict=True)
        },
        "agreement": agreement_of(votes),
        "pace": asdict(pace_of(folder, {each.uid for each in own}, scheme)),
        "audit": {"paragraphs": len(audit), "fewest": FEWEST, "score": _shown(audited)},
        "forecast": _expected(ahead, counts),
        "advice": asdict(advice(Standing(len(audit), ahead, left, len(own)))),
        "suspects": [_suspect(each) for each in found[:_SUSPECTS]],
    }
    return Report(data, found)


def agreement_of(votes: Iterable[Example]) -> dict[str, int]:
    """Return how many paragraphs two people answered, and how many with the same themes and the same section."""
    people: dict[str, dict[str, Example]] = defaultdict(dict)
    for vote in votes:
        if vote.kind == "vote":
            people[vote.uid][vote.annotator] = vote
    pairs = [list(each.values())[:2] for each in people.values() if len(each) > 1]
    return {
        "twice": len(pairs),
        "same_themes": sum(set(one.themes) == set(other.themes) for one, other in pairs),
        "same_section": sum(one.section == other.section for one, other in pairs),
    }


def _earlier(rounds: Path, begun: Sequence[Round]) -> list[dict[str, Any]]:
    """Return the points of the rounds before: each is the last of its own report."""
    files = [folder_of(rounds, each.number) / REPORT for each in begun]
    return [json.loads(file.read_text(encoding="utf-8"))["curve"][-1] for file in files]


def _points(curve: Iterable[dict[str, Any]]) -> list[Point]:
    """Return what trained rounds scored on left-out reports."""
    scored = [(each["paragraphs"], each["left_out"]) for each in curve if each["left_out"]]
    return [Point(count, each["macro_f1"], deviation_of(each["low"], each["high"])) for count, each in scored]


def _expected(ahead: Forecast | None, counts: dict[str, int]) -> dict[str, Any]:
    rarest = sorted(counts, key=lambda theme: counts[theme])[:_RAREST]
    return {"fewest_rounds": FEWEST_ROUNDS, "one_point": asdict(ahead) if ahead else None, "rarest": rarest}


def _shown(score: Score | None) -> dict[str, Any] | None:
    """Return a score without its themes, which stand with their counts."""
    if score is None:
        return None
    return {name: value for name, value in asdict(score).items() if name != "themes"}


def _suspect(each: Suspect) -> dict[str, Any]:
    where = {"uid": each.example.uid, "document": each.example.document, "index": each.example.index}
    return {**where, "score": each.score, "labels": [asdict(label) for label in each.labels]}


def _audit_of(votes: Iterable[Example], audited: set[str]) -> list[Example]:
    return trainable([each for each in votes if each.uid in audited])


def _left_out_score(learned: Sequence[Example], rows: Sequence[LeftOut], scheme: Scheme, seed: int) -> Score | None:
    """Return what models were worth on reports that they had not seen; None where no answer has a theme."""
    tags = {row.uid: row.themes for row in rows}
    known = [each for each in learned if each.uid in tags]
    if not any(each.themes for each in known):
        return None
    return score_of(*_beside(known, tags, scheme), np.random.default_rng(seed))


def _audit_score(bundle: Path, course: Course, audit: Sequence[Example], scheme: Scheme) -> Score | None:
    """Tag the audited reports and compare; below the fewest nothing is tagged."""
    if len(audit) < FEWEST:
        return None
    tagger, wanted = load_tagger(bundle), {each.sha256 for each in audit}
    tags = {
        uid_of(report.sha256, each.paragraph.start, each.paragraph.end): each.themes
        for report in map(tagger.tag, (each for each in reports_of(course.pool) if each.sha256 in wanted))
        for each in report.paragraphs
    }
    return audit_score(*_beside(audit, tags, scheme), np.random.default_rng(course.setup.seed))


def _beside(
    examples: Sequence[Example], tags: Mapping[str, Sequence[str]], scheme: Scheme
) -> tuple[Flags, Flags, Rows]:
    """Return answers (n, themes), tags (n, themes) and documents (n,) as numbers."""
    answers = theme_flags([each.themes for each in examples], scheme)
    given = theme_flags([tags[each.uid] for each in examples], scheme)
    return answers, given, np.unique([each.sha256 for each in examples], return_inverse=True)[1]
