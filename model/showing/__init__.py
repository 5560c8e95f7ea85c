"""Tables and pages, for whatever room has figures to show: on a terminal, as Markdown, as one HTML file."""

from fazhi.model.showing.grid import NONE, Grid, drawn, label_names, lines, markdown_table, number, show
from fazhi.model.showing.page import heading, integrity, links, page, place_of, table

__all__ = [
    "NONE",
    "Grid",
    "drawn",
    "heading",
    "integrity",
    "label_names",
    "lines",
    "links",
    "markdown_table",
    "number",
    "page",
    "place_of",
    "show",
    "table",
]
