"""Connections that a server cannot hold longer than its deadline, and that reach permitted addresses only."""

import io
import re
import socket
import ssl
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from newsbeam.transforms.polling.addresses import Resolver

_NUMERIC = re.compile(r"\d+\.\d+\.\d+\.\d+|[0-9a-fA-F.]*:[0-9a-fA-F:.]*")  # needs no lookup


class BlockedAddress(Exception):
    """A host name that leads to addresses which no fetch may connect to."""


class NameUnknown(Exception):
    """A host name that does not resolve."""


class NotConnected(Exception):
    """No address of the host takes a connection."""


class Deadline:
    """The time that a request may still take, and the rate at which its body must come.

    A read timeout alone is no deadline: a byte each half second keeps every client waiting for ever.
    """

    def __init__(
        self, monotonic: Callable[[], float], *, total: float, read: float, min_rate: float, grace: float
    ) -> None:
        self._monotonic = monotonic
        self.started = monotonic()
        self._end = self.started + total
        self._read = read
        self._min_rate = min_rate
        self._grace = grace
        self._received = 0

    def seconds(self) -> float:
        """Seconds since the request began."""
        return self._monotonic() - self.started

    def patience(self, most: float | None = None) -> float:
        """Seconds that the next operation may block. Raises TimeoutError where none are left."""
        left = self._end - self._monotonic()
        if left <= 0:
            raise TimeoutError("the deadline of the request passed")
        return min(left, self._read if most is None else most)

    def note(self, received: int) -> None:
        """Count bytes that came. Raises TimeoutError where they come too slowly."""
        self._received += received
        seconds = self.seconds()
        if seconds > self._grace and self._received < self._min_rate * (seconds - self._grace):
            raise TimeoutError(f"slower than {self._min_rate:.0f} bytes a second")


class _TimedReads(io.RawIOBase):
    """The reading side of a socket under a deadline: each read may block as long as the deadline leaves."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._deadline.patience())
        count = self._raw.readinto(buffer)
        self._deadline.note(count or 0)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class TimedSocket:
    """What http.client needs of a socket, under a deadline that covers status line, headers and body alike."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def makefile(self, mode: str, *_: Any, **__: Any) -> io.BufferedReader:
        """The reading side, buffered."""
        return io.BufferedReader(_TimedReads(self._sock, self._deadline))

    def sendall(self, data: bytes) -> None:
        """Send the request."""
        self._sock.settimeout(self._deadline.patience())
        self._sock.sendall(data)

    def settimeout(self, _: float | None) -> None:
        """Pass over: the deadline sets the timeout before each operation."""

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()


def _resolved(host: str, port: int, resolver: Resolver, deadline: Deadline) -> Sequence[tuple[int, tuple[object, ...]]]:
    """The addresses of a host, looked up in a thread of its own, because a lookup knows no timeout."""
    if _NUMERIC.fullmatch(host):
        return resolver(host, port)
    answers: SimpleQueue[Sequence[tuple[int, tuple[object, ...]]] | Exception] = SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(resolver(host, port))
        except Exception as error:
            answers.put(error)

    Thread(target=look_up, name="newsbeam-lookup", daemon=True).start()
    try:
        found = answers.get(timeout=deadline.patience())
    except Empty:
        raise TimeoutError(f"{host} did not resolve in time") from None
    if isinstance(found, OSError | UnicodeError):
        raise NameUnknown(f"{host}: {found}") from found
    if isinstance(found, Exception):
        raise found
    return found


def connect(
    host: str,
    port: int,
    *,
    deadline: Deadline,
    connect_seconds: float,
    resolver: Resolver,
    is_permitted: Callable[[str], bool],
    tls: ssl.SSLContext | None,
) -> TimedSocket:
    """A connection to the first address of the host that takes one; encrypted and verified where `tls` is given.

    What is checked is the address that is connected to, not a lookup before it, so a name that resolves to another
    address the second time gains nothing. Raises BlockedAddress, NameUnknown, NotConnected, TimeoutError and
    ssl.SSLError.
    """
    found = _resolved(host, port, resolver, deadline)
    refused = [str(address[0]) for _, address in found if not is_permitted(str(address[0]))]
    last: OSError | None = None
    for family, address in found:
        if str(address[0]) in refused:
            continue
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(deadline.patience(connect_seconds))
            sock.connect(address)
            if not is_permitted(str(sock.getpeername()[0])):
                raise BlockedAddress(f"{host} is at {sock.getpeername()[0]}")
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if tls is not None:
                sock.settimeout(deadline.patience())
                sock = tls.wrap_socket(sock, server_hostname=host.rstrip("."))
            return TimedSocket(sock, deadline)
        except ssl.SSLError:
            sock.close()
            raise
        except OSError as error:
            sock.close()
            last = error
        except BaseException:
            sock.close()
            raise
    if refused:
        raise BlockedAddress(f"{host} is at {', '.join(refused[:3])}")
    if isinstance(last, TimeoutError):
        raise last
    raise NotConnected(f"{host}:{port}: {last or 'no address'}")
