"""Read pages from WARC files, as Common Crawl's news archive is kept."""

import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple, cast

from fastwarc.warc import ArchiveIterator, WarcRecordType

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.feeds.dates import read_instant
from newsbeam.transforms.formats.compression import Stream, compression_of, open_stream
from newsbeam.transforms.formats.inputs import open_bytes

PAGE_BYTES = 10 * 2**20
_PROBE_BYTES = 1 << 20
_TEXTUAL = ("text/html", "application/xhtml+xml", "text/plain")


class WarcPage(NamedTuple):
    """One page of an archive, or what was wrong with it."""

    number: int  # of of the record in its piece
    url: str | None
    content_type: str | None
    fetched_at: int | None  # WARC-Date
    body: bytes
    fault: BadRecord | None


def offsets(origin: str) -> Iterator[tuple[int, int]]:
    """Where the pages of an archive lie: bytes of the file where each record is a gzip member, else of the stream."""
    with _source(origin, 0) as source:
        last = None
        for record in _records(source, parse_http=False):
            if last is not None:
                yield last, record.stream_pos
            last = record.stream_pos
        if last is not None:
            yield last, last + 1


def pages_of(origin: str, start: int, stop: int) -> Iterator[WarcPage]:
    """The pages of a part of an archive that `offsets` cut. Raises BadRecord where the archive is damaged."""
    with _source(origin, start) as source:
        for number, record in enumerate(_records(source, parse_http=True)):
            if 0 <= stop <= record.stream_pos:
                return
            yield _page(number, record)


def _page(number: int, record: Any) -> WarcPage:
    headers, http = record.headers, record.http_headers
    url = (headers.get("WARC-Target-URI") or "").strip("<>") or None
    kind = record.http_content_type if http else headers.get("Content-Type")
    charset = record.http_charset if http else None
    content_type = f"{kind}; charset={charset}" if kind and charset else kind
    fault = None
    body = b""
    status = http.status_code if http else 200
    if status == 200 and (kind is None or kind in _TEXTUAL):
        announced = record.content_length
        body = record.reader.read(PAGE_BYTES + 1)
        if len(body) > PAGE_BYTES:
            fault = BadRecord("read", "too_large", f"a page over {PAGE_BYTES:,} bytes", payload=body[:200])
        elif len(body) < announced:
            fault = BadRecord("read", "truncated", f"{len(body):,} of {announced:,} bytes", payload=body[:200])
        else:
            body = _plain(body, http)
    return WarcPage(number, url, content_type, read_instant(headers.get("WARC-Date")), body, fault)


def _plain(body: bytes, http: Any) -> bytes:
    """A body without chunks and compression, where the archive kept them."""
    if http and "chunked" in (http.get("Transfer-Encoding") or "").lower():
        body = _unchunked(body)
    if compression_of(body) == "gzip":
        decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
        body = decoder.decompress(body, PAGE_BYTES)
    return body


def _unchunked(body: bytes) -> bytes:
    """The body of chunks; itself where it has none, as archives often unchunk and keep the header."""
    parts: list[bytes] = []
    at = 0
    while (end := body.find(b"\r\n", at, at + 20)) >= 0:
        try:
            size = int(body[at:end].split(b";")[0], 16)
        except ValueError:
            return body if not parts else b"".join(parts)
        if size == 0:
            return b"".join(parts)
        parts.append(body[end + 2 : end + 2 + size])
        at = end + 4 + size
    return b"".join(parts) if parts else body


class _Raw:
    """The bytes of a file as stored, for an archive whose records are gzip members of their own."""

    def __init__(self, origin: str, start: int) -> None:
        self._file = open_bytes(origin)
        self._file.seek(start)

    def read(self, size: int) -> bytes:
        return self._file.read(size)

    def tell(self) -> int:
        return self._file.tell()

    def __enter__(self) -> "_Raw":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _source(origin: str, start: int) -> "Stream | _Raw":
    with open_bytes(origin) as file:
        head = file.read(_PROBE_BYTES)
    return _Raw(origin, start) if _is_by_member(head) else open_stream(origin, start)


def _is_by_member(head: bytes) -> bool:
    """Whether a file's first gzip member ends where its first record does: one can then start at any record."""
    if compression_of(head) != "gzip":
        return False
    decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        record = decoder.decompress(head, _PROBE_BYTES)
    except zlib.error:
        return False
    header, mark, rest = record.partition(b"\r\n\r\n")
    for line in header.split(b"\r\n"):
        if line.lower().startswith(b"content-length:") and decoder.eof and mark:
            return len(rest) == int(line.split(b":")[1]) + 4
    return False


def _records(source: "Stream | _Raw", *, parse_http: bool) -> Iterator[Any]:
    wanted = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    try:
        yield from ArchiveIterator(cast(BinaryIO, source), record_types=wanted, parse_http=parse_http)
    except OSError as error:
        reason = "bad_encoding" if "decompression" in str(error) else "bad_record"
        raise BadRecord("read", reason, f"damaged archive: {error}") from error
