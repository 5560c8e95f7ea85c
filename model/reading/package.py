"""The zip container of an Office file: bytes in, single XML parts out, every limit checked here.

    package = Package(data, "a.docx")
    package.relations("word/document.xml")  ->  {"numbering": "word/numbering.xml", "styles": "word/styles.xml", …}
    package.part("word/numbering.xml")      ->  its root element

Knows zip, relationships and XML and nothing of Word; `docx` says what the parts mean. Nothing is written to disk and
no name in the archive is used as a path. A hostile file is an `InputError`, never a full memory.
"""

import io
import posixpath
import zipfile
import zlib

from lxml import etree

from fazhi.model.reading.errors import InputError

MAX_ENTRIES = 10_000
"""Files in the container; a report with hundreds of pictures has some 500."""
MAX_UNPACKED = 100_000_000
"""Bytes of all parts that are read, unpacked; the text of a usual report has 1 MB of XML."""
MAX_RATIO = 200
"""Unpacked to packed size of a part above `RATIO_FROM`; Word's XML stays under 30."""
RATIO_FROM = 1_000_000

_CENTRAL_ENTRY = b"PK\x01\x02"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # all that Office uses
_ENCRYPTED = 0x1
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
        self._name = name
        self._left = MAX_UNPACKED
        # Counted before the directory is read: a million empty entries fit into a small file.
        if data.count(_CENTRAL_ENTRY) > MAX_ENTRIES:
            raise InputError(name, f"has more than {MAX_ENTRIES:,} entries", "this is no usual document; check it")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
            raise self._broken(error) from None
        self.names = frozenset(self._zip.namelist())

    def part(self, path: str) -> etree._Element | None:
        """Return the root element of a part; None when there is no such part.

        Raises:
            InputError: Encrypted, too large, packed too tightly, damaged, no XML, or with a DOCTYPE.
        """
        if path not in self.names:
            return None
        data = self._unpack(self._zip.getinfo(path))
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

    def _unpack(self, info: zipfile.ZipInfo) -> bytes:
        self._check(info)
        try:
            with self._zip.open(info) as file:
                data = file.read(self._left + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise self._broken(error) from None
        self._left -= len(data)
        if self._left < 0:
            raise self._too_large()
        return data

    def _check(self, info: zipfile.ZipInfo) -> None:
        """Refuse by what the directory says; `_unpack` counts again, for the directory may lie."""
        part = f"{self._name}:{info.filename}"
        if info.flag_bits & _ENCRYPTED:
            raise InputError(part, "is encrypted", "save the document without a password")
        if info.compress_type not in _METHODS:
            raise InputError(
                part, f"is packed by method {info.compress_type}", "save the document anew with Word or WPS"
            )
        if info.file_size > self._left:
            raise self._too_large()
        if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * info.compress_size:
            raise InputError(part, f"unpacks to more than {MAX_RATIO} times its size", "this looks like a zip bomb")

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

    def _broken(self, error: Exception) -> InputError:
        return InputError(self._name, f"is a damaged zip container ({error})", "get a clean copy of the file")

    def _too_large(self) -> InputError:
        size = f"{MAX_UNPACKED // 1_000_000} MB"
        return InputError(self._name, f"unpacks to more than {size}", "split it into single reports")
