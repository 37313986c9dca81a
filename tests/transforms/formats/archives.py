"""WARC files made by hand."""

import gzip
from collections.abc import Callable

PARAGRAPH = "The governor of Lagos said on Tuesday that twelve people had died in a fire at a market in the city. "


def page(number: int) -> bytes:
    """A page with a date and enough text to be found."""
    head = f'<title>Fire {number}</title><meta property="article:published_time" content="2024-01-02T03:04:05Z">'
    body = f"<article><h1>Fire {number}</h1>" + f"<p>{PARAGRAPH * 3} It was fire {number}.</p>" * 2 + "</article>"
    return f"<!DOCTYPE html><html lang='en'><head>{head}</head><body>{body}</body></html>".encode()


def response(
    number: int, body: bytes | None = None, headers: str = "", kind: str = "text/html", status: int = 200
) -> bytes:
    """One response record."""
    body = page(number) if body is None else body
    http = f"HTTP/1.1 {status} OK\r\nContent-Type: {kind}\r\n{headers}\r\n".encode() + body
    return _record("response", number, http, "application/http; msgtype=response")


def warcinfo() -> bytes:
    """The record that archives begin with."""
    return _record("warcinfo", 0, b"software: none\r\n", "application/warc-fields")


def archive(records: list[bytes], pack: Callable[[bytes], bytes] = gzip.compress) -> bytes:
    """Records packed one by one, as archives are."""
    return b"".join(pack(record) for record in records)


def _record(kind: str, number: int, block: bytes, content_type: str) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://example.org/{number}\r\n"
        f"WARC-Date: 2024-01-03T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"
