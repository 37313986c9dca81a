"""Feeds on the loopback that grow while they are watched, and a stream that watches them."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import duckdb

from newsbeam.pipeline.runners import prism_binary
from tests.bench.trees import descendants

_PLACES = ("Mosul", "Kano", "Goma", "Aleppo", "Kabul", "Gaza", "Kyiv", "Manila")
_LISTED = 200  # entries that a feed still names


class Feeds:
    """`hosts` feeds, each on a port, so a host, of its own, each with a new entry every `seconds`.

    Those of `odd` answer with a body of their own, or with None hang: they accept, and say nothing until the end.
    """

    def __init__(self, hosts: int, seconds: float, odd: Sequence[bytes | None] = ()) -> None:
        self._seconds = seconds
        self._closed = threading.Event()
        self._begin = time.time()
        self._end: float | None = None
        self._servers = [self._serve(number) for number in range(hosts)]
        self._odd = [self._serve_always(body) for body in odd]
        self.urls = [f"http://127.0.0.1:{server.server_address[1]}/feed" for server in [*self._servers, *self._odd]]

    def freeze(self) -> None:
        """Let nothing new appear from now on."""
        self._end = time.time()

    def entries(self) -> set[str]:
        """The ids of all entries that were published."""
        return {self._id(host, n) for host in range(len(self._servers)) for n in range(self._count(host))}

    def close(self) -> None:
        self._closed.set()
        for server in [*self._servers, *self._odd]:
            server.shutdown()
            server.server_close()

    def _published(self, host: int, number: int) -> float:
        return self._begin + self._seconds * (number + host / max(1, len(self._servers)))

    def _count(self, host: int) -> int:
        now = self._end or time.time()
        return max(0, int((now - self._begin) / self._seconds - host / max(1, len(self._servers))) + 1)

    def _id(self, host: int, number: int) -> str:
        return f"host-{host}-entry-{number}"

    def _body(self, host: int) -> bytes:
        count = self._count(host)
        items = "".join(
            f'<item><title>Report {n} of district {host}</title><guid isPermaLink="false">{self._id(host, n)}</guid>'
            f"<pubDate>{formatdate(self._published(host, n))}</pubDate><description>A bomb killed {n % 90 + 2} people "
            f"at a market in {_PLACES[(host + n) % 8]} on Monday, police of district {host} said in statement number "
            f"{n}.</description></item>"
            for n in reversed(range(max(0, count - _LISTED), count))
        )
        return f'<rss version="2.0"><channel><title>District {host}</title>{items}</channel></rss>'.encode()

    def _serve(self, host: int) -> ThreadingHTTPServer:
        return _serve(lambda: self._body(host))

    def _serve_always(self, body: bytes | None) -> ThreadingHTTPServer:
        return _serve(lambda: body if body is not None else self._hang())

    def _hang(self) -> bytes:
        self._closed.wait()
        return b""


def _serve(body_now: Callable[[], bytes]) -> ThreadingHTTPServer:
    class _Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802
            body = body_now()
            with suppress(ConnectionError):  # the client may have gone
                self.send_response(200)
                self.send_header("Content-Type", "application/rss+xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def feed_of(*items: str) -> bytes:
    """The body of a feed that has these items."""
    return f'<rss version="2.0"><channel><title>Odd</title>{"".join(items)}</channel></rss>'.encode()


class Stream:
    """`newsbeam run … --streaming` in a process of its own."""

    _started: ClassVar[list["Stream"]] = []

    def __init__(self, urls: Sequence[str], lake: Path, log: Path, *flags: object) -> None:
        feeds = log.with_suffix(".feeds.txt")
        feeds.write_text("\n".join(urls) + "\n")
        command = [sys.executable, "-m", "newsbeam.pipeline.cli", "run", feeds, "--lake", lake, "--streaming"]
        environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [*map(str, command), "--allow_private_networks", *map(str, flags)], env=environment,
                stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        self._started.append(self)

    @classmethod
    def end_all(cls) -> None:
        """Leave none behind, whatever became of a test."""
        while cls._started:
            cls._started.pop().kill()

    def drain(self, timeout: float = 120) -> int:
        """SIGTERM, and the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout)

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def runners(self) -> list[int]:
        """Process ids of the Prism that it started."""
        found = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                name, _, rest = path.read_text().rpartition(")")
            except OSError:  # it ended meanwhile
                continue
            session = int(rest.split()[3])
            if name.endswith("(prism") and self._starts(session):
                found.append(int(path.parent.name))
        return found

    def readers(self) -> list[int]:
        """Process ids of those that read facts for it."""
        found = []
        for process in descendants(self.process.pid):
            with suppress(OSError):  # it ended meanwhile
                if b"extraction.child" in Path(f"/proc/{process}/cmdline").read_bytes():
                    found.append(process)
        return found

    def _starts(self, session: int) -> bool:
        try:
            stat = Path(f"/proc/{session}/stat").read_text()
        except OSError:
            return False
        return int(stat.rpartition(")")[2].split()[1]) == self.process.pid


@contextmanager
def growing(hosts: int, seconds: float, odd: Sequence[bytes | None] = ()) -> Iterator[Feeds]:
    """Feeds that are closed at the end, with all streams."""
    feeds = Feeds(hosts, seconds, odd)
    try:
        yield feeds
    finally:
        Stream.end_all()
        feeds.close()


def entries_in(lake: Path) -> list[str]:
    """The ids of the entries whose articles a reader of the lake sees, in order, repeated where they are doubled."""
    for _ in range(20):
        if not (lake / "catalog.duckdb").exists():
            return []
        try:
            connection = duckdb.connect(str(lake / "catalog.duckdb"), read_only=True)
        except duckdb.IOException:  # it is being replaced
            time.sleep(0.05)
            continue
        try:
            return sorted(row[0] for row in connection.execute("select entry_id from articles").fetchall())
        finally:
            connection.close()
    raise TimeoutError(f"{lake} could not be opened")


def wait_for(condition: Any, seconds: float = 90) -> None:
    """Wait until it holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(0.2)


def why_no_prism() -> str | None:
    """Why streams cannot run here; None where they can, and in CI, where they must."""
    return None if prism_binary() or os.environ.get("CI") == "true" else "no prism binary: sh deploy/prism.sh"
