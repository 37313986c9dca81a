import gzip
import json
from pathlib import Path

import pytest

from newsbeam.schemas.article import Article
from newsbeam.transforms import ids
from newsbeam.transforms.formats.articles import Draft, article_from
from newsbeam.transforms.instants import start_of
from tests.transforms.formats.archives import archive, page, response, warcinfo
from tests.transforms.formats.files import TODAY, read_all, read_bytes, reasons, record

SEEDS = Path(__file__).resolve().parents[3] / "seeds"
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Post</title>
<item><title>One</title><guid>g1</guid><link>https://e.org/p#1</link><pubDate>Mon, 05 Feb 2024 10:00:00 GMT</pubDate>
<description>&lt;p&gt;First note on a page.&lt;/p&gt;</description></item>
<item><title>Two</title><guid>g2</guid><link>https://e.org/p#2</link></item>
<item><guid>g3</guid><link>https://e.org/3</link></item></channel></rss>"""


def _only(found: tuple[list[Article], list[object]]) -> Article:
    articles, bad = found
    assert not bad
    (article,) = articles
    return article


def test_a_record_becomes_a_row(tmp_path: Path) -> None:
    row = record(
        1, published_at="2024-03-05T10:00:00+02:00", author={"name": "Ann Lee"}, tags="a, b", summary="S", lang="en"
    )
    article = _only(read_bytes(tmp_path, json.dumps(row).encode(), "wire.json"))
    assert article == Article(
        article_id=ids.digest("record", "https://example.org/1", "a1"),
        revision=0,
        date="2024-03-05",
        date_source="file",
        url="https://example.org/1",
        canonical_url="https://example.org/1",
        source="example.org",
        origin=str(tmp_path / "wire.json"),
        entry_id="a1",
        feed_title=None,
        title="Round 1",
        authors=["Ann Lee"],
        summary="S",
        text="The minister of Kenya met the president of Ghana in Accra for talks, round 1.",
        text_source="file",
        language="en",
        language_score=article.language_score,
        word_count=15,
        published_at=start_of("2024-03-05") + 8 * 3600 * 1_000_000,
        published_raw="2024-03-05T10:00:00+02:00",
        updated_at=None,
        fetched_at=None,
        ingested_at=TODAY,
        tags=["a", "b"],
        image_url=None,
        is_free=None,
        content_hash=ids.text_hash(row["text"]),
    )


@pytest.mark.parametrize(
    ("row", "source", "identity"),
    [
        ({"url": "https://www.e.org/1?utm_source=x"}, "e.org", ("url", "https://e.org/1")),
        ({"url": "https://www.e.org/1?utm_source=x", "id": "i"}, "e.org", ("record", "https://e.org/1", "i")),
        ({"url": "https://e.org/1", "guid": "http://www.e.org/1?utm_source=y"}, "e.org", ("url", "https://e.org/1")),
        ({"id": "https://e.org/1"}, "e.org", ("url", "https://e.org/1")),
        ({"id": "i", "source": "Post"}, "Post", ("entry", "wire.json", "i")),
        ({}, "wire.json", ("text", "some words in a text")),
    ],
)
def test_identity_is_url_with_the_own_id_else_entry_else_text(
    tmp_path: Path, row: dict[str, str], source: str, identity: tuple[str, ...]
) -> None:
    article = _only(read_bytes(tmp_path, json.dumps({"text": "Some words, in a text.", **row}).encode(), "wire.json"))
    assert article.source == source
    assert article.article_id == ids.digest(*identity)


@pytest.mark.parametrize(
    ("data", "text", "title", "date", "source"),
    [
        (" date 2023-01-31 He left.\n\nEnd.\n", "He left.\n\nEnd.\n", None, "2023-01-31", "header"),
        ("date 2023-01-31\nOne line.\nNext.", "One line.\nNext.", None, "2023-01-31", "header"),
        ("Date: 2023-01-31\r\n\r\nBig storm\r\n\r\nIt.", "Big storm\r\n\r\nIt.", "Big storm", "2023-01-31", "header"),
        ("date 2023-01-31T10:30:00Z It rained.", "It rained.", None, "2023-01-31", "header"),
        ("Big storm\n \nFour  died.", "Big storm\n \nFour  died.", "Big storm", "2024-06-15", "ingest"),
        ("It rained.\n\nA lot.", "It rained.\n\nA lot.", None, "2024-06-15", "ingest"),
        ("One line\nTwo lines", "One line\nTwo lines", None, "2024-06-15", "ingest"),
        ("\ufeffdates 2023-01-31 differ", "dates 2023-01-31 differ", None, "2024-06-15", "ingest"),
        ("A date 2023-01-31 in it", "A date 2023-01-31 in it", None, "2024-06-15", "ingest"),
    ],
)  # fmt: skip
def test_plain_text(tmp_path: Path, data: str, text: str, title: str | None, date: str, source: str) -> None:
    article = _only(read_bytes(tmp_path, data.encode()))
    assert (article.text, article.title, article.date, article.date_source) == (text, title, date, source)
    assert article.word_count == len(text.split())


