import re
from collections.abc import Callable
from typing import Any

import pytest

from newsbeam.schemas.article import Article
from newsbeam.schemas.reject import Fetch, Reject
from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.formats.articles import Draft, article_from
from newsbeam.transforms.instants import SECOND
from newsbeam.transforms.pages.page import Page, read_page
from newsbeam.transforms.polling.answers import Limits
from newsbeam.transforms.polling.client import Client
from newsbeam.transforms.polling.pacing import Pacing
from newsbeam.transforms.polling.pages import PageAsking, fetch_pages, speaks_of, with_page
from newsbeam.transforms.polling.robots import RobotsCache, parse_robots, robots_url, robots_without_file

NOW = 1_790_000_000 * SECOND
HTML = {"Content-Type": "text/html; charset=utf-8"}
STORY = "Fire in the old market of Lamu injures twelve traders"
BODY = "A fire in the old market injured twelve traders on Monday night, the county said. " * 6
Reply = Callable[..., bytes]


def short(value: object) -> str:
    """The name of a case, without its kilobytes."""
    return " ".join(re.findall(r"[a-z0-9/:.]+", repr(value).split(" at 0x")[0][:60], re.IGNORECASE))[:40]


def page(title: str = STORY, body: str = BODY, head: str = "") -> bytes:
    text = f"<article><h1>{title}</h1><p>{body}</p></article>"
    return f"<html><head><title>{title}</title>{head}</head><body>{text}".encode()


def entry(url: str | None, text: str = "A fire injured twelve.", title: str | None = STORY, **more: Any) -> Article:
    draft = Draft(text=text, title=title, url=url, entry_id="e1", feed_title="Desk", text_source="feed", fetched_at=NOW)
    return article_from(draft._replace(**more), origin="http://f.example/", feed="http://f.example/", ingested_at=NOW)[
        0
    ]


def _read(html: bytes, *, url: str | None, content_type: str | None, seconds: float) -> Page:
    return read_page(html, url=url, content_type=content_type)


class Desk:
    def __init__(self, client: Client, limits: Limits, read: Any = _read) -> None:
        self.now = NOW
        self.slept: list[float] = []
        pacing = Pacing(2, monotonic=lambda: self.now / SECOND, sleep=self._sleep)
        robots = RobotsCache(client, lambda: self.now)
        self.asking = PageAsking(client, robots, pacing, lambda: self.now, "newsbeam/1", read, limits)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += round(seconds * SECOND)

    def fetch(self, *articles: Article) -> tuple[list[Article], list[tuple[str, str]], list[str]]:
        rows = list(fetch_pages(articles, self.asking))
        fetches = [(row.kind, row.outcome) for row in rows if isinstance(row, Fetch)]
        return (
            [row for row in rows if isinstance(row, Article)],
            fetches,
            [r.reason for r in rows if isinstance(r, Reject)],
        )


@pytest.fixture
def desk(client: Client, patient: Limits) -> Desk:
    return Desk(client, patient)


def test_a_page_gives_its_text(desk: Desk, server: Any, reply: Reply) -> None:
    head = (
        '<meta property="article:published_time" content="2026-09-20T08:00:00Z"><meta name="author" content="A. Mwai">'
    )
    server.pages["/a"] = reply(headers=HTML, body=page(head=head))
    before = entry(server.url("/a"))
    (after,), fetches, rejects = desk.fetch(before)
    assert (fetches, rejects) == ([("robots", "http_error"), ("page", "ok")], [])
    assert (after.text, after.text_source, after.title, after.authors) == (
        f"{STORY}\n\n{BODY.strip()}",
        "page",
        STORY,
        ["A. Mwai"],
    ) or (after.text.endswith(BODY.strip()))
    assert (after.date, after.date_source) == ("2026-09-20", "meta")
    assert (after.article_id, after.entry_id, after.feed_title) == (before.article_id, "e1", "Desk")


def test_a_headline_is_kept_where_the_page_has_less_than_a_brief(desk: Desk, server: Any, reply: Reply) -> None:
    server.pages["/a"] = reply(headers=HTML, body=page(body="Subscribe to go on."))
    (after,), _, _ = desk.fetch(entry(server.url("/a"), text=STORY))
    assert (after.text, after.text_source) == (STORY, "feed")


def test_the_date_of_the_feed_holds(desk: Desk, server: Any, reply: Reply) -> None:
    head = '<meta property="article:published_time" content="2026-09-20T08:00:00Z">'
    server.pages["/a"] = reply(headers=HTML, body=page(head=head))
    (after,), _, _ = desk.fetch(entry(server.url("/a"), published_at=NOW - SECOND, date_source="feed"))
    assert (after.published_at, after.date_source) == (NOW - SECOND, "feed")


