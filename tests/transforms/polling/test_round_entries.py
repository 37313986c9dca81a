"""What a round makes of the entries of a feed: which are new, and what they say."""

from typing import Any

import pytest

from newsbeam.schemas.article import Article
from newsbeam.schemas.reject import Reject
from tests.transforms.polling.desk import Desk, Reply, feed, item, of, short, titles


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
