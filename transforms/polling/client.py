"""Ask a server for one document, safely: bounded in time and size, at public addresses only."""

import os
import ssl
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from importlib.metadata import version
from urllib.parse import urljoin

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from newsbeam.transforms.polling.addresses import Resolver, is_permitted, resolve
from newsbeam.transforms.polling.answers import (
    ACCEPT_FEED,
    DEFAULT_LIMITS,
    NO_VALIDATORS,
    Answer,
    FetchFailed,
    Limits,
    Validators,
    reason_of,
    refusal_of,
    text_of,
)
from newsbeam.transforms.polling.connections import (
    Deadline,
    TimedSocket,
    connect,
)
from newsbeam.transforms.polling.decoding import ACCEPT_ENCODING, decoded, encodings_of

_PERMANENT = (301, 308)
_REDIRECTS = (300, 301, 302, 303, 307, 308)
_MAX_URL = 8192  # longer ones are refused by most servers
_READ = 1 << 16


def user_agent(contact: str = "") -> str:
    """The name that servers read in their logs: program, version, and whom to write to."""
    return f"newsbeam/{version('newsbeam')}" + (f" (+{contact})" if contact else "")


class Client:
    """Asks servers. Holds settings only, no connection and no cookie: threads may share one."""

    def __init__(
        self,
        *,
        agent: str = "",
        allow_private_networks: bool = False,
        resolver: Resolver = resolve,
        monotonic: Callable[[], float] = time.monotonic,
        permits: Callable[[str], bool] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._agent = agent or user_agent()
        self._resolver = resolver
        self._monotonic = monotonic
        self._permits = permits or (lambda ip: is_permitted(ip, allow_private_networks=allow_private_networks))
        self._tls = tls or _trusting_context()

    def fetch(
        self,
        url: str,
        *,
        accept: str = ACCEPT_FEED,
        validators: Validators = NO_VALIDATORS,
        limits: Limits = DEFAULT_LIMITS,
        media_types: Collection[str] = (),
    ) -> Answer:
        """The answer at `url`, after its redirects: status 200 or 203 with a body, or 304.

        Raises FetchFailed for everything else. With `media_types`, an answer of another type is refused before its
        body is read.
        """
        deadline = Deadline(
            self._monotonic,
            total=limits.total_seconds,
            read=limits.read_seconds,
            min_rate=limits.min_bytes_a_second,
            grace=limits.grace_seconds,
        )
        hop = _Hop(url, deadline)
        try:
            headers = _request_headers(self._agent, accept, validators)
            target = _parsed(url, "bad_record")
            is_permanent = True
            for count in range(limits.redirects + 1):
                hop.url = url if count == 0 else target.url
                with _Exchange(self, target, headers, deadline, limits) as response:
                    hop.status, hop.headers = response.status, _plain_headers(response)
                    if response.status not in _REDIRECTS:
                        hop.permanent_url = target.url if count and is_permanent else None
                        hop.judge(media_types, limits)
                        hop.read(response, limits)
                        return hop.answer()
                is_permanent = is_permanent and hop.status in _PERMANENT
                target = _next_hop(target, hop.headers)
            raise _Refused("bad_redirect", f"more than {limits.redirects} redirects")
        except _Refused as refused:
            raise FetchFailed(refused.reason, refused.error, hop.answer(), origin=url) from refused.__cause__
        except Exception as error:
            reason = reason_of(error)
            if reason is None:
                raise
            raise FetchFailed(reason, text_of(error), hop.answer(), origin=url) from error


class _Refused(Exception):
    def __init__(self, reason: str, error: str) -> None:
        super().__init__(reason, error)
        self.reason = reason
        self.error = error


class _Hop:
    """What is known of the fetch so far."""

    def __init__(self, url: str, deadline: Deadline) -> None:
        self.url = url
        self.status: int | None = None
        self.headers: dict[str, str] = {}
        self.permanent_url: str | None = None
        self._body = b""
        self._bytes = 0
        self._deadline = deadline

    def answer(self) -> Answer:
        seconds = self._deadline.seconds()
        return Answer(self.status, self.url, self.permanent_url, self.headers, self._body, self._bytes, seconds)

    def judge(self, media_types: Collection[str], limits: Limits) -> None:
        """Refuse by status and headers, before the body is read."""
        reason = refusal_of(self.status, self.headers)
        if reason is not None:
            raise _Refused(reason, f"status {self.status}")
        media_type = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if self.status != 304 and media_types and media_type and media_type not in media_types:
            raise _Refused("binary", f"media type {media_type[:100]}")
        length = self.headers.get("content-length", "")
        if length.isdecimal() and len(length) < 20 and int(length) > limits.body_bytes and not limits.keep_start:
            raise _Refused("too_large", f"{length} bytes announced, {limits.body_bytes} allowed")

    def read(self, response: urllib3.BaseHTTPResponse, limits: Limits) -> None:
        """Read and decode the body, within its limits."""
        if self.status == 304:
            return
        encodings = encodings_of(self.headers.get("content-encoding", ""))
        pieces = bytearray()
        for piece in decoded(_raw(response), encodings):
            pieces += piece
            self._bytes = len(pieces)
            if self._bytes > limits.body_bytes:
                if not limits.keep_start:
                    raise _Refused("too_large", f"more than {limits.body_bytes} bytes")
                del pieces[limits.body_bytes :]
                break
        self._body = bytes(pieces)


class _Exchange:
    """One request and its response; the connection ends with it."""

    def __init__(
        self, client: Client, target: Url, headers: Mapping[str, str], deadline: Deadline, limits: Limits
    ) -> None:
        is_tls = target.scheme == "https"
        host = (target.host or "").strip("[]")
        port = target.port or (443 if is_tls else 80)
        self._sock: TimedSocket = connect(
            host,
            port,
            deadline=deadline,
            connect_seconds=limits.connect_seconds,
            resolver=client._resolver,
            is_permitted=client._permits,
            tls=client._tls if is_tls else None,
        )
        self._connection = HTTPSConnection(host, port) if is_tls else HTTPConnection(host, port)
        self._connection.sock = self._sock  # the part of a socket that http.client uses
        self._target = target.request_uri
        self._headers = headers
        self._response: urllib3.BaseHTTPResponse | None = None

    def __enter__(self) -> urllib3.BaseHTTPResponse:
        try:
            self._connection.request(
                "GET", self._target, headers=self._headers, preload_content=False, decode_content=False
            )
            self._response = self._connection.getresponse()
        except BaseException:
            self.__exit__()
            raise
        return self._response

    def __exit__(self, *_: object) -> None:
        # nothing more is read: closing a response would drain a body without end
        self._sock.close()
        self._connection.close()
        if self._response is not None:
            self._response.close()


def _raw(response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    return response.stream(_READ, decode_content=False)


def _request_headers(agent: str, accept: str, validators: Validators) -> dict[str, str]:
    headers = {"User-Agent": agent, "Accept": accept, "Accept-Encoding": ACCEPT_ENCODING, "Connection": "close"}
    if validators.etag:
        headers["If-None-Match"] = validators.etag
    if validators.last_modified:
        headers["If-Modified-Since"] = validators.last_modified
    return headers


def _plain_headers(response: urllib3.BaseHTTPResponse) -> dict[str, str]:
    return {name.lower(): response.headers[name] for name in response.headers if name.lower() != "set-cookie"}


def _parsed(url: str, reason: str) -> Url:
    """The address, percent-encoded and with an ASCII host. Raises _Refused."""
    try:
        target = parse_url(url.strip())
        if target.scheme in ("http", "https") and target.host and len(url) <= _MAX_URL:
            return target._replace(auth=None, fragment=None)
    except (LocationParseError, ValueError) as error:
        raise _Refused(reason, f"no address: {url[:200]!r}") from error
    raise _Refused(reason, f"an address must be http(s)://host…, was {url[:200]!r}")


def _next_hop(target: Url, headers: Mapping[str, str]) -> Url:
    location = headers.get("location", "").strip()
    if not location or not location.isascii():
        raise _Refused("bad_redirect", f"Location must be an address, was {location[:200]!r}")
    try:
        joined = urljoin(target.url, location)
    except ValueError as error:
        raise _Refused("bad_redirect", f"Location {location[:200]!r}: {error}") from error
    return _parsed(joined, "bad_redirect")


def _trusting_context() -> ssl.SSLContext:
    """A context that verifies by the system's authorities, or by certifi's where the system (a slim image) has none."""
    paths = ssl.get_default_verify_paths()
    has_own = bool(paths.cafile) or bool(paths.capath and os.path.isdir(paths.capath) and os.listdir(paths.capath))
    if has_own:
        return ssl.create_default_context()
    import certifi

    return ssl.create_default_context(cafile=certifi.where())
