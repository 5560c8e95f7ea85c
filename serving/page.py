"""Tagged reports to one HTML file that a person reads, filters and prints, offline.

    render_page([tagged], bundle.scheme, bundle.decisions.theme_thresholds, "fazhi tag a.txt")  ->  "<!doctype html>…"

The page holds the same records as JSONL, as JSON that the script in `assets/` reads; the script builds everything with
text nodes, so a report is never parsed as HTML. A Content-Security-Policy allows this one script and this one style by
their hashes and nothing else: no network. Writing the file is left to `destination`.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from fazhi.model.labels import Scheme
from fazhi.model.reading import InputError
from fazhi.model.showing import integrity
from fazhi.model.tagger import TaggedReport
from fazhi.serving.colors import ink_on
from fazhi.serving.compare import figures_of
from fazhi.serving.compare_lines import gaps_of
from fazhi.serving.outputs import record

_BODIES = ("page_body", "compare_body")  # HTML that several pages share
_SLOT = re.compile(r"\{\{(\w+)\}\}")
# `<` would let text end the script element; two separators and lone surrogates break JavaScript and UTF-8.
_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Assets:
    """The files that a page is made of.

    Attributes:
        template: HTML with slots.
        reaches: Where its script may connect to, as a Content-Security-Policy says it.
    """

    template: str
    styles: tuple[str, ...]
    scripts: tuple[str, ...]
    reaches: str = "'none'"


_ASSETS = Assets(
    "page.html",
    ("page.css",),
    (
        "page-words.js",
        "page-earned.js",
        "page-view.js",
        "page-gaps.js",
        "page.js",
        "page-events.js",
        "page-start.js",
    ),
)


def render_page(reports: Sequence[TaggedReport], scheme: Scheme, thresholds: Sequence[float], note: str) -> str:
    """Return the page as text.

    Args:
        reports: Tagged with this scheme, in the order of the page.
        scheme: Names and colours.
        thresholds: Of the themes, scheme order, as they were applied.
        note: A line for the foot of the page: what produced it.

    Raises:
        InputError: A theme's colour is not written `#rrggbb`.
    """
    return fill(_ASSETS, _contents(reports, scheme, thresholds, note))


def fill(assets: Assets, contents: Any) -> str:
    """Return a page of assets around the contents that its script reads."""
    parts = {"policy": policy_of(assets), "data": embedded(contents)}
    parts |= {"style": _joined(assets.styles), "script": _joined(assets.scripts)}
    parts |= {name: _asset(f"{name.replace('_', '-')}.html") for name in _BODIES}
    return _SLOT.sub(lambda slot: parts[slot[1]], _asset(assets.template))  # one pass: slots inside data stay text


def embedded(value: Any) -> str:
    r"""Return JSON that is safe inside a script element: `</script>` becomes `\u003c/script\u003e`."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _contents(reports: Sequence[TaggedReport], scheme: Scheme, thresholds: Sequence[float], note: str) -> Any:
    return {
        "note": note,
        "explained": any(tagged.earned is not None for report in reports for tagged in report.paragraphs),
        "themes": themes_of(scheme, thresholds),
        "sections": sections_of(scheme),
        "reports": [
            {
                "document": report.document,
                "model": report.model,
                "records": [record(report, tagged) for tagged in report.paragraphs],
                "not_found": gaps_of(figures_of(report, scheme), scheme),
            }
            for report in reports
        ],
    }


def themes_of(scheme: Scheme, thresholds: Sequence[float]) -> list[dict[str, Any]]:
    """Return what a page knows of the themes.

    Raises:
        InputError: A theme's colour is not written `#rrggbb`.
    """
    for theme in scheme.themes:
        if not _COLOR.fullmatch(theme.color):
            where = f"theme {theme.id} of scheme {scheme.name}"
            raise InputError(where, f"has the colour {theme.color!r}", "write it as #rrggbb")
    return [
        {
            "id": theme.id,
            "zh": theme.zh,
            "short": theme.short,
            "en": theme.en,
            "definition": theme.definition,
            "color": theme.color,
            "ink": ink_on(theme.color),
            "threshold": threshold,
        }
        for theme, threshold in zip(scheme.themes, thresholds, strict=True)
    ]


def sections_of(scheme: Scheme) -> list[dict[str, Any]]:
    """Return what a page knows of the sections."""
    return [
        {"id": each.id, "zh": each.zh, "en": each.en, "definition": each.definition, "themed": each.themed}
        for each in scheme.sections
    ]


@cache
def policy_of(assets: Assets) -> str:
    """Return the policy that allows a page its own style and script, and no other host."""
    style, script = (integrity(_joined(names)) for names in (assets.styles, assets.scripts))
    return (
        f"default-src 'none'; style-src '{style}'; script-src '{script}'; connect-src {assets.reaches}; "
        "base-uri 'none'; form-action 'none'"
    )


def _joined(names: Sequence[str]) -> str:
    return "".join(map(_asset, names))


@cache
def _asset(name: str) -> str:
    return (resources.files("fazhi.serving") / "assets" / name).read_text(encoding="utf-8")
