"""`fazhi train linear`: examples files in, a `linear` bundle out, with the figures it earned on left-out reports."""

import datetime
import hashlib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fazhi.model.bundle import Manifest, write_bundle
from fazhi.model.labels import HEADING, Scheme, load_scheme, read_examples, trainable
from fazhi.model.reading import InputError
from fazhi.model.scorers import LinearScorer
from fazhi.model.scorers.linear import write_weights
from fazhi.model.tagger import tag_scores
from fazhi.training.evaluate import Evaluation, evaluate
from fazhi.training.fit_linear import AnsweredReport, answered_reports, fit_linear
from fazhi.training.settings import LinearSettings, load_linear_settings

_FEWEST_REPORTS = 3


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
    everything, body = leave_one_out(reports, scheme, settings)
    scorer = fit_linear(reports, scheme, settings)
    manifest = Manifest(
        kind="linear",
        name="fazhi-linear",
        version=version,
        scheme=scheme.fingerprint,
        training_data=_hash_of(paths),
        settings=settings.as_json(),
        metrics={"protocol": _PROTOCOL, "body": body.as_json(), "all": everything.as_json()},
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    )
    table = metrics_table(body, everything, len(reports))

    def write_files(folder: Path) -> None:
        write_weights(folder, scorer.weights)
        (folder / "README.md").write_text(_card(manifest, table), encoding="utf-8")

    source = (resources.files("fazhi.model.labels") / "labels.toml").read_text(encoding="utf-8")
    write_bundle(out, manifest, source, scorer.decisions, write_files)
    return table


def leave_one_out(
    reports: Sequence[AnsweredReport], scheme: Scheme, settings: LinearSettings
) -> tuple[Evaluation, Evaluation]:
    """Tag every report with a model, thresholds included, fitted on the others; evaluate all and body paragraphs."""
    given, sections = [], []
    for here, report in enumerate(reports):
        scorer = fit_linear([*reports[:here], *reports[here + 1 :]], scheme, settings)
        themes, columns = _tags(report, scorer, scheme)
        given.append(themes)
        sections.append(columns)
    tags, columns = np.concatenate(given), np.concatenate(sections)
    answers = np.concatenate([report.themes for report in reports])
    section_answers = np.concatenate([report.sections for report in reports])
    body = section_answers != scheme.section_ids.index(HEADING)
    return (
        evaluate(tags, answers, columns, section_answers, scheme),
        evaluate(tags[body], answers[body], columns[body], section_answers[body], scheme),
    )


def metrics_table(body: Evaluation, everything: Evaluation, reports: int) -> str:
    """Return the figures as a Markdown table."""
    rows = [
        f"{_PROTOCOL} ({reports} reports; {body.paragraphs} body paragraphs, {everything.paragraphs} with headings)",
        "",
        "| | body paragraphs | all paragraphs |",
        "| --- | --- | --- |",
    ]
    for name, field in _SHOWN.items():
        rows.append(f"| {name} | {getattr(body, field):.3f} | {getattr(everything, field):.3f} |")
    rows += ["", "| body, per label | precision | recall | F1 | support |", "| --- | --- | --- | --- | --- |"]
    for label in (*body.themes, *body.sections):
        if label.support:
            rows.append(
                f"| `{label.id}` | {label.precision:.2f} | {label.recall:.2f} | {label.f1:.2f} | {label.support} |"
            )
    return "\n".join(rows) + "\n"


_PROTOCOL = "Leave one report out; thresholds and bands chosen inside the other reports"
_SHOWN = {
    "themes micro F1": "theme_micro_f1",
    "themes macro F1": "theme_macro_f1",
    "themes exact match": "exact",
    "section accuracy": "section_accuracy",
    "section macro F1": "section_macro_f1",
}


def _tags(report: AnsweredReport, scorer: LinearScorer, scheme: Scheme) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return tags as the tagger gives them: (n, themes) and (n,)."""
    tagged = tag_scores(report.paragraphs, scorer.score(report.paragraphs), scheme, scorer.decisions)
    themes = np.array([[theme in each.themes for theme in scheme.theme_ids] for each in tagged])
    return themes, np.array([scheme.section_ids.index(each.section) for each in tagged])


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
