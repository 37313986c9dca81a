"""Undo the content encodings of an HTTP body, piece by piece, so that a bomb can be stopped."""

import zlib
from collections.abc import Callable, Iterator

import brotli  # type: ignore[import-untyped]  # ships no types

PIECE = 1 << 16  # decoded bytes at a time: what a bomb can expand to before the caller's limit is asked
MAX_ENCODINGS = 2

#: What we ask for. Only what can be decoded within a bound; zstd is not asked for, so that an answer in it is an error.
ACCEPT_ENCODING = "gzip, br"


class BadEncoding(Exception):
    """An encoding that was not asked for, or bytes that are not in the encoding that the server names."""


class Truncated(Exception):
    """The encoded stream ends before its own end mark."""


def encodings_of(header: str) -> list[str]:
    """The encodings that a Content-Encoding header names, in the order in which they were applied.

    Raises BadEncoding for an unknown one, for the same one twice, and for more than two.
    """
    names = [name.strip().lower() for name in header.split(",")]
    names = ["gzip" if name == "x-gzip" else name for name in names if name not in ("", "identity")]
    unknown = [name for name in names if name not in _DECODERS]
    if unknown or len(names) > MAX_ENCODINGS or len(set(names)) < len(names):
        raise BadEncoding(f"Content-Encoding must be gzip or br, each once, was {header[:80]!r}")
    return names


def decoded(chunks: Iterator[bytes], encodings: list[str]) -> Iterator[bytes]:
    """The decoded body, in pieces of at most PIECE bytes where it is encoded.

    Raises BadEncoding, or Truncated where the encoded stream has no end.
    """
    for name in reversed(encodings):
        chunks = _DECODERS[name](chunks)
    return chunks


def gunzip(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Decode gzip of one or more members. What follows the last member and is no member is passed over."""
    member = zlib.decompressobj(31)
    is_started, whole_members, member_bytes = False, 0, 0
    for chunk in chunks:
        is_started = is_started or bool(chunk)
        while chunk:
            if member.eof:
                whole_members, member_bytes = whole_members + 1, 0
                member = zlib.decompressobj(31)
            try:
                piece = member.decompress(chunk, PIECE)
            except zlib.error as error:
                if whole_members and not member_bytes:
                    return  # padding: other clients take it too
                raise BadEncoding(f"not gzip: {error}") from error
            member_bytes += len(piece)
            chunk = member.unconsumed_tail or member.unused_data
            if piece:
                yield piece
    while not member.eof and is_started:
        try:
            piece = member.decompress(b"", PIECE)
        except zlib.error as error:  # no test reaches it: zlib keeps no undecoded input here
            raise BadEncoding(f"not gzip: {error}") from error
        if not piece:
            if whole_members and not member_bytes:
                return
            raise Truncated("the gzip stream has no end")
        yield piece


def unbrotli(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Decode brotli."""
    stream = brotli.Decompressor()
    is_started = False
    try:
        for chunk in chunks:
            if chunk and stream.is_finished():
                return
            is_started = is_started or bool(chunk)
            piece = stream.process(chunk, output_buffer_limit=PIECE)
            while piece or not (stream.can_accept_more_data() or stream.is_finished()):
                yield piece
                piece = stream.process(b"", output_buffer_limit=PIECE)  # it accepts more while output is pending
    except brotli.error as error:
        raise BadEncoding(f"not brotli: {error}") from error
    if is_started and not stream.is_finished():
        raise Truncated("the brotli stream has no end")


_DECODERS: dict[str, Callable[[Iterator[bytes]], Iterator[bytes]]] = {"gzip": gunzip, "br": unbrotli}
