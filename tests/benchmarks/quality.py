"""Print the README's table of how good the shipped fallback is, from what its training measured.

    python tests/benchmarks/quality.py

The figures come from the manifest of the bundle; `make bundle` measures them again. Per-label tables stand in the bundle's
own README.md.
"""

import json

from fazhi.model.bundle import find_bundle
from fazhi.training.tables import SHOWN_METRICS

SHOWN = {"body": "body paragraphs", "all": "all paragraphs"}


def quality_table() -> str:
    metrics = json.loads((find_bundle("linear") / "manifest.json").read_text(encoding="utf-8"))["metrics"]
    parts = [(title, kind) for title in metrics for kind in ("body", "all")]
    rows = ["| | " + " | ".join(f"{title}: {SHOWN[kind]}" for title, kind in parts) + " |"]
    rows.append("| --- |" + " --- |" * len(parts))
    for name, field in SHOWN_METRICS.items():
        rows.append(f"| {name} | " + " | ".join(f"{metrics[title][kind][field]:.3f}" for title, kind in parts) + " |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(quality_table(), end="")
