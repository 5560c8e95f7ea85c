"""A PDF writer for tests: pages of placed text in, the bytes of a file out. Raw syntax, no library, so that the tests
can also write what no library would.

    pdf([page(lines)])   Chinese characters are 1 size wide, ASCII half of it; the font is a name, nothing is embedded.
"""

import hashlib
import re
import zlib
from itertools import cycle

PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
LEFT, TOP, BOTTOM, SIZE, PITCH, COLUMNS = 80, 750, 90, 15, 28, 29


class Ink:
    """Text to the codes of one font; remembers its characters for the maps of the font."""

    def __init__(self):
        self.codes = {}

    def code(self, text):
        return "".join(f"{self.codes.setdefault(char, len(self.codes) + 1):04x}" for char in text)


INK = Ink()


def width(text):
    return sum(0.5 if char < "\x7f" else 1.0 for char in text)


def show(x, y, text, size=SIZE, turn=(1, 0, 0, 1)):
    matrix = " ".join(map(str, turn))
    return f"BT /F1 {size} Tf {matrix} {x} {y} Tm <{INK.code(text)}> Tj ET\n".encode()


def wrap(paragraph, columns=COLUMNS, indent=2.0):
    """Break greedily, as a word processor does: -> [(indent, line), …]."""
    lines, line, room = [], "", columns - indent
    for char in re.findall(r"[(（“《]*[0-9a-zà-ǿ-]+|[(（“《]+.|.", paragraph, re.IGNORECASE):
        if line and width(line + char) > room and char not in "，。；、”）":
            lines.append((columns - room if not lines else 0, line))
            line, room = "", columns
        line += char
    return [*lines, (columns - room if not lines else 0, line)]


def wrapped(paragraphs, columns=COLUMNS, indent=2.0):
    return [line for paragraph in paragraphs for line in wrap(paragraph, columns, indent)]


def page(lines, x=LEFT, top=TOP, size=SIZE, pitch=PITCH):
    """Set lines, (indent in sizes, text) each, under one another."""
    return b"".join(show(x + indent * size, top - row * pitch, text, size) for row, (indent, text) in enumerate(lines))


def paged(lines, rows=24, **where):
    return [page(lines[start : start + rows], **where) for start in range(0, len(lines), rows)]


def to_unicode(codes):
    lines = "".join(f"<{code:04x}> <{char.encode('utf-16-be').hex()}>\n" for char, code in codes.items())
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{lines}endbfchar endcmap end end"
    ).encode()


def stream(data, entries="", packed=True):
    data = zlib.compress(data) if packed else data
    return (
        f"<< {entries} /Length {len(data)} {'/Filter /FlateDecode' * packed} >> stream\n".encode()
        + data
        + b"\nendstream"
    )


def pdf(contents, *, mapped=True, meaning=None, resources="", more=(), box="0 0 595 842", rotate=0, lock=None):  # noqa: PLR0913 - a file has as many sides
    """Write a file.

    Args:
        contents: The drawing operators of each page.
        mapped: Whether the font says which characters its codes are.
        meaning: Replaces what a character is said to be.
        resources: More entries for the pages' resources; `more` are objects, numbered from 6.
        lock: (user, owner) passwords.
    """
    codes = {(meaning or (lambda char: char))(char): code for char, code in INK.codes.items()}
    widths = " ".join("500" if char < "\x7f" else "1000" for char in INK.codes)
    first = 6 + len(more)
    kids = " ".join(f"{first + 2 * index} 0 R" for index in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        f"<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /DescendantFonts [4 0 R]"
        f"{' /ToUnicode 5 0 R' * mapped} >>".encode(),
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity)"
        b" /Supplement 0 >> /DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /Song /Flags 4 /ItalicAngle 0"
        b" /FontBBox [0 -200 1000 800] /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >> /W [1 ["
        + widths.encode()
        + b"]] >>",
        stream(to_unicode(codes)),
        *more,
    ]
    for index, content in enumerate(contents):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Rotate {rotate} /Contents {first + 2 * index + 1} 0 R"
            f" /Resources << /Font << /F1 3 0 R >> {resources} >> >>".encode()
        )
        objects.append(stream(content))
    return assemble(objects, lock)


def assemble(objects, lock=None):
    """Number the objects (from 1, the catalogue first), with a table of where they are."""
    trailer = "/Root 1 0 R"
    if lock:
        key, entry = locked(*lock)
        objects = [*(encrypted(data, number, key) for number, data in enumerate(objects, 1)), entry]
        trailer += f" /Encrypt {len(objects)} 0 R /ID [<00> <00>]"
    data = b"%PDF-1.7\n"
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    return data + f"trailer << /Size {len(objects) + 1} {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()


def locked(user, owner):
    """The oldest standard way: 40-bit RC4 (revision 2). -> key, encryption dictionary."""
    user, owner = ((word.encode() + PADDING)[:32] for word in (user, owner))
    entry = rc4(md5(owner)[:5], user)
    key = md5(user + entry + (-4).to_bytes(4, "little", signed=True) + b"\0")[:5]
    text = f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{entry.hex()}> /U <{rc4(key, PADDING).hex()}> >>"
    return key, text.encode()


def encrypted(data, number, key):
    head, mark, rest = data.partition(b" stream\n")
    if not mark:
        return data
    own = md5(key + number.to_bytes(3, "little") + b"\0\0")[:10]
    return head + mark + rc4(own, rest.removesuffix(b"\nendstream")) + b"\nendstream"


def md5(data):
    return hashlib.md5(data, usedforsecurity=False).digest()


def rc4(key, data):
    state, j = list(range(256)), 0
    for i, byte in zip(range(256), cycle(key), strict=False):
        j = (j + state[i] + byte) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
