"""A number to the text that Word prints for a list number format (`w:numFmt`, ECMA-376 part 1, 17.18.59).

    numeral(23, "chineseCounting")           ->  "二十三"
    numeral(105, "chineseCountingThousand")  ->  "一百零五"
    numeral(3, "decimalEnclosedCircle")      ->  "③"

Leaves the level's pattern (`第%1章`) and the counting to `numbering`. A format that is not listed, or a number
beyond its signs (㉑ is no longer a list sign), falls back to decimal, as in Word.
"""

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_CHINESE = ("零一二三四五六七八九", "十百千", "万")
_LEGAL_SIMPLIFIED = ("零壹贰叁肆伍陆柒捌玖", "拾佰仟", "万")
_LEGAL_TRADITIONAL = ("零壹貳參肆伍陸柒捌玖", "拾佰仟", "萬")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = {1000: "M", 900: "CM", 500: "D", 400: "CD", 100: "C", 90: "XC", 50: "L", 40: "XL", 10: "X"} | {
    9: "IX",
    5: "V",
    4: "IV",
    1: "I",
}
_MAX_ROMAN = 3999
_MAX_COUNTING = 100_000_000
_MAX_LETTERS = 780  # Word repeats a letter up to 30 times: A … Z, AA, BB … and stops there


def numeral(value: int, number_format: str) -> str:
    """Return `value` in a `w:numFmt`; the empty string for `bullet` and `none`."""
    if number_format in {"bullet", "none"}:
        return ""
    write = _FORMATS.get(number_format)
    return (write(value) if write and value >= 0 else "") or str(value)


def _counting(signs: tuple[str, str, str], leading_one: bool = True) -> Callable[[int], str]:
    """Read digits with 十百千; 10-19 drop the one of ordinary figures (十二) and keep that of legal ones (壹拾贰)."""

    def write(value: int) -> str:
        if value == 0:
            return signs[0][0]
        if value >= _MAX_COUNTING:
            return ""
        text = _grouped(value, signs)
        one_ten = signs[0][1] + signs[1][0]
        return text[1:] if leading_one and text.startswith(one_ten) else text

    return write


def _grouped(value: int, signs: tuple[str, str, str]) -> str:
    """Write the ten thousands, then the rest, with a zero where places between them are empty."""
    high, low = divmod(value, 10_000)
    if not high:
        return _four_places(low, signs)
    zero = signs[0][0] if 0 < low < 1000 else ""  # noqa: PLR2004
    return _four_places(high, signs) + signs[2] + zero + _four_places(low, signs)


def _four_places(value: int, signs: tuple[str, str, str]) -> str:
    """Write 1-9999: 105 -> 一百零五, 1050 -> 一千零五十, 110 -> 一百一十."""
    digits, units, _ = signs
    text = ""
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit:
            text += digits[digit] + (units[place - 1] if place else "")
        elif text and not text.endswith(digits[0]):
            text += digits[0]
    return text.rstrip(digits[0])


def _places(digits: str) -> Callable[[int], str]:
    """Write digit by digit: 105 -> 一〇五."""
    return lambda value: "".join(digits[int(digit)] for digit in str(value))


def _short_counting(value: int) -> str:
    """Count with 十 up to 99 and digit by digit beyond (the `Counting` formats without `Thousand`)."""
    return _counting(_CHINESE)(value) if 0 < value < 100 else _places(_DIGITS)(value)  # noqa: PLR2004


def _japanese(value: int) -> str:
    """Count without zeros and without a one before 十百千: 101 -> 百一."""
    if not 0 < value < 10_000:  # noqa: PLR2004
        return ""
    text = _four_places(value, _CHINESE).replace("零", "")
    for unit in "十百千":
        text = text.replace("一" + unit, unit)
    return text


def _signs(signs: str) -> Callable[[int], str]:
    """Take the n-th sign; none beyond the last."""
    return lambda value: signs[value - 1] if 0 < value <= len(signs) else ""


def _run(first: str, count: int) -> Callable[[int], str]:
    return _signs("".join(chr(ord(first) + step) for step in range(count)))


def _sexagenary(value: int) -> str:
    """Count 甲子, 乙丑 … 癸亥."""
    return _STEMS[(value - 1) % 10] + _BRANCHES[(value - 1) % 12] if 0 < value <= 60 else ""  # noqa: PLR2004


def _roman(value: int) -> str:
    if not 0 < value <= _MAX_ROMAN:
        return ""
    text = ""
    for worth, sign in _ROMAN.items():
        count, value = divmod(value, worth)
        text += sign * count
    return text


def _letters(value: int) -> str:
    """Write A … Z, AA, BB …: Word repeats the letter and does not count in base 26."""
    if not 0 < value <= _MAX_LETTERS:
        return ""
    return chr(ord("A") + (value - 1) % 26) * ((value - 1) // 26 + 1)


_FORMATS: dict[str, Callable[[int], str]] = {
    "chineseCounting": _short_counting,
    "taiwaneseCounting": _short_counting,
    "chineseCountingThousand": _counting(_CHINESE),
    "taiwaneseCountingThousand": _counting(_CHINESE),
    "japaneseCounting": _japanese,
    "koreanDigital2": _places(_DIGITS),
    "ideographDigital": _places(_DIGITS),
    "japaneseDigitalTenThousand": _places(_DIGITS),
    "taiwaneseDigital": _places(_DIGITS),
    "chineseLegalSimplified": _counting(_LEGAL_SIMPLIFIED, leading_one=False),
    "ideographLegalTraditional": _counting(_LEGAL_TRADITIONAL, leading_one=False),
    "ideographTraditional": _signs(_STEMS),
    "ideographZodiac": _signs(_BRANCHES),
    "ideographZodiacTraditional": _sexagenary,
    "ideographEnclosedCircle": _run("㊀", 10),
    "decimalEnclosedCircle": _run("①", 20),
    "decimalEnclosedCircleChinese": _run("①", 20),
    "decimalEnclosedFullstop": _run("⒈", 20),
    "decimalEnclosedParen": _run("⑴", 20),
    "decimalFullWidth": _places("０１２３４５６７８９"),
    "decimalFullWidth2": _places("０１２３４５６７８９"),
    "decimalZero": lambda value: f"{value:02d}",
    "numberInDash": lambda value: f"- {value} -",
    "upperRoman": _roman,
    "lowerRoman": lambda value: _roman(value).lower(),
    "upperLetter": _letters,
    "lowerLetter": lambda value: _letters(value).lower(),
}
