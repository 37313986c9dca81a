"""Feeds from bytes: RSS 0.9x to 2.0, Atom and RDF by feedparser, JSON Feed by `json_feed`."""

import io
import re
import warnings
from typing import Any

import feedparser

from newsbeam.transforms.feeds.addresses import absolute_url
from newsbeam.transforms.feeds.charsets import without_bad_charset
from newsbeam.transforms.feeds.dates import read_instant
from newsbeam.transforms.feeds.guards import (
    GZIP,
    bad_feed,
    check_markup,
    check_size,
    gunzip,
    without_surrogates,
)
from newsbeam.transforms.feeds.json_feed import is_json, parse_json_feed
from newsbeam.transforms.feeds.limit import MAX_ENTRIES, newest_entries
from newsbeam.transforms.feeds.model import Entry, Feed
from newsbeam.transforms.feeds.plain import first_image, one_line, plain_lines, plain_text, plain_title, storable

__all__ = ["Entry", "Feed", "parse_feed"]

_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<", b"\x00\x00")
_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\r")
_ENTRY_TAG = re.compile(rb"<(/?)(?:[\w.-]+:)?(?:item|entry)(?=[\s>/]|$)", re.IGNORECASE)
_HTML = re.compile(rb"^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.DOTALL | re.IGNORECASE)
# Minutes of the update periods that feeds name, misspellings seen in the wild included (mediacloud/rss-fetcher).
_PERIOD_SECONDS = {
    "always": 3_600.0, "hourly": 3_600.0, "daily": 86_400.0, "dayly": 86_400.0, "": 86_400.0, "weekly": 604_800.0,
    "monthly": 2_592_000.0, "yearly": 31_536_000.0,
}  # fmt: skip


def parse_feed(body: bytes, *, url: str, content_type: str | None = None) -> Feed:
    """Read a feed that was fetched from `url`. Raises BadRecord for what is no feed; opens no file and no address."""
    if not body.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise bad_feed("empty", "no body", body, url)
    if body.startswith(GZIP):
        body = gunzip(body, url)
    if is_json(body):
        return parse_json_feed(body, url=url)
    body, content_type = without_bad_charset(body, content_type)
    if not body.startswith(_UTF16):
        body = without_surrogates(body.translate(None, _CONTROLS))
    start = body[:4_096].lstrip(b"\xef\xbb\xbf")
    if _HTML.match(start):
        raise bad_feed("not_a_feed", "an HTML page", body, url)
    if b"<" not in body:
        raise bad_feed("not_a_feed", "no markup", body, url)
    check_size(body, url)
    body, is_truncated = newest_entries(body)  # before the rest is looked at
    check_markup(body, url)
    document = _run_feedparser(body, url, content_type)
    feed, raw_entries = dict(document["feed"]), list(document["entries"])
    if not document.get("version") and not raw_entries:
        raise bad_feed("not_a_feed", _reason(document), body, url)
    if not raw_entries and document.get("bozo") and not feed:
        raise bad_feed("bad_xml", _reason(document), body, url)
    if raw_entries and document.get("bozo") and _is_stump(raw_entries[-1], body):
        raw_entries.pop()  # the document was cut within it
    base = url if absolute_url(url) else _self_url(feed)  # a file knows its address only from itself
    entries = _distinct([_entry(raw, base) for raw in raw_entries])
    if len(entries) > MAX_ENTRIES:
        entries, is_truncated = entries[:MAX_ENTRIES], True
    return Feed(
        title=plain_title(_text(feed.get("title"))),
        url=absolute_url(_text(feed.get("link")), base),
        ttl_seconds=_ttl(feed),
        hub=next((absolute_url(_text(x.get("href")), base) for x in _links(feed, "hub")), None),
        language=one_line(_text(feed.get("language"))),
        entries=entries,
        is_truncated=is_truncated,
    )


def _self_url(feed: dict[str, Any]) -> str:
    own = [x.get("href") for x in _links(feed, "self")]
    return next(filter(None, map(absolute_url, map(_text, (*own, feed.get("link"))))), "")


def _run_feedparser(body: bytes, url: str, content_type: str | None) -> Any:
    # No content-location: with one, feedparser makes addresses of ids that are none. Links are resolved in _link.
    headers = {"content-type": content_type} if content_type else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of its own use of its own fallbacks
        try:
            # A BytesIO, always: feedparser opens a file or an address that the bytes of a body name.
            return feedparser.parse(
                io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
            )
        except RecursionError:
            raise bad_feed("too_deep", "nested deeper than the parser goes", body, url) from None
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, LookupError) as e:
            raise bad_feed("bad_xml", f"feedparser: {type(e).__name__}: {e}", body, url) from None


def _reason(document: Any) -> str:
    return f"no feed format: {document.get('bozo_exception') or 'no element of RSS, RDF or Atom'}"