@pytest.mark.parametrize(
    "body, is_kept",
    [
        (page(title="Not found", body="Sorry, we cannot find what you look for. " * 12), True),  # 43: soft 404
        (page(body="Subscribe to go on."), True),  # 43: stub
        (page(title="Before you go on", body="We and our partners use cookies to store information. " * 9), True),
        (page(), False),
    ],
    ids=short,
)
def test_the_feed_s_text_is_kept_where_the_page_has_no_better(
    desk: Desk, server: Any, reply: Reply, body: bytes, is_kept: bool
) -> None:
    server.pages["/a"] = reply(headers=HTML, body=body)
    (after,), _, _ = desk.fetch(
        entry(server.url("/a"), text="A fire in the old market injured twelve traders, it says.")
    )
    assert (after.text_source == "feed") is is_kept


def test_a_longer_text_of_the_feed_is_kept(desk: Desk, server: Any, reply: Reply) -> None:
    server.pages["/a"] = reply(headers=HTML, body=page())
    (after,), _, _ = desk.fetch(entry(server.url("/a"), text=(BODY * 3).strip()))
    assert (after.text, after.text_source) == ((BODY * 3).strip(), "feed")


def test_a_paywall_is_noted(desk: Desk, server: Any, reply: Reply) -> None:
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    server.pages["/a"] = reply(headers=HTML, body=page(body="Three lines.", head=head))
    (after,), _, _ = desk.fetch(entry(server.url("/a"), text="What the feed says of the fire."))
    assert (after.is_free, after.text) == (False, "What the feed says of the fire.")


@pytest.mark.parametrize(
    "answer, reason",
    [
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n%PDF", "binary"),  # 40
        (b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 5000000000\r\n\r\n", "binary"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 90000000\r\n\r\n", "too_large"),
        (b"HTTP/1.1 403 No\r\n\r\n", "blocked"),
        (b"HTTP/1.1 404 No\r\n\r\n", "http_error"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + b"<div>" * 50_000, "too_deep"),  # 14
    ],
    ids=short,
)
def test_a_page_that_cannot_be_read(desk: Desk, server: Any, answer: bytes, reason: str) -> None:
    server.pages["/a"] = answer
    (after,), fetches, rejects = desk.fetch(entry(server.url("/a")))
    assert (after.text, after.text_source) == ("A fire injured twelve.", "feed")
    assert (fetches[-1], rejects) == (("page", reason), [reason])


def test_the_own_network_is_not_for_articles(patient: Limits, server: Any) -> None:
    (after,), fetches, rejects = Desk(Client(), patient).fetch(entry(server.url("/private")))  # 40
    assert (after.text_source, fetches, rejects) == ("feed", [("robots", "blocked_address")], ["disallowed"])
    assert server.log == []


def test_an_entry_without_page_or_text(desk: Desk, server: Any) -> None:
    assert desk.fetch(entry(None)) == ([entry(None)], [], [])
    assert desk.fetch(entry(None, text="", title=None)) == ([], [], ["missing_text"])
    server.pages["/a"] = b"HTTP/1.1 404 No\r\n\r\n"
    assert desk.fetch(entry(server.url("/a"), text="", title=None))[::2] == ([], ["http_error"])


def test_a_parser_that_does_not_end(client: Client, patient: Limits, server: Any, reply: Reply) -> None:
    def read(html: bytes, **_: Any) -> Page:
        raise BadRecord("parse", "parser_timeout", "did not end")

    server.pages["/a"] = reply(headers=HTML, body=page())
    (after,), fetches, rejects = Desk(client, patient, read).fetch(entry(server.url("/a")))
    assert (after.text_source, fetches[-1], rejects) == ("feed", ("page", "parser_timeout"), ["parser_timeout"])


def test_robots_and_pace(desk: Desk, server: Any, reply: Reply) -> None:
    server.pages["/robots.txt"] = reply(body=b"User-agent: *\nDisallow: /private\nCrawl-delay: 7\n")
    for path in ("/a", "/b", "/private/c"):
        server.pages[path] = reply(headers=HTML, body=page())
    articles, fetches, rejects = desk.fetch(*(entry(server.url(path)) for path in ("/a", "/b", "/private/c")))
    assert server.paths() == ["/robots.txt", "/a", "/b"]
    assert (len(articles), rejects, desk.slept) == (3, ["disallowed"], [2.0, 7.0])
    desk.fetch(entry(server.url("/d")))
    assert server.paths().count("/robots.txt") == 1
    desk.now += 25 * 3600 * SECOND
    desk.fetch(entry(server.url("/d")))
    assert server.paths().count("/robots.txt") == 2


def test_an_article_of_two_feeds_is_fetched_once(desk: Desk, server: Any, reply: Reply) -> None:
    server.pages["/a?utm_source=x"] = server.pages["/a"] = reply(headers=HTML, body=page())
    articles, fetches, _ = desk.fetch(entry(server.url("/a")), entry(server.url("/a?utm_source=x")))
    assert [article.text_source for article in articles] == ["page", "page"]
    assert server.paths() == ["/robots.txt", "/a"]


