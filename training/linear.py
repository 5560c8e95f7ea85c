"""`fazhi train linear`: examples files in, a `linear` bundle out, with the figures it earned on left-out reports."""

import datetime
import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress

from fazhi.model.bundle import Manifest, write_bundle
from fazhi.model.labels import HEADING, Scheme, load_scheme, read_examples, trainable
from fazhi.model.reading import InputError
from fazhi.model.scorers import LinearScorer
from fazhi.model.scorers.linear import write_weights
from fazhi.model.tagger import tag_scores
from fazhi.training.evaluate import Evaluation, evaluate
from fazhi.training.fit_linear import fit_linear
from fazhi.training.rows import AnsweredReport, answered_reports
from fazhi.training.settings import LinearSettings, load_linear_settings
from fazhi.training.splits import folds

_FEWEST_REPORTS = 3
_NOTICE = """fazhi-linear, a part of fazhi, licensed under the Apache License 2.0.
Fitted on the examples in fazhi's seeds/: annotations and written documents are fazhi's own; the five seed reports are
public documents of their authors.
"""


def train_linear(paths: Sequence[Path], out: Path, settings_path: Path | None, version: str) -> str:
    """Fit, evaluate and write a bundle; return the table of its figures.

    Raises:
        InputError: Bad examples or settings, or too few reports to leave one out.
    """
    scheme, settings = load_scheme(), load_linear_settings(settings_path)
    examples = trainable([example for path in paths for example in read_examples(path, scheme)])
    reports = answered_reports(examples, scheme)
    if len(reports) < _FEWEST_REPORTS:
        raise InputError("examples", f"come from {len(reports)} reports", f"give at least {_FEWEST_REPORTS}")
    measured = [measure(protocol, reports, scheme, settings) for protocol in protocols(reports, settings)]
    scorer = fit_linear(reports, scheme, settings)
    manifest = _manifest(scheme, settings, measured, _hash_of(paths), version)
    table = "\n".join(map(metrics_table, measured))

    def write_files(folder: Path) -> None:
        write_weights(folder, scorer.weights)
        (folder / "README.md").write_text(_card(manifest, table), encoding="utf-8")
        (folder / "NOTICE").write_text(_NOTICE, encoding="utf-8")

    source = (resources.files("fazhi.model.labels") / "labels.toml").read_text(encoding="utf-8")
    write_bundle(out, manifest, source, scorer.decisions, write_files)
    return table


