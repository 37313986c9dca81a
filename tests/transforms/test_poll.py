"""The transform around rounds of polls: parts of hosts, outputs, counters, hosts that do not delay each other."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.metrics.metric import MetricsFilter
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to, is_empty

from newsbeam.schemas.feed import FeedState
from newsbeam.transforms.instants import SECOND
from newsbeam.transforms.poll import (
    ENTRIES_NEW,
    ENTRY_LAG,
    FEEDS_POLLED,
    OVERDUE,
    PollFeeds,
    WatchFeeds,
    feeds_to_poll,
    hosts_of,
    shard_of,
    watched_hosts,
)
from newsbeam.transforms.polling.answers import Limits
from newsbeam.transforms.polling.client import Client
from newsbeam.transforms.polling.parallel import in_parallel
from newsbeam.transforms.polling.schedule import first_state

RUNNER = "apache_beam.runners.portability.fn_api_runner.FnApiRunner"
NOW = 1_790_000_000 * SECOND
QUICK = Limits(total_seconds=2, read_seconds=2)


def _now() -> int:
    return NOW


def _all_here(host: str, port: int) -> Sequence[tuple[int, tuple[object, ...]]]:
    return [(socket.AF_INET, ("127.0.0.1", port))]


def _client() -> Client:
    return Client(allow_private_networks=True, resolver=_all_here)


class _Feeds(BaseHTTPRequestHandler):
    """/N: a feed of N entries; /slow: nothing; /none: 404."""

    def do_GET(self) -> None:  # noqa: N802
        name = self.path.strip("/")
        if name == "slow":
            time.sleep(2.5)
            return
        if not name.isdecimal():
            self.send_error(404)
            return
        entries = "".join(f"<item><title>Report {n}</title><guid>{n}</guid></item>" for n in range(int(name)))
        if name == "3":  # one of three says when it was published: an hour ago
            entries = entries.replace("</item>", "<pubDate>Mon, 21 Sep 2026 13:13:20 GMT</pubDate></item>", 1)
        body = f'<rss version="2.0"><channel><title>T</title>{entries}</channel></rss>'.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Feeds)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def _outcomes(state: FeedState) -> tuple[str, str, int]:
    return state.feed_url.split("/")[-1], state.outcome, len(state.known_ids) > 0


def test_a_round_gives_articles_fetches_states_and_rejects(port: int) -> None:
    states = [first_state(f"http://host{n}.example:{port}/{path}") for n, path in enumerate(("2", "3", "none"))]
    states.append(first_state("http://later.example/9")._replace(next_due_at=NOW + 1))
    with TestPipeline(RUNNER) as pipeline:
        out = pipeline | beam.Create(states) | PollFeeds(now=_now, client=_client, shards=2)
        titles = ["Report 0", "Report 1", "Report 0", "Report 1", "Report 2"]
        assert_that(out.articles | beam.Map(lambda a: a.title), equal_to(titles), label="articles")
        assert_that(out.fetches | "F" >> beam.Map(lambda f: f.status), equal_to([200, 200, 404]), label="fetches")
        expected = [("2", "ok", True), ("3", "ok", True), ("none", "http_error", False)]
        assert_that(out.feeds | "S" >> beam.Map(_outcomes), equal_to(expected), label="feeds")
        reasons = out.rejects | "R" >> beam.Map(lambda r: (r.stage, r.reason))
        assert_that(reasons, equal_to([("fetch", "http_error")]), label="rejects")
    counted = {c.key.metric.name: c.committed for c in pipeline.result.metrics().query(MetricsFilter())["counters"]}
    assert (counted[FEEDS_POLLED], counted[ENTRIES_NEW]) == (3, 5)
    spreads = {
        d.key.metric.name: d.committed for d in pipeline.result.metrics().query(MetricsFilter())["distributions"]
    }
    assert (spreads[ENTRY_LAG].count, spreads[ENTRY_LAG].max, spreads[OVERDUE].count) == (1, 3600, 4)


def test_no_feeds_no_rows() -> None:
    with TestPipeline(RUNNER) as pipeline:
        out = (
            pipeline
            | beam.Create([first_state("http://x.example/")._replace(next_due_at=NOW + 1)])
            | PollFeeds(now=_now)
        )
        for name in ("articles", "fetches", "feeds", "rejects"):
            assert_that(out[name], is_empty(), label=name)


def _nothing_known(urls: Sequence[str]) -> list[FeedState]:
    return []


def test_watched_feeds_come_once_with_the_time_of_their_poll(port: int) -> None:
    urls = [f"http://w{n}.example:{port}/{path}" for n, path in enumerate(("2", "3", "none"))]
    with TestPipeline(RUNNER) as pipeline:
        watch = WatchFeeds(load_states=_nothing_known, now=_now, client=_client, watch_seconds=0.2, total_seconds=2)
        out = pipeline | beam.Create(watched_hosts([*urls, urls[0]])) | watch
        titles = ["Report 0", "Report 1", "Report 0", "Report 1", "Report 2"]
        assert_that(out.articles | beam.Map(lambda a: a.title), equal_to(titles), label="articles")
        expected = [("2", "ok", True), ("3", "ok", True), ("none", "http_error", False)]
        assert_that(out.feeds | "S" >> beam.Map(_outcomes), equal_to(expected), label="feeds")
        assert_that(out.fetches | "F" >> beam.Map(_at), equal_to([NOW] * 3), label="fetches")
        assert_that(out.rejects | "R" >> beam.Map(lambda r: r.reason), equal_to(["http_error"]), label="rejects")


def _at(_: Any, timestamp: Any = beam.DoFn.TimestampParam) -> int:
    return timestamp.micros


@pytest.mark.parametrize("wrong", [{"min_poll_seconds": 0}, {"shards": 0}])
def test_settings_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        PollFeeds(**wrong)


def test_hosts_are_kept_together_and_failing_ones_come_last() -> None:
    urls = ["http://b.example/1", "http://www.b.example/2", "http://a.example/1", "http://b.example:81/1"]
    states = [first_state(url) for url in urls]
    states.append(first_state("http://c.example/1")._replace(failures=2.0))
    hosts = [[state.feed_url for state in host] for host in hosts_of(states)]
    assert hosts == [urls[:2], urls[2:3], urls[3:], ["http://c.example/1"]]
    assert shard_of(urls[0], 7) == shard_of(urls[1], 7)
    assert {shard_of(f"http://h{n}.example/", 4) for n in range(100)} == {"0", "1", "2", "3"}


def test_a_host_with_a_due_feed_comes_whole() -> None:
    due, later = first_state("http://a.example/1"), first_state("http://a.example/2")._replace(next_due_at=NOW + 1)
    other = first_state("http://b.example/1")._replace(next_due_at=NOW + 1)
    assert feeds_to_poll([other, due, later], NOW) == [due, later]


def test_hosts_to_watch_hold_all_of_their_feeds() -> None:
    urls = [
        "http://b.example/2",
        "http://b.example/1",
        "http://a.example/",
        "http://www.b.example/3",
        "http://a.example/",
    ]
    expected = ["http://a.example/", "http://b.example/1\nhttp://b.example/2\nhttp://www.b.example/3"]
    assert watched_hosts(urls) == expected


def test_a_slow_task_delays_no_other() -> None:
    release = threading.Event()

    def work(task: int) -> Iterator[int]:
        if task == 0:
            release.wait(10)
        yield task

    results = in_parallel(range(100), work, threads=2)
    assert [next(results) for _ in range(99)] == list(range(1, 100))
    release.set()
    assert list(results) == [0]


def test_an_error_in_a_thread_is_raised() -> None:
    def work(task: int) -> Iterator[int]:
        yield task
        raise KeyError(task)

    with pytest.raises(KeyError):
        list(in_parallel([1], work, threads=4))


def test_one_slow_host_delays_no_other(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from newsbeam.transforms.polling.pacing import Pacing
    from newsbeam.transforms.polling.round import Asking, poll_host

    states = [first_state(f"http://slow.example:{port}/slow"), first_state(f"http://slow.example:{port}/z/slow")]
    states += [first_state(f"http://quick{n}.example:{port}/1") for n in range(50)]
    asking = Asking(_client(), Pacing(0.01), _now, limits=QUICK)
    poll: Callable[[list[FeedState]], Iterator[Any]] = lambda host: poll_host(host, asking)  # noqa: E731
    rows = in_parallel(hosts_of(states), poll, threads=8)
    done = [row.outcome for row in rows if isinstance(row, FeedState)]
    assert done[:50] == ["ok"] * 50  # the slow host comes first in the work, and last in the results
    assert done[50] in ("timeout", "protocol_error")
