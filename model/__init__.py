"""fazhi.model — from a report file to tagged paragraphs.

    from fazhi.model import load_tagger
    tagged = load_tagger().tag("report.txt")

Importing this package is light: no torch, no transformers, no network; the rooms load on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fazhi.model.reading import InputError, read_document
    from fazhi.model.report import Paragraph, Report, segment
    from fazhi.model.tagger import TaggedParagraph, TaggedReport, Tagger, load_tagger

__all__ = [
    "InputError",
    "Paragraph",
    "Report",
    "TaggedParagraph",
    "TaggedReport",
    "Tagger",
    "load_tagger",
    "read_document",
    "segment",
]

_ROOMS = {"InputError": "reading", "read_document": "reading", "Paragraph": "report", "Report": "report"}
_ROOMS |= {"segment": "report"}


def __getattr__(name: str) -> Any:
    """Load a public name's room when it is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS.get(name, 'tagger')}"), name)
