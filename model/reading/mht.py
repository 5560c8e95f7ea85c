r"""A web archive (.mht, .mhtml: a mail whose parts are a page and its pictures) to the text of its first page.

    "…Content-Type: text/html; charset=gb2312\n\n<p>=D2=BB=A1=A2…"  ->  "一、…\n"

Finds the page; reading it is left to `html`. The mail is parsed with the old policy of the standard library: the new
one parses every header by a grammar, slow and not always safe on hostile ones, and nothing here needs it.
"""

import re
from email import message_from_bytes, policy
from email.message import Message

from fazhi.model.reading.errors import InputError
from fazhi.model.reading.html import html_part_text

MAX_ARCHIVE = 100_000_000
"""The largest archive that is read: 100 MB, pictures included."""

_PAGES = ("text/html", "application/xhtml+xml")
# Headers as the mail parser sees them: a line may end in a lone carriage return, a value go on in the next line.
_CONTAINER = re.compile(rb"(?:\A|[\r\n])content-type:\s*(?:multipart|message)/", re.IGNORECASE)
_MOST_CONTAINERS = 20  # the parser recurses once for each
_TYPE_HEADER = re.compile(rb"(?:\A|[\r\n])content-type:[^\r\n]*(?:(?:\r\n|\r|\n)[ \t][^\r\n]*)*", re.IGNORECASE)
_LONGEST_HEADER = 1000  # bytes; the parser's time grows with the cube of a header full of quotes and semicolons


def mht_text(data: bytes, name: str) -> str:
    """Return the visible text of the first page in a web archive.

    Raises:
        InputError: Too large, no archive, without a page, or a page that `html` refuses.
    """
    if len(data) > MAX_ARCHIVE:
        raise InputError(name, f"is larger than {MAX_ARCHIVE // 1_000_000} MB", "save the page as .html")
    if len(_CONTAINER.findall(data)) > _MOST_CONTAINERS:
        raise InputError(name, "is a web archive nested too deeply", "save the page as .html")
    if any(header.end() - header.start() > _LONGEST_HEADER for header in _TYPE_HEADER.finditer(data)):
        raise InputError(name, f"has a Content-Type above {_LONGEST_HEADER:,} bytes", "save the page as .html")
    message = message_from_bytes(data.removeprefix(b"\xef\xbb\xbf").lstrip(), policy=policy.compat32)
    for part in message.walk():
        if part.get_content_type() in _PAGES:
            return html_part_text(_payload(part), name, _charset(part))
    raise InputError(name, "is a web archive without a page", "save it again from a browser, as .html or .mht")


def _payload(part: Message) -> bytes:
    """Return the bytes of a part; what is broken in its transfer encoding stays as it is."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _charset(part: Message) -> str | None:
    """Return the charset that the part's header names; a parameter may be a triple of RFC 2231."""
    value = part.get_param("charset")
    value = value[2] if isinstance(value, tuple) else value
    return value.strip("\"' ").lower() if isinstance(value, str) else None
