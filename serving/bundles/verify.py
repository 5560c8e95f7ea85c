"""`fazhi bundle verify`: can this folder be used here? Every difference is named, not only the first."""

import sys
from pathlib import Path

import numpy as np

from fazhi.model.bundle import mismatches, read_manifest
from fazhi.model.reading import InputError, document_from_text, one_line
from fazhi.model.report import segment
from fazhi.model.scorers import Scores
from fazhi.model.tagger import Tagger, load_tagger

_TEXT = "一、严格规范公正文明执法\n开展行政执法检查,落实行政执法三项制度,规范自由裁量。\n"


def run_verify(folder: Path) -> int:
    """Print that a bundle can be used, or each difference on a line of standard error; return the exit code."""
    found = differences(folder)
    for each in found:
        print(f"fazhi: {each}", file=sys.stderr)
    if not found:
        manifest = read_manifest(folder)
        print(one_line(f"{manifest.label}: 可用 can be used ({folder}, {len(manifest.files)} 个文件 files)"))
    return 2 if found else 0


def differences(folder: Path) -> list[InputError]:
    """Return all that keeps a bundle from being used. A model is loaded only from files that are as they should be."""
    try:
        found = list(mismatches(folder, read_manifest(folder)))
        if not found:
            check_scores(load_tagger(folder))
    except InputError as error:
        return [error]
    return found


def check_scores(tagger: Tagger) -> None:
    """Score a short text.

    Raises:
        InputError: The model gives something else than a probability for each label.
    """
    folder, paragraphs = tagger.bundle.folder, segment(document_from_text(_TEXT, "verify")).paragraphs
    scores, scheme = tagger.scorer.score(paragraphs), tagger.bundle.scheme
    found = (scores.themes.shape, scores.sections.shape)
    expected = (len(paragraphs), len(scheme.themes)), (len(paragraphs), len(scheme.sections))
    if found != expected:
        raise InputError(str(folder), f"scores {found} for {expected} labels", "export the bundle again")
    if not _are_probabilities(scores):
        raise InputError(str(folder), "gives scores that are no probabilities", "export the bundle again")


def _are_probabilities(scores: Scores) -> bool:
    every = np.concatenate([scores.themes.ravel(), np.exp(scores.sections).ravel()])
    return bool(np.all((every >= 0) & (every <= 1)))  # false of NaN
