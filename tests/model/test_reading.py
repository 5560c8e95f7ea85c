"""Files to text: encodings, and every bad file's one line."""

import codecs
import os

import pytest

from fazhi.model.reading import InputError, decode, document, document_from_bytes, read_document
from fazhi.model.reading.text import common_share

SIMPLIFIED = "一、工作情况\r\n(一)全面推进依法行政,提高行政执法水平。2020年办理行政复议案件7件。\n"
TRADITIONAL = "一、工作情況\n(一)全面推進依法行政,提高行政執法水平。全年辦理行政復議案件七件。\n"


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16-le", "utf-16-be"])
def test_simplified_text_is_found_out_without_a_mark(codec):
    assert decode(SIMPLIFIED.encode(codec)) == (SIMPLIFIED, codec)


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16-le", "utf-16-be", "big5hkscs"])
def test_traditional_text_is_found_out_without_a_mark(codec):
    assert decode(TRADITIONAL.encode(codec)) == (TRADITIONAL, codec)


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_byte_order_mark_settles_it_and_stays_outside(mark, codec):
    assert decode(mark + SIMPLIFIED.encode(codec)) == (SIMPLIFIED, codec)


def test_strict_decoding_alone_would_read_big5_as_rubbish():
    data = TRADITIONAL.encode("big5hkscs")
    rubbish = data.decode("gb18030")  # no error: this is the trap
    assert common_share(rubbish) < common_share(TRADITIONAL)
    assert decode(data)[0] == TRADITIONAL


@pytest.mark.parametrize("text", ["联通", "政府", "一、总结", "責任單位:市司法局"])
@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_short_texts(text, codec):
    """联通 in GBK happens to be valid UTF-8."""
    assert decode(text.encode(codec))[0] == text


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
@pytest.mark.parametrize("codec", ["gb18030", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_the_seeds_survive_every_encoding(seeds, number, codec):
    text = seeds[number].text
    assert decode(text.encode(codec))[0] == text


def test_the_seed_from_a_converter_survives_big5(seeds):
    text = "".join(char for char in seeds["001"].text if char.encode("big5hkscs", "ignore"))
    assert decode(text.encode("big5hkscs")) == (text, "big5hkscs")


def test_a_declared_gb2312_is_read_as_gb18030():
    assert decode("朱镕基、喆、€".encode("gb18030"), declared="gb2312") == ("朱镕基、喆、€", "gb18030")


@pytest.mark.parametrize("codec", ["gb18030", "utf-8", "utf-16-le"])
def test_a_table_of_figures_with_one_chinese_word(codec):
    text = "单位" + "2023,12,45.6,78.9,1234,5678,9.87,ABC,DEF\n" * 20
    assert decode(text.encode(codec)) == (text, codec)


@pytest.mark.parametrize("codec", ["shift_jis", "cp1252", "koi8-r"])
def test_what_is_no_chinese_encoding_is_refused_rather_than_guessed(codec):
    text = {"shift_jis": "これは日本語の文書です。", "cp1252": "déjà vu, naïve café ", "koi8-r": "русский текст "}[
        codec
    ] * 30
    with pytest.raises(InputError, match="is not text in any known encoding"):
        decode(text.encode(codec))


def test_a_wrong_declaration_is_refused():
    with pytest.raises(InputError, match="a.txt: is not ascii .* leave out --encoding"):
        decode(SIMPLIFIED.encode(), "a.txt", declared="ascii")
    with pytest.raises(InputError, match="is not an encoding of Chinese text"):
        decode(b"x", "a.txt", declared="klingon")
    for odd in ("undefined", "x\0y", "unicode_escape", "latin-1"):
        with pytest.raises(InputError, match="is not an encoding of Chinese text"):
            decode(b"x", "a.txt", declared=odd)
    with pytest.raises(InputError, match="is binary"):
        decode(bytes(range(20)) * 9, "a.txt", declared="ascii")


def test_a_few_lost_bytes_are_marked_not_guessed():
    data = (SIMPLIFIED * 40).encode("gb18030")
    broken = data[:500] + b"\xff\xff" + data[500:]
    text, codec = decode(broken)
    assert codec == "gb18030"
    assert "�" in text
    assert "行政复议案件7件" in text


def test_a_file_cut_off_inside_a_character_is_read():
    data = (SIMPLIFIED * 40).encode("utf-8")
    cut = data[: data.rindex("件".encode()) + 2]
    text, codec = decode(cut)
    assert codec == "utf-8"
    assert text.endswith("�")


def test_a_long_english_head_does_not_hide_the_encoding():
    text = "x" * 70_000 + SIMPLIFIED
    assert decode(text.encode("gb18030")) == (text, "gb18030")


def test_no_newline_is_translated(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(SIMPLIFIED.encode("gb18030"))
    assert read_document(path).text == SIMPLIFIED


def test_the_hash_is_of_the_text_not_of_its_encoding():
    one, other = (document_from_bytes(SIMPLIFIED.encode(codec), "x") for codec in ("utf-8", "gb18030"))
    assert one.sha256 == other.sha256
    assert len(one.sha256) == 64


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", "a.txt: is empty — nothing to tag; check the file"),
        (" \r\n\u3000".encode(), "a.txt: is empty — nothing to tag; check the file"),
        (b"%PDF-1.7\n...", "a.txt: is a PDF that breaks off before its end — get a clean copy of the file"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + b"x",
            "a.txt: is a Word 97, WPS or locked Word file — save it without a password as .docx, or: soffice --headless --convert-to docx FILE",
        ),
        (b"PK\x03\x04xx", None),
        (bytes(range(256)) * 20, None),
        (b"\x7fELF" + b"\x00\x01\x02" * 300, None),
    ],
)
def test_bad_content_gives_one_clear_line(data, line):
    with pytest.raises(InputError) as caught:
        document_from_bytes(data, "a.txt")
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("a.txt: is ")
    assert line is None or str(caught.value) == line


def test_random_bytes_are_no_text():
    data = b"".join(bytes([(i * 7919 + i * i) % 256]) for i in range(5000))
    with pytest.raises(InputError, match="a.txt: is "):
        document_from_bytes(data, "a.txt")


def test_missing_file_folder_and_size(tmp_path, monkeypatch):
    with pytest.raises(InputError, match="does not exist"):
        read_document(tmp_path / "none.txt")
    with pytest.raises(InputError, match="is a folder"):
        read_document(tmp_path)
    monkeypatch.setattr(document, "MAX_BYTES", 10)
    (tmp_path / "big.txt").write_bytes(b"x" * 11)
    with pytest.raises(InputError, match="is larger than"):
        read_document(tmp_path / "big.txt")
    with pytest.raises(InputError, match="is larger than"):
        document_from_bytes(b"x" * 11, "big.txt")


def test_no_permission(tmp_path, monkeypatch):
    """Root reads everything, so the refusal comes from a stand-in for the system call."""

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(InputError, match="may not be read"):
        read_document(tmp_path / "a.txt")


def test_an_error_is_one_line_whatever_the_name_holds():
    assert str(InputError("a\nb\x1b[31m", "is odd")) == "a�b�[31m: is odd"
