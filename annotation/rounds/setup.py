"""What all rounds of a folder share, fixed at the first start. Writer and reader side by side.

    opened(Path("rounds"), scheme)  ->  Course(setup=Setup(seed=0, audit=0.2, …), pool=(…))

The audit reserve is the first stretch of the pool's random order, as large a share of the pool as the audit is of a
round. Strategies never choose from it, so that what is audited stays a random sample of the whole pool, whatever the
strategies liked, and is never trained on.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from fazhi.annotation.rounds.folder import MANIFEST, hash_of, read_manifest, write_manifest
from fazhi.annotation.rounds.pool import Pooled, Sieve, pool_of, ranked, read_pool, write_pool
from fazhi.model.labels import Example, Scheme, read_examples, trainable, write_examples
from fazhi.model.reading import InputError
from fazhi.model.report import SEGMENTER_VERSION, Report

POOL, BASE = "pool.jsonl", "base.jsonl"
_AUDIT, _TWICE = 0.2, 0.1


@dataclass(frozen=True, slots=True)
class Shares:
    """How a round's questions are made up.

    Attributes:
        audit: Share that is drawn by chance and never trained on.
        twice: Share that a second person answers too.
    """

    audit: float = _AUDIT
    twice: float = _TWICE


@dataclass(frozen=True, slots=True)
class Setup:
    """What the manifest of all rounds says.

    Attributes:
        seed: Of every draw.
        audit: As in `Shares`.
        twice: As in `Shares`.
        shortest: As in `Sieve`.
        alike: As in `Sieve`.
        scheme: Fingerprint of the label scheme.
        segmenter: Version of the cut.
        pool: sha256 of pool.jsonl.
        base: sha256 of base.jsonl.
    """

    seed: int
    audit: float
    twice: float
    shortest: int
    alike: float
    scheme: str
    segmenter: str
    pool: str
    base: str


@dataclass(frozen=True, slots=True)
class Course:
    """A folder of rounds: what its rounds share.

    Attributes:
        base: Answers from elsewhere that training begins with, one a paragraph.
    """

    setup: Setup
    pool: tuple[Pooled, ...]
    base: tuple[Example, ...]

    @property
    def reserve(self) -> list[Pooled]:
        """Paragraphs for audits, in the random order."""
        return ranked(self.pool)[: self._reserved]

    @property
    def open(self) -> list[Pooled]:
        """Paragraphs that strategies choose from, in the random order."""
        return ranked(self.pool)[self._reserved :]

    @property
    def _reserved(self) -> int:
        return math.ceil(self.setup.audit * sum(each.rank is not None for each in self.pool))


def is_begun(rounds: Path) -> bool:
    """Say whether the pool of a folder is fixed."""
    return (rounds / MANIFEST).exists()


def check_begun(rounds: Path) -> None:
    """Refuse a folder without rounds.

    Raises:
        InputError: The pool of the folder is not fixed.
    """
    if not is_begun(rounds):
        raise InputError(str(rounds), "holds no rounds", "fazhi round start --pool REPORTS")


def make_folder(rounds: Path) -> None:
    """Make the folder of rounds, unless it is there.

    Raises:
        InputError: It cannot be made.
    """
    try:
        rounds.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(str(rounds), f"cannot be made ({error.strerror})", "choose another place") from None


@dataclass(frozen=True, slots=True)
class Material:
    """What rounds begin with: reports to ask from, and answers from elsewhere."""

    reports: Sequence[Report]
    base: Sequence[Example]


def begin(rounds: Path, material: Material, sieve: Sieve, shares: Shares, drawn: tuple[int, str]) -> None:
    """Fix the pool, its order, and the answers that training begins with.

    Args:
        rounds: The folder.
        material: Reports and answers.
        sieve: Which paragraphs may be asked.
        shares: Of audit and of second answers.
        drawn: Seed, and fingerprint of the scheme.

    Raises:
        InputError: No paragraph may be asked, answers conflict, or the folder cannot be written.
    """
    seed, scheme = drawn
    write_examples(rounds / BASE, trainable(material.base))
    write_pool(rounds / POOL, pool_of(material.reports, sieve, np.random.default_rng(seed)))
    hashes = hash_of(rounds / POOL), hash_of(rounds / BASE)
    setup = Setup(seed, shares.audit, shares.twice, sieve.shortest, sieve.alike, scheme, SEGMENTER_VERSION, *hashes)
    write_manifest(rounds / MANIFEST, asdict(setup))


def opened(rounds: Path, scheme: Scheme) -> Course:
    """Read what the rounds share.

    Raises:
        InputError: Nothing was begun there, something was changed, or the scheme is another one now.
    """
    check_begun(rounds)
    setup = Setup(**read_manifest(rounds / MANIFEST, {field.name for field in fields(Setup)}))
    now = (scheme.fingerprint, SEGMENTER_VERSION)
    if (setup.scheme, setup.segmenter) != now:
        what = f"was begun under scheme {setup.scheme} and cut {setup.segmenter}, these are {now[0]} and {now[1]}"
        raise InputError(str(rounds), what, "fazhi annotate scheme moves answers; begin another folder with them")
    for name, sha256 in ((POOL, setup.pool), (BASE, setup.base)):
        if hash_of(rounds / name) != sha256:
            raise InputError(str(rounds / name), "was changed after it was written", "bring an older copy back")
    return Course(setup, read_pool(rounds / POOL), tuple(read_examples(rounds / BASE, scheme)))
