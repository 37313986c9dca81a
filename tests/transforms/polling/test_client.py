"""The faults of research on feeds that lie between socket and body, each with what a fetch makes of it."""

import gzip
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any

import brotli
import psutil
import pytest

from newsbeam.transforms.polling.answers import Answer, FetchFailed, Limits, Validators
from newsbeam.transforms.polling.client import Client, user_agent

FEED = b"<rss><channel><title>T</title></channel></rss>"
PLAIN = b"HTTP/1.1 200 OK\r\n\r\n"
GZIP = {"Content-Encoding": "gzip"}
Reply = Callable[..., bytes]


def short(value: object) -> str:
    """The name of a case, without its kilobytes."""
    return " ".join(re.findall(r"[a-z0-9/:.]+", repr(value).split(" at 0x")[0][:60], re.IGNORECASE))[:40]


def _reason(client: Client, url: str, limits: Limits, **more: Any) -> str:
    with pytest.raises(FetchFailed) as caught:
        client.fetch(url, limits=limits, **more)
    assert caught.value.stage == "fetch"
    return caught.value.reason


def test_a_good_answer(server: Any, client: Client, reply: Reply) -> None:
    server.pages["/feed?a=1"] = reply(
        headers={"ETag": 'W/"x"', "Set-Cookie": "a=b", "Content-Type": "text/xml"}, body=FEED
    )
    answer = client.fetch(server.url("/feed?a=1#top"))
    assert answer[:3] == (200, server.url("/feed?a=1#top"), None)
    assert (answer.body, answer.bytes) == (FEED, len(FEED))
    assert dict(answer.headers) == {"etag": 'W/"x"', "content-type": "text/xml", "content-length": "46"}


def test_what_a_request_says(server: Any, reply: Reply) -> None:
    server.pages["/"] = reply(304, {"ETag": '"new"'})
    client = Client(agent=user_agent("https://example.org/bot"), allow_private_networks=True)
    answer = client.fetch(server.url(), accept="text/xml", validators=Validators('W/"a\xe9"', "Sat, 01 Jan 2000"))
    assert (answer.status, answer.headers["etag"]) == (304, '"new"')
    headers = server.log[0].headers
    assert headers.pop("user-agent").startswith("newsbeam/") and headers.pop("host") == f"127.0.0.1:{server.port}"
    assert headers == {
        "accept": "text/xml",
        "accept-encoding": "gzip, br",
        "connection": "close",
        "if-none-match": 'W/"a\xe9"',
        "if-modified-since": "Sat, 01 Jan 2000",
    }


def test_the_agent_names_program_and_contact() -> None:
    assert user_agent("mailto:desk@example.org").endswith(" (+mailto:desk@example.org)")
    assert user_agent() == user_agent("")


def _drip(before: bytes, piece: bytes, pause: float) -> Callable[..., None]:
    def handle(conn: socket.socket, _: object) -> None:
        conn.sendall(before)
        for _ in range(200):
            conn.sendall(piece)
            time.sleep(pause)

    return handle


@pytest.mark.parametrize(
    "page",
    [
        _drip(PLAIN, b"x", 0.05),  # 1: a byte now and then
        _drip(b"", b"", 0.05),  # 2: accepts, never answers
        _drip(b"HTTP/1.1 200 OK\r\n", b"X", 0.05),  # 2: headers that never end
        _drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", 0.05),
    ],
    ids=short,
)
def test_a_slow_server_meets_its_deadline(server: Any, client: Client, quick: Limits, page: Any) -> None:
    server.pages["/"] = page
    with pytest.raises(FetchFailed) as caught:
        client.fetch(server.url(), limits=quick)
    assert caught.value.reason == "timeout"
    assert caught.value.answer.seconds < 2


