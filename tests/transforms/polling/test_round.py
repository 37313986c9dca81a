"""What a round makes of good, odd and hostile answers: the faults that reach past the client."""

import gzip
import time
from typing import Any

import pytest

from newsbeam.schemas.article import Article
from newsbeam.schemas.feed import FeedState
from newsbeam.schemas.reject import Fetch
from newsbeam.transforms.instants import SECOND
from newsbeam.transforms.polling.schedule import MOVED_AFTER
from tests.transforms.polling.desk import NOW, Desk, Reply, feed, item, of, outcome, short, titles


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
