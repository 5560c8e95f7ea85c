"""Archives of reports: names, places, limits and what is refused. The files are written here, hostile ones byte by byte."""

import io
import stat
import struct
import zipfile

import pytest

from fazhi.model.reading import InputError, archive, checked, container, is_zip, read_archive, read_entry

REPORT = "一、工作情况\n开展行政执法检查3次。".encode()


def pack(path, *files, method=zipfile.ZIP_DEFLATED):
    """Write an archive of (name or ZipInfo, bytes) pairs."""
    with zipfile.ZipFile(path, "w", method) as target:
        for name, data in files:
            target.writestr(name, data, compress_type=method)
    return str(path)


def names(path):
    return [entry.name for entry in read_archive(path).entries]


def refused(path):
    """Return what is said of the entries that may not be read."""
    return [str(error) for error in checked(read_archive(path).entries)[1]]


def patch(path, signature, offset, value):
    """Overwrite bytes after the first place of a signature."""
    data = bytearray(path.read_bytes())
    at = data.index(signature) + offset
    data[at : at + len(value)] = value
    path.write_bytes(data)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.zip"


def test_entries_come_in_order_and_are_read(path):
    pack(path, ("乙/深/2.txt", REPORT), ("乙/", b""), ("./甲//1.txt", REPORT), ("x\\3.txt", REPORT), (".", b""))
    found = read_archive(str(path))
    assert [entry.name for entry in found.entries] == ["x/3.txt", "乙/深/2.txt", "甲/1.txt"]
    assert not found.is_document
    document = read_entry(found.entries[1])
    assert (document.name, document.encoding) == (f"{path}/乙/深/2.txt", "utf-8")
    assert document.text == REPORT.decode()


def test_a_name_that_the_library_read_from_its_extra_field_stays():
    """From Python 3.12 on `zipfile` takes the real name from the Unicode Path field, and sets no flag."""
    assert container._name(zipfile.ZipInfo("二〇二三年报告.txt")) == "二〇二三年报告.txt"


@pytest.mark.parametrize("codec", ["gb18030", "utf-8"])
@pytest.mark.parametrize("name", ["法治政府建设/二〇二三年报告.txt", "誠信/許可.txt", "陆·镕堃①.txt"])
def test_names_without_the_utf8_flag(path, name, codec):
    """As Chinese Windows writes them (GBK, some second bytes are a backslash), and packers that forget the flag."""
    raw = name.encode(codec)
    placeholder = "q" * len(raw)
    pack(path, (placeholder, REPORT))
    path.write_bytes(path.read_bytes().replace(placeholder.encode(), raw))
    assert names(str(path)) == [name]
    assert read_entry(read_archive(str(path)).entries[0]).name == f"{path}/{name}"


def test_names_in_no_chinese_encoding_stay_as_the_standard_has_them(path):
    pack(path, ("qqq.txt", REPORT))
    path.write_bytes(path.read_bytes().replace(b"qqq.txt", b"\xff\xff\xff.txt"))
    assert names(str(path)) == ["\xa0\xa0\xa0.txt"]


@pytest.mark.parametrize(
    "name",
    [
        "../x.txt", "a/../../x.txt", "a/..", "..\\x.txt", "/etc/x.txt", "\\\\host\\x.txt", "C:\\x.txt", "c:x.txt",
    ],
)  # fmt: skip
def test_names_that_lead_outside_are_refused(path, name):
    pack(path, (name, REPORT), ("good.txt", REPORT))
    good, errors = checked(read_archive(str(path)).entries)
    assert [entry.name for entry in good] == ["good.txt"]
    assert "points outside the archive — pack it anew" in str(errors[0])


def test_harmless_dots_and_colons_stay(path):
    pack(path, ("a..b/c...txt", REPORT), ("附:表.txt", REPORT))
    assert [entry.name for entry in checked(read_archive(str(path)).entries)[0]] == ["a..b/c...txt", "附:表.txt"]


def test_links_nested_archives_and_twins_are_refused_by_name(path):
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.warns(UserWarning, match="Duplicate"):
        pack(path, (link, b"/etc/passwd"), ("inner.zip", b"PK"), ("twin.txt", REPORT), ("twin.txt", b"other"))
    assert [line.removeprefix(str(path)) for line in refused(str(path))] == [
        f"/inner.zip: is an archive inside an archive — unpack {path} and give the folder",
        "/link.txt: is a link, not a file — pack the file itself",
        "/twin.txt: is in the archive twice — the first is read; give the other its own name",
    ]
    twin = checked(read_archive(str(path)).entries)[0][0]
    assert read_entry(twin).text == REPORT.decode()


@pytest.mark.parametrize("name", ["[Content_Types].xml", "word/document.xml", "OFD.xml", "mimetype", "content.xml"])
def test_a_document_is_no_archive(path, name):
    assert read_archive(pack(path, (name, b"<x/>"), ("a.txt", REPORT))).is_document


