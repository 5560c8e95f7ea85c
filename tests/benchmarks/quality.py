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
    rows = ["| | " + " | ".join(SHOWN_METRICS) + " |", "| --- |" + " --- |" * len(SHOWN_METRICS)]
    for title, found in metrics.items():
        for kind, words in SHOWN.items():
            figures = " | ".join(f"{found[kind][field]:.3f}" for field in SHOWN_METRICS.values())
            rows.append(f"| {title}: {words} | {figures} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(quality_table(), end="")
