"""The values that the rest of fazhi works on. Frozen; made by `segment`, read by everyone."""

from dataclasses import dataclass

MODEL_TEXT_FORMAT = "path-position-clean/1"
"""Identifies what `Paragraph.model_text` builds; a bundle that was trained on another format is refused."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One heading line, one body paragraph, or one item of a run-in enumeration.

    Attributes:
        index: Place in the report, from 0.
        count: Paragraphs in the report.
        start: First code point in the decoded text.
        end: One past the last; `text == decoded[start:end]`.
        text: As in the file, breaks of hard-wrapped lines included.
        clean: Normalised and simplified, from exactly that span.
        level: 1-4 for headings, 0 for everything else (the title too).
        marker: `一、`, `(一)`, `1.`, `一是`, … or empty.
        path: Numbered heads above it, outermost first, without their final stops.
        flags: `damaged` where a conversion destroyed characters.
    """

    index: int
    count: int
    start: int
    end: int
    text: str
    clean: str
    level: int
    marker: str
    path: tuple[str, ...]
    flags: tuple[str, ...]

    @property
    def model_text(self) -> str:
        """What an encoder sees, format `MODEL_TEXT_FORMAT`: heading path, tenth of the report, clean text."""
        return self.model_context + self.clean

    @property
    def model_context(self) -> str:
        """What stands before the paragraph's own text in `model_text`."""
        tenth = 10 * self.index // max(self.count, 1)
        return f"{' > '.join(self.path)} | {tenth} | "


@dataclass(frozen=True, slots=True)
class Report:
    """A document cut into paragraphs.

    Attributes:
        document: What the user called the file.
        sha256: Hash of the decoded text.
        paragraphs: In the order of the text; together they hold every non-blank character.
    """

    document: str
    sha256: str
    paragraphs: tuple[Paragraph, ...]
