import bz2
import gzip
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.formats import compression
from newsbeam.transforms.formats.compression import open_stream, wide_encoding

Pack = Callable[[bytes], bytes]
PACKS: dict[str, Pack] = {"gzip": gzip.compress, "bz2": bz2.compress, "zstd": zstandard.compress}
NOISE = random.Random(7).randbytes(1_000_000)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file"


def _read(file: Path, data: bytes, start: int = 0) -> bytes:
    file.write_bytes(data)
    with open_stream(str(file), start) as stream:
        return stream.read_all(10**9)


@pytest.mark.parametrize("pack", PACKS.values(), ids=list(PACKS))
@pytest.mark.parametrize("data", [b"short", NOISE[:300_000], b"\0" * 3_000_000], ids=["short", "noise", "zeros"])
def test_what_was_packed_comes_back_from_any_offset(file: Path, pack: Pack, data: bytes) -> None:
    assert _read(file, pack(data)) == data
    assert _read(file, pack(data), 3) == data[3:]
    assert _read(file, pack(data[:2]) + pack(data[2:])) == data  # members one after the other
    assert _read(file, pack(pack(data))) == data
    assert _read(file, data, 4) == data[4:]


def test_zeros_after_the_last_member_are_padding(file: Path) -> None:
    assert _read(file, gzip.compress(b"text", mtime=0) + b"\0" * 1000) == b"text"


@pytest.mark.parametrize("pack", PACKS.values(), ids=list(PACKS))
def test_a_truncated_stream_gives_what_is_there_and_then_says_so(file: Path, pack: Pack) -> None:
    file.write_bytes(pack(NOISE)[:-5])
    got = b""
    with open_stream(str(file)) as stream, pytest.raises(BadRecord, match="truncated"):
        while True:
            got += stream.read()
    assert NOISE.startswith(got) and (len(got) > 0 or pack is bz2.compress)


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(b"text", mtime=0) + b"garbage",
        gzip.compress(b"text", mtime=0)[:-8] + b"\x01" * 8,
        bz2.compress(b"text")[:10] + b"x" * 40,
    ],
)
def test_a_damaged_stream_is_bad_encoding(file: Path, data: bytes) -> None:
    with pytest.raises(BadRecord, match="bad_encoding"):
        _read(file, data)


def test_a_bomb_is_stopped(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "FREE_BYTES", 1 << 20)
    with pytest.raises(BadRecord, match="too_large"):
        _read(file, zstandard.compress(b"\0" * 30_000_000))


def test_a_limit_is_kept(file: Path) -> None:
    file.write_bytes(gzip.compress(b"\0" * 5_000_000))
    with open_stream(str(file)) as stream, pytest.raises(BadRecord, match="too_large"):
        stream.read_all(1_000_000)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_wide_text_comes_as_utf8(file: Path, encoding: str) -> None:
    text = 'A café in Lomé: {"text": "€"}' * 20
    file.write_bytes(text.encode(encoding))
    assert _read(file, text.encode(encoding)).decode("utf-8-sig") == text
    with open_stream(str(file), as_utf8=False) as stream:
        assert stream.read_all(10_000) == text.encode(encoding)


@pytest.mark.parametrize("head", [b"", b"plain text of some length", b"\0" * 64, bytes(range(64)), b"\x00a" * 2])
def test_other_heads_are_not_wide(head: bytes) -> None:
    assert wide_encoding(head) is None


def test_a_file_that_cannot_be_opened_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(BadRecord, match="unreadable"):
        open_stream(str(tmp_path / "gone"))
