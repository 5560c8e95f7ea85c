r"""A .docx file to text as it prints: one paragraph a line, list numbers written out, notes at the end.

    docx_text(data, "report.docx")  ->  "法治政府建设报告\n一、工作情况\\n（一）坚持党的领导。…\n项目\t件数"

Tracked changes are taken as accepted, fields by their result. A table row is a line with a tab between cells; in
a row with one filled cell (a frame around text) its paragraphs stay lines. A tab elsewhere becomes a space. Text
boxes follow the paragraph that they hang on. Left out: headers and footers, comments, hidden text, pictures,
instructions of fields, bullets. Leaves the container and its limits to `package`, numbers to `numbering`.
"""

from dataclasses import dataclass, field

from lxml import etree

from fazhi.model.reading.errors import InputError
from fazhi.model.reading.numbering import Counters, W, is_on, read_numbering
from fazhi.model.reading.package import Package

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_BLANKS = str.maketrans("\t\r\n", "   ")  # inside w:t they are layout of the XML, not of the document
_INDENT = " \u3000\xa0"  # what people indent with; not the tab, which stands for an empty first cell
_SIGNS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# Deleted or moved text, what only Word reads, and the small print over ruby characters.
_SKIPPED = frozenset(
    W + tag for tag in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "tcPr", "trPr", "sectPr", "rt")
)
_PRIVATE_USE = range(0xE000, 0xF900)  # places in symbol fonts: a picture, not a character
_NO_NOTES = {"separator", "continuationSeparator", "continuationNotice"}
_OTHER_KINDS = (
    ("xl/", "is an Excel workbook", "copy the report's text into a Word or text file"),
    ("ppt/", "is a PowerPoint file", "copy the report's text into a Word or text file"),
    ("content.xml", "is an OpenDocument file", "save it as .docx first"),
    ("OFD.xml", "is an OFD file", "export it as PDF with WPS or an OFD reader"),
)


def docx_text(data: bytes, name: str) -> str:
    """Return the text of a Word document, paragraphs separated by a newline.

    Args:
        data: The whole file.
        name: What the user called it, for errors.

    Raises:
        InputError: No .docx, damaged, encrypted, larger than the limits of `package`, hostile, or without any text.
    """
    package = Package(data, name)
    path = package.relations("").get("officeDocument", "word/document.xml")
    root = package.part(path)
    body = None if root is None else root.find(f"{W}body")
    if body is None:
        raise _not_docx(package, name)
    relations = package.relations(path)
    parts = {kind: package.part(relations.get(kind, "")) for kind in ("numbering", "styles", "footnotes", "endnotes")}
    reader = _Reader(Counters(read_numbering(parts["numbering"], parts["styles"])))
    try:
        lines = reader.lines(body)
        lines += reader.note_lines("footnote", parts["footnotes"])
        lines += reader.note_lines("endnote", parts["endnotes"])
    except RecursionError:
        raise InputError(name, "is nested too deeply", "save the document anew with Word or WPS") from None
    if not lines:
        raise InputError(name, "holds no text, perhaps only pictures", "run character recognition first")
    return "\n".join(lines)


def _not_docx(package: Package, name: str) -> InputError:
    for start, what, hint in _OTHER_KINDS:
        if any(entry.startswith(start) for entry in package.names):
            return InputError(name, what, hint)
    return InputError(name, "is a zip container, but no Word document (.docx)", "check the file, or unpack it first")


