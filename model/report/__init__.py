"""Cut a clean document into paragraphs: a `Document` in, a `Report` of `Paragraph`s out.

    (一)深入学习,加强领导。一是提高站位。…二是加强领导。…
    ->  level 2 "(一)深入学习,加强领导。" | body "一是提高站位。…" | body "二是加强领导。…"

Gives spans, levels, markers, heading paths and flags. Sections and themes are for the scorers; what a site put around
the report (menus, share buttons) stays in as paragraphs. Nothing is lost: every non-blank character of the file
belongs to exactly one paragraph.
"""

from fazhi.model.report.alone import Place, paragraph_alone
from fazhi.model.report.marks import head_text
from fazhi.model.report.origins import origins
from fazhi.model.report.paragraph import MODEL_TEXT_FORMAT, Paragraph, Report
from fazhi.model.report.segment import segment

SEGMENTER_VERSION = "1"
"""Goes into examples and bundles; raise it when spans, levels or paths change."""

__all__ = [
    "MODEL_TEXT_FORMAT",
    "SEGMENTER_VERSION",
    "Paragraph",
    "Place",
    "Report",
    "head_text",
    "origins",
    "paragraph_alone",
    "segment",
]
