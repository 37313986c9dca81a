"""What a round makes of good, odd and hostile answers: the faults that reach past the client."""

import gzip
import re
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from newsbeam.schemas.article import Article
from newsbeam.schemas.feed import FeedState
from newsbeam.schemas.reject import Fetch, Reject
from newsbeam.transforms.instants import SECOND
from newsbeam.transforms.polling.answers import Limits
from newsbeam.transforms.polling.client import Client
from newsbeam.transforms.polling.pacing import Pacing
from newsbeam.transforms.polling.round import Asking, poll_host
from newsbeam.transforms.polling.schedule import HOUR, MOVED_AFTER, first_state, is_due

NOW = 1_790_000_000 * SECOND
Reply = Callable[..., bytes]


def short(value: object) -> str:
    """The name of a case, without its kilobytes."""
    return " ".join(re.findall(r"[a-z0-9/:.]+", repr(value).split(" at 0x")[0][:60], re.IGNORECASE))[:40]


def feed(*items: str, title: str = "Desk") -> bytes:
    return f'<rss version="2.0"><channel><title>{title}</title>{"".join(items)}</channel></rss>'.encode()


def item(name: str, text: str = "", guid: str | None = None, link: str | None = None, more: str = "") -> str:
    parts = [f"<title>{name}</title><description>{text or 'Officials spoke about ' + name}</description>", more]
    parts += [f"<guid isPermaLink='false'>{guid}</guid>"] if guid is not None else []
    parts += [f"<link>{link}</link>"] if link is not None else []
    return f"<item>{''.join(parts)}</item>"


class Desk:
    """Polls the feeds of one server by a clock of its own."""

    def __init__(self, server: Any, client: Client, limits: Limits) -> None:
        self.server = server
        self.now = NOW
        self.slept: list[float] = []
        pacing = Pacing(2, monotonic=lambda: self.now / SECOND, sleep=self._sleep)
        self.asking = Asking(client, pacing, lambda: self.now, HOUR, limits)
        self.states: dict[str, FeedState] = {}

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += round(seconds * SECOND)

    def poll(self, *paths: str, wait: float = 0.0) -> list[Any]:
        self.now += round(wait * SECOND)
        urls = [self.server.url(path) for path in paths]
        states = [self.states.get(url, first_state(url)) for url in urls]
        rows = list(poll_host(states, self.asking))
        self.states |= {row.feed_url: row for row in rows if isinstance(row, FeedState)}
        return rows

    def again(self, path: str) -> list[Any]:
        """Poll when the feed is due."""
        due = self.state(path).next_due_at
        return self.poll(path, wait=(due - self.now) / SECOND)

    def state(self, path: str) -> FeedState:
        return self.states[self.server.url(path)]


@pytest.fixture
def desk(server: Any, client: Client, patient: Limits) -> Desk:
    return Desk(server, client, patient._replace(body_bytes=4 << 20))


def of(kind: Any, rows: list[Any]) -> list[Any]:
    return [row for row in rows if isinstance(row, kind)]


def titles(rows: list[Any]) -> list[str]:
    return [article.title for article in of(Article, rows)]


def outcome(rows: list[Any]) -> tuple[list[str], list[tuple[str, str]], str]:
    """What a poll of one feed came to: its fetches, its rejects and its state."""
    (state,) = of(FeedState, rows)
    rejects = [(reject.stage, reject.reason) for reject in of(Reject, rows)]
    return [fetch.outcome for fetch in of(Fetch, rows)], rejects, state.outcome


