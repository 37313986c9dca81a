"""Read what a subscribed address answered: a feed, a sitemap, or the home page that names one."""

from typing import NamedTuple

from newsbeam.schemas.article import Article
from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.feeds.discovery import find_feeds, well_known_feeds
from newsbeam.transforms.feeds.model import Entry
from newsbeam.transforms.feeds.parse import parse_feed
from newsbeam.transforms.feeds.sitemaps import looks_like_sitemap, parse_sitemap
from newsbeam.transforms.formats.articles import Draft, article_from
from newsbeam.transforms.instants import SECOND
from newsbeam.transforms.polling.answers import DEFAULT_LIMITS, Answer, Limits
from newsbeam.transforms.polling.decoding import BadEncoding, Truncated, gunzip

SITEMAP_SECONDS = 48 * 3600  # what a news sitemap keeps; older pages of a sitemap are its archive
RHYTHM_ENTRIES = 3  # so many dated entries say how often a feed has new ones
MAX_CHILDREN = 5  # sitemaps of an index that are asked at a poll
MAX_GUESSES = 4  # well-known addresses that are asked where a home page names no feed
_PAGE_MARKS = (b"<html", b"<!doctype html", b"<head", b"<body", b"<link")
_GZIP = b"\x1f\x8b"
# What answers 200 and asks a browser to prove itself.
_CHALLENGES = (
    b"cf-browser-verification",
    b"/cdn-cgi/challenge-platform/",
    b"_cf_chl_opt",
    b"ddos-guard",
    b"px-captcha",
)


class Reading(NamedTuple):
    """What a body says."""

    title: str | None
    ttl_seconds: float | None
    language: str | None
    entries: list[Entry]
    children: list[str]  # sitemaps of an index
    is_truncated: bool
    is_sitemap: bool


def read_answer(answer: Answer, now: int, limits: Limits = DEFAULT_LIMITS) -> Reading:
    """Read a body. Raises BadRecord for what is neither feed nor sitemap."""
    body = _unzipped(answer, limits)
    if looks_like_sitemap(body):
        sitemap = parse_sitemap(body, url=answer.url)
        oldest = now - SITEMAP_SECONDS * SECOND
        fresh = [entry for entry in sitemap.entries if (entry.published_at or entry.updated_at or 0) >= oldest]
        return Reading(None, None, None, fresh, sitemap.children[:MAX_CHILDREN], False, True)
    try:
        feed = parse_feed(body, url=answer.url, content_type=answer.headers.get("content-type"))
    except BadRecord as bad:
        if bad.reason == "not_a_feed" and any(mark in body[:65536] for mark in _CHALLENGES):
            raise BadRecord("fetch", "blocked", "a challenge page", origin=bad.origin, payload=bad.payload) from bad
        raise
    return Reading(feed.title, feed.ttl_seconds, feed.language, feed.entries, [], feed.is_truncated, False)


def feeds_named_by(answer: Answer, *, may_guess: bool) -> list[str]:
    """Addresses to try where the answer is a home page: the feed that it announces, else, once, the usual ones.

    None where the answer is no page: what is no HTML names nothing.
    """
    head = answer.body[:4096].lower()
    if not any(mark in head for mark in _PAGE_MARKS):
        return []
    announced = [url for url in find_feeds(answer.body, url=answer.url) if url != answer.url]
    return announced[:1] or (well_known_feeds(answer.url)[:MAX_GUESSES] if may_guess else [])


def entries_per_day(entries: list[Entry], now: int) -> float | None:
    """How many entries a day the dates in a document speak of; None where too few are dated."""
    dates = sorted(entry.published_at for entry in entries if entry.published_at and entry.published_at <= now)
    if len(dates) < RHYTHM_ENTRIES:
        return None
    # up to now, so that a feed that fell silent counts as slow
    return len(dates) / max((now - dates[0]) / SECOND / 86400, 1 / 24)


def article_of(entry: Entry, reading: Reading, *, feed_url: str, now: int) -> tuple[Article, list[BadRecord]]:
    """The article of an entry with the feed's own text: its content, else its summary, else its headline."""
    draft = Draft(
        text=entry.content or entry.summary or entry.title or "",
        title=entry.title,
        url=entry.url,
        entry_id=entry.id,
        feed_title=reading.title,
        authors=tuple(entry.authors),
        summary=entry.summary,
        published_at=entry.published_at,
        published_raw=entry.published_raw,
        date_source="feed",
        updated_at=entry.updated_at,
        tags=tuple(entry.tags),
        language=reading.language,
        image_url=entry.image_url,
        text_source="feed",
        fetched_at=now,
    )
    article, faults = article_from(draft, origin=feed_url, feed=feed_url, ingested_at=now)
    key = entry.id or entry.url or entry.title or ""
    return article, [
        BadRecord("parse", bad.reason, bad.error, origin=feed_url, key=key, payload=bad.payload) for bad in faults
    ]


def _unzipped(answer: Answer, limits: Limits) -> bytes:
    """The body, out of the gzip that a file like sitemap.xml.gz is. One layer, and none under a content encoding."""
    if not answer.body.startswith(_GZIP):
        return answer.body
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise BadRecord("fetch", "bad_encoding", "gzip inside an encoding", origin=answer.url)
    pieces = bytearray()
    try:
        for piece in gunzip(iter([answer.body])):
            pieces += piece
            if len(pieces) > limits.body_bytes:
                raise BadRecord("fetch", "too_large", f"more than {limits.body_bytes} bytes", origin=answer.url)
    except (BadEncoding, Truncated) as error:
        reason = "truncated" if isinstance(error, Truncated) else "bad_encoding"
        raise BadRecord("fetch", reason, str(error), origin=answer.url) from error
    return bytes(pieces)
