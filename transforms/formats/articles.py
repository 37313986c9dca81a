"""Build article rows: the one place where identity, date and language of an article are settled."""

from typing import NamedTuple

from newsbeam.schemas.article import Article
from newsbeam.transforms import ids
from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.feeds.addresses import host_of
from newsbeam.transforms.formats.dates import BadDate, in_range, read_date
from newsbeam.transforms.formats.encodings import mend
from newsbeam.transforms.instants import day_of
from newsbeam.transforms.pages.language import detect_language
from newsbeam.transforms.urls import canonical_url

_CODE_CHARS = 2


class Draft(NamedTuple):
    """What a source says of an article. Dates are as written, or instants where their reader made them."""

    text: str
    title: str | None = None
    url: str | None = None
    entry_id: str | None = None
    feed_title: str | None = None
    authors: tuple[str, ...] = ()
    summary: str | None = None
    published: object = None  # as written; read where `published_at` is None
    published_at: int | None = None  # an instant, where the reader of the source made one
    published_raw: str | None = None
    date_source: str = "file"
    updated: object = None
    updated_at: int | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    publisher: str | None = None
    image_url: str | None = None
    is_free: bool | None = None
    text_source: str = "file"
    fetched_at: int | None = None
    fault: str | None = None  # of its bytes, where they could be read only by mending them
    is_url_shared: bool = False  # whether other entries lie on the same page, so that it does not tell them apart
    is_record: bool = False  # of an archive, whose ids tell articles apart even at one address


def article_from(draft: Draft, *, origin: str, feed: str, ingested_at: int) -> tuple[Article, list[BadRecord]]:
    """The article row of a draft, at revision 0, and what was wrong with its date or characters, where anything was."""
    article, bad = identified(draft, origin=origin, feed=feed, ingested_at=ingested_at)
    return with_language(article), bad


def with_language(article: Article) -> Article:
    """The article with the language that its text is in, where the text is long enough to tell; else as declared."""
    language, score = detect_language(article.text)
    return article._replace(language=language or article.language, language_score=score)


def identified(draft: Draft, *, origin: str, feed: str, ingested_at: int) -> tuple[Article, list[BadRecord]]:
    """As article_from, but with the language as declared: what tells whether the article is known already.

    `feed` names the source in ids of entries: the feed's address, or the name of the file. `ingested_at` holds where
    the draft does not say when it was fetched.
    """
    ingested_at = ingested_at if draft.fetched_at is None else draft.fetched_at
    text, fault = mend(draft.text)
    faults = "; ".join(part for part in (draft.fault, fault) if part)
    bad = [BadRecord("read", "bad_encoding", faults, payload=text[:200])] if faults else []
    published_at = None
    try:
        published_at = _published(draft, ingested_at)
    except BadDate as error:
        bad.append(BadRecord("read", "bad_date", str(error), payload=_raw(draft) or ""))
    url = _storable(draft.url)
    canonical = canonical_url(url)
    entry_id = _storable(draft.entry_id)
    article = Article(
        article_id=ids.article_id_of(
            None if draft.is_url_shared else canonical, feed, entry_id, text, is_record=_has_own_id(draft, canonical)
        ),
        revision=0,
        date=day_of(ingested_at if published_at is None else published_at),
        date_source="ingest" if published_at is None else draft.date_source,
        url=url,
        canonical_url=canonical,
        source=host_of(canonical or url) or _storable(draft.publisher) or basename(origin),
        origin=origin,
        entry_id=entry_id,
        feed_title=_storable(draft.feed_title),
        title=_storable(draft.title),
        authors=[mend(author).text for author in draft.authors],
        summary=_storable(draft.summary),
        text=text,
        text_source=draft.text_source,
        language=_code(draft.language),
        language_score=None,
        word_count=len(text.split()),
        published_at=published_at,
        published_raw=_storable(_raw(draft)),
        updated_at=_updated(draft, ingested_at),
        fetched_at=draft.fetched_at,
        ingested_at=ingested_at,
        tags=[mend(tag).text for tag in draft.tags],
        image_url=_storable(draft.image_url),
        is_free=draft.is_free,
        content_hash=ids.text_hash(text),
    )
    return article, bad


def basename(origin: str) -> str:
    """The name of a file, without folders or a URL's query."""
    return origin.split("?", 1)[0].rstrip("/").rsplit("/", 1)[-1]


def _has_own_id(draft: Draft, canonical: str | None) -> bool:
    """Whether a record has an id besides its address: many archives give the address again as the id."""
    return draft.is_record and canonical_url(draft.entry_id) != canonical


def _published(draft: Draft, ingested_at: int) -> int | None:
    if draft.published_at is None:
        return read_date(draft.published, ingested_at)
    if not in_range(draft.published_at, ingested_at):
        raise BadDate(f"not between 1990 and the day after ingestion: {_raw(draft)!r}")
    return draft.published_at


def _updated(draft: Draft, ingested_at: int) -> int | None:
    """The instant of the last change; one that cannot be is left out without a word, as nothing rests on it."""
    try:
        instant = draft.updated_at if draft.updated_at is not None else read_date(draft.updated, ingested_at)
    except BadDate:
        return None
    return instant if instant is not None and in_range(instant, ingested_at) else None


def _raw(draft: Draft) -> str | None:
    if draft.published_raw is not None:
        return draft.published_raw
    return None if draft.published is None else str(draft.published)[:200]


def _storable(text: str | None) -> str | None:
    return mend(text).text or None if text else None


def _code(language: str | None) -> str | None:
    """The two letters of a declared language, "en" of "en-GB"."""
    code = (language or "").replace("_", "-").split("-")[0].strip().lower()
    return code if len(code) == _CODE_CHARS and code.isascii() and code.isalpha() else None
