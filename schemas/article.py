"""One article, one row a revision."""

from typing import Annotated, NamedTuple

from newsbeam.schemas.row import DAY, FEW, FLOAT32, INSTANT, INT32, PARTITION, row


@row
class Article(NamedTuple):
    """One row per article and revision."""

    article_id: Annotated[
        str,
        "stable id: digest of the canonical URL (and a record's own id), else of (feed, entry id), else of the text",
    ]
    revision: Annotated[int, INT32, "0 for the text first seen, then 1, 2 … as the text under the same id changes"]
    date: Annotated[str, PARTITION, "publication day, UTC; the day of ingestion where date_source is ingest"]
    date_source: Annotated[str, FEW, "where the day is from: feed, jsonld, meta, time, htmldate, header, file, ingest"]
    url: Annotated[str | None, "address as given"]
    canonical_url: Annotated[str | None, "address without trackers, session parts and needless variants"]
    source: Annotated[str | None, FEW, "publisher's host, or the name of the file"]
    origin: Annotated[str, FEW, "file or feed that the article came from"]
    entry_id: Annotated[str | None, "the source's own id: RSS guid, Atom id, JSON id"]
    feed_title: Annotated[str | None, FEW, "title of the feed"]
    title: Annotated[str | None, "headline as plain text"]
    authors: Annotated[list[str], "names of the authors"]
    summary: Annotated[str | None, "the feed's or page's own summary, plain text"]
    text: Annotated[str, "body as plain text; every char_start and char_end counts characters of it"]
    text_source: Annotated[str, FEW, "where the text is from: page, feed, file"]
    language: Annotated[str | None, FEW, "ISO 639-1 code of the text's language; null where the text is too short"]
    language_score: Annotated[float | None, FLOAT32, "how sure the language is, 0 to 1"]
    word_count: Annotated[int, INT32, "words in the text"]
    published_at: Annotated[int | None, INSTANT, "instant of publication; a bare day counts as its midnight UTC"]
    published_raw: Annotated[str | None, "publication date as written at the source"]
    updated_at: Annotated[int | None, INSTANT, "instant of the last change that the source states"]
    fetched_at: Annotated[int | None, INSTANT, "when the page or feed was fetched; null for files"]
    ingested_at: Annotated[int, INSTANT, "fetched_at, or for files midnight UTC of the day of the run"]
    tags: Annotated[list[str], "categories and keywords of the source"]
    image_url: Annotated[str | None, "address of the main picture"]
    is_free: Annotated[bool | None, "whether the source says that the article is free to read"]
    content_hash: Annotated[str, "digest of the normalised text"]


@row
class Link(NamedTuple):
    """How an article relates to an earlier one."""

    article_id: Annotated[str, "the later article"]
    revision: Annotated[int, INT32, "its revision"]
    date: Annotated[str, PARTITION, "publication day of the later article, UTC"]
    canonical_id: Annotated[str, "the article that speaks for both: the earliest by (published_at, article_id)"]
    relation: Annotated[
        str, FEW, "copy (same report), update (same story, other facts), revision (same id or address), refetch"
    ]
    similarity: Annotated[float | None, FLOAT32, "share of the shorter text's word 3-grams found in the other, 0 to 1"]
    method: Annotated[str, FEW, "how it was found: url, text, near"]


@row
class Seen(NamedTuple):
    """What the deduplicator remembers of an article. Kept in the lake's state, not a table for users."""

    article_id: Annotated[str, "the article"]
    revision: Annotated[int, INT32, "its revision"]
    date: Annotated[str, PARTITION, "publication day of the article, UTC"]
    content_hash: Annotated[str, "digest of the normalised text"]
    published_at: Annotated[int, INSTANT, "published_at, else ingested_at: the order of originals"]
    seen_day: Annotated[str, DAY, "day of ingestion, UTC: horizons count from here"]
    canonical_id: Annotated[str, "canonical article at the time of writing"]
    relation: Annotated[str | None, FEW, "relation to the canonical article; null for the canonical article itself"]
    bands: Annotated[bytes, "LSH band keys, none for short texts, then a key of the address; 8 bytes each"]
    payload: Annotated[bytes, "shingle hashes and figures of sentences, compressed: what a verdict needs"]
