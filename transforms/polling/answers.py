"""What a fetch asks for, what it may cost, what it brings, and how its failures are named."""

import http.client
import ssl
from collections.abc import Mapping
from typing import NamedTuple

import urllib3
from urllib3.exceptions import HTTPError

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.polling.connections import BlockedAddress, NameUnknown, NotConnected
from newsbeam.transforms.polling.decoding import BadEncoding, Truncated

MIB = 1 << 20
#: Types that a feed may come in. Some servers answer an agent that names none with HTML.
ACCEPT_FEED = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, text/html;q=0.5, */*;q=0.1"
)
ACCEPT_PAGE = "text/html, application/xhtml+xml;q=0.9, text/plain;q=0.5, */*;q=0.1"


class Limits(NamedTuple):
    """What one fetch may cost."""

    body_bytes: int = 15 * MIB  # decoded
    total_seconds: float = 30.0  # over all redirects, from the first connection to the end of the body
    connect_seconds: float = 5.0
    read_seconds: float = 20.0  # without a byte
    min_bytes_a_second: float = 256.0
    grace_seconds: float = 10.0  # the rate counts from here
    redirects: int = 5
    keep_start: bool = False  # cut a longer body instead of refusing it


class Validators(NamedTuple):
    """What the server gave to ask for changes with, byte for byte."""

    etag: str | None = None
    last_modified: str | None = None


DEFAULT_LIMITS = Limits()
NO_VALIDATORS = Validators()


class Answer(NamedTuple):
    """What a server answered. `status` is None, and all else empty, where it answered nothing."""

    status: int | None
    url: str  # of the last hop
    permanent_url: str | None  # of the last hop, where every redirect on the way was a permanent one
    headers: Mapping[str, str]  # names in lower case; no cookies
    body: bytes
    bytes: int  # decoded bytes that were read, also where the body was refused
    seconds: float


class FetchFailed(BadRecord):
    """An answer that cannot be used, or none. `answer` holds what there is of it."""

    def __init__(self, reason: str, error: str, answer: Answer, *, origin: str) -> None:
        super().__init__("fetch", reason, error, origin=origin, key=answer.url, payload=answer.body[:200])
        self.answer = answer


def refusal_of(status: int | None, headers: Mapping[str, str]) -> str | None:
    """The reject reason of a status, None where the body is wanted."""
    if status in (200, 203, 304):
        return None
    if status in (401, 403, 451) or "cf-mitigated" in headers or "x-amzn-waf-action" in headers:
        return "blocked"
    if status in (204, 205):
        return "empty"
    if status is None or status < 400:
        return "protocol_error"
    return {410: "gone", 429: "rate_limited"}.get(status, "http_error")


def reason_of(error: Exception) -> str | None:
    """The reject reason of an exception of the network, None for a bug."""
    if isinstance(error, BlockedAddress):
        return "blocked_address"
    if isinstance(error, NameUnknown):
        return "dns_error"
    if isinstance(error, BadEncoding):
        return "bad_encoding"
    if isinstance(error, Truncated):
        return "truncated"
    chain = [error, error.__cause__, error.__context__]
    if any(isinstance(link, TimeoutError | urllib3.exceptions.TimeoutError) for link in chain):
        return "timeout"
    if isinstance(error, NotConnected):
        return "connect_error"
    if any(isinstance(link, ssl.SSLError | ssl.CertificateError) for link in chain):
        return "tls_error"
    if isinstance(error, HTTPError | http.client.HTTPException | OSError | ValueError):
        return "protocol_error"  # http.client parses status lines, lengths and chunks with bare int()
    return None


def text_of(error: Exception) -> str:
    """What happened: urllib3 wraps the cause in the address of its own object."""
    cause = error.__cause__ or error.__context__ if isinstance(error, HTTPError) else None
    return str(cause or error) or type(cause or error).__name__
