"""What answered sentences are: support, agreement, how near to documents and each other.

    python tests/benchmarks/sentences.py [FILE]        seeds/sentences.jsonl without it

Nearness is measured without blanks and digits: the longest run of characters that a sentence shares with a document,
and the Jaccard similarity of 5-gram sets to the nearest other sentence. Prints the tables of seeds/README.md.
"""

import sys
from collections import Counter
from itertools import combinations
from pathlib import Path

from nearness import bare, grams, longest_run, nearest, quantiles

from fazhi.model.labels import Scheme, load_scheme, read_examples
from fazhi.training.sentences import AnsweredSentence, agreed, read_sentences

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def pairs(sentences: tuple[AnsweredSentence, ...]) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Return every two answers to one sentence."""
    return [pair for each in sentences for pair in combinations(each.answers, 2)]


def f1(answers: list[tuple[frozenset[str], frozenset[str]]], theme: str) -> float:
    """Return the F1 of a theme, one answer held against the other."""
    both = sum(theme in one and theme in other for one, other in answers)
    return 2 * both / sum((theme in one) + (theme in other) for one, other in answers)


def print_support(
    sentences: tuple[AnsweredSentence, ...], chosen: tuple[AnsweredSentence, ...], scheme: Scheme
) -> None:
    """Print how many of the chosen sentences have each theme, and how alike the answers to all are."""
    answers = pairs(sentences)
    themes = Counter(theme for each in chosen for theme in each.answers[0])
    print("| theme | sentences | F1 of two answers |\n| --- | --- | --- |")
    for theme in scheme.theme_ids:
        print(f"| `{theme}` | {themes[theme]} | {f1(answers, theme):.3f} |")
    print(f"\n{sum(one == other for one, other in answers)} of {len(answers)} pairs of answers are the same")


def main() -> None:
    """Print support, agreement and nearness."""
    scheme, path = load_scheme(), Path(sys.argv[1]) if sys.argv[1:] else SEEDS / "sentences.jsonl"
    sentences = read_sentences(path, scheme)
    chosen = agreed(sentences, str(path))
    sizes = Counter(len(each.answers[0]) for each in chosen)
    print(
        f"{len(sentences)} sentences; {len(chosen)} with one answer, of them {sizes[0]} without a theme, {sizes[1]} with one\n"
    )
    print_support(sentences, chosen, scheme)
    texts = [bare(each.text) for each in chosen]
    for name, file in (("a real report", "gold.jsonl"), ("a written document", "written/examples.jsonl")):
        theirs = "\n".join(bare(each.clean) for each in read_examples(SEEDS / file, scheme))
        runs = sorted((longest_run(text, theirs) for text in texts), key=len)
        print(
            f"longest run shared with {name}: median {len(runs[len(runs) // 2])} characters, most {len(runs[-1])}: {runs[-1]}"
        )
    print(f"nearest other sentence (Jaccard of 5-grams): {quantiles(nearest([grams(text) for text in texts]))}")


if __name__ == "__main__":
    main()
