"""What the shipped encoder cannot read: the share of unknown characters in texts, and which they are.

    python tests/benchmarks/vocabulary.py TEXT … [--whole TOKENIZER.json] [--bundle NAME]

Texts are read and cut as `fazhi tag` does. `--whole` counts the vocabulary before `fazhi export` pruned it beside the
bundle's: pruning drops no single character, so it can only cut texts into more pieces.
"""

import argparse
import json
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.progress import track
from tokenizers import Tokenizer

from fazhi.model.bundle import find_bundle
from fazhi.model.reading import read_document
from fazhi.model.report import segment

FREQUENT = 12
BATCH = 1024


def counted(path, texts):
    """Return the size of a vocabulary, into how many pieces it cuts texts, and what it does not know."""
    tokenizer = Tokenizer.from_file(str(path))
    unknown_id = json.loads(path.read_text(encoding="utf-8"))["model"]["unk_id"]
    pieces, unknown = 0, Counter()
    starts = range(0, len(texts), BATCH)
    for start in track(starts, "切分 cutting", console=Console(stderr=True)):
        batch = texts[start : start + BATCH]
        for text, cut in zip(batch, tokenizer.encode_batch(batch, add_special_tokens=False), strict=True):
            pieces += len(cut.ids)
            strange = (at for at, each in zip(cut.offsets, cut.ids, strict=True) if each == unknown_id)
            unknown.update("".join(text[first:last] for first, last in strange))
    return tokenizer.get_vocab_size(), pieces, unknown


def row(name, path, texts):
    size, pieces, unknown = counted(path, texts)
    characters = sum(map(len, texts))
    frequent = " ".join(f"{sign} {count:,}" for sign, count in unknown.most_common(FREQUENT))
    share = f"{1e6 * unknown.total() / characters:.0f}"
    return f"| {name} | {size:,} | {characters / pieces:.3f} | {share} | {len(unknown):,} | {frequent} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--whole", type=Path, help="tokenizer.json before pruning")
    parser.add_argument("--bundle", default="fazhi-small")
    options = parser.parse_args()
    texts = [each.model_text for path in options.texts for each in segment(read_document(path)).paragraphs]
    print(f"{sum(map(len, texts)):,} characters in {len(texts):,} paragraphs\n")
    print("| vocabulary | pieces in it | characters a piece | unknown, per million | different | most often |")
    print("| --- |" + " --- |" * 5)
    bundle = find_bundle(options.bundle) / "tokenizer.json"
    for name, path in ((f"`{options.bundle}`", bundle), ("before pruning", options.whole)):
        if path is not None:
            print(row(name, path, texts), flush=True)


if __name__ == "__main__":
    main()
