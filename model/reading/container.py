"""The zip container under Office files and archives of reports: a binary file in, its directory and single members out.

    members = read_directory(file, "a.zip")       ->  [Member(name="县区/甲.docx", size=21034, …), …]
    unpack(file, members[0], "a.zip", MAX_BYTES)  ->  b"PK…"

Every limit that protects the memory is checked here; nothing is written to disk and no name is used as a path. The
standard library reads the directory; members are unpacked here, from what the directory says, so that an archive of
thousands of reports is not read through again for each of them. `package` and `archive` know what is inside.
"""

import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from stat import S_IFMT, S_ISDIR, S_ISREG
from typing import IO

from fazhi.model.reading.errors import InputError

MAX_ENTRIES = 10_000
"""Files in the container; a Word document with hundreds of pictures has some 500."""
MAX_RATIO = 200
"""Unpacked to packed size of a member above `RATIO_FROM`; Word's XML stays under 30."""
RATIO_FROM = 1_000_000
_MAX_DIRECTORY = 4_000_000  # bytes: a million empty entries fit into a small file, and each becomes an object

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # all that Office and the usual packers use
_ENCRYPTED, _IS_UTF8 = 0x1, 0x800
_LOCAL = b"PK\x03\x04"
_LOCAL_HEADER = struct.Struct("<4s22xHH")  # signature, lengths of name and extra field
_SLACK = 1_000  # bytes by which packing may make a member longer, beside one in a thousand
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, OSError, EOFError, struct.error)


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of the directory, as the directory claims.

    Attributes:
        name: Decoded; a folder's ends with a slash.
        offset: Where its own header begins in the file.
        packed: Bytes in the file.
        size: Bytes unpacked.
        is_plain: A file or folder, not a link or device.
    """

    name: str
    offset: int
    packed: int
    size: int
    crc: int
    method: int
    is_encrypted: bool
    is_plain: bool


class _Watched:
    """A file that refuses to give more at once than a directory may have, whichever of its records claims the size."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file, self._name = file, name
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        """Read; without a size the standard library wants the last 64 KB."""
        if size > _MAX_DIRECTORY:
            raise _too_many(self._name)
        return self._file.read(size)


def read_directory(file: IO[bytes], name: str) -> list[Member]:
    """Return the members of a container, in the order of its directory.

    Args:
        file: Open, seekable.
        name: What the user called it, for errors.

    Raises:
        InputError: No zip, broken, with too many entries, or with entries that share bytes.
    """
    try:
        with zipfile.ZipFile(_Watched(file, name)) as container:
            members = [_member(info) for info in container.infolist()]
    except _BROKEN as error:
        raise _broken(name, error) from None
    if len(members) > MAX_ENTRIES:
        raise _too_many(name)
    if _overlap(members):
        raise InputError(name, "has entries that share the same bytes", "this looks like a zip bomb")
    return members


def unpack(file: IO[bytes], member: Member, where: str, most: int) -> bytes:
    """Return the bytes of a member.

    Args:
        file: The container, open.
        member: Of `read_directory`.
        where: What to call it in errors.
        most: Bytes that it may have.

    Raises:
        InputError: Encrypted, packed by an unusual method, too large, packed too tightly, or damaged.
    """
    _check(member, where, most)
    try:
        data = _inflated(_packed(file, member), member)
    except _BROKEN as error:
        raise _broken(where, error) from None
    if len(data) != member.size or zlib.crc32(data) != member.crc:
        raise _broken(where, "size or checksum do not match")
    return data


def too_large(where: str, most: int) -> InputError:
    """Return the error for what unpacks to more than it may."""
    return InputError(where, f"unpacks to more than {most // 1_000_000} MB", "split it into single reports")


def _member(info: zipfile.ZipInfo) -> Member:
    mode = info.external_attr >> 16
    return Member(
        name=_name(info),
        offset=info.header_offset,
        packed=info.compress_size,
        size=info.file_size,
        crc=info.CRC,
        method=info.compress_type,
        is_encrypted=bool(info.flag_bits & _ENCRYPTED),
        is_plain=not S_IFMT(mode) or S_ISREG(mode) or S_ISDIR(mode),
    )


def _name(info: zipfile.ZipInfo) -> str:
    """Decode a name without the UTF-8 flag, which the standard library takes for cp437: Chinese Windows writes GBK."""
    if info.flag_bits & _IS_UTF8:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:  # from Python 3.12 on it is taken from the extra field that some packers add (0x7075)
        return info.filename
    for codec in ("utf-8", "gb18030"):  # GBK that happens to be UTF-8 is rare; packers that forget the flag are not
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return info.filename


def _overlap(members: Sequence[Member]) -> bool:
    """Say whether a member reaches into the next: bytes that are unpacked again and again are how small bombs work."""
    ordered = sorted(members, key=lambda member: member.offset)
    return any(one.offset + _LOCAL_HEADER.size + one.packed > next_one.offset for one, next_one in pairwise(ordered))


def _check(member: Member, where: str, most: int) -> None:
    """Refuse by what the directory says; what is unpacked is compared with it, for the directory may lie."""
    if member.is_encrypted:
        raise InputError(where, "is encrypted", "save it without a password")
    if member.method not in _METHODS:
        raise InputError(where, f"is packed by method {member.method}", "save or pack it anew with a usual program")
    if member.size > most:
        raise too_large(where, most)
    if member.size > RATIO_FROM and member.size > MAX_RATIO * member.packed:
        raise InputError(where, f"unpacks to more than {MAX_RATIO} times its size", "this looks like a zip bomb")
    if member.packed > member.size + member.size // 1_000 + _SLACK:
        raise _broken(where, "larger packed than unpacked")


def _packed(file: IO[bytes], member: Member) -> bytes:
    file.seek(member.offset)
    signature, name, extra = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    if signature != _LOCAL:
        raise zipfile.BadZipFile("no entry where the directory says")
    file.seek(name + extra, 1)
    return file.read(member.packed)


def _inflated(packed: bytes, member: Member) -> bytes:
    if member.method == zipfile.ZIP_STORED:
        return packed
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, member.size + 1)


def _too_many(name: str) -> InputError:
    return InputError(name, f"has more than {MAX_ENTRIES:,} entries", "check it; pack fewer files into one archive")


def _broken(where: str, error: object) -> InputError:
    return InputError(where, f"is a damaged zip container ({error})", "get a clean copy of the file")
