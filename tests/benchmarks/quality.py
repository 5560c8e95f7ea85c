"""Print the README's tables of how good the shipped models are, from what their training measured.

    python tests/benchmarks/quality.py [BUNDLE …]

The figures come from the manifests of the bundles; `make bundle` and `fazhi train encoder` measure them again. Per-label
tables stand in each bundle's own README.md.
"""

import json
import sys

from fazhi.model.bundle import DEFAULT_BUNDLE, find_bundle
from fazhi.training.tables import SHOWN_METRICS

SHOWN = {"body": "body paragraphs", "all": "all paragraphs"}


def quality_table(bundle):
    manifest = json.loads((find_bundle(bundle) / "manifest.json").read_text(encoding="utf-8"))
    rows = [f"| `{manifest['name']}` | " + " | ".join(SHOWN_METRICS) + " |", "| --- |" + " --- |" * len(SHOWN_METRICS)]
    for title, found in manifest["metrics"].items():
        for kind, words in SHOWN.items():
            figures = " | ".join(f"{found[kind][field]:.3f}" for field in SHOWN_METRICS.values())
            rows.append(f"| {title}: {words} | {figures} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    print("\n".join(map(quality_table, sys.argv[1:] or dict.fromkeys((DEFAULT_BUNDLE, "linear")))), end="")
