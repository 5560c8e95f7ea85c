"""What HTML elements are to a reader: not shown at all, on a line of their own, or with their line breaks kept.

Judged from the tag and the element's own attributes; style sheets are not read.
"""

import re
from collections.abc import Mapping

_UNSEEN_TAGS = """
title script style noscript template noframes noembed iframe object applet audio video canvas svg select datalist xml rp
"""
_BLOCK_TAGS = """
address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure
footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol p plaintext pre search
section summary table tbody td textarea tfoot th thead tr ul xmp
"""
_UNSEEN, _BLOCKS = frozenset(_UNSEEN_TAGS.split()), frozenset(_BLOCK_TAGS.split())
_KEEPING = frozenset(("pre", "listing", "plaintext", "xmp", "textarea"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_AS_BLOCK = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)", re.IGNORECASE)
_KEEPS_BREAKS = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)


def is_hidden(tag: str, attributes: Mapping[str, str]) -> bool:
    """Tell what is never shown. A hidden <body> is a page that a script would have revealed."""
    if tag in _UNSEEN:
        return True
    if tag in ("html", "body"):
        return False
    return "hidden" in attributes or _HIDDEN.search(attributes.get("style", "")) is not None


def is_block(tag: str, attributes: Mapping[str, str]) -> bool:
    """Tell what begins and ends a line."""
    return tag in _BLOCKS or _AS_BLOCK.search(attributes.get("style", "")) is not None


def keeps_breaks(tag: str, attributes: Mapping[str, str]) -> bool:
    """Tell where the line breaks of the source are shown."""
    return tag in _KEEPING or _KEEPS_BREAKS.search(attributes.get("style", "")) is not None
