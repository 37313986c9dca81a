import json

import pytest

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.feeds.parse import parse_feed

URL = "https://news.example/feed.json"
VERSION = "https://jsonfeed.org/version/1.1"


def feed(**fields: object) -> bytes:
    return json.dumps({"version": VERSION, "title": "T", **fields}).encode()


def test_reads_a_json_feed() -> None:
    got = parse_feed(
        b"\xef\xbb\xbf"
        + feed(
            home_page_url="https://news.example/",
            language="de",
            hubs=[{"type": "WebSub", "url": "https://hub.example/"}],
            items=[
                {
                    "id": 7,
                    "url": "/7",
                    "title": "Seven &amp; more",
                    "content_html": "<p>One.</p><p>Two.</p>",
                    "summary": "S",
                    "date_published": "2024-03-05T10:00:00+01:00",
                    "date_modified": "2024-03-06T10:00:00Z",
                    "authors": [{"name": "Ada"}],
                    "tags": ["a", "a", 3],
                    "image": "/7.png",
                    "attachments": [{"url": "x", "mime_type": "video/mp4"}],
                }
            ],
        ),
        url=URL,
    )
    assert (got.title, got.url, got.hub, got.language) == ("T", "https://news.example/", "https://hub.example/", "de")
    entry = got.entries[0]
    assert (entry.id, entry.url, entry.title) == ("7", "https://news.example/7", "Seven & more")
    assert (entry.content, entry.summary, entry.authors, entry.tags) == ("One.\n\nTwo.", "S", ["Ada"], ["a"])
    assert (entry.published_at, entry.updated_at) == (1_709_629_200_000_000, 1_709_719_200_000_000)
    assert (entry.image_url, entry.enclosure_types) == ("https://news.example/7.png", ["video/mp4"])


def test_version_1_names_one_author() -> None:
    body = feed(
        version="https://jsonfeed.org/version/1", items=[{"id": "1", "author": {"name": "Bo"}, "content_text": "x"}]
    )
    assert parse_feed(body, url=URL).entries[0].authors == ["Bo"]


def test_wrong_types_cost_their_field_only() -> None:
    items: list[object] = [
        None,
        [],
        {"id": True, "title": 5, "date_published": None, "tags": "x", "authors": 1, "content_text": "Text."},
    ]
    entry = parse_feed(feed(items=items), url=URL).entries[0]
    assert (entry.id, entry.title, entry.published_at, entry.tags, entry.content) == (None, None, None, [], "Text.")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (feed(items={}), "not_a_feed"),
        (feed(), "not_a_feed"),
        (b'{"items": []}', "not_a_feed"),
        (b'{"items": [' + b"9" * 10_000 + b"]}", "bad_json"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 100_000, "too_deep"),
    ],
)
def test_refuses_other_json(body: bytes, reason: str) -> None:
    with pytest.raises(BadRecord) as bad:
        parse_feed(body, url=URL)
    assert bad.value.reason == reason


def test_long_feeds_are_cut_to_the_newest() -> None:
    items = [
        {"id": str(n), "date_published": f"2024-01-01T{n // 60 // 60:02d}:{n // 60 % 60:02d}:{n % 60:02d}Z"}
        for n in range(2_100)
    ]
    got = parse_feed(feed(items=items), url=URL)
    assert got.is_truncated and [entry.id for entry in got.entries] == [str(n) for n in range(100, 2_100)]
