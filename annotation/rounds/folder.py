"""manifest.json: the state of a round and the hashes of its files. Writer and reader side by side.

    rounds_in(Path("rounds"))[-1]  ->  Round(number=3, state="pushed", strategy="mixture", …)

selected -> pushed -> answered -> trained -> closed. A manifest is written after the files that it names; a folder
without one is not begun yet. A file's hash enters with the state after which the file is never written again, so that
being killed between two writes never leaves a hash that is wrong. What the steps do is for other files.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from fazhi.model.reading import InputError
from fazhi.model.writing import replacing

FORMAT = 1
STATES = ("selected", "pushed", "answered", "trained", "closed")
MANIFEST, QUESTIONS, TASKS, ANSWERS = "manifest.json", "questions.jsonl", "tasks.json", "answers.jsonl"
TRAINING, LEFT_OUT, BUNDLE = "training.jsonl", "oof.jsonl", "bundle"
REPORT, PAGE = "report.json", "report.html"
VERDICTS = "verdicts.jsonl"
"""Where `fazhi annotate adjudicate` may settle a round's answers that differ."""
_STEPS = {"selected": "start", "pushed": "push", "answered": "pull", "trained": "train", "closed": "close"}
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Round:
    """What a round's manifest says.

    Attributes:
        number: From 0.
        state: One of STATES.
        strategy: By which the questions were chosen.
        seed: Of the random generator: the rounds' own and the number.
        scheme: Fingerprint of the label scheme.
        suggested: Bundle whose suggestions stand with the questions.
        projects: Address of the project on the server, and of the one for what is asked twice; empty before the push.
        trained: Bundle that was trained from the answers so far; empty before.
        versions: Of what chose the questions.
        files: sha256 of the round's files by their names.
    """

    number: int
    state: str
    strategy: str
    seed: tuple[int, int]
    scheme: str
    suggested: str
    versions: Mapping[str, str]
    files: Mapping[str, str]
    projects: tuple[str, ...] = ()
    trained: str = ""

    def is_at_least(self, state: str) -> bool:
        """Say whether the round has come so far."""
        return STATES.index(self.state) >= STATES.index(state)


def check_state(rounds: Path, round_: Round, least: str) -> None:
    """Refuse a step before its turn.

    Raises:
        InputError: Says which state the round is in.
    """
    if not round_.is_at_least(least):
        where, step = str(folder_of(rounds, round_.number)), _STEPS[least]
        raise InputError(where, f"is {round_.state}, not yet {least}", f"fazhi round {step} first")


def folder_of(rounds: Path, number: int) -> Path:
    """Return where a round stands."""
    return rounds / f"{number:0{_DIGITS}d}"


def rounds_in(rounds: Path) -> list[Round]:
    """Return the rounds that were begun, in order; their files are compared with the hashes.

    Raises:
        InputError: A manifest is damaged, or a file was changed after it was written.
    """
    found: list[Round] = []
    while (folder_of(rounds, len(found)) / MANIFEST).exists():
        found.append(_read_round(folder_of(rounds, len(found)), len(found)))
    return found


def write_round(rounds: Path, round_: Round) -> None:
    """Write a manifest."""
    write_manifest(folder_of(rounds, round_.number) / MANIFEST, asdict(round_))


def advanced(rounds: Path, round_: Round, state: str, written: Sequence[str], **changes: Any) -> Round:
    """Return the round in a state, with the hashes of files that were written for it, and write its manifest."""
    folder = folder_of(rounds, round_.number)
    files = {**round_.files, **{name: hash_of(folder / name) for name in written}}
    newer = replace(round_, state=state, files=files, **changes)
    if newer != round_:
        write_round(rounds, newer)
    return newer


def hash_of(path: Path) -> str:
    """Return the sha256 of a file.

    Raises:
        InputError: It cannot be read.
    """
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(str(path), f"cannot be read ({error.strerror})", "bring the file back") from None


def write_manifest(path: Path, data: Mapping[str, Any]) -> None:
    """Write a manifest of rounds or of one round."""
    with replacing(path) as file:
        file.write(json.dumps({"format": FORMAT, **data}, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def read_manifest(path: Path, names: set[str]) -> dict[str, Any]:
    """Read what `write_manifest` wrote; its values are for others to check.

    Raises:
        InputError: The file cannot be read, is something else, or of another format.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(str(path), f"cannot be read ({error!s:.200})", "bring an older copy back") from None
    if not isinstance(data, dict) or data.pop("format", None) != FORMAT or set(data) != names:
        hint = "update fazhi, or bring an older copy back"
        raise InputError(str(path), f"is no manifest of format {FORMAT} with {', '.join(sorted(names))}", hint)
    return data


def _read_round(folder: Path, number: int) -> Round:
    data = read_manifest(folder / MANIFEST, {field.name for field in fields(Round)})
    if data["number"] != number or data["state"] not in STATES or not isinstance(data["files"], dict):
        raise InputError(str(folder / MANIFEST), "is damaged", "bring an older copy back")
    changed = [name for name, sha256 in data["files"].items() if hash_of(folder / name) != sha256]
    if changed:
        what = f"was changed after it was written: {', '.join(changed)}"
        raise InputError(str(folder), what, "bring an older copy back")
    tuples = {name: tuple(data[name]) for name in ("seed", "projects")}
    return Round(**{**data, **tuples})
