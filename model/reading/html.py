"""A saved web page to the text that a reader sees in it, one paragraph a line.

    <h2>一、工作情况</h2><p>成效明显。<br>任务完成。  ->  three lines

Takes bytes, leaves decoding to `html_encoding` and lines to `html_lines`. lxml parses, without network, entities of
its own or a tree. Menus and footers stay: paragraphs that say nothing do no harm, lost ones do.

Why no extractor of main content: measured on the five page layouts of the tests (67 report lines), whole lines kept
were 51 with trafilatura 2.3.1, 53 with readability-lxml 0.9, 43 with lxml's text_content, 67 here. The first runs
table rows and <br> paragraphs together and cannot say numbers of lists, the second drops titles and whole lists.
"""

import re

from lxml import etree

from fazhi.model.reading.errors import InputError
from fazhi.model.reading.html_encoding import decode_page
from fazhi.model.reading.html_lines import HtmlLines
from fazhi.model.reading.text import decode

MAX_MARKUP = 20_000_000
"""The largest page that is read: 20 MB of markup, pictures outside."""

_CHUNK = 65_536  # bytes fed at once; an error in the target stops the parser only between two of them
# In browsers a stray one of these ends the line all the same; the parser passes over it.
_STRAY_BREAK = re.compile(r"(</(?:p|br)\s{0,9}>)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def html_text(data: bytes, name: str, declared: str | None = None) -> str:
    r"""Return the visible text of a page; lines end in `\n`, none is blank, cells of a table row are joined by tabs.

    Args:
        data: The page.
        name: What the user called it.
        declared: Encoding that the user names; it must hold. Without it the page's own is used where it holds.

    Raises:
        InputError: Too large, undecodable, nested too deeply, or nothing to see.
    """
    _check_size(data, name)
    return markup_text(decode(data, name, declared)[0] if declared else decode_page(data, name), name)


def html_part_text(data: bytes, name: str, transport: str | None) -> str:
    """Do the same for a page inside a mail or archive, whose charset may be wrong."""
    _check_size(data, name)
    return markup_text(decode_page(data, name, transport), name)


def markup_text(markup: str, name: str) -> str:
    """Return the visible text of decoded markup.

    Raises:
        InputError: Nested too deeply, or nothing to see.
    """
    markup = _CONTROL.sub("", markup).replace("\r\n", "\n").replace("\r", "\n")
    lines = HtmlLines(name, markup.count("</"))
    text = _CONTROL.sub("", "\n".join(_parse(_STRAY_BREAK.sub(r"<br>\1", markup).encode("utf-8", "replace"), lines)))
    if not text.strip():
        raise InputError(name, "is a web page without visible text", "save it from a browser once it has loaded")
    return text + "\n"


def _parse(markup: bytes, lines: HtmlLines) -> list[str]:
    """Drive the parser; markup that is none at all has no lines."""
    parser = etree.HTMLParser(target=lines, encoding="utf-8", no_network=True, huge_tree=True)
    try:
        for start in range(0, len(markup), _CHUNK):
            parser.feed(markup[start : start + _CHUNK])
        found: list[str] = parser.close()
    except etree.LxmlError:
        return []
    return found


def _check_size(data: bytes, name: str) -> None:
    if len(data) > MAX_MARKUP:
        raise InputError(name, f"is larger than {MAX_MARKUP // 1_000_000} MB of markup", "save the report's page alone")
