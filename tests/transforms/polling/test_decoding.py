import gzip
from collections.abc import Iterator

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbeam.transforms.polling.decoding import PIECE, BadEncoding, Truncated, decoded, encodings_of

BODY = b"".join(b"<item>%d</item>" % n for n in range(20_000))


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


@given(body=st.binary(max_size=3000), size=st.integers(1, 4000))
def test_what_was_encoded_comes_back(body: bytes, size: int) -> None:
    assert b"".join(decoded(_pieces(gzip.compress(body), size), ["gzip"])) == body
    assert b"".join(decoded(_pieces(brotli.compress(body), size), ["br"])) == body
    both = brotli.compress(gzip.compress(body))
    assert b"".join(decoded(_pieces(both, size), ["gzip", "br"])) == body


@pytest.mark.parametrize("size", [1000, PIECE, 1 << 20])
@pytest.mark.parametrize("encode, name", [(gzip.compress, "gzip"), (brotli.compress, "br")])
def test_pieces_are_bounded(encode: object, name: str, size: int) -> None:
    pieces = list(decoded(_pieces(encode(b"\0" * 3_000_000), size), [name]))  # type: ignore[operator]
    assert sum(map(len, pieces)) == 3_000_000
    assert max(map(len, pieces)) <= 2 * PIECE


@pytest.mark.parametrize("encode, name", [(gzip.compress, "gzip"), (brotli.compress, "br")])
@pytest.mark.parametrize("cut", [1, 5, 100, 1000, -1, -9])
def test_a_cut_stream_is_truncated(encode: object, name: str, cut: int) -> None:
    with pytest.raises(Truncated):
        list(decoded(_pieces(encode(BODY)[:cut], 256), [name]))  # type: ignore[operator]


def test_members_follow_each_other_and_padding_is_passed_over() -> None:
    two = gzip.compress(b"one") + gzip.compress(b"two")
    assert b"".join(decoded(_pieces(two, 7), ["gzip"])) == b"onetwo"
    assert b"".join(decoded(_pieces(two + b"\0" * 100, 7), ["gzip"])) == b"onetwo"
    assert b"".join(decoded(_pieces(two + b"garbage", 1000), ["gzip"])) == b"onetwo"


@pytest.mark.parametrize("name", ["gzip", "br"])
def test_plain_bytes_are_no_encoding(name: str) -> None:
    with pytest.raises(BadEncoding):
        list(decoded(iter([b"<rss>plain</rss>" * 10]), [name]))


@pytest.mark.parametrize("name", ["gzip", "br"])
def test_an_empty_body_needs_no_decoding(name: str) -> None:
    assert list(decoded(iter([b""]), [name])) == []
    assert list(decoded(iter([]), [name])) == []


@pytest.mark.parametrize(
    "header, expected",
    [
        ("", []),
        ("identity", []),
        ("gzip", ["gzip"]),
        ("X-GZip", ["gzip"]),
        ("gzip, br", ["gzip", "br"]),
        ("br", ["br"]),
    ],
)
def test_known_encodings(header: str, expected: list[str]) -> None:
    assert encodings_of(header) == expected


@pytest.mark.parametrize(
    "header", ["zstd", "compress", "deflate", "gzip, gzip", "gzip, x-gzip", ", ".join(["gzip"] * 50)]
)
def test_encodings_that_nobody_asked_for_are_refused(header: str) -> None:
    with pytest.raises(BadEncoding):
        encodings_of(header)