def test_a_slow_body_is_given_up_before_the_deadline(server: Any, client: Client) -> None:
    server.pages["/"] = _drip(PLAIN, b"x", 0.02)
    limits = Limits(total_seconds=30, grace_seconds=0.3, min_bytes_a_second=1000)
    with pytest.raises(FetchFailed, match="slower than"):
        client.fetch(server.url(), limits=limits)


def _endless(head: bytes) -> Callable[..., None]:
    def handle(conn: socket.socket, _: object) -> None:
        conn.sendall(head)
        while True:
            conn.sendall(b"x" * 65536)

    return handle


def _growth(work: Callable[[], object]) -> int:
    process, peak, done = psutil.Process(), [0], threading.Event()
    before = process.memory_info().rss

    def watch() -> None:
        while not done.wait(0.005):
            peak[0] = max(peak[0], process.memory_info().rss - before)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        work()
    finally:
        done.set()
        watcher.join()
    return peak[0]


def _bomb(name: str, encoded: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Encoding: %b\r\nContent-Length: %d\r\n\r\n%b" % (
        name.encode(),
        len(encoded),
        encoded,
    )


@pytest.mark.parametrize(
    "page",
    [
        lambda: _endless(PLAIN),  # 3
        lambda: b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n",  # 4
        lambda: _bomb("gzip", gzip.compress(b"\0" * 300_000_000, 1)),  # 5
        lambda: _bomb("br", brotli.compress(b"\0" * 100_000_000, quality=2)),
    ],
    ids=["endless", "announced", "gzip", "brotli"],
)
def test_what_is_too_large_is_stopped(server: Any, client: Client, page: Callable[[], Any]) -> None:
    server.pages["/"] = page()
    growth = _growth(lambda: _reason(client, server.url(), Limits()) == "too_large" or pytest.fail("not too_large"))
    assert growth < 64 << 20


def test_the_start_of_what_is_too_large_can_be_kept(server: Any, client: Client, reply: Reply) -> None:
    server.pages["/"] = reply(headers={"Content-Length": "1000000"}, body=b"y" * 1_000_000)
    answer = client.fetch(server.url(), limits=Limits(body_bytes=500, keep_start=True))
    assert answer.body == b"y" * 500


@pytest.mark.parametrize(
    "headers, body, reason",
    [
        ({"Content-Encoding": "gzip, gzip"}, gzip.compress(gzip.compress(FEED, mtime=0), mtime=0), "bad_encoding"),  # 6
        ({"Content-Encoding": ", ".join(["gzip"] * 50)}, FEED, "bad_encoding"),
        (GZIP, gzip.compress(FEED * 50, mtime=0)[:60], "truncated"),  # 7
        (GZIP, gzip.compress(FEED, mtime=0)[:-4], "truncated"),
        (GZIP, FEED, "bad_encoding"),  # 8
        ({"Content-Encoding": "zstd"}, b"(\xb5/\xfd", "bad_encoding"),  # 9
        ({"Content-Encoding": "rot13"}, FEED, "bad_encoding"),
        ({"Transfer-Encoding": "chunked"}, b"zz\r\nabc\r\n0\r\n\r\n", "protocol_error"),  # 31
        ({"Transfer-Encoding": "chunked"}, b"ff\r\nabc", "protocol_error"),
        ({"Content-Length": "1000"}, FEED, "protocol_error"),
        ({"X-Long": "x" * 300_000}, FEED, "protocol_error"),  # 32
        ({f"X-{n}": "x" for n in range(2000)}, FEED, "protocol_error"),
    ],
    ids=short,
)
def test_broken_bodies_and_headers(
    server: Any, client: Client, patient: Limits, reply: Reply, headers: dict[str, str], body: bytes, reason: str
) -> None:
    server.pages["/"] = reply(headers=headers, body=body, length="Transfer-Encoding" not in headers)
    assert _reason(client, server.url(), patient) == reason


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"garbage\r\n\r\n",
        b"HTTP/1.1 xyz OK\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 99999 X\r\n\r\n",
        b"\0" * 100,
    ],
    ids=short,
)
def test_what_is_no_http(server: Any, client: Client, patient: Limits, raw: bytes) -> None:
    server.pages["/"] = raw
    assert _reason(client, server.url(), patient) == "protocol_error"


