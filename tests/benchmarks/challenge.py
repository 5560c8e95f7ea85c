"""How models do on seeds/challenge.jsonl: sentences written where models were wrong, which no model has learnt from.

    python tests/benchmarks/challenge.py [BUNDLE …]

Each sentence is tagged as a paragraph that came alone, with the bundle's own thresholds. Intervals resample the writers.
Prints the tables of seeds/README.md; `sentences.py FILE` prints how far the readers agreed.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from fazhi.model import load_tagger
from fazhi.model.bundle import DEFAULT_BUNDLE
from fazhi.model.labels import Scheme, load_scheme, theme_flags
from fazhi.model.scorers import score_reports
from fazhi.training.evaluation.counts import interval, resamples
from fazhi.training.sentences import AnsweredSentence, agreed, read_sentences

FILE = Path(__file__).resolve().parents[2] / "seeds" / "challenge.jsonl"
RESAMPLES = 2000
Flags = NDArray[np.bool_]


def given_by(bundle: str, sentences: Sequence[AnsweredSentence]) -> Flags:
    """Return the themes that a bundle gives, (n, themes)."""
    tagger = load_tagger(bundle)
    scores = np.concatenate(
        [each.themes for each in score_reports(tagger.scorer, [[one.paragraph] for one in sentences])]
    )
    return scores >= np.array(tagger.thresholds)


def around(answers: Flags, given: Flags, writers: NDArray[np.str_]) -> str:
    """Return the 95 % interval of micro F1 when writers are drawn with replacement."""
    names = np.unique(writers)
    drawn = resamples(len(names), RESAMPLES, np.random.default_rng(0))
    right, named = (
        drawn @ np.array([flags[writers == name].sum() for name in names])
        for flags in (answers & given, np.concatenate([answers, given], axis=1))
    )
    found = interval(2 * right / named)
    return f"{found.low:.3f}–{found.high:.3f}"


def row(name: str, answers: Flags, given: Flags, writers: NDArray[np.str_]) -> str:
    """Return the line of a bundle."""
    micro, macro = (f1_score(answers, given, average=kind) for kind in ("micro", "macro"))
    exact, none = (answers == given).all(axis=1).mean(), ~given[~answers.any(axis=1)].any(axis=1)
    return f"| `{name}` | {micro:.3f} [{around(answers, given, writers)}] | {macro:.3f} | {exact:.3f} | {none.mean():.3f} |"


def print_scores(bundles: Sequence[str], sentences: Sequence[AnsweredSentence], scheme: Scheme) -> None:
    """Print a row a bundle, then one a theme."""
    answers = theme_flags([each.answers[0] for each in sentences], scheme)
    writers = np.array([each.writer for each in sentences])
    given = {bundle: given_by(bundle, sentences) for bundle in bundles}
    print(f"{len(sentences)} sentences with one answer, {(~answers.any(axis=1)).sum()} of them without a theme\n")
    print("| | themes micro F1 | macro F1 | exact match | none given where none is due |")
    print("| --- | --- | --- | --- | --- |")
    for bundle, flags in given.items():
        print(row(bundle, answers, flags, writers))
    print("\n| theme, F1 | sentences |" + "".join(f" `{bundle}` |" for bundle in given))
    print("| --- | --- |" + " --- |" * len(given))
    each_theme = [f1_score(answers, flags, average=None) for flags in given.values()]
    for place, theme in enumerate(scheme.theme_ids):
        figures = "".join(f" {found[place]:.3f} |" for found in each_theme)
        print(f"| `{theme}` | {answers[:, place].sum()} |{figures}")


def main() -> None:
    """Read, score and print."""
    scheme = load_scheme()
    sentences = agreed(read_sentences(FILE, scheme), str(FILE))
    print_scores(sys.argv[1:] or list(dict.fromkeys((DEFAULT_BUNDLE, "linear"))), sentences, scheme)


if __name__ == "__main__":
    main()
