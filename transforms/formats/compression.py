"""Decode gzip, bz2 and zstd, recognised by content, as a stream with limits."""

import bz2
import codecs
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import zstandard

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.formats.inputs import open_bytes, refusals

BLOCK_BYTES = 1 << 18
#: A stream that grows more than this, beyond the free part, is a bomb: gzip cannot, news in zstd does not.
MAX_RATIO = 2000
FREE_BYTES = 1 << 28
_ZSTD_BITE = 512  # one zstd block of 4 bytes can yield 128 KB: bites keep one step under 16 MB
_MAGIC = {b"\x1f\x8b": "gzip", b"BZh": "bz2", b"\x28\xb5\x2f\xfd": "zstd"}
MAX_LAYERS = 3  # a server compresses what was compressed already
_WIDE_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_WIDE_ZEROS = {
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
}


class Stream:
    """Decoded bytes of a file. Data before a fault is delivered first, then the fault is raised as BadRecord."""

    def __init__(self, blocks: Iterator[bytes], close: Callable[[], None] = lambda: None) -> None:
        """`close` is called when the stream is closed."""
        self._blocks = blocks
        self._buffer = b""
        self._fault: BadRecord | None = None
        self._is_done = False
        self._close = close
        self.offset = 0  # of the next byte that read() gives

    def peek(self, size: int) -> bytes:
        """The next bytes, at most `size`, without moving on. Fewer only at the end or before a fault."""
        parts = [self._buffer]
        have = len(self._buffer)
        while have < size and not self._is_done:
            try:
                block = next(self._blocks, None)
            except BadRecord as fault:
                self._fault, block = fault, None
            if block is None:
                self._is_done = True
            else:
                parts.append(block)
                have += len(block)
        self._buffer = b"".join(parts)
        return self._buffer[:size]

    def read(self, size: int = BLOCK_BYTES) -> bytes:
        """The next bytes, at most `size`; empty at the end. Raises BadRecord where the stream is damaged."""
        if not self._buffer:
            self.peek(1)
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        if not data and self._fault:
            raise self._fault
        self.offset += len(data)
        return data

    def read_all(self, limit: int) -> bytes:
        """Everything that is left. Raises BadRecord where it is over `limit` bytes or damaged."""
        parts = []
        have = 0
        while data := self.read():
            parts.append(data)
            have += len(data)
            if have > limit:
                raise BadRecord("read", "too_large", f"over {limit:,} bytes", payload=parts[0][:200])
        return b"".join(parts)

    def skip(self, size: int) -> None:
        """Move on by `size` bytes."""
        while size > 0 and (data := self.read(min(size, BLOCK_BYTES))):
            size -= len(data)

    def tell(self) -> int:
        """The offset in the decoded stream."""
        return self.offset

    def close(self) -> None:
        """Close the file under it."""
        self._close()

    def __enter__(self) -> "Stream":
        """The stream, to be closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the stream."""
        self.close()


def compression_of(head: bytes) -> str | None:
    """The name of the compression that a file's first bytes show: gzip, bz2, zstd or None."""
    return next((name for magic, name in _MAGIC.items() if head.startswith(magic)), None)


def wide_encoding(head: bytes) -> str | None:
    """UTF-16 or UTF-32 where a file begins with its mark, or with the zeros that Latin letters have in it."""
    for mark, encoding in _WIDE_MARKS:
        if head.startswith(mark):
            return encoding
    if len(head) < 8:
        return None
    zeros = [head[place::4].count(0) * 4 > 0.6 * len(head) for place in range(4)]
    return _WIDE_ZEROS.get((zeros[0], zeros[1], zeros[2], zeros[3]))


def open_stream(origin: str, start: int = 0, *, as_utf8: bool = True) -> Stream:
    """Open a file's decoded bytes from offset `start` of the decoded stream.

    UTF-16 and UTF-32 come as UTF-8, unless told not to. Raises BadRecord where the file cannot be opened.
    """
    file = open_bytes(origin)
    head = _read(file, 64, origin)
    if start and compression_of(head) is None and not wide_encoding(head) and file.seekable():
        file.seek(start)
        stream = Stream(_raw_blocks(file, b"", origin), file.close)
        stream.offset = start
        return stream
    stream = Stream(_raw_blocks(file, head, origin), file.close)
    for _ in range(MAX_LAYERS):
        name = compression_of(stream.peek(4))
        if name is None:
            break
        stream = Stream(_decoded(_blocks_of(stream), name, origin), file.close)
    encoding = wide_encoding(stream.peek(64)) if as_utf8 else None
    if encoding:
        stream = Stream(_as_utf8(stream, encoding), file.close)
    stream.skip(start)
    return stream


def _read(file: BinaryIO, size: int, origin: str) -> bytes:
    with refusals(origin):
        return file.read(size)


def _raw_blocks(file: BinaryIO, head: bytes, origin: str) -> Iterator[bytes]:
    if head:
        yield head
    while block := _read(file, BLOCK_BYTES, origin):
        yield block


def _blocks_of(stream: Stream) -> Iterator[bytes]:
    while block := stream.read():
        yield block


def _as_utf8(stream: Stream, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for block in _blocks_of(stream):
        yield decoder.decode(block).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _decoded(blocks: Iterator[bytes], name: str, origin: str) -> Iterator[bytes]:
    """Decode blocks: as many members as there are, zero padding after the last ignored."""
    taken = given = 0
    decoder: Any = None
    bite = _ZSTD_BITE if name == "zstd" else BLOCK_BYTES
    try:
        for block in blocks:
            taken += len(block)
            view = memoryview(block)
            for at in range(0, len(view), bite):
                data = bytes(view[at : at + bite])
                while data:
                    if decoder is None:
                        data = data.lstrip(b"\0")
                        if not data:
                            break
                        decoder = _decoder(name)
                    for out in _outputs(decoder, name, data):
                        given += len(out)
                        if given > FREE_BYTES and given > MAX_RATIO * taken:
                            raise BadRecord("read", "too_large", f"{name} grows {given // taken}-fold", origin=origin)
                        if out:
                            yield out
                    data = decoder.unused_data if decoder.eof else b""
                    decoder = None if decoder.eof else decoder
    except (zlib.error, OSError, EOFError, ValueError, zstandard.ZstdError) as error:
        raise BadRecord("read", "bad_encoding", f"damaged {name}: {error}", origin=origin) from error
    if decoder is not None:
        raise BadRecord(
            "read", "truncated", f"{name} ends after {given:,} decoded bytes, before its end", origin=origin
        )


def _decoder(name: str) -> Any:
    if name == "gzip":
        return zlib.decompressobj(zlib.MAX_WBITS | 16)
    if name == "bz2":
        return bz2.BZ2Decompressor()
    return zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()


def _outputs(decoder: Any, name: str, data: bytes) -> Iterator[bytes]:
    """What comes out of a decoder for some input, in bounded blocks, up to the end of the member."""
    if name == "zstd":
        yield decoder.decompress(data)
    elif name == "bz2":
        yield decoder.decompress(data, BLOCK_BYTES)
        while not decoder.eof and not decoder.needs_input:
            yield decoder.decompress(b"", BLOCK_BYTES)
    else:
        out = decoder.decompress(data, BLOCK_BYTES)
        yield out
        while not decoder.eof and (decoder.unconsumed_tail or len(out) == BLOCK_BYTES):
            out = decoder.decompress(decoder.unconsumed_tail, BLOCK_BYTES)
            yield out