def test_a_good_feed(desk: Desk, server: Any, reply: Reply) -> None:
    dated = "<pubDate>Mon, 21 Sep 2026 08:00:00 +0200</pubDate>"
    body = feed(item("Fire", guid="1", link="/fire?utm_source=rss", more=dated), item("Flood", guid="2"))
    server.pages["/f"] = reply(headers={"ETag": '"1"', "Content-Type": "text/xml"}, body=body)
    rows = desk.poll("/f")
    first, second = of(Article, rows)
    assert first._replace(article_id="", content_hash="", language_score=None) == Article(
        article_id="", revision=0, date="2026-09-21", date_source="feed", url=server.url("/fire?utm_source=rss"),
        canonical_url=first.canonical_url, source="127.0.0.1", origin=server.url("/f"), entry_id="1", feed_title="Desk",
        title="Fire", authors=[], summary="Officials spoke about Fire", text="Officials spoke about Fire",
        text_source="feed", language=first.language, language_score=None, word_count=4,
        published_at=1_789_970_400 * SECOND, published_raw="Mon, 21 Sep 2026 08:00:00 +0200", updated_at=None,
        fetched_at=NOW, ingested_at=NOW, tags=[], image_url=None, is_free=None, content_hash="",
    )  # fmt: skip
    assert (second.title, second.url, second.date_source) == ("Flood", None, "ingest")
    assert outcome(rows) == (["ok"], [], "ok")
    assert rows[-1] == desk.state("/f")
    state = desk.state("/f")
    assert (state.etag, state.title, state.last_new_at, state.polled_at) == ('"1"', "Desk", NOW, NOW)
    (fetch,) = of(Fetch, rows)
    assert fetch._replace(seconds=0) == Fetch(
        server.url("/f"), "feed", 200, "ok", len(body), 0, None, False, NOW, "2026-09-21"
    )


def test_a_second_run_asks_nobody(desk: Desk, server: Any, reply: Reply) -> None:
    server.pages["/f"] = reply(body=feed(item("One")))
    desk.poll("/f")
    assert desk.poll("/f", wait=60) == []
    assert len(server.log) == 1


