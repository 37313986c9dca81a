"""Fetch the pages of new entries of one host, one after the other, and keep the better text."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

from newsbeam.schemas.article import Article
from newsbeam.schemas.reject import Fetch, Reject
from newsbeam.transforms.errors import BadRecord, reject_row
from newsbeam.transforms.formats.articles import Draft, article_from
from newsbeam.transforms.ids import normalised_text
from newsbeam.transforms.instants import day_of
from newsbeam.transforms.pages.page import Page
from newsbeam.transforms.polling.answers import ACCEPT_PAGE, MIB, Answer, FetchFailed, Limits
from newsbeam.transforms.polling.client import Client
from newsbeam.transforms.polling.headers import retry_after_seconds
from newsbeam.transforms.polling.pacing import Pacing, host_of
from newsbeam.transforms.polling.robots import RobotsCache
from newsbeam.transforms.polling.schedule import CAP_SECONDS

PAGE_LIMITS = Limits(body_bytes=5 * MIB)
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml"})
SHORT_CHARS = 250  # less of a page is a stub, a picture caption or a refusal
BRIEF_CHARS = 100  # what a page must have more than a feed that gives headlines only
PARSE_SECONDS = 10.0  # the slowest of 2,400 real pages took 4
MAX_FAILURES = 3  # in a row, before the rest of a host's pages are left
MAX_SECONDS = 300.0  # that answers of one host may take in a round
HOLD_SECONDS = 3600.0  # after a 429 without Retry-After
_FAILURES_OF_HOST = frozenset({"timeout", "dns_error", "connect_error", "tls_error", "protocol_error"})
_FEED_SHARE = 0.8  # a page with less than this share of the feed's own text lacks a part of the article
_TITLE_SHARE = 0.3  # of a headline's words that must be on its page; a consent page or "not found" has none

Row = Article | Fetch | Reject


class ReadPage(Protocol):
    """Parse a page within a time: `pages.deadline.read_page_within`."""

    def __call__(self, html: bytes, *, url: str | None, content_type: str | None, seconds: float) -> Page:
        """Raise BadRecord for what cannot be read."""


class PageAsking(NamedTuple):
    """How to ask for pages."""

    client: Client
    robots: RobotsCache
    pacing: Pacing
    now: Callable[[], int]
    agent: str
    read: ReadPage
    limits: Limits = PAGE_LIMITS
    parse_seconds: float = PARSE_SECONDS


def fetch_pages(articles: Iterable[Article], asking: PageAsking) -> Iterator[Row]:
    """The articles, each with the text of its page where that is better than the feed's own, and the fetches.

    Each article comes out once, whatever happens to its page; what happened is in the rejects. An article without
    any text is a reject only. `articles` are those of one host.
    """
    failures, seconds = 0, 0.0
    fetched: dict[str, tuple[Page, str]] = {}  # an article may stand in several feeds of its publisher
    for article in sorted(articles, key=lambda a: (a.url or "", a.article_id)):
        rows: list[Row] = []
        page: tuple[Page, str] | None = None
        bad: BadRecord | None = None
        if failures >= MAX_FAILURES:
            bad = _bad(article, "timeout", f"not asked: the host failed {failures} times in a row")
        elif seconds > MAX_SECONDS:
            bad = _bad(article, "timeout", f"not asked: the host took {seconds:.0f} s for others")
        elif article.canonical_url in fetched:
            page = fetched[article.canonical_url]
        elif article.url:
            try:
                page = _fetch(article.url, asking, rows)
                fetched[article.canonical_url or article.url] = page
                failures = 0
            except BadRecord as error:
                bad = error
                failures = failures + 1 if error.reason in _FAILURES_OF_HOST else 0
        seconds += sum(row.seconds for row in rows if isinstance(row, Fetch))
        yield from rows
        now = asking.now()
        if bad is not None:
            yield reject_row(_located(bad, article), now)
        if page is not None:
            article = with_page(article, page[0], page[1])
        if article.text.strip():
            yield article
        elif bad is None:
            yield reject_row(_bad(article, "missing_text", "neither entry nor page has a text", stage="parse"), now)


def with_page(article: Article, page: Page, page_url: str) -> Article:
    """The article with its page's text, where it is the article's and no stub, and what else only the page says."""
    is_its_page = speaks_of(article.title, f"{page.title or ''} {page.text}")
    feed_chars = len(article.text) if article.text != article.title else 0
    least = max(SHORT_CHARS, _FEED_SHARE * feed_chars) if feed_chars else BRIEF_CHARS
    is_better = len(page.text) >= least
    if not is_its_page:
        return article
    has_feed_date = article.date_source == "feed"
    draft = Draft(
        text=page.text if is_better else article.text,
        title=article.title or page.title,
        url=_address(article, page, page_url),
        entry_id=article.entry_id,
        feed_title=article.feed_title,
        authors=tuple(article.authors or page.authors),
        summary=article.summary or page.summary,
        published_at=article.published_at if has_feed_date else page.published_at,
        published_raw=article.published_raw if has_feed_date or not page.published_raw else page.published_raw,
        date_source="feed" if has_feed_date else page.date_source or "ingest",
        updated_at=article.updated_at or page.updated_at,
        tags=tuple(article.tags or page.tags),
        language=article.language or page.language,
        image_url=article.image_url or page.image_url,
        is_free=page.is_free,
        text_source="page" if is_better else article.text_source,
        fetched_at=article.fetched_at,
    )
    made, _ = article_from(draft, origin=article.origin, feed=article.origin, ingested_at=article.ingested_at)
    return made


def speaks_of(title: str | None, text: str) -> bool:
    """Whether a text has enough of a headline's words to be about it. True where the headline has too few to tell."""
    words = {word for word in normalised_text(title or "").split() if len(word) > 3}
    if len(words) < 3:
        return True
    found = words & set(normalised_text(text).split())
    return len(found) >= _TITLE_SHARE * len(words)


