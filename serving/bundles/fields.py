"""A bundle as one record of plain values, for `--json` and for comparing. Pure but for the sizes of its files.

record(bundle)["decisions"]["theme_thresholds"]["digital"]  ->  0.33
"""

import hashlib
import json
from dataclasses import asdict
from typing import Any

from fazhi.model.bundle import Bundle

_LATER = ("settings", "metrics", "files")
_DIGITS = 12  # of a hash that stands for a value too long to show


def record(bundle: Bundle) -> dict[str, Any]:
    """Return everything that a bundle says of itself, the fields of the manifest first."""
    fields = asdict(bundle.manifest)
    return {
        "bundle": bundle.label,
        "folder": str(bundle.folder),
        **{name: value for name, value in fields.items() if name not in _LATER},
        "decisions": _decisions(bundle),
        "settings": fields["settings"],
        "metrics": fields["metrics"],
        "files": {
            name: {"bytes": (bundle.folder / name).stat().st_size, "sha256": sha256}
            for name, sha256 in fields["files"].items()
        },
    }


def leaves(value: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """Return the single values of nested ones by their paths.

    Entries of a list stand under their `id`; a list without ids is a single value.
    """
    if isinstance(value, list) and value and all(isinstance(each, dict) and "id" in each for each in value):
        value = {str(each["id"]): {name: of for name, of in each.items() if name != "id"} for each in value}
    if not isinstance(value, dict):
        return {path: value}
    return {leaf: of for name, each in value.items() for leaf, of in leaves(each, (*path, name)).items()}


def _decisions(bundle: Bundle) -> dict[str, Any]:
    """Return the decisions with their themes named; a hash stands for the section transitions."""
    decisions = asdict(bundle.decisions)
    chain = hashlib.sha256(json.dumps(decisions["chain"]).encode()).hexdigest()
    thresholds = dict(zip(bundle.scheme.theme_ids, bundle.decisions.theme_thresholds, strict=True))
    return {**decisions, "theme_thresholds": thresholds, "chain": chain[:_DIGITS]}
