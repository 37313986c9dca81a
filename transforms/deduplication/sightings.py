"""An article as the deduplicator sees it: small enough that a whole chunk of them fits in one hand."""

from typing import NamedTuple

import numpy as np

from newsbeam.schemas.article import Article
from newsbeam.transforms.deduplication.payloads import pack
from newsbeam.transforms.deduplication.shingles import shingle_hashes, words_of
from newsbeam.transforms.deduplication.signatures import MIN_WORDS, address_key, band_keys, to_bytes
from newsbeam.transforms.ids import digest, is_named_by_address


class Sighting(NamedTuple):
    """One arrival of an article, without its text."""

    article_id: str
    content_hash: str
    fingerprint: str  # digest of the whole row: names this arrival among those of the same text
    date: str
    published_at: int  # else ingested_at: the order of originals
    changed_at: int  # updated_at, else published_at, else ingested_at: the order of revisions
    seen_at: int
    bands: bytes
    payload: bytes


def sight(article: Article) -> Sighting:
    """Sign an article."""
    published = article.published_at if article.published_at is not None else article.ingested_at
    words = words_of(article.text)
    shingles = shingle_hashes(words)
    is_long = words.length >= MIN_WORDS
    keys = band_keys(shingles) if is_long else shingles[:0]
    if is_named_by_address(article.article_id, article.canonical_url, article.entry_id):
        keys = np.append(keys, address_key(article.canonical_url or ""))
    return Sighting(
        article.article_id,
        article.content_hash,
        fingerprint_of(article),
        article.date,
        published,
        article.updated_at if article.updated_at is not None else published,
        article.ingested_at,
        to_bytes(keys),
        pack(
            article.title,
            article.text if is_long else "",
            article.source,
            words.length,
            shingles if is_long else shingles[:0],
        ),
    )


def fingerprint_of(article: Article) -> str:
    """Digest of everything in the row."""
    return digest(*article, hex_digits=16)