@dataclass(slots=True)
class _Inline:
    """What a paragraph holds: pieces of text, its text boxes, the fields that are open, and how many pieces show."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    shown: int = 0

    def add(self, text: str) -> None:
        """Keep text, unless it belongs to the instruction of a field."""
        if "begin" not in self.fields:
            self.pieces.append(text)
            self.shown += bool(text.strip())

    def add_box(self, box: etree._Element) -> None:
        """Keep a text box; its lines are read after the paragraph."""
        self.boxes.append(box)
        self.shown += 1

    def mark_field(self, kind: str) -> None:
        """Follow `w:fldChar`: begin, (instruction,) separate, (result,) end."""
        if kind == "begin":
            self.fields.append(kind)
        elif self.fields:
            self.fields.pop()
            if kind == "separate":
                self.fields.append(kind)


class _Reader:
    """One walk through a document in its order; holds the counters and the notes met."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._notes: dict[tuple[str, str], None] = {}

    def lines(self, container: etree._Element) -> list[str]:
        """Return the lines of a body, cell, text box, note or structured document tag; blank ones are left out."""
        lines: list[str] = []
        held: list[str] = []  # from paragraphs whose mark is deleted: their text goes on in the next one
        for child in container:
            if child.tag == f"{W}p":
                number, inline = self._paragraph(child)
                held += inline.pieces
                if not _mark_is_deleted(child):
                    lines += _joined(number, held)
                    held = []
                lines += [line for box in inline.boxes for line in self.lines(box)]
            elif child.tag == f"{W}tbl":
                lines += self._table(child)
            elif child.tag == f"{_MC}AlternateContent":
                lines += next((found for found in map(self.lines, _branches(child)) if found), [])
            elif child.tag not in _SKIPPED:
                lines += self.lines(child)
        return [line.strip(_INDENT) for line in [*lines, *_joined("", held)] if line.strip()]

    def note_lines(self, kind: str, root: etree._Element | None) -> list[str]:
        """Return the lines of the foot- or endnotes that the text refers to, each once, in that order."""
        notes = {} if root is None else {note.get(f"{W}id", ""): note for note in root.iter(W + kind)}
        called = [notes[key] for found, key in list(self._notes) if found == kind and key in notes]
        return [line for note in called if note.get(f"{W}type") not in _NO_NOTES for line in self.lines(note)]

    def _paragraph(self, paragraph: etree._Element) -> tuple[str, _Inline]:
        inline = _Inline()
        # A paragraph that goes on in the next one has no number of its own: the next one's counts for both.
        number = "" if _mark_is_deleted(paragraph) else self._counters.number(paragraph)
        self._collect(paragraph, inline)
        return number, inline

    def _collect(self, node: etree._Element, inline: _Inline) -> None:
        """Gather what a paragraph's elements show; an element that is not known is looked into."""
        for child in node:
            tag = child.tag
            if tag in {f"{W}t", _MATH_TEXT}:
                inline.add(_text(child))
            elif tag == f"{W}fldChar":
                inline.mark_field(child.get(f"{W}fldCharType", ""))
            elif tag == f"{W}txbxContent":
                inline.add_box(child)
            elif tag == f"{_MC}AlternateContent":
                self._collect_alternate(child, inline)
            elif tag in _LEAVES:
                self._collect_leaf(child, inline)
            elif tag not in _SKIPPED and not (tag == f"{W}r" and _is_hidden(child)):
                self._collect(child, inline)

    def _collect_alternate(self, node: etree._Element, inline: _Inline) -> None:
        """Take the first branch that shows something: a text box stands in Choice and again in Fallback."""
        shown = inline.shown
        for branch in _branches(node):
            self._collect(branch, inline)
            if inline.shown > shown:
                break

    def _collect_leaf(self, node: etree._Element, inline: _Inline) -> None:
        tag = etree.QName(node).localname
        if tag in _SIGNS:
            inline.add(_SIGNS[tag])
        elif tag == "sym":
            inline.add(_symbol(node))
        else:
            self._notes[tag.removesuffix("Reference"), node.get(f"{W}id", "")] = None

    def _table(self, table: etree._Element) -> list[str]:
        rows = [row for row in _nearest(table, f"{W}tr") if row.find(f"{W}trPr/{W}del") is None]
        return [line for row in rows for line in self._row(row)]

    def _row(self, row: etree._Element) -> list[str]:
        kept = [cell for cell in _nearest(row, f"{W}tc") if cell.find(f"{W}tcPr/{W}cellDel") is None]
        cells = [self.lines(cell) for cell in kept]
        filled = [cell for cell in cells if cell]
        if len(filled) <= 1:
            return filled[0] if filled else []
        return ["\t".join(" ".join(cell) for cell in cells)]


_LEAVES = frozenset(W + tag for tag in (*_SIGNS, "sym", "footnoteReference", "endnoteReference"))


def _joined(number: str, pieces: list[str]) -> list[str]:
    return (number + "".join(pieces).lstrip(_INDENT)).split("\n")


def _branches(node: etree._Element) -> list[etree._Element]:
    return list(node.iterchildren(f"{_MC}Choice", f"{_MC}Fallback"))


def _nearest(node: etree._Element, tag: str) -> list[etree._Element]:
    """Return the rows of a table or cells of a row, through tags wrapped around them, not those of inner tables."""
    found: list[etree._Element] = []
    for child in node:
        if child.tag == tag:
            found.append(child)
        elif child.tag not in _SKIPPED:
            found += _nearest(child, tag)
    return found


def _mark_is_deleted(paragraph: etree._Element) -> bool:
    return paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None


def _is_hidden(run: etree._Element) -> bool:
    """Tell whether a run's text does not print; one that holds a field's borders is kept for them."""
    return is_on(run.find(f"{W}rPr/{W}vanish")) and run.find(f"{W}fldChar") is None


def _text(node: etree._Element) -> str:
    text = (node.text or "").translate(_BLANKS)
    return text if node.get(_SPACE) == "preserve" else text.strip(" ")


def _symbol(node: etree._Element) -> str:
    try:
        code = int(node.get(f"{W}char", ""), 16)
        return "" if code in _PRIVATE_USE or not chr(code).isprintable() else chr(code)
    except (ValueError, OverflowError):
        return ""
