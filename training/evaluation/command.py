"""`fazhi evaluate`: files in, figures on the terminal, evaluation.json and evaluation.html out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rich.console import Console

from fazhi.model.labels import Example, LeftOut, Scheme, load_scheme, read_examples, trainable
from fazhi.model.reading import InputError
from fazhi.model.tagger import load_tagger
from fazhi.model.writing import replacing
from fazhi.training.evaluation.assessment import assess
from fazhi.training.evaluation.bundled import PROTOCOL, bundle_rows, caveat
from fazhi.training.evaluation.counts import COARSE
from fazhi.training.evaluation.figures import TrialFigures
from fazhi.training.evaluation.material import Trial, read_pass, read_rows, trials
from fazhi.training.evaluation.page import render
from fazhi.training.evaluation.show import show

FORMAT = 1
JSON_NAME, PAGE_NAME = "evaluation.json", "evaluation.html"


@dataclass(frozen=True, slots=True)
class EvaluateRequest:
    """What the command was asked.

    Attributes:
        examples: examples.jsonl files with the answers.
        oof: oof.jsonl files.
        bundles: Folders of bundles that tag the examples.
        passes: Annotators' own examples files.
        out: Folder for evaluation.json and evaluation.html; None for neither.
        baseline: Model that the others are compared with; the first of each protocol without it.
        resamples: How often documents are drawn.
        seed: Of the draw.
    """

    examples: tuple[Path, ...]
    oof: tuple[Path, ...]
    bundles: tuple[Path, ...]
    passes: tuple[Path, ...]
    out: Path | None
    baseline: str | None
    resamples: int
    seed: int


def run_evaluate(request: EvaluateRequest, console: Console) -> None:
    """Measure, write the files, print the tables.

    Raises:
        InputError: Nothing to evaluate, or files that are bad or do not belong together.
    """
    if not request.oof and not request.bundles:
        raise InputError("evaluate", "was given no --oof and no --bundle", "name what models said, or a bundle")
    scheme = load_scheme()
    examples = trainable([each for path in request.examples for each in read_examples(path, scheme)])
    found = _figures(request, examples, scheme)
    if request.out is not None:
        _write(request.out, request, found, scheme)
    show(found, scheme, console)
    if request.out is not None:
        written = f"已写 written: {request.out / JSON_NAME}, {request.out / PAGE_NAME}"
        Console(stderr=True).out(written, highlight=False)


def _figures(request: EvaluateRequest, examples: Sequence[Example], scheme: Scheme) -> list[TrialFigures]:
    answered = {example.uid: example for example in examples}
    rows = [row for path in request.oof for row in read_rows(path, answered, scheme)]
    passes = dict(read_pass(path, answered, scheme) for path in request.passes)
    if len(passes) < len(request.passes):
        what = f"names {len(request.passes)} files of {len(passes)} annotators"
        raise InputError("--pass", what, "files of different annotators need different names")
    tagged, caveats = _bundles(request.bundles, examples)
    every = trials(examples, [*rows, *tagged], passes, scheme)
    if not every:
        raise InputError("evaluate", "found no answered paragraph", "give examples.jsonl files with answers")
    _check_baseline(request.baseline, every)
    return [_assessed(trial, request, scheme, caveats) for trial in every]


def _bundles(folders: Sequence[Path], examples: Sequence[Example]) -> tuple[list[LeftOut], list[str]]:
    taggers = [load_tagger(folder) for folder in folders]
    return [row for tagger in taggers for row in bundle_rows(tagger, examples)], list(map(caveat, taggers))


def _check_baseline(baseline: str | None, every: Sequence[Trial]) -> None:
    known = sorted({name for trial in every for name in trial.names})
    if baseline is not None and baseline not in known:
        raise InputError("--baseline-name", f"found no model {baseline!r}", f"these are there: {', '.join(known)}")


def _assessed(trial: Trial, request: EvaluateRequest, scheme: Scheme, caveats: Sequence[str]) -> TrialFigures:
    rng = np.random.default_rng(request.seed)
    figures = assess(trial, scheme, request.baseline or trial.names[0], request.resamples, rng)
    notes = list(caveats) if trial.protocol == PROTOCOL else []
    if figures.coarse:
        notes.append(
            f"仅 {figures.documents} 份文档(少于 {COARSE}),区间粗略且偏窄 · "
            f"only {figures.documents} documents (fewer than {COARSE}): intervals are coarse, and rather too narrow"
        )
    if figures.annotators:
        notes.append(
            "标注者与最终答案相比;答案若由这些标注裁定而来,其数字为上限 · "
            "annotators against the settled answers; where these very passes settled them, an upper bound"
        )
    return replace(figures, notes=tuple(notes))


def _write(out: Path, request: EvaluateRequest, found: Sequence[TrialFigures], scheme: Scheme) -> None:
    data = {
        "format": FORMAT,
        "scheme": scheme.fingerprint,
        "examples": [path.name for path in request.examples],
        "resamples": request.resamples,
        "seed": request.seed,
        "protocols": [trial.as_json() for trial in found],
    }
    with replacing(out / JSON_NAME) as file:
        file.write(json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    with replacing(out / PAGE_NAME) as file:
        file.write(render(found, scheme, f"{request.resamples} 次抽样 resamples, seed {request.seed}"))
