"""`fazhi train linear`: examples files in, a `linear` bundle out, with the figures it earned on left-out reports."""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from fazhi.model.bundle import Manifest, check_place, write_bundle
from fazhi.model.labels import Scheme, load_scheme, scheme_source, write_left_out
from fazhi.model.scorers import Logits
from fazhi.model.scorers.linear import write_weights
from fazhi.training.card import told_of_the_data
from fazhi.training.fit_linear import fit_linear
from fazhi.training.inputs import TrainingData, read_training_data
from fazhi.training.left_out import Protocol, conclude, protocols
from fazhi.training.manifest import manifest_of
from fazhi.training.settings import LinearSettings, load_linear_settings
from fazhi.training.supplement import NO_FILES, SupplementFiles
from fazhi.training.tables import metrics_tables

NAME = "fazhi-linear"
_NOTICE = """fazhi-linear, a part of fazhi, licensed under the Apache License 2.0.
Of the examples in fazhi's seeds/, annotations, written documents, headings and sentences are fazhi's own; the five seed
reports are public documents of their authors.
"""


def train_linear(
    paths: Sequence[Path],
    out: Path,
    settings_path: Path | None,
    version: str,
    oof: Path | None,
    files: SupplementFiles = NO_FILES,
) -> str:
    """Fit, evaluate and write a bundle; return the tables of its figures.

    Args:
        paths: Files of examples.
        out: Folder of the bundle; an older one survives any failure.
        settings_path: TOML; the shipped settings without it.
        version: Of the bundle.
        oof: Where left-out scores go, or nowhere.
        files: What is learnt from beside the examples.

    Raises:
        InputError: Bad examples, headings, sentences or settings, or too few reports to leave one out.
    """
    check_place(out)
    scheme, settings = load_scheme(), load_linear_settings(settings_path)
    data = read_training_data(paths, scheme, files)
    ways = protocols(data.reports, settings.folds, settings.seed)
    found = [left_out_linear(protocol, data, scheme, settings) for protocol in ways]
    result = conclude(ways, found, data.reports, scheme, settings.decisions, f"{NAME}@{version}")
    if oof is not None:
        write_left_out(oof, result.rows, scheme)
    model = fit_linear(data.reports, scheme, settings, data.supplement)
    manifest = manifest_of(("linear", NAME, version), scheme, settings, data, result.measured)

    def write_files(folder: Path) -> None:
        write_weights(folder, model.weights)
        (folder / "README.md").write_text(_card(manifest), encoding="utf-8")
        (folder / "NOTICE").write_text(_NOTICE, encoding="utf-8")

    write_bundle(out, manifest, scheme_source(), result.decisions, write_files)
    return metrics_tables(manifest.metrics)


def left_out_linear(
    protocol: Protocol, data: TrainingData, scheme: Scheme, settings: LinearSettings
) -> dict[int, Logits]:
    """Return the logits of every held-out report by a model fitted without its part; one process a core."""
    jobs = [(part, data, scheme, settings) for part in protocol.parts]
    columns = Progress.get_default_columns()
    with ProcessPoolExecutor(os.cpu_count()) as pool, Progress(*columns, console=Console(stderr=True)) as bar:
        parts = bar.track(pool.map(_hold_out, jobs), total=len(jobs), description=f"linear: {protocol.title}")
        return {here: logits for part in parts for here, logits in part.items()}


def _hold_out(job: tuple[tuple[int, ...], TrainingData, Scheme, LinearSettings]) -> dict[int, Logits]:
    """Fit without a part; return the part's logits."""
    part, data, scheme, settings = job
    others = [each for here, each in enumerate(data.reports) if here not in part]
    model = fit_linear(others, scheme, settings, data.supplement)
    return {here: model.logits(data.reports[here].paragraphs) for here in part}


def _card(manifest: Manifest) -> str:
    return f"""# {manifest.name} {manifest.version}

The fallback of fazhi: character n-grams and logistic regression, scored with numpy alone. It tags paragraphs of Chinese
rule-of-law government reports with one of eleven sections and any of twelve themes. Fitted by `fazhi train linear`.

{metrics_tables(manifest.metrics)}
{told_of_the_data()}

It knows the genre's wording, not its meaning: expect it to miss themes told in unusual words. Not for texts of another
genre. Licence: {manifest.licence}.
"""