def _is_stump(raw: dict[str, Any], body: bytes) -> bool:
    """Whether the last entry of a body is cut off before anything that identifies it."""
    tags = _ENTRY_TAG.findall(body)
    return bool(tags) and not tags[-1] and not any(dict.get(raw, key) for key in ("link", "id", "summary", "content"))


def _entry(raw: Any, base: str) -> Entry:
    get = raw if type(raw) is dict else dict(raw)
    summary, texts = _texts(get)
    published, updated = (_text(get.get("published")) or _text(get.get("created"))), _text(get.get("updated"))
    published_at, updated_at = read_instant(published), read_instant(updated)
    used = published if published_at is not None or not updated else updated
    return Entry(
        id=one_line(_text(get.get("id"))),
        url=_link(get, base),
        title=plain_title(_text(get.get("title"))),
        summary=summary,
        content=max(texts, key=len, default=None),
        authors=_authors(get),
        published_at=published_at if published_at is not None else updated_at,
        published_raw=one_line(used),
        updated_at=updated_at,
        tags=_unique(plain_title(_text(tag.get("term")) or _text(tag.get("label"))) for tag in _dicts(get.get("tags"))),
        image_url=_image(get, base),
        enclosure_types=_unique(one_line(_text(x.get("type"))) for x in _links(get, "enclosure")),
    )


def _dicts(values: object) -> list[dict[str, Any]]:
    """The dictionaries of a list; none where feedparser took an element called <links> or so for the list."""
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def _links(get: dict[str, Any], relation: str) -> list[dict[str, Any]]:
    return [link for link in _dicts(get.get("links")) if link.get("rel") == relation]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _texts(get: dict[str, Any]) -> tuple[str | None, list[str]]:
    """The summary of an entry and all of its texts, as plain text."""
    detail = get.get("summary_detail")
    details = [
        detail if isinstance(detail, dict) else {"value": get.get("summary"), "type": "text/html"},
        *_dicts(get.get("content")),
    ]
    plain = [
        plain_lines(_text(part.get("value")))
        if part.get("type") == "text/plain"
        else plain_text(_text(part.get("value")))
        for part in details
    ]
    return plain[0], [text for text in plain if text]


def _link(get: dict[str, Any], base: str) -> str | None:
    candidates = [get.get("link"), *(x.get("href") for x in _links(get, "alternate"))]
    if found := next(filter(None, (absolute_url(_text(c), base) for c in candidates)), None):
        return found
    guid = _text(get.get("id")) or ""
    return absolute_url(guid) if guid.startswith(("http://", "https://")) else None


def _authors(get: dict[str, Any]) -> list[str]:
    names = [_name(x.get("name")) for x in _dicts(get.get("authors"))]
    return _unique(names) or _unique([_name(get.get("author"))])


def _name(raw: object) -> str | None:
    name = plain_title(_text(raw)) or ""
    return re.sub(r"^(?:by|von|par|por|di)\s+", "", name, flags=re.IGNORECASE)[:200].strip(" ,;") or None


def _image(get: dict[str, Any], base: str) -> str | None:
    candidates: list[Any] = []
    for media in _dicts(get.get("media_content")):
        if media.get("medium") == "image" or str(media.get("type", "")).startswith("image/"):
            candidates.append(media.get("url"))
    candidates += [thumbnail.get("url") for thumbnail in _dicts(get.get("media_thumbnail"))]
    candidates += [x.get("href") for x in _dicts(get.get("links")) if str(x.get("type", "")).startswith("image/")]
    image = get.get("image")
    candidates.append(image.get("href") if isinstance(image, dict) else None)
    for part in _dicts([*_dicts(get.get("content")), get.get("summary_detail")]):
        if not any(candidates) and part.get("type") != "text/plain":
            candidates.append(first_image(_text(part.get("value"))))
    return next(filter(None, (absolute_url(_text(c), base) for c in candidates)), None)


def _unique(values: Any) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _distinct(entries: list[Entry]) -> list[Entry]:
    """Entries whose ids differ where the entries do: a guid given twice gets its link, without one its title."""
    seen: dict[str, Entry] = {}
    out = []
    for entry in entries:
        first = seen.setdefault(entry.id, entry) if entry.id else entry
        if first.url != entry.url:
            entry = entry._replace(id=f"{entry.id}|{entry.url}")
        elif entry.url is None and first.title != entry.title:
            entry = entry._replace(id=f"{entry.id}|{entry.title}")
        out.append(entry)
    return out


def _ttl(feed: dict[str, Any]) -> float | None:
    waits = []
    try:
        waits.append(float(feed.get("ttl", 0)) * 60)
    except (TypeError, ValueError):
        pass
    if "sy_updateperiod" in feed:
        period = _PERIOD_SECONDS.get(storable(str(feed["sy_updateperiod"])).strip().lower())
        try:
            often = float(feed.get("sy_updatefrequency") or 1)
        except (TypeError, ValueError):
            often = 1.0
        if period and often > 0:
            waits.append(period / often)
    usable = [wait for wait in waits if 0 < wait < 366 * 86_400]
    return max(usable, default=None)
