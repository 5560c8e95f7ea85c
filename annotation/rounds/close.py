"""`fazhi round close`: a trained round in, report.json and report.html out, and the way free for the next round.

close_round(Path("rounds"), scheme, untrained=False).state  ->  "closed"

A round that is closed is never written again; what the report says is for `report`.
"""

from pathlib import Path

from fazhi.annotation.outputs import write_json
from fazhi.annotation.rounds.folder import PAGE, REPORT, Round, advanced, check_state, folder_of
from fazhi.annotation.rounds.learn import final_files
from fazhi.annotation.rounds.report import report_of
from fazhi.annotation.rounds.report_page import render
from fazhi.annotation.rounds.setup import opened
from fazhi.annotation.rounds.status import last_round
from fazhi.model.labels import Scheme
from fazhi.model.writing import replacing


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
    report = report_of(rounds, course, begun, scheme)
    write_json(folder / REPORT, report.data)
    with replacing(folder / PAGE) as file:
        file.write(render(report, scheme))
    return advanced(rounds, round_, "closed", (*final_files(folder), REPORT, PAGE))