@pytest.mark.parametrize(
    "body, reason, stage",
    [
        (b"/etc/hostname", "not_a_feed", "parse"),  # 21
        (b"http://127.0.0.1:9/latest", "not_a_feed", "parse"),
        (b"", "empty", "parse"),  # 23
        (b"<html><body>Sorry</body></html>", "not_a_feed", "parse"),  # 22
        (b"<html><script src=/cdn-cgi/challenge-platform/x></script></html>", "blocked", "fetch"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": 5}', "not_a_feed", "parse"),  # 48
        (b"[" * 100_000, "not_a_feed", "parse"),
        (gzip.compress(b"x", mtime=0)[:-3], "truncated", "fetch"),
    ],
    ids=short,
)
def test_what_is_no_feed(
    desk: Desk, server: Any, reply: Reply, body: bytes, reason: str, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("a body was opened")

    server.pages["/f"] = reply(headers={"ETag": '"kept"'}, body=feed(item("One")))
    desk.poll("/f")
    server.pages["/f"] = reply(headers={"ETag": '"bad"'}, body=body)
    monkeypatch.setattr("builtins.open", refuse)
    rows = desk.again("/f")
    monkeypatch.undo()
    assert outcome(rows) == ([reason], [(stage, reason)], reason)
    assert desk.state("/f").etag == '"kept"'
    assert desk.state("/f").failures > 0
    assert server.paths() == ["/f", "/f"]


@pytest.mark.parametrize(
    "body, most_articles",
    [
        (  # 10: a billion laughs
            b'<!DOCTYPE r [<!ENTITY a "ha">'
            + b"".join(b'<!ENTITY %c "%b">' % (c, b"&%c;" % (c - 1) * 10) for c in range(ord("b"), ord("k")))
            + b"]>"
            + feed(item("&j;")),
            0,
        ),
        (b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + feed(item("&x;")), 1),  # 12
        (feed(f"<item {' '.join(f'a{n}=1' for n in range(100_000))}><title>x</title></item>"), 0),  # 13
        (feed("<x>" * 100_000 + "</x>" * 100_000), 0),  # 14
        (feed(item("One", "&lt;!--" * 40_000)), 1),  # 15
        (feed(item("One", "&lt;div&gt;" * 50_000 + "text")), 1),  # 14, in a description
        (feed(item("One"), item("Two", "cut"))[:-60], 2),  # 35
    ],
    ids=short,
)
def test_hostile_documents_end_soon(desk: Desk, server: Any, reply: Reply, body: bytes, most_articles: int) -> None:
    server.pages["/f"] = reply(body=body)
    begun = time.process_time()
    rows = desk.poll("/f")
    assert time.process_time() - begun < 10  # seconds here; the attack takes minutes or all memory
    assert len(of(Article, rows)) <= most_articles
    assert all("root:" not in article.text for article in of(Article, rows))
    assert of(FeedState, rows) and of(Fetch, rows)


def test_an_answer_without_change_is_noted(desk: Desk, server: Any, reply: Reply) -> None:
    server.pages["/f"] = reply(304, {"ETag": '"new"'})  # 24: without having been sent one
    assert outcome(desk.poll("/f")) == (["not_modified"], [], "not_modified")
    assert desk.state("/f").etag == '"new"'
    server.pages["/f"] = reply(headers={"ETag": '"a"'}, body=feed(item("One")))
    assert titles(desk.again("/f")) == ["One"]
    server.pages["/f"] = reply(headers={"ETag": '"b"'}, body=feed(item("One")))  # 25
    assert outcome(desk.again("/f")) == (["unchanged"], [], "unchanged")
    server.pages["/f"] = reply(headers={"ETag": '"b"'}, body=feed(item("One"), item("Two")))  # 26
    rows = desk.again("/f")
    assert (titles(rows), server.log[-1].headers["if-none-match"]) == (["Two"], '"b"')
    server.pages["/f"] = reply(204)  # 23
    assert outcome(desk.again("/f")) == (["empty"], [("fetch", "empty")], "empty")
    assert desk.state("/f").etag == '"b"'


def test_moved_gone_lost_and_found(desk: Desk, server: Any, reply: Reply) -> None:
    server.pages["/new"] = reply(body=feed(item("One")))
    server.pages["/old"] = reply(301, {"Location": "/new"})
    for count in range(1, MOVED_AFTER):  # 27
        desk.again("/old") if count > 1 else desk.poll("/old")
        assert desk.state("/old").fetch_url == server.url("/old")
    desk.again("/old")
    assert desk.state("/old").fetch_url == server.url("/new")
    asked = len(server.log)
    desk.again("/old")
    assert server.paths()[asked:] == ["/new"]
    server.pages["/new"] = reply(404)  # 28
    assert outcome(desk.again("/old"))[2] == "http_error"
    server.pages["/new"] = reply(body=feed(item("One"), item("Two")))
    assert titles(desk.again("/old")) == ["Two"]
    server.pages["/new"] = reply(410)
    desk.again("/old")
    assert desk.state("/old").is_gone
    assert desk.poll("/old", wait=1e8) == []


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


@pytest.mark.parametrize(
    "first, later",
    [
        (item("Fire in the market", guid="HTTP://A.example/1"), item("Fire in the market", guid="https://www.a.example/1")),
        (item("Fire in the old market", link="/a?t=1"), item("Fire in the old market", link="/a?t=2")),
        (item("Fire", guid="x1", more="<pubDate>Mon, 21 Sep 2026 08:00:00 GMT</pubDate>"),
         item("Fire", guid="x2", more="<pubDate>Mon, 21 Sep 2026 08:00:00 GMT</pubDate>")),
        (item("Fire", guid=""), item("Fire", guid="")),
        (item("Fire"), item("Fire")),
    ], ids=short)  # fmt: skip
def test_an_entry_whose_id_changes_is_known(desk: Desk, server: Any, reply: Reply, first: str, later: str) -> None:
    server.pages["/f"] = reply(body=feed(first))  # 37
    assert len(titles(desk.poll("/f"))) == 1
    server.pages["/f"] = reply(body=feed(later, title="Desk again"))
    assert titles(desk.again("/f")) == []


def test_a_token_in_each_link_and_guid_gives_each_entry_once(desk: Desk, server: Any, reply: Reply) -> None:
    found = 0
    for poll in range(10):  # 37
        entries = [
            item(f"Report {n} of the flood", guid=f"g{n}-{poll}", link=f"/{n}/story?token={poll}") for n in range(30)
        ]
        server.pages["/f"] = reply(body=feed(*entries))
        found += len(titles(desk.again("/f") if poll else desk.poll("/f")))
    assert found == 30
    assert len(desk.state("/f").known_ids) < 1000


def test_same_headline_another_day_is_another_entry(desk: Desk, server: Any, reply: Reply) -> None:
    days = [f"<pubDate>Mon, {day} Sep 2026 06:00:00 GMT</pubDate>" for day in (19, 20, 21)]
    entries = [item("Morning briefing", "All.", guid=f"mb{n}", link=f"/mb/{n}", more=day) for n, day in enumerate(days)]
    server.pages["/f"] = reply(body=feed(*entries[:2], entries[0]))
    assert len(titles(desk.poll("/f"))) == 2
    server.pages["/f"] = reply(body=feed(*entries))
    assert len(titles(desk.again("/f"))) == 1


def test_an_edited_entry_comes_again_under_its_id(desk: Desk, server: Any, reply: Reply) -> None:
    ids, texts = [], []
    for text in ("Two were hurt", "Three were hurt", "Four were hurt, one is missing"):  # 44
        server.pages["/f"] = reply(body=feed(item("Crash", text, guid="1", link="/crash")))
        rows = desk.again("/f") if ids else desk.poll("/f")
        ids += [article.article_id for article in of(Article, rows)]
        texts += [article.text for article in of(Article, rows)]
    assert texts == ["Two were hurt", "Three were hurt", "Four were hurt, one is missing"]
    assert len(set(ids)) == 1


@pytest.mark.parametrize("date", ["Fri, 01 Jan 9999 00:00:00 GMT", "0000-00-00", "2031-01-01T00:00:00Z"])
def test_a_date_that_cannot_be_is_left_out(desk: Desk, server: Any, reply: Reply, date: str) -> None:
    server.pages["/f"] = reply(body=feed(item("One", more=f"<pubDate>{date}</pubDate>")))  # 38
    (article,) = of(Article, desk.poll("/f"))
    assert (article.date, article.date_source, article.published_at) == ("2026-09-21", "ingest", None)


@pytest.mark.parametrize(
    "body, content_type, title",
    [
        (
            feed(item("Caf\xe9 \u201cZ\u201d")).decode().encode("cp1252"),
            "text/xml; charset=utf-8",
            "Caf\xe9 \u201cZ\u201d",
        ),  # 33
        (feed(item("Caf\xe9")).decode().encode("utf-16"), "text/xml", "Caf\xe9"),
        (('<?xml version="1.0"?>' + feed(item("Caf\xe9")).decode()).encode("utf-16-le"), "text/xml", "Caf\xe9"),
        (feed(item("+ADw-script+AD4-")), "text/xml; charset=utf-7", "+ADw-script+AD4-"),
        (feed(item("A\x00B\x08C")), "text/xml", "ABC"),  # 34
        (feed(item("&lt;b&gt;Fire&lt;/b&gt; &amp;amp; &lt;i&gt;flood&lt;/i&gt;")), "text/xml", "Fire & flood"),  # 41
        (feed(item("\u202eevil\u202c")), "text/xml", "evil"),
        (feed(item("x" * 1_000_000)), "text/xml", "x" * 1000),
    ],
    ids=short,
)
def test_titles_are_plain_text_whatever_they_came_in(
    desk: Desk, server: Any, reply: Reply, body: bytes, content_type: str, title: str
) -> None:
    server.pages["/f"] = reply(headers={"Content-Type": content_type}, body=body)
    assert titles(desk.poll("/f")) == [title]


@pytest.mark.parametrize(
    "link, url",
    [
        ("/a", "{}/a"), ("//other.example/x", "http://other.example/x"), ("javascript:alert(1)", None),  # 39
        ("mailto:desk@example.org", None), ("http://h.example/" + "x" * 10_000, None),
        (" http://h.example/a b ", "http://h.example/a%20b"), ("http://b\xfccher.example/", "http://b\xfccher.example/"),
        ("file:///etc/passwd", None), ("http://[::1/", None),
    ], ids=short)  # fmt: skip
def test_links_are_resolved_or_left_out(desk: Desk, server: Any, reply: Reply, link: str, url: str | None) -> None:
    server.pages["/f"] = reply(body=feed(item("One", link=link)))
    (article,) = of(Article, desk.poll("/f"))
    assert article.url == (url and url.format(server.url("")))


def test_only_so_many_entries_are_read(desk: Desk, server: Any, reply: Reply) -> None:
    server.pages["/f"] = reply(body=feed(*(f"<item><title>N{n}</title><guid>{n}</guid></item>" for n in range(20_000))))
    rows = desk.poll("/f")  # 36
    assert len(of(Article, rows)) == 2000
    assert [(r.stage, r.reason) for r in of(Reject, rows)] == [("parse", "too_large")]


def test_a_home_page_leads_to_its_feed(desk: Desk, server: Any, reply: Reply) -> None:
    page = b'<html><link rel="alternate" type="application/rss+xml" href="/rss">'
    server.pages["/"] = reply(headers={"Content-Type": "text/html"}, body=page)
    server.pages["/rss"] = reply(headers={"ETag": '"1"'}, body=feed(item("One")))
    rows = desk.poll("/")
    assert titles(rows) == ["One"]
    assert [(fetch.kind, fetch.outcome) for fetch in of(Fetch, rows)] == [("page", "ok"), ("feed", "ok")]
    state = desk.state("/")
    assert (state.feed_url, state.fetch_url, state.etag) == (server.url("/"), server.url("/rss"), '"1"')
    assert desk.slept == [2.0]
    desk.again("/")
    assert server.paths() == ["/", "/rss", "/rss"]


def test_a_home_page_without_a_feed_is_none(desk: Desk, server: Any, reply: Reply) -> None:
    server.pages["/"] = reply(headers={"Content-Type": "text/html"}, body=b"<html><p>Nothing here.")
    rows = desk.poll("/")
    fetches, rejects, last = outcome(rows)
    assert (fetches[0], rejects, last) == ("ok", [("parse", "not_a_feed")], "not_a_feed")
    assert desk.state("/").fetch_url == server.url("/")


@pytest.mark.parametrize("body", [b"/etc/hostname", b"http://127.0.0.1:9/latest", b'{"a": 1}', b"plain words"])
def test_a_first_answer_that_is_no_page_leads_nowhere(desk: Desk, server: Any, reply: Reply, body: bytes) -> None:
    server.pages["/f"] = reply(headers={"Content-Type": "text/html"}, body=body)  # 21
    assert outcome(desk.poll("/f"))[2] in ("not_a_feed", "bad_json")
    assert server.paths() == ["/f"]


def test_a_news_sitemap_and_an_index_of_them(desk: Desk, server: Any, reply: Reply) -> None:
    def page(name: str, day: str) -> str:
        return (
            f"<url><loc>{server.url('/' + name)}</loc><news:news><news:publication_date>{day}T10:00:00Z"
            f"</news:publication_date><news:title>Story {name}</news:title></news:news></url>"
        )

    head = '<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
    sitemap = f"{head}{page('new', '2026-09-21')}{page('old', '2026-09-01')}</urlset>".encode()
    server.pages["/news.xml.gz"] = reply(headers={"Content-Type": "application/gzip"}, body=gzip.compress(sitemap))
    index = f"<sitemapindex><sitemap><loc>{server.url('/news.xml.gz')}</loc></sitemap></sitemapindex>"
    server.pages["/index.xml"] = reply(headers={"ETag": '"i"'}, body=index.encode())
    rows = desk.poll("/index.xml")
    assert [(a.title, a.text, a.date) for a in of(Article, rows)] == [("Story new", "Story new", "2026-09-21")]
    assert [fetch.kind for fetch in of(Fetch, rows)] == ["sitemap", "sitemap"]
    changed = f"{head}{page('newer', '2026-09-21')}</urlset>".encode()
    server.pages["/news.xml.gz"] = reply(body=gzip.compress(changed))
    assert titles(desk.again("/index.xml")) == ["Story newer"]


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
