"""Read a report file: bytes in, a `Document` of decoded text out.

    read_document("report.txt")  ->  Document(name="report.txt", text="一、工作情况…", encoding="gb18030", …)

Knows .txt (and text on standard input), .docx, .pdf, .html and .mht, and a .zip of them. Leaves repairs to `cleaning`,
paragraphs to `report`. Plain text is decoded and nothing else: no newline translation, the byte-order mark outside, so
that offsets count code points of the file; what is extracted from other files can be kept beside the result.
"""

from fazhi.model.reading.archive import Archive, Entry, checked, is_zip, read_archive, read_entry
from fazhi.model.reading.document import MAX_BYTES, Document, document_from_bytes, document_from_text, read_document
from fazhi.model.reading.errors import InputError, one_line
from fazhi.model.reading.text import decode

__all__ = [
    "MAX_BYTES",
    "Archive",
    "Document",
    "Entry",
    "InputError",
    "checked",
    "decode",
    "document_from_bytes",
    "document_from_text",
    "is_zip",
    "one_line",
    "read_archive",
    "read_document",
    "read_entry",
]
