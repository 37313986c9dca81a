"""Feeds of every format, and the faults of feeds."""

import gzip
import socket
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.feeds.model import Entry
from newsbeam.transforms.feeds.parse import parse_feed
from newsbeam.transforms.instants import moment_of

URL = "https://news.example/feeds/all.xml"


def rss(items: str, head: str = '<?xml version="1.0"?>') -> bytes:
    return f'{head}<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'.encode()


def item(inner: str) -> str:
    return f"<item>{inner}</item>"


def only(body: bytes, **kwargs: str) -> Entry:
    feed = parse_feed(body, url=URL, **kwargs)
    assert len(feed.entries) == 1
    return feed.entries[0]


def at(entry: Entry) -> str | None:
    return moment_of(entry.published_at).isoformat() if entry.published_at is not None else None


def test_reads_rss() -> None:
    body = textwrap.dedent("""\
        <?xml version="1.0" encoding="utf-8"?>
        <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
             xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:atom="http://www.w3.org/2005/Atom">
          <channel>
            <title>Harbour &amp;amp; Coast</title><link>https://news.example/</link><language>en-GB</language>
            <ttl>30</ttl><sy:updatePeriod>dayly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>
            <atom:link rel="hub" href="https://hub.example/"/>
            <item>
              <title>Ferry &lt;i&gt;Alma&lt;/i&gt; runs aground</title>
              <link>/2024/ferry?a=1&amp;b=2</link>
              <guid isPermaLink="false">tag-17</guid>
              <pubDate>Tue, 05 Mar 2024 14:07:09 +0100</pubDate>
              <dc:creator>By Ines Roth</dc:creator>
              <category>Sea</category><category>Sea</category><category>Accidents</category>
              <description>Nobody was hurt.</description>
              <content:encoded><![CDATA[<p>The ferry ran aground.</p>
                <img src="/alma.jpg"><p>Nobody was hurt.</p>]]></content:encoded>
              <enclosure url="https://news.example/a.mp3" type="audio/mpeg" length="1"/>
            </item>
          </channel>
        </rss>""").encode()
    feed = parse_feed(body, url=URL)
    assert feed._replace(entries=[]) == (
        "Harbour & Coast", "https://news.example/", 21_600.0, "https://hub.example/", "en-GB", [], False
    )  # fmt: skip
    assert feed.entries == [
        Entry(
            id="tag-17",
            url="https://news.example/2024/ferry?a=1&b=2",
            title="Ferry Alma runs aground",
            summary="Nobody was hurt.",
            content="The ferry ran aground.\n\nNobody was hurt.",
            authors=["Ines Roth"],
            published_at=1_709_644_029_000_000,
            published_raw="Tue, 05 Mar 2024 14:07:09 +0100",
            updated_at=None,
            tags=["Sea", "Accidents"],
            image_url="https://news.example/alma.jpg",
            enclosure_types=["audio/mpeg"],
        )
    ]


def test_reads_atom() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://blog.example/en/">
        <title type="html">A &lt;b&gt;blog&lt;/b&gt;</title><link rel="self" href="feed.atom"/><link href="./"/>
        <entry><id>urn:x:1</id><title>Two &lt; three</title><link href="posts/1"/>
        <updated>2024-03-05T10:00:00Z</updated>
        <author><name>Ada</name></author><author><name>Bo</name></author>
        <content type="xhtml">
        <div xmlns="http://www.w3.org/1999/xhtml"><p>One.</p><p>Two.</p></div></content></entry></feed>"""
    feed = parse_feed(body, url=URL)
    entry = feed.entries[0]
    assert (feed.title, feed.url) == ("A blog", "https://blog.example/en/")
    assert (entry.id, entry.url, entry.title) == ("urn:x:1", "https://blog.example/en/posts/1", "Two < three")
    assert (entry.authors, entry.content) == (["Ada", "Bo"], "One.\n\nTwo.")
    assert at(entry) == "2024-03-05T10:00:00+00:00" and entry.updated_at == entry.published_at


def test_reads_rdf() -> None:
    body = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://a.example/"><title>T</title></channel>
        <item rdf:about="https://a.example/1"><title>One</title><link>https://a.example/1</link>
        <dc:date>2024-03-05T12:00:00+02:00</dc:date></item></rdf:RDF>"""
    entry = only(body)
    assert (entry.id, entry.url, entry.title) == ("https://a.example/1", "https://a.example/1", "One")
    assert at(entry) == "2024-03-05T10:00:00+00:00"


