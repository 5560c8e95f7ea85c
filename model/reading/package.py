"""An Office file as a package of parts: bytes in, single XML parts out, the sum of what is unpacked limited.

    package = Package(data, "a.docx")
    package.relations("word/document.xml")  ->  {"numbering": "word/numbering.xml", "styles": "word/styles.xml", …}
    package.part("word/numbering.xml")      ->  its root element

Knows relationships and XML and nothing of Word; `docx` says what the parts mean, `container` unpacks. A hostile file is
an `InputError`, never a full memory.
"""

import io
import posixpath

from lxml import etree

from fazhi.model.reading.container import Member, read_directory, too_large, unpack
from fazhi.model.reading.errors import InputError

MAX_UNPACKED = 100_000_000
"""Bytes of all parts that are read, unpacked; the text of a usual report has 1 MB of XML."""

_STRICT = b"http://purl.oclc.org/ooxml/"  # ISO strict: other namespace names, the same elements
_NAMES = (
    (_STRICT + b"wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (_STRICT + b"officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
)


class Package:
    """An open container; remembers how much was unpacked.

    Raises:
        InputError: No zip, broken, or with too many entries.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self._name, self._file, self._left = name, io.BytesIO(data), MAX_UNPACKED
        self._members = {member.name: member for member in read_directory(self._file, name)}
        self.names = frozenset(self._members)

    def part(self, path: str) -> etree._Element | None:
        """Return the root element of a part; None when there is no such part.

        Raises:
            InputError: Encrypted, too large, packed too tightly, damaged, no XML, or with a DOCTYPE.
        """
        if path not in self.names:
            return None
        data = self._unpack(self._members[path])
        for strict, usual in _NAMES:
            data = data.replace(strict, usual)
        return self._parse(data, path)

    def relations(self, path: str) -> dict[str, str]:
        """Return kind -> part for what `path` (empty: the container) is related to inside the container."""
        folder, file = posixpath.split(path)
        root = self.part(posixpath.join(folder, "_rels", f"{file}.rels"))
        found: dict[str, str] = {}
        for relation in () if root is None else root.iter("{*}Relationship"):
            if relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
                found.setdefault(posixpath.basename(relation.get("Type", "")), target.lstrip("/"))
        return found

    def _unpack(self, member: Member) -> bytes:
        if member.size > self._left:
            raise too_large(self._name, MAX_UNPACKED)
        self._left -= member.size
        return unpack(self._file, member, f"{self._name}:{member.name}", MAX_UNPACKED)

    def _parse(self, data: bytes, path: str) -> etree._Element:
        part = f"{self._name}:{path}"
        doctype = InputError(part, "contains a DOCTYPE, which no Office file has", "save the document anew")
        if b"<!DOCTYPE" in (data.replace(b"\0", b"") if b"\0" in data else data):  # UTF-16 too, before it is parsed
            raise doctype
        closed = {"resolve_entities": False, "no_network": True, "huge_tree": False, "load_dtd": False}
        parser = etree.XMLParser(remove_comments=True, remove_pis=True, **closed)
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise InputError(part, f"is not sound XML ({error})", "open it in Word or WPS and save it anew") from None
        if root.getroottree().docinfo.internalDTD is not None:
            raise doctype
        return root
