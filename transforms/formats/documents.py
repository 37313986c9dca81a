"""Read files that are one document: plain text, pages, and feeds saved to disk."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.feeds.model import Entry, Feed
from newsbeam.transforms.feeds.parse import parse_feed
from newsbeam.transforms.feeds.plain import plain_text
from newsbeam.transforms.feeds.sitemaps import parse_sitemap
from newsbeam.transforms.formats.articles import Draft
from newsbeam.transforms.formats.compression import Stream
from newsbeam.transforms.formats.encodings import decode_text
from newsbeam.transforms.formats.fields import Fields
from newsbeam.transforms.formats.spans import RECORD_BYTES
from newsbeam.transforms.pages.deadline import read_page_within
from newsbeam.transforms.pages.page import Page, read_page
from newsbeam.transforms.urls import canonical_url

FEED_BYTES = 64 * 2**20
SHORT_PAGE_BYTES = 128 * 2**10
PARSE_SECONDS = 60.0  # the slowest of 2,400 real pages took 4
HEADLINE_CHARS = 120
#: A first line or leading words that give the day of publication; they are no part of the text.
_DATE_HEADER = re.compile(
    r"\s*date:?[ \t]+(\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?)(?![\w:-])\s*",
    re.IGNORECASE,
)
_HEADLINE = re.compile(r"([^\n]*\S)[ \t]*\r?\n[ \t]*\r?\n\s*\S")

Keyed = tuple[str, Draft | BadRecord]


def read_text(stream: Stream) -> Iterator[Keyed]:
    """The article of a plain text file."""
    data = stream.read_all(RECORD_BYTES)
    text, fault = decode_text(data)
    header = _DATE_HEADER.match(text)
    body = text[header.end() :] if header else text
    if not body.strip():
        raise BadRecord("read", "empty", "no text", payload=data[:200])
    headline = _HEADLINE.match(body)
    title = headline[1].strip() if headline else ""
    is_title = 0 < len(title) <= HEADLINE_CHARS and title[-1] not in '.!:;,”"' and len(title.split()) > 1
    yield (
        "",
        Draft(
            text=body,
            title=title if is_title else None,
            published=header[1] if header else None,
            date_source="header",
            fault=fault,
        ),
    )


def read_html(stream: Stream) -> Iterator[Keyed]:
    """The article of a saved page."""
    yield page_of(stream.read_all(RECORD_BYTES), "")


def page_of(
    html: bytes, key: str, *, url: str | None = None, content_type: str | None = None, fetched_at: int | None = None
) -> Keyed:
    """The article of a page's bytes."""
    try:
        return key, draft_of_page(read_safely(html, url, content_type), url)._replace(fetched_at=fetched_at)
    except BadRecord as bad:
        return key, bad


def read_safely(html: bytes, url: str | None = None, content_type: str | None = None) -> Page:
    """Read a page where a parser's fault, or endless work, ends in a BadRecord.

    A short page is read right here: 24 hostile patterns of that size took at most 2 s. A longer one is read in a
    process that can be stopped, with so much time that a busy machine changes nothing.
    """
    if len(html) > SHORT_PAGE_BYTES:
        return read_page_within(html, url=url, content_type=content_type, seconds=PARSE_SECONDS)
    try:
        return read_page(html, url=url, content_type=content_type)
    except BadRecord:
        raise
    except Exception as fault:  # of a parser of others on this page: the page is bad, the run is not
        raise BadRecord("parse", "killed", f"{type(fault).__name__}: {fault}", payload=html[:200]) from fault


def draft_of_page(page: Page, url: str | None) -> Draft:
    """The draft of a page that was read. Raises BadRecord where it has no text."""
    if not page.text:
        raise BadRecord("read", "missing_text", "no text found in the page", payload=page.title or "")
    return Draft(
        text=page.text,
        title=page.title,
        url=page.url or url,
        authors=tuple(page.authors),
        summary=page.summary,
        published_at=page.published_at,
        published_raw=page.published_raw,
        date_source=page.date_source or "page",
        updated_at=page.updated_at,
        tags=tuple(page.tags),
        language=page.language,
        image_url=page.image_url,
        is_free=page.is_free,
        text_source="page",
    )


def read_feed(stream: Stream) -> Iterator[Keyed]:
    """The articles of a saved feed."""
    yield from drafts_of_feed(parse_feed(stream.read_all(FEED_BYTES), url="", content_type=None))


