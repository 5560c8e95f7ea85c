"""What the answered headings of seeds/headings.jsonl are: support, agreement, and which the five real reports have too.

    python tests/benchmarks/headings.py

Two headings are the same when they are without their marks, blanks and digits. Prints the tables of seeds/README.md.
"""

from collections import Counter
from itertools import combinations
from pathlib import Path

from nearness import bare

from fazhi.model.labels import load_scheme, read_examples
from fazhi.model.report.marks import leading_mark
from fazhi.training.headings import AnsweredHeading, read_headings, unanimous

ROOT = Path(__file__).parents[2]


def words_of(heading: str) -> str:
    """Return a heading without its mark, blanks and digits."""
    mark = leading_mark(heading)
    return bare(heading[len(mark.text) :] if mark else heading).rstrip("。:")


def support(headings: tuple[AnsweredHeading, ...]) -> Counter[str]:
    """Count the headings with one answer by what they tell."""
    return Counter(each.answers[0] or "none" for each in headings)


def agreement(headings: tuple[AnsweredHeading, ...]) -> tuple[int, int]:
    """Return how many pairs of answers to one heading are the same, and how many there are."""
    pairs = [pair for each in headings for pair in combinations(each.answers, 2)]
    return sum(one == other for one, other in pairs), len(pairs)


def shared(headings: tuple[AnsweredHeading, ...], examples: Path) -> list[str]:
    """Return the headings, at any level, that documents have too."""
    own = {words_of(head) for each in headings for head in each.path}
    theirs = {words_of(head) for each in read_examples(examples, load_scheme()) for head in each.path}
    return sorted(own & theirs)


def main() -> None:
    """Print support, agreement and what is shared."""
    path = ROOT / "seeds" / "headings.jsonl"
    headings = read_headings(path, load_scheme())
    chosen = unanimous(headings, str(path))
    nested, (same, pairs) = sum(len(each.path) > 1 for each in headings), agreement(headings)
    print(f"{len(headings)} headings, {nested} of them below another; {len(chosen)} with one answer\n")
    print("| tells | headings |\n| --- | --- |")
    for section, count in support(chosen).most_common():
        print(f"| `{section}` | {count} |")
    print(f"\n{same} of {pairs} pairs of answers are the same")
    print(f"also in real reports: {'、'.join(shared(headings, path.with_name('gold.jsonl'))) or 'none'}")
    print(f"also in written documents: {len(shared(headings, path.parent / 'written' / 'examples.jsonl'))}")


if __name__ == "__main__":
    main()
