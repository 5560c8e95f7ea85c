"""A comparison to one HTML file that a person reads, shows and prints, offline.

    render_comparison(comparison, bundle.scheme, tagger.thresholds, "fazhi-linear@0.1.0")  ->  "<!doctype html>…"

The page holds the records of `compare_lines` as JSON; the script in `assets/` builds everything with text nodes. How a
page is put together and kept off the network is for `page`; writing the file is left to others.
"""

from collections.abc import Sequence
from typing import Any

from fazhi.model.labels import Scheme
from fazhi.serving.compare import LETTERS, Comparison
from fazhi.serving.compare_lines import records
from fazhi.serving.page import Assets, fill, themes_of

_ASSETS = Assets(
    "compare.html",
    ("page.css", "compare.css"),
    ("page-words.js", "compare-words.js", "page-view.js", "page-gaps.js", "compare-view.js", "compare.js"),
)


def render_comparison(comparison: Comparison, scheme: Scheme, thresholds: Sequence[float], model: str) -> str:
    """Return the page as text.

    Raises:
        InputError: A theme's colour is not written `#rrggbb`.
    """
    return fill(_ASSETS, contents_of(comparison, scheme, thresholds, model))


def contents_of(comparison: Comparison, scheme: Scheme, thresholds: Sequence[float], model: str) -> dict[str, Any]:
    """Return what the script reads; the endpoint answers with it too."""
    return {
        "model": model,
        "same": comparison.same,
        "shared": comparison.shared,
        "themes": themes_of(scheme, thresholds),
        "sides": [
            {
                "letter": letter,
                "name": side.name,
                "documents": [each.document for each in side.reports],
                "body": side.body,
                "characters": side.characters,
                "skipped": side.skipped,
            }
            for letter, side in zip(LETTERS, comparison.sides, strict=False)
        ],
        "records": records(comparison, scheme, thresholds),
    }