def test_a_host_that_limits_is_left_alone(desk: Desk, server: Any, reply: Reply) -> None:
    server.pages["/a"] = reply(429, {"Retry-After": "600"})
    articles, fetches, rejects = desk.fetch(entry(server.url("/a")), entry(server.url("/b")))
    assert (len(articles), rejects) == (2, ["rate_limited", "rate_limited"])
    assert server.paths() == ["/robots.txt", "/a"]


def test_a_host_that_fails_is_left_alone(desk: Desk, server: Any, reply: Reply) -> None:
    for n in range(9):
        server.pages[f"/{n}"] = b"no http"
    articles, _, rejects = desk.fetch(*(entry(server.url(f"/{n}")) for n in range(9)))
    assert (len(articles), len(server.log)) == (9, 1 + 3)
    assert rejects == ["protocol_error"] * 3 + ["timeout"] * 6


def test_a_host_that_takes_its_time_is_left(desk: Desk, server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsbeam.transforms.polling.pages.MAX_SECONDS", 0.0)
    articles, fetches, rejects = desk.fetch(entry(server.url("/a")), entry(server.url("/b")))
    assert (len(articles), server.paths(), rejects) == (2, ["/robots.txt", "/a"], ["http_error", "timeout"])


@pytest.mark.parametrize(
    "answer, is_allowed",
    [
        (b"HTTP/1.1 200 OK\r\n\r\n<html><p>Not found</html>", True),  # 42
        (b"HTTP/1.1 200 OK\r\n\r\n\xef\xbb\xbfUser-agent: *\nDisallow: /", False),
        (b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /\n" + b"# much\n" * 200_000, False),
        (b"HTTP/1.1 200 OK\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\n\r\n\xff\xfe\x00" + b"\x00" * 90, True),
        (b"HTTP/1.1 503 No\r\n\r\n", False),
        (b"HTTP/1.1 429 No\r\n\r\n", False),
        (b"HTTP/1.1 404 No\r\n\r\n", True),
        (b"HTTP/1.1 403 No\r\n\r\n", True),
        (b"HTTP/1.1 302 X\r\nLocation: /r2\r\n\r\n", False),
        (b"HTTP/1.1 302 X\r\nLocation: /robots.txt\r\n\r\n", True),
        (b"HTTP/1.1 302 X\r\nLocation: ftp://x/\r\n\r\n", True),
        (b"garbage\r\n", False),
        (b"", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nUser", False),
    ],
    ids=short,
)
def test_robots_files_of_all_kinds(client: Client, server: Any, answer: bytes, is_allowed: bool) -> None:
    server.pages["/robots.txt"] = answer
    server.pages["/r2"] = b"HTTP/1.1 200 OK\r\n\r\nUser-agent: newsbeam\nDisallow: /news\n"
    asked = RobotsCache(client, lambda: NOW).ask(server.url("/news/1"))
    assert asked.robots.allows(server.url("/news/1"), "newsbeam/1.0 (+https://example.org)") is is_allowed


def test_robots_odds_and_ends() -> None:
    assert robots_url("https://user@News.Example:8443/a?b#c") == "https://news.example:8443/robots.txt"
    rules = parse_robots(b"User-agent: *\nCrawl-delay: 86400\nDisallow: /*.pdf$", 0)
    assert rules.crawl_delay("newsbeam/1") == 60
    assert not rules.allows("http://x.example/a.pdf", "newsbeam/1") and rules.allows("http://[::1/", "newsbeam/1")
    assert robots_without_file(500, "http_error", NOW).expires_at == NOW + 3600 * SECOND


def test_a_redirector_gives_way_to_the_publisher() -> None:
    made = read_page(
        page(head='<link rel="canonical" href="https://news.example/fire">'), url="https://news.example/fire?x=1"
    )
    via = entry("http://feedproxy.example/~r/1")
    assert with_page(via, made, "https://news.example/fire?x=1").url == "https://news.example/fire"
    direct = entry("https://news.example/fire?from=feed")
    assert with_page(direct, made, "https://news.example/fire?x=1").url == direct.url
    home = made._replace(url="https://news.example/")
    assert with_page(via, home, "https://news.example/").url == via.url


@pytest.mark.parametrize(
    "title, text, expected",
    [
        (STORY, BODY, True),
        (STORY, "We use cookies and similar methods to recognise visitors and remember their preferences.", False),
        ("Flood", "nothing alike", True),
        (None, "any", True),
        ("東京で大きな火事", "何か", True),
    ],
)
def test_whether_a_page_is_about_its_headline(title: str | None, text: str, expected: bool) -> None:
    assert speaks_of(title, text) is expected
