import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.formats.encodings import decode_text, mend


@pytest.mark.parametrize(
    ("data", "declared", "text", "is_faulty"),
    [
        (b"plain", None, "plain", False),
        ("Lomé".encode(), None, "Lomé", False),
        (b"\xef\xbb\xbfLom\xc3\xa9", None, "Lomé", False),
        ("Lomé".encode("utf-16"), None, "Lomé", False),
        ("Łódź".encode("iso8859-2"), "iso-8859-2", "Łódź", False),
        ("Lomé".encode(), "iso-8859-1", "Lomé", False),  # valid UTF-8 is hardly ever anything else
        (b"Lom\xe9", "no-such-charset", "Lomé", True),
        (b"The caf\xe9 in Lom\xe9 \x93was hit\x94", None, "The café in Lomé “was hit”", True),
        (b"Lom\xc3\xa9 and caf\xe9", None, "Lomé and café", True),  # a bad byte spoils no good one
        (b"four\x00 men", None, "four men", True),
    ],
)
def test_bytes_become_text(data: bytes, declared: str | None, text: str, is_faulty: bool) -> None:
    decoded = decode_text(data, declared)
    assert decoded.text == text
    assert bool(decoded.fault) == is_faulty


@pytest.mark.parametrize(
    "data",
    [
        bytes([0xFF, 0xFA, 0xF3, 0xE0] * 200),
        "Министр прибыл в Москву".encode("cp1251"),
        b"\xff\xfe" + random.Random(3).randbytes(400),
    ],
)
def test_noise_is_no_text(data: bytes) -> None:
    with pytest.raises(BadRecord, match="bad_encoding"):
        decode_text(data)


@pytest.mark.parametrize(
    ("text", "mended"),
    [("a\ud800b", "a�b"), ("\ufeffa", "a"), ("a\x00\x00b", "ab"), ("\ud83d\ude00", "😀"), ("a\ufeffb", "a\ufeffb")],
)
def test_what_rows_cannot_hold_is_mended(text: str, mended: str) -> None:
    assert mend(text).text == mended


@given(st.text(st.characters()))
def test_mended_text_can_be_stored_and_stays(text: str) -> None:
    mended = mend(text).text
    assert "\x00" not in mended
    assert mended.encode("utf-8").decode("utf-8") == mended
    assert mend(mended.removeprefix("\ufeff")).fault is None


@given(st.text(st.characters(exclude_categories=["Cs", "Co", "Cn"], exclude_characters="\x00\ufeff\ufffd")))
def test_utf8_text_stays_as_it_is(text: str) -> None:
    assert decode_text(text.encode()) == (text, None)
