"""Servers on the loopback that behave as told, and the clients and clocks to ask them with."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest

from newsbeam.transforms.polling.addresses import is_permitted
from newsbeam.transforms.polling.answers import Limits
from newsbeam.transforms.polling.client import Client
from tests.transforms.polling.desk import Desk

PATIENT = Limits(total_seconds=60, read_seconds=30, connect_seconds=20, grace_seconds=60)  # the machine may be busy
QUICK = Limits(total_seconds=1.0, read_seconds=0.4, connect_seconds=0.5, grace_seconds=0.5)


class Request(NamedTuple):
    path: str
    headers: dict[str, str]
    raw: bytes
    at: int  # the test's clock


Handler = Callable[[socket.socket, Request], None]


class Server:
    """Answers each path by the handler under `pages`; keeps what it was asked in `log`."""

    def __init__(self, address: str = "127.0.0.1", now: Callable[[], int] = lambda: 0) -> None:
        self.pages: dict[str, Handler | bytes] = {}
        self.log: list[Request] = []
        self.now = now
        self.tls: ssl.SSLContext | None = None
        self.hung = threading.Event()  # set at the end: lets handlers that hang go
        outer = self

        class _Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                try:
                    outer._answer(self.request)
                except OSError:
                    pass

        class _Threads(socketserver.ThreadingMixIn, socketserver.TCPServer):
            daemon_threads = True
            block_on_close = False
            request_queue_size = 256
            allow_reuse_address = True

        self._server = _Threads((address, 0), _Handler)
        self.port = int(self._server.server_address[1])
        self.address = address
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Talk TLS from now on."""
        self.tls = context

    def _answer(self, conn: socket.socket) -> None:
        conn.settimeout(5)
        if self.tls is not None:
            with self.tls.wrap_socket(conn, server_side=True) as encrypted:
                self._talk(encrypted)
        else:
            self._talk(conn)

    def _talk(self, conn: socket.socket) -> None:
        raw = b""
        while b"\r\n\r\n" not in raw:
            more = conn.recv(65536)
            if not more:
                return
            raw += more
        first, *lines = raw.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
        path = first.split(" ")[1]
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        request = Request(path, headers, raw, self.now())
        self.log.append(request)
        page = self.pages.get(path, reply(404, body=b"no such page"))
        if isinstance(page, bytes):
            conn.sendall(page)
        else:
            page(conn, request)

    def url(self, path: str = "/") -> str:
        return f"http://{self.address}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [request.path for request in self.log]

    def close(self) -> None:
        self.hung.set()
        self._server.shutdown()
        self._server.server_close()


def reply(status: int = 200, headers: dict[str, str] | None = None, body: bytes = b"", length: bool = True) -> bytes:
    lines = [f"HTTP/1.1 {status} Whatever"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if length and "content-length" not in {name.lower() for name in headers or {}}:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


@pytest.fixture(name="reply", scope="session")
def _reply() -> Callable[..., bytes]:
    return reply


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as one:
        yield one


@contextmanager
def serving(address: str = "127.0.0.1", now: Callable[[], int] = lambda: 0) -> Iterator[Server]:
    one = Server(address, now)
    try:
        yield one
    finally:
        one.close()


@pytest.fixture(name="serving", scope="session")
def _serving() -> Any:
    return serving


@pytest.fixture(scope="session")
def client() -> Client:
    return Client(allow_private_networks=True)


@pytest.fixture(scope="session")
def patient() -> Limits:
    return PATIENT


@pytest.fixture(scope="session")
def quick() -> Limits:
    return QUICK


@pytest.fixture
def only_here() -> Client:
    """A client that takes 127.0.0.2 for a public address, and no other address of a private network."""
    return Client(permits=lambda ip: ip == "127.0.0.2" or is_permitted(ip))


@pytest.fixture
def desk(server: Server, client: Client, patient: Limits) -> Desk:
    return Desk(server, client, patient._replace(body_bytes=4 << 20))