def test_a_gzip_file_is_unpacked() -> None:
    packed = gzip.compress(rss(item("<title>x</title>")))
    assert only(packed).title == "x"
    with pytest.raises(BadRecord) as bad:
        parse_feed(packed[:-12], url=URL)
    assert bad.value.reason == "truncated"
    with pytest.raises(BadRecord) as bad:
        parse_feed(gzip.compress(packed), url=URL)
    assert bad.value.reason == "bad_encoding"
    with pytest.raises(BadRecord) as bad:
        parse_feed(gzip.compress(b" " * 40_000_000), url=URL)
    assert bad.value.reason == "too_large"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n\x00", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"http://127.0.0.1:9/feed", "not_a_feed"),
        (b"<!DOCTYPE html><html><body>Just a moment...</body></html>", "not_a_feed"),
        (b"<!-- x --><html>404</html>", "not_a_feed"),
        (b"<note><to>you</to></note>", "not_a_feed"),
        (b"just words", "not_a_feed"),
        (b'{"items": 3}', "not_a_feed"),
        (b'{"version": ', "bad_json"),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too_deep"),
        (rss("<x>" * 5_000 + "</x>" * 5_000), "too_deep"),
        (rss("<item " + " ".join(f'a{i}="1"' for i in range(10_000)) + "/>"), "too_deep"),
        (rss("<item " + " ".join(f'a{i}=">"' for i in range(1_000)) + "/>"), "too_deep"),
        (rss('<a b="' * 20_001), "bad_xml"),
        (rss("<a " + "x" * 100_000), "too_deep"),
        (rss("<p>" * 20_001), "too_deep"),
        (rss("<" * 50_000), "bad_xml"),
        (rss(item("<title>&b;</title>"), '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'), "bad_xml"),
        (rss(item("<title>&a;</title>"), f'<!DOCTYPE r [<!ENTITY a "{"x" * 2_000}">]>'), "bad_xml"),
        (b"<" + b" " * (15 * 2**20), "too_large"),
    ],
)
def test_what_is_no_feed_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(BadRecord) as bad:
        parse_feed(body, url=URL)
    assert (bad.value.stage, bad.value.reason, bad.value.origin) == ("parse", reason, URL)


