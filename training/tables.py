"""What protocols found, as Markdown tables for model cards and READMEs."""

from collections.abc import Sequence

from fazhi.training.left_out import Measured

SHOWN_METRICS = {
    "themes micro F1": "theme_micro_f1",
    "themes macro F1": "theme_macro_f1",
    "themes exact match": "exact",
    "section accuracy": "section_accuracy",
    "section macro F1": "section_macro_f1",
}


def metrics_tables(found: Sequence[Measured]) -> str:
    """Return what protocols found, one table after the other."""
    return "\n".join(map(_metrics_table, found))


def _metrics_table(measured: Measured) -> str:
    body, everything = measured.body, measured.everything
    rows = [
        f"**{measured.title}** ({body.paragraphs} body paragraphs, {everything.paragraphs} with headings; "
        "thresholds and bands chosen on the documents outside the held-out part):",
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
