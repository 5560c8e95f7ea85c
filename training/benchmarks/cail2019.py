"""The training recipe on a public benchmark that nobody here labelled: CAIL2019 elements, marriage and family.

    python training/benchmarks/cail2019.py DATA --base BASE --work WORK [--settings FILE] [--parts N] [--test]

DATA holds divorce_train.jsonl, divorce_test.jsonl (`{"document", "text", "labels"}` a line) and labels.json. Thresholds
are chosen on folds by document of the training part; without `--test` the figures are those of the folds, which is
where settings are tried; `--parts` takes the first few of the folds, where hours are dear. With `--test` the test part
is scored once, and the look is noted in a log beside this file.
Prints a row each for the encoder, the n-gram model and their blend; downloads nothing.
"""

import argparse
import datetime
import json
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from fazhi.model.labels import HEADING, Scheme, Section, Theme
from fazhi.model.report import Paragraph
from fazhi.model.scorers import Logits, Shares, blended, sigmoid
from fazhi.training.decisions import theme_temperature, theme_thresholds
from fazhi.training.fit_encoder import fit_encoder
from fazhi.training.fit_linear import fit_linear
from fazhi.training.lessons import lessons_of_reports
from fazhi.training.resuming import base_identity, folder_of
from fazhi.training.rows import AnsweredReport
from fazhi.training.settings import EncoderSettings, load_encoder_settings, load_linear_settings
from fazhi.training.splits import folds

LOG = Path(__file__).with_name("looks.jsonl")
_SENTENCE = "sentence"  # the one section that sentences of judgments have here


def scheme_of(labels: list[str]) -> Scheme:
    """Return the benchmark's labels as themes, in their order; sections are a formality."""
    themes = tuple(Theme(label, label, label, label, "", "", "", "", "") for label in labels)
    sections = tuple(Section(name, name, name, "", "", themed=True) for name in (HEADING, _SENTENCE))
    return Scheme("cail2019", "1", themes, sections)


