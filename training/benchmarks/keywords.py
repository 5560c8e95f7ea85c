"""The keyword baseline: a theme is given where a word of the scheme's own `takes` stands in the paragraph.

    python training/benchmarks/keywords.py seeds/gold.jsonl seeds/written/*.jsonl --oof keywords.jsonl
    fazhi evaluate seeds/gold.jsonl seeds/written/*.jsonl --oof oof.jsonl --oof keywords.jsonl

What anyone would write in an afternoon, to be seen beside what was learned. It learns nothing, so every document is
left out; scores are 0 and 1. Sections are the commonest one (`work`) but for headings.
"""

import argparse
import re
from pathlib import Path

from fazhi.model.labels import (
    HEADING,
    Example,
    LeftOut,
    Scheme,
    load_scheme,
    read_examples,
    trainable,
    write_left_out,
)
from fazhi.training.left_out import FOLDS

_COMMONEST = "work"
_SHORTEST = 2  # characters of a word; shorter ones stand in anything


def words_of(scheme: Scheme) -> dict[str, tuple[str, ...]]:
    """Return, per theme, the words of its name and of what it takes."""
    found = {}
    for theme in scheme.themes:
        words = re.split("[,、;()与和]", f"{theme.zh}、{theme.takes}")
        found[theme.id] = tuple(word for word in words if len(word) >= _SHORTEST)
    return found


def said_of(example: Example, words: dict[str, tuple[str, ...]], scheme: Scheme) -> LeftOut:
    """Return what the words say of one paragraph."""
    section = HEADING if example.level else _COMMONEST
    has = [any(word in example.clean for word in words[theme]) for theme in scheme.theme_ids]
    given = tuple(theme for theme, holds in zip(scheme.theme_ids, has, strict=True) if holds)
    return LeftOut(
        uid=example.uid,
        document=example.document,
        sha256=example.sha256,
        index=example.index,
        protocol=FOLDS,
        part=0,
        model="keywords",
        scheme=scheme.fingerprint,
        theme_scores=tuple(map(float, has)),
        section_scores=tuple(float(each == section) for each in scheme.section_ids),
        section=section,
        themes=given,
        band="sure",
    )


def main() -> None:
    """Score every example and write oof.jsonl."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("examples", type=Path, nargs="+")
    parser.add_argument("--oof", type=Path, required=True)
    options = parser.parse_args()
    scheme = load_scheme()
    examples = trainable([each for path in options.examples for each in read_examples(path, scheme)])
    words = words_of(scheme)
    write_left_out(options.oof, (said_of(each, words, scheme) for each in examples), scheme)


if __name__ == "__main__":
    main()
