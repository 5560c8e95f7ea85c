"""Print how near the written documents stand to the seeds and to each other, for the data card.

    python tests/benchmarks/overlap.py

Measured on clean text without blanks and digits: the share of a document's distinct character 5-grams that a seed has
too (set phrases of the genre are shared by all reports), the longest common run of characters, and, inside the set, the
Jaccard similarity of 5-gram sets to the nearest other document.
"""

from pathlib import Path

import numpy as np
from nearness import bare, grams, longest_run, nearest, quantiles

from fazhi.model.cleaning import clean
from fazhi.model.reading import read_document

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def main() -> None:
    seeds = {path.name[:3]: letters(path) for path in sorted((SEEDS / "reports").glob("*.txt"))}
    written = {path.stem: letters(path) for path in sorted((SEEDS / "written" / "documents").glob("*.txt"))}
    sets = {name: grams(text) for name, text in written.items()}
    print(f"{len(written)} documents, {sum(map(len, written.values()))} characters without blanks and digits\n")
    print("| seed | largest share of a document's 5-grams | median | longest common run |\n| --- | --- | --- | --- |")
    for name, text in seeds.items():
        own = grams(text)
        shares = np.array([len(each & own) / len(each) for each in sets.values()])
        most = list(written)[int(shares.argmax())]
        common = longest_run(written[most], text)
        print(f"| {name} | {shares.max():.3f} ({most}) | {np.median(shares):.3f} | {len(common)}: {common} |")
    print(f"\nNearest other document (Jaccard of 5-grams): {quantiles(nearest(list(sets.values())))}")


def letters(path: Path) -> str:
    return bare(clean(read_document(path).text).text)


if __name__ == "__main__":
    main()
