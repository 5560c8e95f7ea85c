"""`fazhi round train`: the answers so far in, a bundle in the round's folder out.

    train_round(Path("rounds"), scheme, Recipe()).trained  ->  "fazhi-linear@0.3.0"

Training is another room's: it runs as the command `fazhi train`, by the Python that runs this. It outlives us where we
are killed, so it holds a lock of its own on the round's folder; a tuning that was killed goes on when it is repeated.
"""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from fazhi.annotation.rounds.folder import (
    ANSWERS,
    BUNDLE,
    LEFT_OUT,
    TASKS,
    TRAINING,
    VERDICTS,
    Round,
    advanced,
    check_state,
    folder_of,
)
from fazhi.annotation.rounds.learned import learned_from
from fazhi.annotation.rounds.lock import locked
from fazhi.annotation.rounds.setup import opened
from fazhi.annotation.rounds.status import last_round
from fazhi.model.bundle import clear_drafts, read_manifest
from fazhi.model.labels import Scheme, write_examples
from fazhi.model.reading import InputError

_LOCKED = """import pathlib, sys
from fazhi.annotation.rounds.lock import locked
from fazhi.serving.cli import main
with locked(pathlib.Path(sys.argv.pop())):
    main()
"""
_FAZHI = (sys.executable, "-c", _LOCKED)
_WORK = "work"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is trained.

    Attributes:
        base: Folder or hub name of the encoder to tune; empty fits the linear fallback.
        settings: TOML; the shipped settings without it.
        headings: Answered headings to learn from beside the answers.
        sentences: Answered sentences, the same.
    """

    base: str = ""
    settings: Path | None = None
    headings: Path | None = None
    sentences: Path | None = None

    def words(self, folder: Path) -> list[str]:
        """Return what of the command depends on it."""
        files = {"--settings": self.settings, "--headings": self.headings, "--sentences": self.sentences}
        chosen = [word for option, path in files.items() if path for word in (option, str(path))]
        if not self.base:
            return ["linear", *chosen]
        return ["encoder", "--base", self.base, "--no-leave-real-out", "--work", str(folder / _WORK), *chosen]


def train_round(rounds: Path, scheme: Scheme, recipe: Recipe) -> Round:
    """Train on all answers so far, audits left out; a round that is trained is left alone.

    Raises:
        InputError: It is not answered, answers differ without a verdict, or training fails.
    """
    course, (round_, begun) = opened(rounds, scheme), last_round(rounds)
    check_state(rounds, round_, "answered")
    if round_.is_at_least("trained"):
        return round_
    folder = folder_of(rounds, round_.number)
    clear_killed(folder)
    write_examples(folder / TRAINING, learned_from(rounds, begun, course.base, scheme))
    _run_training(folder, recipe, f"0.{round_.number}.0")
    shutil.rmtree(folder / _WORK, ignore_errors=True)  # checkpoints, which are large, and no longer of use
    label = read_manifest(folder / BUNDLE).label
    return advanced(rounds, round_, "trained", (*final_files(folder), TRAINING, LEFT_OUT), trained=label)


def clear_killed(folder: Path) -> None:
    """Clear away what a training left that was killed.

    Raises:
        InputError: One still runs, whose command was killed.
    """
    with locked(folder):
        clear_drafts(folder / BUNDLE)


def final_files(folder: Path) -> list[str]:
    """Return the files of answers, which no step writes once a round is trained or closed."""
    return [name for name in (TASKS, ANSWERS, VERDICTS) if (folder / name).exists()]


def _run_training(folder: Path, recipe: Recipe, version: str) -> None:
    """Run the command; what it says goes where our own words go.

    Raises:
        InputError: It fails.
    """
    out = ("--out", str(folder / BUNDLE), "--version", version, "--oof", str(folder / LEFT_OUT))
    told = [*_FAZHI, "train", *recipe.words(folder), *out, str(folder / TRAINING), str(folder)]
    done = subprocess.run(told, stdin=subprocess.DEVNULL, check=False)  # noqa: S603 - ourselves
    if done.returncode:
        hint = "see above; more answers may be needed: fazhi round close --untrained"
        raise InputError(str(folder / TRAINING), f"could not be trained on (exit code {done.returncode})", hint)
