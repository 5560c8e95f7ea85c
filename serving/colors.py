"""What stands out on a theme's colour, and its lighter shade: for pages and for workbooks.

    ink_on("#1f77b4")  ->  "#ffffff";  tint("#1f77b4")  ->  "#b1cfe5"

The colours themselves are the label scheme's.
"""

_BLACK, _WHITE = "#000000", "#ffffff"
_LINEAR_BELOW = 0.04045  # sRGB is linear near black
_TINT = 0.35  # how much of a colour is left in its tint


def ink_on(color: str) -> str:
    """Return black or white, whichever has the higher contrast (WCAG 2.2) on a `#rrggbb`; 4.5 : 1 on any colour."""
    linear = (part / 12.92 if part <= _LINEAR_BELOW else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(color))
    red, green, blue = linear
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return _BLACK if (luminance + 0.05) ** 2 > 1.05 * 0.05 else _WHITE


def tint(color: str) -> str:
    """Return the colour mixed with white, light enough for black text."""
    return "#" + "".join(f"{round(255 * (1 - _TINT * (1 - part))):02x}" for part in _parts(color))


def _parts(color: str) -> tuple[float, float, float]:
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return red / 255, green / 255, blue / 255
