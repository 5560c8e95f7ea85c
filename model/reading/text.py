"""Bytes to text, whatever encoding a Chinese office saved them in.

    decode("质量".encode("big5"))  ->  fails; Big5 has no 质
    decode("法治政府".encode("gb18030"))  ->  ("法治政府", "gb18030")

Strict decoding alone does not settle it: most Big5 text decodes as GB18030 rubbish without an error. So every
candidate that decodes strictly is ranked by the share of characters that Chinese prose is made of.
"""

import codecs
import re
from functools import cache

from charset_normalizer import from_bytes

from fazhi.model.reading.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CANDIDATES = ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
# Files declare the subset they think they use; the superset reads them all and the characters beyond.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs"}
_DECLARABLE = {*_CANDIDATES, "ascii", "hz", "utf-8-sig", "utf-16", "utf-32"}
_SAMPLE = 60_000  # bytes; divisible by 4, so that UTF-16 and UTF-32 units stay whole
_SURE_UTF8 = 16  # multi-byte characters; a short GBK word can be valid UTF-8 by chance ("联通" is)
_ENOUGH = 0.7  # share of common characters under which no candidate is believed
_MAX_DAMAGE = 0.005  # share of characters that may be replaced when nothing decodes strictly
_MAX_CONTROLS = 0.01  # share of control codes beyond which a file is no text
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")


def decode(data: bytes, name: str = "<bytes>", declared: str | None = None) -> tuple[str, str]:
    """Decode to (text, codec). The byte-order mark is left out, nothing else is changed.

    A file in which nothing decodes strictly but little is broken keeps U+FFFD in place of the broken bytes,
    so that `cleaning` can flag the paragraph; it is never repaired by guess.

    Raises:
        InputError: Binary, not in the declared encoding, or in none that makes sense.
    """
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return _decode_all(data[len(mark) :], codec, name), codec
    if declared:
        return _decode_declared(data, name, declared)
    found = _best_codec(data) or _last_resort(data)
    if found is None:
        raise InputError(name, "is not text in any known encoding", "save it as UTF-8, or name it with --encoding")
    return _decode_all(data, found, name), found


def common_share(text: str) -> float:
    """Return the share of non-ASCII characters that are common in Chinese, minus a penalty for control codes.

    Common: the 3,755 of GB 2312 level 1, the 5,401 of Big5 level 1, CJK punctuation and full-width forms. ASCII says
    nothing: a table of figures with a Chinese heading is Chinese.
    """
    telling = [char for char in text if char > "\x7f" and not char.isspace()]
    if not telling:
        return 0.0
    controls = len(_CONTROL.findall(text)) / len(text)
    return sum(map(_common().__contains__, telling)) / len(telling) - 10 * controls


@cache
def _common() -> frozenset[str]:
    level1_gb = bytes(byte for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF) for byte in (lead, trail))
    trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    level1_big5 = bytes(byte for lead in range(0xA4, 0xC7) for trail in trails for byte in (lead, trail))
    marks = "。、《》〈〉“”‘’「」『』【】〔〕—…·○〇％，；：？！（）．０１２３４５６７８９"
    return frozenset(level1_gb.decode("gb2312", "ignore") + level1_big5.decode("big5", "ignore") + marks)


def _decode_declared(data: bytes, name: str, declared: str) -> tuple[str, str]:
    try:
        codec = codecs.lookup(declared).name
    except (LookupError, ValueError):
        codec = ""
    codec = _SUPERSETS.get(codec, codec)
    if codec not in _DECLARABLE:
        raise InputError("--encoding", f"{declared!r} is not an encoding of Chinese text", "try utf-8, gb18030 or big5")
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        raise InputError(name, f"is not {declared} ({error})", "leave out --encoding to have it found out") from None
    return _refuse_binary(text, name), codec


def _best_codec(data: bytes) -> str | None:
    """Rank the candidates on a sample; of those believed, the one that damages nothing, or else little, wins."""
    if data.isascii() and b"\x00" not in data:
        return "utf-8"
    sample = _sample(data)
    if b"\x00" not in sample and _is_surely_utf8(sample):
        return "utf-8"
    shares = {codec: _sample_share(sample, codec) for codec in _CANDIDATES}
    believed = [codec for codec in _CANDIDATES if shares[codec] >= _ENOUGH]
    damages = {codec: _damage(data, codec) for codec in believed}
    best = min(believed, key=lambda codec: (damages[codec] > 0, -shares[codec]), default=None)
    if best and damages[best] <= _MAX_DAMAGE:
        return best
    return "utf-8" if _damage(data, "utf-8") == 0 else None


def _sample(data: bytes) -> bytes:
    """Return a stretch that begins near the first non-ASCII byte: a long English head says nothing."""
    first = re.search(rb"[\x80-\xff]", data)
    start = (first.start() // 4 * 4) if first else 0
    return data[start : start + _SAMPLE]


def _is_surely_utf8(sample: bytes) -> bool:
    try:
        text = codecs.getincrementaldecoder("utf-8")("strict").decode(sample)
    except UnicodeDecodeError:
        return False
    return len(sample) - len(text) > 2 * _SURE_UTF8


def _sample_share(sample: bytes, codec: str) -> float:
    """Decode a sample that may end inside a character; broken bytes count as uncommon characters."""
    return common_share(codecs.getincrementaldecoder(codec)("replace").decode(sample))


def _damage(data: bytes, codec: str) -> float:
    """Return the share of characters that would be replaced; 0 when the bytes decode strictly."""
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return _share_replaced(data.decode(codec, "replace"))
    return 0.0


def _share_replaced(text: str) -> float:
    return max(text.count("\ufffd"), 1) / len(text)


def _last_resort(data: bytes) -> str | None:
    """Ask charset-normalizer; only an encoding of Chinese text that damages nothing is believed."""
    best = from_bytes(data[:_SAMPLE]).best()
    if best is None:
        return None
    codec = codecs.lookup(best.encoding).name
    codec = _SUPERSETS.get(codec, codec)
    return codec if codec in _DECLARABLE and _damage(data, codec) == 0 else None


def _decode_all(data: bytes, codec: str, name: str) -> str:
    try:
        return _refuse_binary(data.decode(codec), name)
    except UnicodeDecodeError:
        text = _refuse_binary(data.decode(codec, "replace"), name)
    share = _share_replaced(text)
    if share > max(_MAX_DAMAGE, 2 / max(len(text), 1)):
        raise InputError(name, f"is damaged: {share:.1%} of it is not {codec}", "get a clean copy of the file")
    return text


def _refuse_binary(text: str, name: str) -> str:
    head = text[:_SAMPLE]
    if len(_CONTROL.findall(head)) > _MAX_CONTROLS * len(head):
        raise InputError(
            name, "is binary, not text", "fazhi reads .txt, .docx, .pdf and web pages; convert the file first"
        )
    return text
