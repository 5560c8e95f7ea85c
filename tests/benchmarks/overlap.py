"""Print how near the written documents stand to the seeds and to each other, for the data card.

    python tests/benchmarks/overlap.py

Measured on clean text without blanks and digits: the share of a document's distinct character 5-grams that a seed has
too (set phrases of the genre are shared by all reports), the longest common run of characters, and, inside the set, the
Jaccard similarity of 5-gram sets to the nearest other document.
"""

import re
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np

from fazhi.model.cleaning import clean
from fazhi.model.reading import read_document

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
GRAM = 5
QUANTILES = (0.5, 0.9, 1.0)


def main() -> None:
    seeds = {path.name[:3]: letters(path) for path in sorted((SEEDS / "reports").glob("*.txt"))}
    written = {path.stem: letters(path) for path in sorted((SEEDS / "written" / "documents").glob("*.txt"))}
    sets = {name: grams(text) for name, text in written.items()}
    print(f"{len(written)} documents, {sum(map(len, written.values()))} characters without blanks and digits\n")
    print("| seed | largest share of a document's 5-grams | median | longest common run |\n| --- | --- | --- | --- |")
    for name, text in seeds.items():
        own = grams(text)
        shares = np.array([len(each & own) / len(each) for each in sets.values()])
        nearest = list(written)[int(shares.argmax())]
        run = SequenceMatcher(None, written[nearest], text, autojunk=False).find_longest_match()
        common = written[nearest][run.a : run.a + run.size]
        print(f"| {name} | {shares.max():.3f} ({nearest}) | {np.median(shares):.3f} | {run.size}: {common} |")
    names = list(sets)
    jaccard = np.array([[overlap(sets[one], sets[other]) if one != other else 0.0 for other in names] for one in names])
    values = np.quantile(jaccard.max(axis=1), QUANTILES)
    print("\nNearest other document (Jaccard of 5-grams): " + ", ".join(
        f"{'maximum' if q == 1 else f'{q:.0%} quantile'} {value:.3f}" for q, value in zip(QUANTILES, values, strict=True)
    ))  # fmt: skip


def letters(path: Path) -> str:
    return re.sub(r"[\s\d]", "", clean(read_document(path).text).text)


def grams(text: str) -> set[str]:
    return {text[start : start + GRAM] for start in range(len(text) - GRAM + 1)}


def overlap(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)


if __name__ == "__main__":
    main()
