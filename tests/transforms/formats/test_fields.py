from typing import Any

import pytest

from newsbeam.transforms.formats.fields import is_header, read_fields, records_in


@pytest.mark.parametrize(
    ("record", "field", "expected"),
    [
        ({"id": 7}, "entry_id", "7"),
        ({"guid": {"$t": "g", "isPermaLink": False}}, "entry_id", "g"),
        ({"link": "https://e.org/1", "id": "x"}, "url", "https://e.org/1"),
        ({"links": [], "uri": " https://e.org/1 "}, "url", "https://e.org/1"),
        ({"url": "/relative"}, "url", None),
        ({"id": "https://e.org/1"}, "url", "https://e.org/1"),
        ({"headline": {"main": "", "name": "H"}}, "title", "H"),
        ({"title": "A &amp; <b>B</b>\n"}, "title", "A & B"),
        ({"headline": {"main": "H", "kicker": None}}, "title", "H"),
        ({"name": "N", "headline": "H"}, "title", "H"),
        ({"maintext": "M"}, "text", "M"),
        ({"articleBody": "M"}, "text", "M"),
        ({"content": "C", "text": "T", "body": "B"}, "text", "T"),
        ({"text": "", "body": "B"}, "text", "B"),
        ({"text": None, "content": {"value": "V"}}, "text", "V"),
        ({"body": ["One.", {"text": "Two."}]}, "text", "One.\n\nTwo."),
        ({"text": "  kept \n as is "}, "text", "  kept \n as is "),
        ({"_source": {"text": "T"}, "_id": "1"}, "text", "T"),
        ({"article": "A", "highlights": "H"}, "text", "A"),
        ({"article": {"text": "inner"}, "text": "outer"}, "text", "outer"),
        ({"content_html": "<p>A</p>"}, "html", "<p>A</p>"),
        ({"content": {"rendered": "<p>A</p>"}}, "html", "<p>A</p>"),
        ({"text": "<Acme Ltd> said"}, "html", None),
        ({"date": {"$date": "2023-01-31"}}, "published", "2023-01-31"),
        ({"date": "x", "published_at": "y"}, "published", "y"),
        ({"published_at": None, "pubDate": "z"}, "published", "z"),
        ({"published_at": float("nan"), "pubDate": "z"}, "published", "z"),
        ({"created": 1675159200}, "published", 1675159200),
        ({"author": "By Ann Lee and Bo Chen"}, "authors", ["Ann Lee", "Bo Chen"]),
        ({"byline": {"original": "By Ann Lee, Bo Chen"}}, "authors", ["Ann Lee", "Bo Chen"]),
        ({"author": "Lee, Ann; Chen, Bo"}, "authors", ["Lee, Ann", "Chen, Bo"]),
        ({"authors": [{"name": "Ann"}, "Bo", {"name": "Ann"}]}, "authors", ["Ann", "Bo"]),
        ({"author": {"name": "Ann"}}, "authors", ["Ann"]),
        ({"keywords": "war, trade;war"}, "tags", ["war", "trade"]),
        ({"tags": [{"term": "a"}, "b"]}, "tags", ["a", "b"]),
        ({"source": {"id": None, "name": "Post"}}, "publisher", "Post"),
        ({"publisher": "P", "source": "S"}, "publisher", "P"),
        ({"isAccessibleForFree": "False"}, "is_free", False),
        ({"is_free": True}, "is_free", True),
        ({"inLanguage": "en-GB"}, "language", "en-GB"),
        ({"urlToImage": "https://e.org/i.jpg"}, "image_url", "https://e.org/i.jpg"),
        ({"description": "<p>S</p>"}, "summary", "S"),
    ],
)
def test_usual_names_are_known(record: dict[str, Any], field: str, expected: object) -> None:
    assert getattr(read_fields(record), field) == expected


@pytest.mark.parametrize(
    ("document", "count"),
    [
        ({"articles": [{}, {}], "status": "ok"}, 2),
        ({"response": {"results": [{"a": 1}]}}, 1),
        ({"hits": {"hits": [{"_source": {}}]}}, 1),
        ({"text": "T", "entries": [{}]}, None),
        ({"title": "T"}, None),
        ({"articles": ["a"]}, None),
        ({"articles": []}, None),
    ],
)
def test_lists_of_articles_are_found(document: dict[str, Any], count: int | None) -> None:
    found = records_in(document)
    assert (None if found is None else len(found)) == count


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["id", "Title", "Body"], True),
        (["title", "link"], True),
        (["text", "label"], False),
        (["name", "price"], False),
        (["title", "text" + "x" * 60], False),
        ([], False),
    ],
)
def test_headers_of_articles_are_known(names: list[str], expected: bool) -> None:
    assert is_header(names) == expected
