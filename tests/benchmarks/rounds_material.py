"""What `rounds.py` plays with: our examples and CAIL2019 in, material with a test part set aside out.

Near-identical paragraphs count once in both, so that none stands on two sides of a split.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fazhi.annotation.rounds.simulate import Flags, Material, distinct, material_of
from fazhi.annotation.rounds.start import queries_of
from fazhi.model.labels import load_scheme, read_examples, trainable
from fazhi.training.benchmarks.cail2019 import judgments, scheme_of

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
FILES = ("gold.jsonl", "written/examples.jsonl", "written/verdicts.jsonl")
TEST = 0.2


@dataclass(frozen=True)
class Parts:
    """Material, and which of its rows (n,) are kept for the end."""

    material: Material
    test: Flags

    @property
    def rest(self) -> Material:
        return self.material.at(np.flatnonzero(~self.test))


def parts_of(cail: Path) -> dict[str, Parts]:
    return {"fazhi": ours(), "cail2019": theirs(cail)}


def ours() -> Parts:
    """Read seeds and written examples; a fifth of the documents, drawn once, is the test part."""
    scheme = load_scheme()
    material = material_of(trainable([each for name in FILES for each in read_examples(SEEDS / name, scheme)]), scheme)
    documents = np.random.default_rng(0).permutation(np.unique(material.documents))
    return Parts(material, np.isin(material.documents, documents[: round(TEST * len(documents))]))


def theirs(folder: Path) -> Parts:
    """Read CAIL2019; its own test part is the test part, judgments are the documents."""
    scheme = scheme_of(json.loads((folder / "labels.json").read_text(encoding="utf-8")))
    train, test = (judgments(folder / f"divorce_{part}.jsonl", scheme) for part in ("train", "test"))
    rows = [(report, each) for report in (*train, *test) for each in report.paragraphs]
    material = Material(
        [each.clean for _, each in rows],
        np.array([report.document for report, _ in rows]),
        np.concatenate([report.themes for report in (*train, *test)]),
        queries_of(scheme),
    )
    kept = distinct(material.texts)
    return Parts(material.at(kept), kept >= sum(len(report.paragraphs) for report in train))
