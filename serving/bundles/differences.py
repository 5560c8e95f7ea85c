"""Two bundles, field by field: what differs. Pure but for the sizes of their files.

differences(a, b)[0]  ->  Difference(path=("decisions", "theme_thresholds", "digital"), a=0.33, b=0.4)
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from fazhi.model.bundle import Bundle
from fazhi.serving.bundles.fields import leaves, record

PARTS = ("manifest", "decisions", "settings", "metrics", "files")


@dataclass(frozen=True, slots=True)
class Difference:
    """A single value that differs; None where a bundle has no such value."""

    path: tuple[str, ...]
    a: Any
    b: Any

    @property
    def part(self) -> str:
        """Of `PARTS`, where it belongs."""
        return self.path[0] if self.path[0] in PARTS else PARTS[0]


def differences(a: Bundle, b: Bundle) -> tuple[Difference, ...]:
    """Return every value that differs, in the order of the record; where bundles stand is no difference."""
    left, right = _leaves(a), _leaves(b)
    pairs = {path: (left.get(path), right.get(path)) for path in {**left, **right}}
    return tuple(Difference(path, *pair) for path, pair in pairs.items() if pair[0] != pair[1])


def _leaves(bundle: Bundle) -> dict[tuple[str, ...], Any]:
    found = {name: value for name, value in record(bundle).items() if name not in ("bundle", "folder")}
    return leaves({**found, "metrics": _numberless(found["metrics"])})


def _numberless(metrics: dict[str, Any]) -> dict[str, Any]:
    """Name measurements without their numbers, so that folds over 152 and over 160 documents stand side by side.

    The full name becomes a value of its own, `measured`; names that would fall together stay as they are.
    """
    plain = {title: re.sub(r"\d+", "N", title) for title in metrics}
    often = Counter(plain.values())
    return {
        plain[title] if often[plain[title]] == 1 else title: {"measured": title, **of} if isinstance(of, dict) else of
        for title, of in metrics.items()
    }