def test_a_body_that_names_a_file_or_an_address_opens_neither(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = tmp_path / "feed.xml"
    named.write_bytes(rss(item("<title>stolen</title>")))

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    for body in (str(named).encode(), b"http://127.0.0.1:1/x", b"file://" + str(named).encode()):
        with pytest.raises(BadRecord) as bad:
            parse_feed(body, url=URL)
        assert bad.value.reason == "not_a_feed"


def test_external_entities_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    head = f'<!DOCTYPE r [<!ENTITY e SYSTEM "file://{secret}">]>'
    title = only(rss(item("<title>a&e;b</title>"), head)).title
    assert title is not None and "SECRET" not in title


@pytest.mark.parametrize("hostile", ["&lt;!--", "&lt;div&gt;", "&lt;a b=&quot;", "&lt;script&gt;"])
def test_hostile_descriptions_cost_their_length(hostile: str) -> None:
    entry = only(rss(item("<title>kept</title><description>" + hostile * 20_000 + "</description>")))
    assert entry.title == "kept"


@pytest.mark.parametrize(
    ("encode", "content_type"),
    [
        (lambda text: ('<?xml version="1.0"?>' + text).encode(), None),
        (lambda text: ('<?xml version="1.0" encoding="utf-8"?>' + text).encode("cp1252"), "text/xml; charset=utf-8"),
        (lambda text: ('<?xml version="1.0" encoding="utf-16"?>' + text).encode("utf-16"), None),
        (lambda text: ('<?xml version="1.0" encoding="utf-16"?>' + text).encode("utf-16-le"), None),
        (
            lambda text: ('<?xml version="1.0" encoding="iso-8859-1"?>' + text).encode("latin-1", "xmlcharrefreplace"),
            None,
        ),
        (lambda text: ('<?xml version="1.0" encoding="no-such"?>' + text).encode(), None),
    ],
)
def test_encodings_are_found_though_declared_wrong(encode: Callable[[str], bytes], content_type: str | None) -> None:
    body = encode('<rss version="2.0"><channel><item><title>\u201cCaf\u00e9\u201d</title></item></channel></rss>')
    assert parse_feed(body, url=URL, content_type=content_type).entries[0].title == "\u201cCaf\u00e9\u201d"


@pytest.mark.parametrize("content_type", [None, "application/rss+xml; charset=utf-7"])
def test_utf_7_is_never_decoded(content_type: str | None) -> None:
    body = rss(item("<title>+ADw-b+AD4-</title>"), '<?xml version="1.0" encoding="utf-7"?>')
    assert parse_feed(body, url=URL, content_type=content_type).entries[0].title == "+ADw-b+AD4-"


def test_what_no_column_can_hold_is_dropped() -> None:
    entry = only(rss(item("<title>a\x00b\x08c &#xD800;d</title><guid>g\x01</guid>")))
    assert (entry.title, entry.id) == ("abc \N{REPLACEMENT CHARACTER}d", "g")


def test_a_cut_document_keeps_its_whole_entries() -> None:
    whole = item("<title>One</title><link>https://a.example/1</link>")
    body = rss(whole + item("<title>Two, but c"))[: -len("</item></channel></rss>")]
    assert [entry.title for entry in parse_feed(body, url=URL).entries] == ["One"]


def test_only_the_newest_entries_of_a_long_feed_are_read() -> None:
    dates = [f"2024-01-01T{n // 3600:02d}:{n // 60 % 60:02d}:{n % 60:02d}Z" for n in range(2_500)]
    body = rss(
        "".join(item(f"<guid isPermaLink='false'>{n}</guid><pubDate>{d}</pubDate>") for n, d in enumerate(dates))
    )
    feed = parse_feed(body, url=URL)
    assert feed.is_truncated and [entry.id for entry in feed.entries] == [str(n) for n in range(500, 2_500)]


def test_guids_given_twice_are_made_distinct() -> None:
    link = "<link>https://a.example/{}</link>"
    body = rss(
        item("<guid>x</guid>" + link.format(1))
        + item("<guid>x</guid>" + link.format(2))
        + item("<guid></guid><title>No guid</title>" + link.format(3))
        + item("<guid isPermaLink='false'>y</guid><title>A</title>")
        + item("<guid isPermaLink='false'>y</guid><title>B</title>")
        + item("<guid isPermaLink='false'>y</guid><title>A</title>")
    )
    ids = [entry.id for entry in parse_feed(body, url=URL).entries]
    assert ids == ["x", "x|https://a.example/2", None, "y", "y|B", "y"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Fri, 30 Feb 2024 10:00:00 GMT", None),
        ("0000-00-00", None),
        ("1709647629", "2024-03-05T14:07:09+00:00"),
        ("5 settembre 2023", "2023-09-05T00:00:00+00:00"),
        ("Tue, 05 Mar 2024 14:07:09 CEST", "2024-03-05T12:07:09+00:00"),
        ("Tue, 05 Mar 9999 14:07:09 GMT", "9999-03-05T14:07:09+00:00"),
    ],
)
def test_dates_are_right_or_none_and_kept_as_written(raw: str, expected: str | None) -> None:
    entry = only(rss(item(f"<title>x</title><pubDate>{raw}</pubDate>")))
    assert (at(entry), entry.published_raw) == (expected, raw)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/x", "https://news.example/x"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("javascript:alert(1)", None),
        ("mailto:a@b.example", None),
        ("https://a.example/" + "x" * 10_000, None),
        ("https://a.example/a b", "https://a.example/a%20b"),
        ("http://[::1/", None),
        ("https://b\u00fccher.example/", "https://b\u00fccher.example/"),
    ],
)
def test_links_lead_somewhere_or_are_none(link: str, expected: str | None) -> None:
    assert only(rss(item(f"<title>x</title><link>{link}</link>"))).url == expected


def test_a_guid_that_is_no_address_is_no_link() -> None:
    assert only(rss(item("<title>x</title><guid>same</guid>"))).id == "same"
    assert only(rss(item("<title>x</title><guid>https://a.example/1</guid>"))).url == "https://a.example/1"


def test_ids_do_not_depend_on_where_the_feed_lies() -> None:
    body = rss(item("<guid isPermaLink='false'>posts/1</guid>"))
    assert {parse_feed(body, url=url).entries[0].id for url in (URL, "https://other.example/f")} == {"posts/1"}


def test_an_empty_feed_is_a_feed() -> None:
    assert parse_feed(rss(""), url=URL).entries == []
