"""Rachel Kroll's criteria for feed readers, each against the log of a server over a simulated week."""

from collections.abc import Iterator
from email.utils import formatdate
from itertools import pairwise
from typing import Any

import pytest

from newsbeam.schemas.article import Article
from newsbeam.schemas.feed import FeedState
from newsbeam.transforms.instants import SECOND
from newsbeam.transforms.polling.client import Client, user_agent
from newsbeam.transforms.polling.pacing import Pacing
from newsbeam.transforms.polling.round import Asking, poll_host
from newsbeam.transforms.polling.schedule import first_state

START = 1_790_000_000 * SECOND  # a Monday of 2026
HOUR = 3600 * SECOND
WEEK = 7 * 24 * HOUR


class _Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += round(seconds * SECOND)


def _version(at: int) -> int:
    return 1 + (at - START) // (7 * HOUR)


def _validators(at: int) -> tuple[str, str]:
    """The ETag, with a byte that is not ASCII, and the Last-Modified of the feed at an instant."""
    version = _version(at)
    return f'W/"v{version} \xe9"', formatdate(START / SECOND + version * 25200, usegmt=True)


class _Site:
    """A feed with a new entry each seven hours, validators, and whatever else a path adds."""

    def __init__(self, reply: Any) -> None:
        self.reply = reply
        self.touches = 0
        self.has_refused = False

    def feed(self, conn: Any, request: Any) -> None:
        version = _version(request.at)
        etag, changed = _validators(request.at)
        headers = {"ETag": etag, "Last-Modified": changed, "Set-Cookie": "who=you; Path=/", "Content-Type": "text/xml"}
        if request.path == "/aged":
            headers["Cache-Control"] = "public, max-age=14400"
        if request.path == "/touched":
            etag = f'"touch-{self.touches}"'
            headers |= {"ETag": etag}
            self.touches += 1
        if request.path == "/limited" and request.at - START > 30 * HOUR and not self.has_refused:
            self.has_refused = True
            conn.sendall(self.reply(429, {"Retry-After": "86400"}))
            return
        if request.headers.get("if-none-match", "").encode("latin-1") == etag.encode("latin-1"):
            conn.sendall(self.reply(304, headers))
            return
        entries = "".join(
            f"<item><guid>n{n}</guid><title>Report number {n}</title><description>What was said in report {n}"
            f"</description></item>"
            for n in range(1 if request.path == "/touched" else version)
        )
        body = f'<rss version="2.0"><channel><title>Reports</title>{entries}</channel></rss>'
        conn.sendall(self.reply(200, headers, body.encode()))


PATHS = ("/plain?a=1&utm_source=rss", "/aged", "/limited", "/touched")


class _Log:
    def __init__(self, requests: list[Any], rows: list[Any], states: dict[str, FeedState]) -> None:
        self.requests = requests
        self.rows = rows
        self.states = states

    def of(self, path: str) -> list[Any]:
        return [request for request in self.requests if request.path == path]


@pytest.fixture(scope="module")
def week(serving: Any, reply: Any) -> Iterator[_Log]:
    clock = _Clock()
    site = _Site(reply)
    with serving(now=clock) as server:
        for path in PATHS:
            server.pages[path] = site.feed
        client = Client(agent=user_agent("https://example.org/about"), allow_private_networks=True)
        pacing = Pacing(2, monotonic=lambda: clock.now / SECOND, sleep=clock.sleep)
        states = {path: first_state(server.url(path)) for path in PATHS}
        rows: list[Any] = []
        while clock.now < START + WEEK:
            begun = clock.now
            for row in poll_host(states.values(), Asking(client, pacing, clock)):
                rows.append(row)
                if isinstance(row, FeedState):
                    states[row.feed_url.removeprefix(server.url(""))] = row
            clock.now = max(clock.now, begun + 599 * SECOND)  # a cron line each ten minutes, and not on the minute
        yield _Log(list(server.log), rows, states)


def test_the_week_found_every_entry(week: _Log) -> None:
    articles = [row for row in week.rows if isinstance(row, Article)]
    assert len(articles) == 24 + 24 + 24 + 1
    assert len({(a.origin, a.entry_id) for a in articles}) == len(articles)
    assert 24 <= len(week.of(PATHS[0])) <= 168


def test_01_only_the_first_request_is_unconditional(week: _Log) -> None:
    for path in PATHS:
        first, *others = week.of(path)
        assert "if-none-match" not in first.headers and "if-modified-since" not in first.headers
        assert all("if-none-match" in request.headers for request in others)


def test_02_etags_are_sent_back_as_they_came(week: _Log) -> None:
    for earlier, later in pairwise(week.of(PATHS[0])):
        assert later.headers["if-none-match"] == _validators(earlier.at)[0]


def test_03_dates_are_sent_back_as_they_came(week: _Log) -> None:
    for earlier, later in pairwise(week.of(PATHS[0])):
        assert later.headers["if-modified-since"] == _validators(earlier.at)[1]


def test_04_validators_are_renewed_by_each_answer_also_of_the_same_body(week: _Log) -> None:
    sent = [r.headers["if-none-match"] for r in week.of("/touched")[1:]]
    assert sent == [f'"touch-{n}"' for n in range(len(sent))]


def test_05_nobody_is_asked_twice_in_an_hour(week: _Log) -> None:
    for path in PATHS:
        assert all(later.at - earlier.at >= HOUR for earlier, later in pairwise(week.of(path)))


def test_06_retry_after_is_honoured(week: _Log) -> None:
    times = [request.at for request in week.of("/limited")]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    refused = next(n for n, at in enumerate(times) if at - START > 30 * HOUR)
    assert gaps[refused] >= 24 * HOUR
    assert max(gaps[:refused] + gaps[refused + 1 :]) < 24 * HOUR


def test_07_max_age_is_honoured(week: _Log) -> None:
    assert all(later.at - earlier.at >= 4 * HOUR for earlier, later in pairwise(week.of("/aged")))


def test_08_no_cookies(week: _Log) -> None:
    assert all("cookie" not in request.headers for request in week.requests)


def test_09_no_referer(week: _Log) -> None:
    assert all("referer" not in request.headers for request in week.requests)


def test_10_the_address_is_the_one_subscribed_to(week: _Log) -> None:
    assert {request.path for request in week.requests} == set(PATHS)


def test_11_the_agent_names_program_and_contact(week: _Log) -> None:
    agents = {request.headers["user-agent"] for request in week.requests}
    assert agents == {user_agent("https://example.org/about")}
    assert agents.pop().endswith(" (+https://example.org/about)")


def test_12_compression_is_asked_for(week: _Log) -> None:
    assert all("gzip" in request.headers["accept-encoding"] for request in week.requests)