def test_the_given_seed_keeps_its_characters() -> None:
    (path,) = SEEDS.glob("000_*.txt")
    article = _only(read_all(path))
    assert article.date == "2023-01-31"
    assert " date 2023-01-31 " + article.text == path.read_text(encoding="utf-8")


def test_every_seed_is_read() -> None:
    articles, bad = read_all(SEEDS)
    assert not bad
    names = [article.origin.rsplit("/", 1)[-1][:3] for article in articles]
    assert {name: names.count(name) for name in names} == {
        "000": 1, "001": 1, "002": 1, "003": 5, "004": 3, "005": 2, "006": 2, "007": 2, "008": 2, "009": 2, "010": 2,
    }  # fmt: skip
    assert all(article.published_at and article.language == "en" for article in articles)
    assert len({article.content_hash for article in articles}) == len(articles) - 1  # one copy
    assert [a.date_source for a in articles if a.origin.endswith((".html", ".warc.gz"))] == ["jsonld", "meta", "meta"]


def test_a_saved_page(tmp_path: Path) -> None:
    article = _only(read_bytes(tmp_path, page(3)))
    assert (article.title, article.date, article.date_source) == ("Fire 3", "2024-01-02", "meta")
    assert (article.text_source, article.fetched_at) == ("page", None)


def test_a_saved_feed(tmp_path: Path) -> None:
    articles, bad = read_bytes(tmp_path, gzip.compress(RSS.encode()), "post.rss")
    assert [(a.title, a.text, a.date_source, a.feed_title) for a in articles] == [
        ("One", "First note on a page.", "feed", "Post"),
        ("Two", "Two", "ingest", "Post"),
    ]
    # notes on one page are told apart by their ids
    assert [a.article_id for a in articles] == [ids.digest("entry", "post.rss", guid) for guid in ("g1", "g2")]
    assert reasons(bad) == [("missing_text", "entry 3: g3")]


def test_objects_around_articles(tmp_path: Path) -> None:
    document = {"status": "ok", "articles": [record(1), record(2, text=None, content=""), record(3)]}
    articles, bad = read_bytes(tmp_path, json.dumps(document).encode())
    assert [article.entry_id for article in articles] == ["a1", "a3"]
    assert reasons(bad) == [("missing_text", "element 2")]


def test_markup_in_records(tmp_path: Path) -> None:
    rows = [
        record(1, text="<p>One &amp; two.</p><p>Three.</p>"),
        record(2, text=None, html=page(2).decode(), title=None),
    ]
    articles, bad = read_bytes(tmp_path, "\n".join(map(json.dumps, rows)).encode())
    assert not bad
    assert articles[0].text == "One & two.\n\nThree."
    assert (articles[1].title, articles[1].date) == ("Fire 2", "2024-01-02")


def test_pages_of_an_archive(tmp_path: Path) -> None:
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (page(3)[:50], page(3)[50:])) + b"0\r\n\r\n"
    records = [
        warcinfo(),
        response(1),
        response(2, b"{}", kind="application/json"),
        response(3, chunked, headers="Transfer-Encoding: chunked\r\n"),
        response(4, gzip.compress(page(4)), headers="Content-Encoding: gzip\r\n"),
        response(5, status=404),
        response(6, b"<html><body></body></html>"),
    ]
    articles, bad = read_bytes(tmp_path, archive(records))
    assert [(a.url, a.title, a.source) for a in articles] == [
        (f"https://example.org/{n}", f"Fire {n}", "example.org") for n in (1, 3, 4)
    ]
    assert {(a.fetched_at, a.ingested_at) for a in articles} == {(start_of("2024-01-03"), start_of("2024-01-03"))}
    assert reasons(bad) == [("missing_text", "record 6: https://example.org/6")]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"https://example.org/feed\n", "urls"),
        (b"<opml version='2.0'><body><outline xmlUrl='https://e.org/f'/></body></opml>", "opml"),
    ],
)
def test_lists_of_feeds_hold_no_articles(tmp_path: Path, data: bytes, kind: str) -> None:
    articles, bad = read_bytes(tmp_path, data)
    assert not articles
    assert [(one.reason, kind in one.error) for one in bad] == [("missing_text", True)]


@pytest.mark.parametrize(
    ("draft", "language"),
    [
        (Draft(text="Too short", language="en-GB"), "en"),
        (Draft(text="Too short", language="english"), None),
        (Draft(text="Die Regierung in Berlin hat am Montag beschlossen, die Steuern zu senken.", language="en"), "de"),
    ],
)
def test_the_language_is_that_of_the_text(draft: Draft, language: str | None) -> None:
    article, bad = article_from(draft, origin="o", feed="o", ingested_at=TODAY)
    assert article.language == language and not bad