def test_good_encodings_and_old_http(server: Any, client: Client, reply: Reply) -> None:
    server.pages["/gzip"] = reply(headers=GZIP, body=gzip.compress(FEED, mtime=0))
    server.pages["/both"] = reply(
        headers={"Content-Encoding": "gzip, br"}, body=brotli.compress(gzip.compress(FEED, mtime=0))
    )
    server.pages["/old"] = b"HTTP/1.0 200 OK\r\n\r\n" + FEED  # 46
    server.pages["/chunks"] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"%x\r\n%b\r\n0\r\n\r\n" % (
        len(FEED),
        FEED,
    )
    assert [client.fetch(server.url(path)).body for path in ("/gzip", "/both", "/old", "/chunks")] == [FEED] * 4


@pytest.mark.parametrize(
    "status, headers, reason",
    [
        (401, {}, "blocked"), (403, {}, "blocked"), (451, {}, "blocked"), (404, {}, "http_error"),
        (500, {}, "http_error"),
        (503, {}, "http_error"), (503, {"cf-mitigated": "challenge"}, "blocked"), (429, {}, "rate_limited"),
        (410, {}, "gone"), (204, {}, "empty"), (202, {"x-amzn-waf-action": "challenge"}, "blocked"),
        (206, {}, "protocol_error"), (302, {}, "bad_redirect"), (304, {}, ""),
    ],
)  # fmt: skip
def test_statuses(
    server: Any, client: Client, patient: Limits, reply: Reply, status: int, headers: dict[str, str], reason: str
) -> None:
    server.pages["/"] = reply(status, headers)
    if not reason:
        assert client.fetch(server.url(), limits=patient).status == status
        return
    with pytest.raises(FetchFailed) as caught:
        client.fetch(server.url(), limits=patient)
    assert (caught.value.reason, caught.value.answer.status) == (reason, status)


def _redirects(server: Any, reply: Reply, *steps: tuple[str, int, str]) -> None:
    for path, status, target in steps:
        server.pages[path] = reply(status, {"Location": target})


def test_redirects_are_followed_and_told_apart(server: Any, client: Client, reply: Reply) -> None:
    server.pages["/end"] = reply(body=FEED)
    _redirects(server, reply, ("/a", 301, "/b"), ("/b", 308, "end"), ("/c", 301, "/d"), ("/d", 302, server.url("/end")))
    assert client.fetch(server.url("/a")).permanent_url == server.url("/end")
    answer = client.fetch(server.url("/c"))
    assert (answer.url, answer.permanent_url) == (server.url("/end"), None)
    assert all("referer" not in request.headers and "cookie" not in request.headers for request in server.log)


def test_a_loop_of_redirects_ends(server: Any, client: Client, patient: Limits, reply: Reply) -> None:
    _redirects(server, reply, ("/a", 301, "/b"), ("/b", 301, "/a"))
    assert _reason(client, server.url("/a"), patient) == "bad_redirect"  # 16
    assert server.paths() == ["/a", "/b", "/a", "/b", "/a", "/b"]


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/hostname", "ftp://127.0.0.1/x", "data:text/xml,<rss/>", "javascript:alert(1)",  # 17
        "", "http://[::1/", "/caf\xe9", "http://a b/", "gopher://x/", "http://x:99999/",  # 20
    ],
)  # fmt: skip
def test_redirects_into_nowhere(server: Any, client: Client, patient: Limits, reply: Reply, target: str) -> None:
    _redirects(server, reply, ("/", 302, target))
    assert _reason(client, server.url(), patient) == "bad_redirect"
    assert len(server.log) == 1


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254",
        "127.0.0.1",
        "10.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0x7f000001",
        "2130706433",
        "localhost",
        "0.0.0.0",
    ],
)
def test_no_redirect_leads_into_the_own_network(
    serving: Any, only_here: Client, patient: Limits, reply: Reply, host: str
) -> None:
    with serving("127.0.0.2") as outside, serving("127.0.0.1") as inside:
        _redirects(outside, reply, ("/", 302, f"http://{host}:{inside.port}/secret"))
        assert _reason(only_here, outside.url(), patient) == "blocked_address"  # 18
        assert (len(outside.log), inside.log) == (1, [])


