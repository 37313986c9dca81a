"""JSON Feed 1.0 and 1.1, which feedparser does not read."""

import json
from typing import Any

from newsbeam.transforms.feeds.addresses import absolute_url
from newsbeam.transforms.feeds.dates import read_instant
from newsbeam.transforms.feeds.guards import bad_feed, check_size
from newsbeam.transforms.feeds.limit import MAX_ENTRIES
from newsbeam.transforms.feeds.model import Entry, Feed
from newsbeam.transforms.feeds.plain import first_image, one_line, plain_lines, plain_text, plain_title

_BOM = b"\xef\xbb\xbf"


def is_json(body: bytes) -> bool:
    """Whether a body is a JSON object by its first character."""
    return body[:1_024].removeprefix(_BOM).lstrip()[:1] == b"{"


def parse_json_feed(body: bytes, *, url: str) -> Feed:
    """Read a JSON Feed that was fetched from `url`. Raises BadRecord for what is none."""
    check_size(body, url)
    try:
        document = json.loads(body.removeprefix(_BOM).decode("utf-8", "replace"), strict=False)
    except RecursionError:
        raise bad_feed("too_deep", "JSON nested deeper than the reader goes", body, url) from None
    except ValueError as e:
        raise bad_feed("bad_json", f"no valid JSON: {e}", body, url) from None
    items = document.get("items") if isinstance(document, dict) else None
    version = _text(document.get("version")) or ""
    if not isinstance(items, list) or ("jsonfeed.org" not in version and not _looks_like_feed(document, items)):
        raise bad_feed("not_a_feed", "JSON, but no JSON Feed: no items, or no version of jsonfeed.org", body, url)
    entries = [_entry(item, url) for item in items[: 10 * MAX_ENTRIES] if isinstance(item, dict)]
    is_truncated = len(entries) > MAX_ENTRIES
    if is_truncated:
        order = sorted(range(len(entries)), key=lambda n: (-(entries[n].published_at or 0), n))[:MAX_ENTRIES]
        entries = [entries[n] for n in sorted(order)]
    hubs = document.get("hubs")
    return Feed(
        title=plain_title(_text(document.get("title"))),
        url=absolute_url(_text(document.get("home_page_url")), url),
        ttl_seconds=None,
        hub=next((absolute_url(_text(h.get("url")), url) for h in _dicts(hubs)), None),
        language=one_line(_text(document.get("language"))),
        entries=entries,
        is_truncated=is_truncated,
    )


def _looks_like_feed(document: dict[str, Any], items: list[Any]) -> bool:
    """Whether JSON without a version is a feed all the same: a title, and items with an id or address and a text."""
    shaped = [item for item in _dicts(items) if ("id" in item or "url" in item)]
    return "title" in document and bool(shaped) and any("content_html" in i or "content_text" in i for i in shaped)


def _entry(item: dict[str, Any], base: str) -> Entry:
    html, text, summary = (_text(item.get(key)) for key in ("content_html", "content_text", "summary"))
    texts = [t for t in (plain_text(html), plain_lines(text), plain_lines(summary)) if t]
    published, updated = _text(item.get("date_published")), _text(item.get("date_modified"))
    published_at, updated_at = read_instant(published), read_instant(updated)
    authors = _dicts(item.get("authors")) or _dicts([item.get("author")])
    image = _text(item.get("image")) or _text(item.get("banner_image")) or first_image(html)
    identity = item.get("id")
    if isinstance(identity, int | float) and not isinstance(identity, bool):
        identity = str(identity)  # 1.0 lets readers coerce numbers
    tags = item.get("tags")
    return Entry(
        id=one_line(_text(identity)),
        url=absolute_url(_text(item.get("url")), base)
        or absolute_url(_text(item.get("external_url")), base)
        or absolute_url(_text(identity)),
        title=plain_title(_text(item.get("title"))),
        summary=plain_lines(summary),
        content=max(texts, key=len, default=None),
        authors=list(dict.fromkeys(filter(None, (plain_title(_text(a.get("name"))) for a in authors)))),
        published_at=published_at if published_at is not None else updated_at,
        published_raw=one_line(published if published_at is not None or not updated else updated),
        updated_at=updated_at,
        tags=list(
            dict.fromkeys(filter(None, (plain_title(_text(t)) for t in (tags if isinstance(tags, list) else ()))))
        ),
        image_url=absolute_url(image, base),
        enclosure_types=list(
            dict.fromkeys(filter(None, (one_line(_text(a.get("mime_type"))) for a in _dicts(item.get("attachments")))))
        ),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _dicts(values: object) -> list[dict[str, Any]]:
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
