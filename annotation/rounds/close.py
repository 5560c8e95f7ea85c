"""`fazhi round close`: a trained round in, report.json out, and the way free for the next round.

    close_round(Path("rounds"), scheme, untrained=False).state  ->  "closed"

report.json has the counts of the themes, how far two people agree, the trained bundle's figures on left-out reports,
and from 200 audited paragraphs on its honest score.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from fazhi.annotation.outputs import write_json
from fazhi.annotation.rounds.folder import BUNDLE, REPORT, Round, advanced, check_state, folder_of
from fazhi.annotation.rounds.honest import FEWEST, AuditScore, audit_score
from fazhi.annotation.rounds.learn import final_files
from fazhi.annotation.rounds.learned import learned_from, questions_of, votes_of_rounds
from fazhi.annotation.rounds.pool import reports_of
from fazhi.annotation.rounds.setup import Course, opened
from fazhi.annotation.rounds.status import last_round
from fazhi.model.bundle.folder import read_manifest
from fazhi.model.labels import Example, Scheme, trainable, uid_of
from fazhi.model.tagger import load_tagger

FORMAT = 1


def close_round(rounds: Path, scheme: Scheme, untrained: bool) -> Round:
    """Write the report and close the last round; a closed one is left alone.

    Args:
        rounds: The folder.
        scheme: Of the answers.
        untrained: Close a round that is answered and not trained, where answers are too few to train on.

    Raises:
        InputError: The round is not so far, or answers differ without a verdict.
    """
    course, (round_, begun) = opened(rounds, scheme), last_round(rounds)
    check_state(rounds, round_, "answered" if untrained else "trained")
    if round_.state == "closed":
        return round_
    folder = folder_of(rounds, round_.number)
    write_json(folder / REPORT, _report(rounds, course, round_, begun, scheme))
    return advanced(rounds, round_, "closed", (*final_files(folder), REPORT))


def _report(rounds: Path, course: Course, round_: Round, begun: Sequence[Round], scheme: Scheme) -> dict[str, Any]:
    asked, votes = questions_of(rounds, begun), votes_of_rounds(rounds, begun, scheme)
    learned = learned_from(rounds, begun, course.base, scheme)
    audited = {each.uid for each in asked if each.audit}
    audit = trainable([each for each in votes if each.uid in audited])
    score = _score(folder_of(rounds, round_.number) / BUNDLE, course, audit, scheme) if round_.trained else None
    return {
        "format": FORMAT,
        "round": round_.number,
        "strategy": round_.strategy,
        "asked": len(asked),
        "answered": len({each.uid for each in votes}),
        "trained_on": len(learned),
        "themes": {theme: sum(theme in each.themes for each in learned) for theme in scheme.theme_ids},
        "agreement": agreement_of(votes),
        "bundle": round_.trained or None,
        "left_out": dict(read_manifest(folder_of(rounds, round_.number) / BUNDLE).metrics) if round_.trained else None,
        "audit": {"paragraphs": len(audit), "fewest": FEWEST, "score": asdict(score) if score else None},
    }


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


def _score(bundle: Path, course: Course, audit: Sequence[Example], scheme: Scheme) -> AuditScore | None:
    """Tag the audited reports and compare; below the fewest nothing is tagged."""
    if len(audit) < FEWEST:
        return None
    tagger, wanted = load_tagger(bundle), {each.sha256 for each in audit}
    tags = {
        uid_of(report.sha256, each.paragraph.start, each.paragraph.end): each.themes
        for report in map(tagger.tag, (each for each in reports_of(course.pool) if each.sha256 in wanted))
        for each in report.paragraphs
    }
    given = np.array([[theme in tags[each.uid] for theme in scheme.theme_ids] for each in audit])
    answers = np.array([[theme in each.themes for theme in scheme.theme_ids] for each in audit])
    _, documents = np.unique([each.sha256 for each in audit], return_inverse=True)
    return audit_score(answers, given, documents, np.random.default_rng(course.setup.seed))
