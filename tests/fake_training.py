"""Stands in for `fazhi train linear`: copies the linear bundle, and says that left-out models were sure and right.

    python tests/fake_training.py train linear --out BUNDLE --version 0.0.0 --oof OOF TRAINING FOLDER

What it says of the last theme it says of no paragraph, so that its F1 is known: 0 where answers have it, 1 elsewhere.
"""

import shutil
import sys
from pathlib import Path

from fazhi.model.bundle import find_bundle
from fazhi.model.labels import LeftOut, load_scheme, read_examples, write_left_out

SCHEME = load_scheme()
SURE, UNSURE = 0.9, 0.1


def row(example):
    given = tuple(theme for theme in example.themes if theme != SCHEME.theme_ids[-1])
    return LeftOut(
        uid=example.uid, document=example.document, sha256=example.sha256, index=example.index, protocol="folds",
        part=0, model="fazhi-linear@9.9.9", scheme=SCHEME.fingerprint,
        theme_scores=tuple(SURE if theme in given else UNSURE for theme in SCHEME.theme_ids),
        section_scores=tuple(float(section == example.section) for section in SCHEME.section_ids),
        section=example.section, themes=given, band="sure",
    )  # fmt: skip


def main():
    options = dict(zip(sys.argv, sys.argv[1:], strict=False))
    out = Path(options["--out"])
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(find_bundle("linear"), out)
    write_left_out(Path(options["--oof"]), [row(each) for each in read_examples(Path(sys.argv[-2]), SCHEME)], SCHEME)


if __name__ == "__main__":
    main()