def read_sitemap(stream: Stream) -> Iterator[Keyed]:
    """The articles of a saved news sitemap: their headlines, as it has no more of them."""
    sitemap = parse_sitemap(stream.read_all(FEED_BYTES), url="")
    if sitemap.children:
        raise BadRecord("read", "missing_text", f"an index of {len(sitemap.children):,} sitemaps, without articles")
    for number, entry in enumerate(sitemap.entries, 1):
        yield _keyed(number, entry, None)


def is_json_feed(document: Any) -> bool:
    """Whether a JSON document says that it is a JSON Feed."""
    return isinstance(document, Mapping) and "jsonfeed.org/version" in str(document.get("version"))


def read_json_feed(data: bytes) -> Iterator[Keyed]:
    """The articles of a saved JSON Feed."""
    yield from drafts_of_feed(parse_feed(data, url="", content_type="application/feed+json"))


def drafts_of_feed(feed: Feed) -> Iterator[Keyed]:
    """The drafts of a feed's entries, and what was left out of it."""
    shared = shared_urls(feed.entries)
    for number, entry in enumerate(feed.entries, 1):
        key, draft = _keyed(number, entry, feed)
        if isinstance(draft, Draft) and canonical_url(entry.url) in shared:
            draft = draft._replace(is_url_shared=True)
        yield key, draft
    if feed.is_truncated:
        yield "", BadRecord("read", "too_large", f"only the newest {len(feed.entries):,} entries are read")


def shared_urls(entries: Iterable[Entry]) -> set[str]:
    """Canonical addresses that entries with different ids have in common, as notes on one page (#a1, #a2) do."""
    ids: dict[str, str | None] = {}
    shared = set()
    for entry in entries:
        url = canonical_url(entry.url)
        if url and ids.setdefault(url, entry.id) != entry.id:
            shared.add(url)
    return shared


def draft_of_entry(entry: Entry, feed: Feed | None) -> Draft:
    """The draft of a feed's entry with its own text: the content, else the summary, else the headline.

    Raises BadRecord where it has none of them.
    """
    text = entry.content or entry.summary or entry.title
    if not text:
        raise BadRecord("read", "missing_text", "an entry without content, summary and title", payload=entry.url or "")
    return Draft(
        text=text,
        title=entry.title,
        url=entry.url,
        entry_id=entry.id,
        feed_title=feed.title if feed else None,
        authors=tuple(entry.authors),
        summary=entry.summary,
        published=entry.published_raw if entry.published_at is None else None,
        published_at=entry.published_at,
        published_raw=entry.published_raw,
        date_source="feed",
        updated_at=entry.updated_at,
        tags=tuple(entry.tags),
        language=feed.language if feed else None,
        image_url=entry.image_url,
        text_source="feed",
    )


def draft_of_fields(fields: Fields, text: str) -> Draft:
    """The draft of a record's fields with a text."""
    return Draft(
        text=text,
        title=fields.title,
        url=fields.url,
        entry_id=fields.entry_id,
        authors=tuple(fields.authors),
        summary=fields.summary,
        published=fields.published,
        updated=fields.updated,
        tags=tuple(fields.tags),
        language=fields.language,
        publisher=fields.publisher,
        image_url=fields.image_url,
        is_free=fields.is_free,
        is_record=True,
    )


def draft_of_markup(fields: Fields) -> Draft:
    """The draft of a record whose text is markup: a fragment, or a whole page that also fills what the record lacks."""
    html = fields.html or ""
    if re.search(r"<(?:html|body)[\s>]", html[:2000], re.IGNORECASE):
        body = html.encode("utf-8", "replace")
        page = draft_of_page(read_safely(body, fields.url, "text/html; charset=utf-8"), fields.url)
        own = draft_of_fields(fields, page.text)
        if fields.published is None:
            own = own._replace(
                published_at=page.published_at, published_raw=page.published_raw, date_source=page.date_source
            )
        return own._replace(
            title=own.title or page.title,
            url=own.url or page.url,
            authors=own.authors or page.authors,
            summary=own.summary or page.summary,
            text_source="page",
        )
    text = plain_text(html)
    if not text:
        raise BadRecord("read", "missing_text", "markup without text", payload=html[:200])
    return draft_of_fields(fields, text)


def _keyed(number: int, entry: Entry, feed: Feed | None) -> Keyed:
    key = f"entry {number}: {entry.id or entry.url or entry.title}"
    try:
        return key, draft_of_entry(entry, feed)
    except BadRecord as bad:
        return key, bad
