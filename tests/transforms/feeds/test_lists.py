"""OPML, text lists, sitemaps and autodiscovery."""

import gzip

import pytest

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.feeds.discovery import find_feeds, well_known_feeds
from newsbeam.transforms.feeds.lists import parse_feed_list, parse_url_list
from newsbeam.transforms.feeds.opml import Outline, parse_opml
from newsbeam.transforms.feeds.sitemaps import looks_like_sitemap, parse_sitemap


def test_opml_is_nested() -> None:
    body = b"""<?xml version="1.0"?>
        <opml version="2.0"><head><title>x</title></head><body>
        <outline text="World"><outline title="Asia"><outline type="rss" text="A &amp;amp; B" xmlUrl="https://a.example/f"/></outline>
        <outline TEXT="Case" XMLURL="feed://b.example/f" category="/Press, Wire"/></outline>
        <outline type="rss" xmlUrl=" https://c.example/f "/><outline xmlUrl="https://a.example/f" text="again"/>
        <outline type="include" url="https://d.example/list.opml"/>
        <outline type="rss" xmlUrl="javascript:1"/></body></opml>"""
    assert parse_opml(body) == [
        Outline("https://a.example/f", "A & B", ["World", "Asia"]),
        Outline("http://b.example/f", "Case", ["World", "Press", "Wire"]),
        Outline("https://c.example/f", None, []),
    ]


def test_opml_with_bare_ampersands() -> None:
    body = b'<opml><body><outline text="A & B&nbsp;C" xmlUrl="https://a.example/f?a=1&b=2&amp;c=3"/></body></opml>'
    assert parse_opml(body) == [Outline("https://a.example/f?a=1&b=2&c=3", "A & B C", [])]


@pytest.mark.parametrize(
    ("body", "reason", "line"),
    [
        (b"", "empty", 1),
        (b"\n\n<rss/>", "not_a_feed", 3),
        (b"hello", "not_a_feed", 1),
        (b"<opml><body>\n<outline text='a'>\n</body></opml>", "bad_xml", 3),
        (b"<opml>" + b"<outline>" * 1_000, "too_deep", None),
        (b"<!DOCTYPE o [<!ENTITY a 'x'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]><opml/>", "bad_xml", None),
    ],
)
def test_what_is_no_opml_is_refused_with_its_line(body: bytes, reason: str, line: int | None) -> None:
    with pytest.raises(BadRecord) as bad:
        parse_opml(body)
    assert bad.value.reason == reason
    assert line is None or bad.value.error.startswith(f"line {line}:")


def test_opml_has_a_limit() -> None:
    outlines = b"".join(b'<outline xmlUrl="https://a.example/%d"/>' % n for n in range(50_001))
    with pytest.raises(BadRecord) as bad:
        parse_opml(b"<opml><body>" + outlines + b"</body></opml>")
    assert bad.value.reason == "too_large"


def test_url_lists() -> None:
    body = b"\xef\xbb\xbf# my feeds\nhttps://a.example/f\n\n  b.example/feed  the second\nhttps://a.example/f\n"
    assert parse_url_list(body) == ["https://a.example/f", "https://b.example/feed"]
    assert parse_feed_list(b"https://a.example/f") == [Outline("https://a.example/f", None, [])]
    assert (
        parse_feed_list(b"\n<opml><body><outline xmlUrl='https://a.example/f'/></body></opml>")[0].url
        == "https://a.example/f"
    )


@pytest.mark.parametrize("line", [b"not an address", b"ftp://a.example/", b"a@b.example", b"http://[::1/"])
def test_a_line_that_is_no_address_is_named(line: bytes) -> None:
    with pytest.raises(BadRecord) as bad:
        parse_url_list(b"# x\n" + line)
    assert (bad.value.reason, bad.value.error[:7]) == ("bad_record", "line 2:")


NEWS = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
    xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
    <url><loc> https://a.example/1 </loc><lastmod>2024-03-06</lastmod>
    <image:image><image:loc>/1.png</image:loc></image:image>
    <news:news><news:publication><news:name>A</news:name><news:language>en</news:language></news:publication>
    <news:publication_date>2024-03-05T10:00:00+01:00</news:publication_date><news:title>One &amp;amp; two</news:title>
    <news:keywords>x, y, x</news:keywords></news:news></url>
    <url><loc>/2</loc></url><url><loc>ftp://a.example/3</loc></url></urlset>"""


@pytest.mark.parametrize("body", [NEWS, b"\n" + NEWS, gzip.compress(NEWS, mtime=0)])
def test_news_sitemaps(body: bytes) -> None:
    sitemap = parse_sitemap(body, url="https://a.example/news.xml")
    assert [entry.url for entry in sitemap.entries] == [
        "https://a.example/1",
        "https://a.example/2",
    ] and not sitemap.children
    first = sitemap.entries[0]
    assert (first.title, first.tags, first.image_url) == ("One & two", ["x", "y"], "https://a.example/1.png")
    assert (first.published_at, first.published_raw) == (1_709_629_200_000_000, "2024-03-05T10:00:00+01:00")
    assert first.updated_at == 1_709_683_200_000_000


def test_sitemap_indexes() -> None:
    body = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://a.example/n.xml</loc>
        </sitemap><sitemap><loc>https://a.example/i.xml</loc></sitemap></sitemapindex>"""
    assert parse_sitemap(body, url="https://a.example/i.xml").children == ["https://a.example/n.xml"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"<rss/>", "not_a_feed"),
        (b"<x/><!-- <urlset> -->", "not_a_feed"),
        (b"<urlset" + b" a" * 90_000, "too_deep"),
    ],
)
def test_what_is_no_sitemap_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(BadRecord) as bad:
        parse_sitemap(body, url="https://a.example/i.xml")
    assert bad.value.reason == reason


def test_sitemap_entities_are_not_resolved() -> None:
    body = b'<!DOCTYPE u [<!ENTITY e SYSTEM "file:///etc/passwd">]><urlset><url><loc>https://a.example/&e;</loc></url></urlset>'
    assert looks_like_sitemap(body)
    (entry,) = parse_sitemap(body, url="https://a.example/").entries
    assert entry.url is not None and "root" not in entry.url


def test_autodiscovery() -> None:
    page = b"""<html><head><base href="https://cdn.example/x/">
        <!-- <link rel="alternate" type="application/rss+xml" href="/old"> -->
        <link rel="alternate" type="application/rss+xml" title="Comments Feed" href="/comments/feed/">
        <LINK REL="alternate feed" TYPE="application/atom+xml; charset=utf-8" HREF="all.atom?a=1&amp;b=2">
        <link type='application/feed+json' href=f.json rel='alternate'><link rel="alternate" hreflang="de" href="/de">
        <link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1"></head>
        <body><a href="/rss">RSS</a></body></html>"""
    assert find_feeds(page, url="https://a.example/") == [
        "https://cdn.example/x/all.atom?a=1&b=2", "https://cdn.example/x/f.json", "https://cdn.example/comments/feed/"
    ]  # fmt: skip


def test_autodiscovery_falls_back_on_links() -> None:
    page = b'<a class="x" href="/about">x</a><a href="/news/rss.xml">feed</a><a href="mailto:feed@a.example">y</a>'
    assert find_feeds(page, url="https://a.example/") == ["https://a.example/news/rss.xml"]
    assert find_feeds(b"<a " * 50_000, url="https://a.example/") == []
    assert well_known_feeds("https://a.example/x/y")[0] == "https://a.example/feed"