def judgments(path: Path, scheme: Scheme) -> list[AnsweredReport]:
    """Read sentences and group them into judgments, the unit of every split."""
    groups: dict[str, list[dict[str, object]]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.strip():
            entry = json.loads(line)
            groups[entry["document"]].append(entry)
    return [_judgment(name, entries, scheme) for name, entries in groups.items()]


def _judgment(name: str, entries: list[dict[str, object]], scheme: Scheme) -> AnsweredReport:
    texts = [str(entry["text"]) for entry in entries]
    paragraphs = tuple(
        Paragraph(index, len(texts), 0, len(text), text, text, 0, "", (), ()) for index, text in enumerate(texts)
    )
    themes = np.array([[label in list(entry["labels"]) for label in scheme.theme_ids] for entry in entries])  # type: ignore[call-overload]
    return AnsweredReport(name, name, "cail2019", paragraphs, themes, np.ones(len(texts), dtype=np.int64))


def logits_of(
    train: list[AnsweredReport], held_out: list[AnsweredReport], scheme: Scheme, options: argparse.Namespace, name: str
) -> tuple[list[Logits], list[Logits]]:
    """Return the encoder's and the n-gram model's logits of held-out judgments."""
    settings: EncoderSettings = load_encoder_settings(options.settings)
    work = folder_of(options.work, name, [asdict(settings), base_identity(options.base)])
    encoder = fit_encoder(lessons_of_reports(train, scheme), scheme, settings, options.base, work).model
    linear = fit_linear(train, scheme, load_linear_settings())
    return [encoder.logits(each.paragraphs) for each in held_out], [linear.logits(each.paragraphs) for each in held_out]


def systems(encoder: list[Logits], linear: list[Logits], shares: Shares) -> dict[str, NDArray[np.float64]]:
    """Return theme logits (n, labels) of the encoder, the n-gram model, and the two together."""
    both = [blended(one, other, shares) for one, other in zip(encoder, linear, strict=True)]
    named = {"encoder": encoder, "character n-grams": linear, f"encoder + {shares.themes:g} x n-grams": both}
    return {name: np.concatenate([themes for themes, _ in found]) for name, found in named.items()}


def answers_of(reports: list[AnsweredReport]) -> NDArray[np.bool_]:
    """Return the answers (n, labels) of judgments, one after the other."""
    return np.concatenate([report.themes for report in reports])


def figures(
    logits: NDArray[np.float64],
    answers: NDArray[np.bool_],
    left_out: NDArray[np.float64],
    left_out_answers: NDArray[np.bool_],
    shrink: float,
) -> tuple[float, float]:
    """Return micro and macro F1 with temperature and thresholds chosen on left-out logits."""
    temperature = theme_temperature(left_out, left_out_answers)
    thresholds = theme_thresholds(sigmoid(left_out / temperature), left_out_answers, shrink)
    given = sigmoid(logits / temperature) >= np.array(thresholds)
    return tuple(float(f1_score(answers, given, average=average, zero_division=0)) for average in ("micro", "macro"))  # type: ignore[return-value]


def main() -> None:
    """Tune on folds, choose thresholds there, and score the folds or the test part."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--base", required=True)
    parser.add_argument("--work", type=Path, required=True, help="checkpoints; a killed run goes on")
    parser.add_argument("--settings", type=Path, help="TOML; training/encoder.toml without it")
    parser.add_argument("--parts", type=int, help="folds that are tuned for, of those in the settings")
    parser.add_argument("--test", action="store_true", help="score the test part, once")
    options = parser.parse_args()
    if options.parts is not None and options.parts < 1:
        parser.error("--parts: at least 1")
    scheme = scheme_of(json.loads((options.data / "labels.json").read_text(encoding="utf-8")))
    settings = load_encoder_settings(options.settings)
    train = judgments(options.data / "divorce_train.jsonl", scheme)
    seen, encoder, linear = _left_out(train, scheme, options, settings)
    left_out, left_out_answers = systems(encoder, linear, settings.linear_share), answers_of(seen)
    shown, answers = left_out, left_out_answers
    if options.test:
        test = judgments(options.data / "divorce_test.jsonl", scheme)
        shown = systems(*logits_of(train, test, scheme, options, "whole"), settings.linear_share)
        answers = answers_of(test)
    rows = {
        name: figures(shown[name], answers, left_out[name], left_out_answers, settings.decisions.threshold_shrink)
        for name in shown
    }
    print(f"{len(answers)} sentences; thresholds from {len(left_out_answers)} that were left out\n")
    print(f"| CAIL2019, {'test' if options.test else 'folds of train'} | micro F1 | macro F1 |\n| --- | --- | --- |")
    for name, (micro, macro) in rows.items():
        print(f"| {name} | {100 * micro:.2f} | {100 * macro:.2f} |")
    if options.test:
        _note_look(rows, settings, Path(options.base).name, len(left_out_answers))


def _left_out(
    train: list[AnsweredReport], scheme: Scheme, options: argparse.Namespace, settings: EncoderSettings
) -> tuple[list[AnsweredReport], list[Logits], list[Logits]]:
    """Return judgments and their logits, each by models that were tuned without its fold."""
    encoder: dict[int, Logits] = {}
    linear: dict[int, Logits] = {}
    for number, part in enumerate(folds(["cail2019"] * len(train), settings.folds, settings.seed)[: options.parts]):
        inside = part.tolist()
        rest = [each for here, each in enumerate(train) if here not in set(inside)]
        found = logits_of(rest, [train[here] for here in inside], scheme, options, f"fold-{number}")
        for target, logits in zip((encoder, linear), found, strict=True):
            target.update(zip(inside, logits, strict=True))
    places = sorted(encoder)
    return [train[here] for here in places], [encoder[here] for here in places], [linear[here] for here in places]


def _note_look(rows: dict[str, tuple[float, float]], settings: EncoderSettings, base: str, left_out: int) -> None:
    """Add a line to the log of looks at the test part."""
    entry = {
        "when": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "base": base,
        "epochs": settings.epochs,
        "left_out": left_out,
        "figures": {name: [round(value, 4) for value in both] for name, both in rows.items()},
    }
    with LOG.open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