def test_what_begins_as_a_zip(path, tmp_path):
    assert is_zip(type(path)(pack(path, ("a.txt", REPORT))))
    (tmp_path / "b").write_bytes(b"PK\x05\x06" + bytes(18))
    assert is_zip(tmp_path / "b")
    assert read_archive(str(tmp_path / "b")).entries == ()
    (tmp_path / "c").write_bytes(b"PK")
    assert not is_zip(tmp_path / "c")
    assert not is_zip(tmp_path / "none")
    assert not is_zip(tmp_path)


# --- hostile and broken ---


def read_first(path):
    return read_entry(read_archive(str(path)).entries[0])


def fails(path, match, read=read_first):
    with pytest.raises(InputError, match=match) as caught:
        read(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_missing_and_a_truncated_archive(path):
    fails(path, "does not exist")
    pack(path, ("a.txt", REPORT))
    path.write_bytes(path.read_bytes()[:-30])
    fails(path, "damaged zip container")


def test_an_encrypted_entry_fails_alone(path):
    pack(path, ("a.txt", REPORT), ("b.txt", REPORT))
    patch(path, b"PK\x01\x02", 8, b"\x01\x00")
    first, second = read_archive(str(path)).entries
    with pytest.raises(InputError, match=r"a\.zip/a\.txt: is encrypted — save it without a password"):
        read_entry(first)
    assert read_entry(second).text == REPORT.decode()


def test_an_unusual_method_is_named(path):
    pack(path, ("a.txt", REPORT), method=zipfile.ZIP_LZMA)
    fails(path, "packed by method 14")


@pytest.mark.parametrize("claim", [0, 5, len(REPORT) + 1, 2**31])
def test_a_directory_that_lies_about_the_size(path, claim):
    pack(path, ("a.txt", REPORT))
    patch(path, b"PK\x01\x02", 24, struct.pack("<I", claim))
    fails(path, "damaged zip container|unpacks to more than|does not match")


def test_a_damaged_entry(path):
    pack(path, ("a.txt", REPORT), method=zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace("三".encode(), "二".encode()).replace(b"3", b"4", 1))
    fails(path, "size or checksum do not match")


def test_an_entry_that_is_not_where_the_directory_says(path):
    pack(path, ("a.txt", REPORT))
    patch(path, b"PK\x01\x02", 42, struct.pack("<I", 7))
    fails(path, "damaged zip container")


def test_a_bomb_by_its_ratio(path):
    pack(path, ("a.txt", bytes(5_000_000)))
    fails(path, "zip bomb")


def test_overlapping_entries(path):
    """Many names for the same bytes, the way small bombs grow: the second entry's offset is set to the first's."""
    pack(path, ("a.txt", REPORT * 50), ("b.txt", REPORT * 50))
    data = bytearray(path.read_bytes())
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    data[second + 42 : second + 46] = bytes(4)
    path.write_bytes(data)
    fails(path, "share the same bytes — this looks like a zip bomb")


def test_an_entry_larger_than_a_report_may_be(path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_BYTES", 20)
    fails(pack(path, ("a.txt", REPORT)), "unpacks to more than")


def test_the_sum_of_all_entries_is_limited(path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_UNPACKED", 2 * len(REPORT))
    pack(path, *((f"{number}.txt", REPORT) for number in range(3)))
    fails(path, "split it into smaller archives", lambda path: checked(read_archive(str(path)).entries))


def test_too_many_entries(path, monkeypatch):
    pack(path, *((f"{number}.txt", b"") for number in range(4)))
    monkeypatch.setattr(container, "MAX_ENTRIES", 3)
    fails(path, "more than 3 entries")


@pytest.mark.parametrize("zip64", [False, True])
def test_a_directory_that_would_fill_the_memory_is_not_read(tmp_path, zip64):
    """The size of the directory stands in one of two records; both are believed by the standard library."""
    path, size = tmp_path / "a.zip", 5_000_000
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    directory = (entry * (size // len(entry) + 1))[:size]
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 9, 9, 0 if zip64 else size, 0, 0)
    large = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 9, 9, size, 0)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, size, 1)
    path.write_bytes(b"".join([directory, large + locator if zip64 else b"", end]))
    fails(path, "more than 10,000 entries")


def complaints(path):
    """Read all that can be read; return what is said of the rest. Anything but an `InputError` gets through."""
    said = []
    try:
        good, said = checked(read_archive(str(path)).entries)
        for entry in good:
            read_entry(entry)
    except InputError as error:
        said.append(error)
    return said


def test_noise_is_never_a_traceback(path):
    """Every single byte of a small archive turned over: it reads, or it is one line."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("甲.txt", REPORT)
    sound, said = buffer.getvalue(), 0
    for place in range(len(sound)):
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 0xFF]) + sound[place + 1 :])
        said += len(complaints(path))
    assert said > len(sound) / 4