def test_a_private_address_is_refused_by_default(server: Any, patient: Limits) -> None:
    assert _reason(Client(), server.url(), patient) == "blocked_address"
    assert server.log == []


def test_a_name_that_turns_private_is_refused_when_connecting(serving: Any, patient: Limits, reply: Reply) -> None:
    turns = iter([["127.0.0.2"], ["127.0.0.1"], ["127.0.0.9", "127.0.0.1"]])  # 19
    client = Client(
        resolver=lambda host, port: [(socket.AF_INET, (ip, port)) for ip in next(turns)],
        permits=lambda ip: ip in ("127.0.0.2", "127.0.0.9"),
    )
    with serving("127.0.0.2") as server:
        server.pages["/"] = reply(body=FEED)
        url = f"http://news.example:{server.port}/"
        assert client.fetch(url, limits=patient).body == FEED
        assert _reason(client, url, patient) == "blocked_address"
        assert _reason(client, url, patient) == "blocked_address"
        assert len(server.log) == 1


@pytest.mark.parametrize(
    "url, reason",
    [
        ("http://nowhere.invalid/", "dns_error"), ("http://127.0.0.1:1/", "connect_error"), ("ftp://x/", "bad_record"),
        ("file:///etc/hostname", "bad_record"), ("", "bad_record"), ("http://[::1/", "bad_record"),
        ("/etc/hostname", "bad_record"),
        ("http://127.0.0.1/" + "x" * 10_000, "bad_record"), ("http://" + "a" * 80 + ".example/", "dns_error"),
    ], ids=short)  # fmt: skip
def test_addresses_that_lead_nowhere(patient: Limits, url: str, reason: str) -> None:
    def no_such_name(host: str, port: int) -> Any:
        if host == "127.0.0.1":
            return [(socket.AF_INET, (host, port))]
        raise socket.gaierror("no such name")

    assert _reason(Client(allow_private_networks=True, resolver=no_such_name), url, patient) == reason


def test_a_host_without_tls_is_no_trusted_one(server: Any, client: Client, quick: Limits, reply: Reply) -> None:
    server.pages["/"] = reply(body=FEED)
    assert _reason(client, server.url().replace("http:", "https:"), quick) in ("tls_error", "timeout", "protocol_error")


def test_a_lookup_that_hangs_meets_the_deadline(quick: Limits) -> None:
    def hang(host: str, port: int) -> Any:
        time.sleep(3)

    assert _reason(Client(resolver=hang), "http://slow.example/", quick) == "timeout"


def test_media_types_are_judged_before_the_body(server: Any, client: Client, reply: Reply) -> None:
    server.pages["/"] = _endless(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 5000000000\r\n\r\n")
    assert _reason(client, server.url(), Limits(), media_types=("text/html",)) == "binary"  # 40


def test_a_failure_keeps_what_the_server_said(server: Any, client: Client, reply: Reply) -> None:
    server.pages["/"] = reply(429, {"Retry-After": "120"})
    with pytest.raises(FetchFailed) as caught:
        client.fetch(server.url())
    answer: Answer = caught.value.answer
    assert (answer.status, answer.headers["retry-after"], caught.value.origin) == (429, "120", server.url())


def test_a_context_of_the_caller_is_used(server: Any, patient: Limits) -> None:
    assert Client(tls=ssl.create_default_context(), allow_private_networks=True)
