"""What a reader of a container or of markup takes out of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extract:
    """Text, and what its reader left out.

    Attributes:
        text: One paragraph a line.
        furniture: Rows that pages repeat (running heads, page numbers), removed before offsets exist.
        warnings: What of the report is missing and what to do about it, a sentence each.
    """

    text: str
    furniture: int = 0
    warnings: tuple[str, ...] = ()