def _address(article: Article, page: Page, page_url: str) -> str | None:
    """The address as given, unless it is one of a redirector and the page lies on the publisher's own host."""
    asked, final = host_of(article.url or ""), host_of(page_url)
    has_path = len(urlsplit(page.url or page_url).path) > 1
    has_title = len(normalised_text(article.title or "").split()) > 2
    return page.url or page_url if asked != final and has_path and has_title else article.url


def _fetch(url: str, asking: PageAsking, rows: list[Row]) -> tuple[Page, str]:
    """The page at `url`, parsed, and its final address. Raises BadRecord."""
    host = host_of(url)
    held = asking.pacing.held_seconds(host)
    if held > 0:
        raise BadRecord("fetch", "rate_limited", f"not asked: the host is left alone for {held:.0f} s")
    if asking.robots.known(url) is None:
        asking.pacing.wait(host)
    asked = asking.robots.ask(url)
    if asked.answer is not None:
        rows.append(_row(asked.url, "robots", asked.answer, asked.outcome, asking.now()))
    if not asked.robots.allows(url, asking.agent):
        why = f"robots.txt cannot be had: {asked.outcome}" if asked.robots.is_held else "robots.txt disallows it"
        raise BadRecord("fetch", "disallowed", why)
    asking.pacing.wait(host, asked.robots.crawl_delay(asking.agent))
    try:
        answer = asking.client.fetch(url, accept=ACCEPT_PAGE, limits=asking.limits, media_types=PAGE_TYPES)
    except FetchFailed as failed:
        rows.append(_row(url, "page", failed.answer, failed.reason, asking.now()))
        wait = retry_after_seconds(failed.answer.headers, asking.now())
        if failed.reason == "rate_limited" or (wait is not None and failed.answer.status == 503):
            asking.pacing.hold(host, min(wait or HOLD_SECONDS, CAP_SECONDS))
        raise
    content_type = answer.headers.get("content-type")
    try:
        page = asking.read(answer.body, url=answer.url, content_type=content_type, seconds=asking.parse_seconds)
    except BadRecord as bad:
        rows.append(_row(url, "page", answer, bad.reason, asking.now()))
        raise
    rows.append(_row(url, "page", answer, "ok", asking.now()))
    return page, answer.url


def _row(url: str, kind: str, answer: Answer, outcome: str, now: int) -> Fetch:
    return Fetch(
        url=url,
        kind=kind,
        status=answer.status,
        outcome=outcome,
        bytes=answer.bytes,
        seconds=answer.seconds,
        retry_after=retry_after_seconds(answer.headers, now),
        not_modified=answer.status == 304,
        fetched_at=now,
        date=day_of(now),
    )


def _bad(article: Article, reason: str, error: str, stage: str = "fetch") -> BadRecord:
    return BadRecord(stage, reason, error, origin=article.origin, key=article.url or article.entry_id or "")


def _located(bad: BadRecord, article: Article) -> BadRecord:
    key = article.url or article.entry_id or bad.key
    return BadRecord(bad.stage, bad.reason, bad.error, origin=article.origin, key=key, payload=bad.payload)
