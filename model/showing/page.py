"""The frame of a page that needs no network, and what stands on every page of figures.

    page("标注一致性 · agreement", table(grid), style)  ->  "<!doctype html>…"

A Content-Security-Policy allows the one style and the one script by their hashes and nothing else; every word is
escaped. What a page says, and style of its own, is for whoever calls; the page on which reports are read is serving's.
"""

import base64
import hashlib
from functools import cache
from html import escape
from importlib import resources
from itertools import groupby
from typing import Protocol

from fazhi.model.showing.grid import Grid


class Placed(Protocol):
    """A paragraph that knows where it stands."""

    @property
    def document(self) -> str:
        """Name of the report."""

    @property
    def index(self) -> int:
        """Place in the report, from 0."""

    @property
    def path(self) -> tuple[str, ...]:
        """Headings above it."""

    @property
    def clean(self) -> str:
        """Cleaned text."""


def page(title: str, body: str, style: str = "", script: str = "") -> str:
    """Return the page around a body that is escaped already.

    Args:
        title: In the window's title and on top.
        body: HTML.
        style: CSS after that of all pages.
        script: JavaScript, where the page has any.
    """
    style = _common_style() + style
    hashes = f"style-src '{integrity(style)}'" + (f"; script-src '{integrity(script)}'" if script else "")
    policy = f"default-src 'none'; {hashes}; base-uri 'none'; form-action 'none'"
    return f"""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="generator" content="fazhi">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escape(title)}</title>
<style>{style}</style>
</head>
<body>
<h1>{escape(title)}</h1>
{body}
{f"<script>{script}</script>" if script else ""}
</body>
</html>
"""


def integrity(text: str) -> str:
    """Return the hash by which a Content-Security-Policy knows a style or script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def heading(identity: str, title: str) -> str:
    """Return a heading that links can lead to."""
    return f'<h2 id="{identity}">{escape(title)}</h2>'


def links(titles: dict[str, str]) -> str:
    """Return links to headings, by their identities."""
    return "<nav>" + "".join(f'<a href="#{name}">{escape(title)}</a>' for name, title in titles.items()) + "</nav>"


def place_of(paragraph: Placed) -> str:
    """Return where a paragraph stands, and its text."""
    path = " › ".join(paragraph.path)
    where = f"{paragraph.document} · 第 {paragraph.index} 段 paragraph" + (f" · {path}" if path else "")
    return f'<p class="soft">{escape(where)}</p><p class="text">{escape(paragraph.clean)}</p>'


def table(grid: Grid) -> str:
    """Return a table, or nothing where the grid has no rows; owners stand above their columns."""
    if not grid.rows:
        return ""
    above = "".join(_over(owner, len(list(columns))) for owner, columns in groupby(grid.owners))
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in grid.columns)
    heads = "".join(f"<tr>{cells}</tr>" for cells in (above, head) if cells)
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in grid.rows
    )
    caption = f"<caption>{escape(grid.title)}</caption>"
    return f'<div class="table"><table>{caption}<thead>{heads}</thead><tbody>{rows}</tbody></table></div>'


def _over(owner: str, columns: int) -> str:
    """Return the cell over an owner's columns."""
    return f'<th scope="colgroup" colspan="{columns}" class="owner">{escape(owner)}</th>'


@cache
def _common_style() -> str:
    return (resources.files("fazhi.model.showing") / "page.css").read_text(encoding="utf-8")
