"""Bytes of a web page to markup: what its <meta> declares is believed unless the text speaks against it.

    <meta charset=gb2312> over bytes that are UTF-8  ->  read as UTF-8

Pages are mostly ASCII markup, which says nothing about the Chinese in it and would drown it: encodings are judged on
the page without its ASCII stretches. Parsing the markup is left to `html`.
"""

import re

from fazhi.model.reading.errors import InputError
from fazhi.model.reading.text import common_share, decode

_HEAD = 4096  # bytes in which a declaration is looked for
_CHARSET = re.compile(
    rb"<(?:meta|\?xml)\b[^<>]{0,400}?(?:charset|encoding)\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{1,40})", re.IGNORECASE
)
# Only these are worth believing: a single-byte charset declared over Chinese text is wrong, and some of Python's
# codecs (punycode, unicode_escape) must not be picked by a stranger.
_BELIEVED = frozenset(("utf-8", "utf8", "gb2312", "gbk", "gb18030", "x-gbk", "gb_2312-80", "big5", "big5-hkscs"))
_ALIASES = {"x-gbk": "gb18030", "gb_2312-80": "gb18030"}
# An ASCII stretch after a non-ASCII byte; the first of its bytes may be the second half of a GBK or Big5 character.
_ASCII = re.compile(rb"(?<=[\x80-\xff])(?:([0-9@-~])[\x00-\x7f]+|[\x00-/:-?][\x00-\x7f]*)")
_LEADING_ASCII = re.compile(rb"\A[\x00-\x7f]+")
_SAMPLE = 60_000  # characters
_CLEARLY = 0.1  # share of common characters by which the encoding found must beat the one declared
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_WIDE = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))


def decode_page(data: bytes, name: str, transport: str | None = None) -> str:
    """Decode a page: byte-order mark, else the declared charset (`transport` first), else the one found out.

    Args:
        data: The page.
        name: What the user called it.
        transport: Charset that the mail or archive around the page names; may be wrong.

    Raises:
        InputError: Binary, or in no encoding that makes sense.
    """
    if data.startswith(_BOMS):
        return decode(data, name)[0]
    for start, codec in _WIDE:
        if data.startswith(start):
            return decode(data, name, codec)[0]
    chinese = _without_ascii(data)
    found = _found(chinese, name)
    for declared in (transport, declared_charset(data)):
        text = _declared(data, chinese, declared, found)
        if text is not None:
            return text
    codec = found[1] if found else decode(chinese, name)[1]
    return data.decode(codec, "replace")  # `decode` has refused what has more than a little damage


def declared_charset(data: bytes) -> str | None:
    """Return the charset that the first 4 KB name in a <meta> or XML declaration, in lower case."""
    match = _CHARSET.search(data[:_HEAD])
    return match[1].decode("ascii", "replace").lower() if match else None


def _without_ascii(data: bytes) -> bytes:
    """Leave the non-ASCII stretches, each on a line; linear, and whole characters stay whole."""
    return _ASCII.sub(rb"\1\n", _LEADING_ASCII.sub(b"", data))


def _found(chinese: bytes, name: str) -> tuple[str, str] | None:
    """Return the judged stretches and their codec, or None where no encoding makes sense."""
    try:
        return decode(chinese, name)
    except InputError:
        return None


def _declared(data: bytes, chinese: bytes, declared: str | None, found: tuple[str, str] | None) -> str | None:
    """Return the page in its declared charset, or None when that is unknown, broken or clearly reads worse."""
    charset = (declared or "").lower()
    if charset not in _BELIEVED:
        return None
    try:
        codec = decode(b"", "", _ALIASES.get(charset, charset))[1]
        text = data.decode(codec)
    except UnicodeDecodeError:
        return None
    mine = common_share(chinese.decode(codec, "replace")[:_SAMPLE])
    if found and common_share(found[0][:_SAMPLE]) > mine + _CLEARLY:
        return None
    return text
