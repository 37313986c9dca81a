"""What a round makes of hosts in trouble: whom it asks, whom it leaves, and when it comes again."""

from itertools import pairwise
from typing import Any

import pytest

from newsbeam.schemas.article import Article
from newsbeam.schemas.feed import FeedState
from newsbeam.schemas.reject import Fetch
from newsbeam.transforms.instants import SECOND
from newsbeam.transforms.polling.round import poll_host
from newsbeam.transforms.polling.schedule import HOUR, first_state, is_due
from tests.transforms.polling.desk import NOW, Desk, Reply, feed, item, of, outcome, titles


@pytest.mark.parametrize(
    "retry_after, least, most",
    [
        ("7200", 7200, 7200 + 3600), ("Mon, 21 Sep 2026 16:53:20 GMT", 9600, 9600 + 3600),
        ("315360000", 86_400, 86_400), ("soon", 3600, 7200), ("-5", 3600, 7200), ("", 3600, 7200),
        ("Mon, 21 Sep 1026 16:53:20 GMT", 3600, 7200),
    ],
)  # fmt: skip
def test_retry_after_in_all_its_forms(
    desk: Desk, server: Any, reply: Reply, retry_after: str, least: float, most: float
) -> None:
    server.pages["/f"] = reply(429, {"Retry-After": retry_after, "Date": "Mon, 21 Sep 2026 14:13:20 GMT"})  # 29
    assert outcome(desk.poll("/f")) == (["rate_limited"], [("fetch", "rate_limited")], "rate_limited")
    assert least <= (desk.state("/f").next_due_at - desk.now) / SECOND <= most


def test_a_host_in_trouble_is_asked_once(desk: Desk, server: Any, reply: Reply) -> None:
    paths = [f"/{n:02d}" for n in range(50)]
    for path in paths:
        server.pages[path] = reply(503, {"Retry-After": "7200"})  # 30
    rows = desk.poll(*paths)
    assert server.paths() == ["/00"]
    assert len(of(FeedState, rows)) == 50 and len(of(Fetch, rows)) == 1
    waits = [(state.next_due_at - desk.now) / SECOND for state in of(FeedState, rows)]
    assert min(waits) >= 7200 and len(set(waits)) == 50
    assert desk.poll(*paths, wait=7000) == []
    for path in paths:
        server.pages[path] = reply(body=feed(item(f"News of {path}")))
    assert len(of(Article, desk.poll(*paths, wait=4000))) == 50
    assert set(desk.slept) == {2.0}


def test_the_feeds_of_a_dead_host_back_off_together(desk: Desk, server: Any) -> None:
    paths = ["/a", "/b", "/c"]
    server.close()
    asked = []
    for _ in range(8):
        rows = desk.poll(*paths)
        asked += [desk.now for fetch in of(Fetch, rows) if fetch.outcome == "connect_error"]
        assert {state.outcome for state in of(FeedState, rows)} == {"connect_error"}
        desk.now = min(desk.state(path).next_due_at for path in paths)
    waits = [(later - earlier) / SECOND / HOUR for earlier, later in pairwise(asked)]
    assert len(asked) == 8
    assert all(n <= wait <= 1.2 * n for n, wait in enumerate(waits, 1))


def test_a_feed_that_fails_does_not_stop_the_good_ones(desk: Desk, server: Any, reply: Reply) -> None:
    server.pages["/a"] = server.pages["/b"] = reply(503)
    server.pages["/c"] = reply(body=feed(item("Good")))
    desk.poll("/a", "/b", "/c")
    assert server.paths() == ["/a"]
    desk.states[server.url("/a")] = desk.state("/a")._replace(failures=3.0)
    rows = desk.poll("/a", "/b", "/c", wait=10_000)
    assert server.paths()[1:] == ["/b"]
    desk.states[server.url("/b")] = desk.state("/b")._replace(failures=3.0)
    rows = desk.poll("/a", "/b", "/c", wait=20_000)
    assert titles(rows) == ["Good"]


def test_a_host_that_takes_its_time_is_left(
    desk: Desk, server: Any, reply: Reply, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsbeam.transforms.polling.round.MAX_SECONDS", 0.0)
    for path in ("/a", "/b"):
        server.pages[path] = reply(body=feed(item(f"News of {path}")))
    rows = desk.poll("/a", "/b")
    assert titles(rows) == ["News of /a"]
    assert [state.outcome for state in of(FeedState, rows)] == ["ok", "timeout"]


def test_feeds_that_are_not_due_wait_with_their_host(desk: Desk, server: Any, reply: Reply) -> None:
    server.pages["/a"] = reply(429, {"Retry-After": "7200"})
    soon, late = server.url("/soon"), server.url("/late")
    desk.states[soon] = first_state(soon)._replace(next_due_at=NOW + 600 * SECOND)
    desk.states[late] = first_state(late)._replace(next_due_at=NOW + 80_000 * SECOND)
    rows = desk.poll("/a", "/late", "/soon")
    assert [state.feed_url for state in of(FeedState, rows)] == [server.url("/a"), soon]
    assert desk.state("/soon").next_due_at >= NOW + 7200 * SECOND
    assert server.paths() == ["/a"]


def test_one_broken_feed_does_not_stop_its_host(desk: Desk, server: Any, reply: Reply) -> None:
    server.pages["/a"] = reply(500)
    server.pages["/c"] = reply(body=feed(item("Good")))
    rows = desk.poll("/a", "/b", "/c")
    assert [fetch.outcome for fetch in of(Fetch, rows)] == ["http_error", "http_error", "ok"]
    assert titles(rows) == ["Good"]


def test_two_feeds_that_moved_to_one_are_asked_once(desk: Desk, server: Any, reply: Reply) -> None:
    server.pages["/x"] = reply(body=feed(item("One")))
    for path in ("/a", "/b"):
        url = server.url(path)
        desk.states[url] = first_state(url)._replace(fetch_url=server.url("/x"))
    assert titles(desk.poll("/a", "/b")) == ["One"]
    assert server.paths() == ["/x"]
    assert not is_due(desk.state("/b"), desk.now)


def test_a_kill_in_mid_round_loses_nothing(desk: Desk, server: Any, reply: Reply) -> None:
    for path in ("/a", "/b", "/c"):
        server.pages[path] = reply(body=feed(item(f"News of {path}")))
    states = {path: first_state(server.url(path)) for path in ("/a", "/b", "/c")}
    committed = []
    for row in poll_host(states.values(), desk.asking):  # 49: killed after the first feed's state was kept
        committed.append(row)
        if isinstance(row, FeedState):
            break
    states["/a"] = committed[-1]
    desk.now += 60 * SECOND
    rows = list(poll_host(states.values(), desk.asking))
    assert titles(committed + rows) == ["News of /a", "News of /b", "News of /c"]
    assert server.paths() == ["/a", "/b", "/c"]
