"""What protocols found, as Markdown tables for model cards and READMEs."""

from collections.abc import Mapping
from typing import Any

SHOWN_METRICS = {
    "themes micro F1": "theme_micro_f1",
    "themes macro F1": "theme_macro_f1",
    "themes exact match": "exact",
    "section accuracy": "section_accuracy",
    "section macro F1": "section_macro_f1",
}


def metrics_tables(metrics: Mapping[str, Any]) -> str:
    """Return what protocols found, one table after the other; `metrics` as a manifest holds them, by title."""
    return "\n".join(_metrics_table(title, found["body"], found["all"]) for title, found in metrics.items())


def _metrics_table(title: str, body: Mapping[str, Any], everything: Mapping[str, Any]) -> str:
    rows = [
        f"**{title}** ({body['paragraphs']} body paragraphs, {everything['paragraphs']} with headings; "
        "thresholds and bands chosen on the documents outside the held-out part):",
        "",
        "| | body paragraphs | all paragraphs |",
        "| --- | --- | --- |",
    ]
    for name, field in SHOWN_METRICS.items():
        rows.append(f"| {name} | {body[field]:.3f} | {everything[field]:.3f} |")
    rows += ["", "| body, per label | precision | recall | F1 | support |", "| --- | --- | --- | --- | --- |"]
    rows += [_label_row(label) for label in (*body["themes"], *body["sections"]) if label["support"]]
    return "\n".join(rows) + "\n"


def _label_row(label: Mapping[str, Any]) -> str:
    figures = " | ".join(f"{label[name]:.2f}" for name in ("precision", "recall", "f1"))
    return f"| `{label['id']}` | {figures} | {label['support']} |"