@dataclass(frozen=True, slots=True)
class Protocol:
    """Which reports are held out together, one part after the other; the rest is trained on."""

    title: str
    parts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a protocol found, on all paragraphs of the held-out reports and on body paragraphs alone."""

    title: str
    everything: Evaluation
    body: Evaluation


def protocols(reports: Sequence[AnsweredReport], settings: LinearSettings) -> list[Protocol]:
    """Return the ways to measure: every real report alone, and, where others were written, folds over everything."""
    real = [here for here, report in enumerate(reports) if report.source == _REAL]
    found = []
    if len(real) >= _FEWEST_REPORTS:
        found.append(Protocol(f"Leave one of {len(real)} real reports out", tuple((here,) for here in real)))
    if len(real) < len(reports):
        parts = folds(len(reports), settings.folds, settings.seed)
        title = f"{settings.folds} folds by document over {len(reports)} documents, real and written"
        found.append(Protocol(title, tuple(tuple(part.tolist()) for part in parts)))
    return found


def metrics_table(measured: Measured) -> str:
    """Return what a protocol found as Markdown tables."""
    body, everything = measured.body, measured.everything
    rows = [
        f"**{measured.title}** ({body.paragraphs} body paragraphs, {everything.paragraphs} with headings; "
        "thresholds and bands chosen inside the training part):",
        "",
        "| | body paragraphs | all paragraphs |",
        "| --- | --- | --- |",
    ]
    for name, field in SHOWN_METRICS.items():
        rows.append(f"| {name} | {getattr(body, field):.3f} | {getattr(everything, field):.3f} |")
    rows += ["", "| body, per label | precision | recall | F1 | support |", "| --- | --- | --- | --- | --- |"]
    rows += [
        f"| `{label.id}` | {label.precision:.2f} | {label.recall:.2f} | {label.f1:.2f} | {label.support} |"
        for label in (*body.themes, *body.sections)
        if label.support
    ]
    return "\n".join(rows) + "\n"


_REAL = "gold"
SHOWN_METRICS = {
    "themes micro F1": "theme_micro_f1",
    "themes macro F1": "theme_macro_f1",
    "themes exact match": "exact",
    "section accuracy": "section_accuracy",
    "section macro F1": "section_macro_f1",
}


def measure(
    protocol: Protocol, reports: Sequence[AnsweredReport], scheme: Scheme, settings: LinearSettings
) -> Measured:
    """Tag every part with a model, thresholds included, fitted on the others; one process a core."""
    jobs = [(part, list(reports), scheme, settings) for part in protocol.parts]
    columns = Progress.get_default_columns()
    with ProcessPoolExecutor(os.cpu_count()) as pool, Progress(*columns, console=Console(stderr=True)) as bar:
        results = list(bar.track(pool.map(_hold_out, jobs), total=len(jobs), description=protocol.title))
    tagged = {here: tags for part in results for here, tags in part.items()}
    order = sorted(tagged)
    themes, sections = (np.concatenate([tagged[here][side] for here in order]) for side in (0, 1))
    answers = np.concatenate([reports[here].themes for here in order])
    section_answers = np.concatenate([reports[here].sections for here in order])
    body = section_answers != scheme.section_ids.index(HEADING)
    return Measured(
        protocol.title,
        everything=evaluate(themes, answers, sections, section_answers, scheme),
        body=evaluate(themes[body], answers[body], sections[body], section_answers[body], scheme),
    )


def _hold_out(
    job: tuple[tuple[int, ...], list[AnsweredReport], Scheme, LinearSettings],
) -> dict[int, tuple[NDArray[np.bool_], NDArray[np.int64]]]:
    """Fit without a part, tag the part; return tags (n, themes) and (n,) per report."""
    part, reports, scheme, settings = job
    scorer = fit_linear([each for here, each in enumerate(reports) if here not in part], scheme, settings)
    return {here: _tags(reports[here], scorer, scheme) for here in part}


def _tags(report: AnsweredReport, scorer: LinearScorer, scheme: Scheme) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return tags as the tagger gives them: (n, themes) and (n,)."""
    tagged = tag_scores(report.paragraphs, scorer.score(report.paragraphs), scheme, scorer.decisions)
    themes = np.array([[theme in each.themes for theme in scheme.theme_ids] for each in tagged])
    return themes, np.array([scheme.section_ids.index(each.section) for each in tagged])


def _manifest(
    scheme: Scheme, settings: LinearSettings, measured: Sequence[Measured], training_data: str, version: str
) -> Manifest:
    return Manifest(
        kind="linear",
        name="fazhi-linear",
        version=version,
        scheme=scheme.fingerprint,
        training_data=training_data,
        settings=settings.as_json(),
        metrics={each.title: {"body": each.body.as_json(), "all": each.everything.as_json()} for each in measured},
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    )


def _hash_of(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _card(manifest: Manifest, table: str) -> str:
    return f"""# {manifest.name} {manifest.version}

The fallback of fazhi: character n-grams and logistic regression, scored with numpy alone. It tags paragraphs of Chinese
rule-of-law government reports with one of eleven sections and any of twelve themes. Fitted by `fazhi train linear`.

{table}
The answers behind it were given by language models that read every paragraph (see seeds/README.md), so agreement with
them is agreement with such readers. It knows the genre's wording, not its meaning: expect it to miss themes told in
unusual words. Not for texts of another genre. Licence: {manifest.licence}.
"""
