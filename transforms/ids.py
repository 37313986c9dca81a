"""Stable ids: blake2b digests of what a thing is, the same on every machine and in every run."""

import hashlib
import re
import unicodedata

ID_HEX = 32  # 128 bits: no collision to be expected below 10^18 ids
KEY_HEX = 16  # of keys that only group: 64 bits
_FACT_HEX, _ARTICLE_HEX = 12, 8
_WORD = re.compile(r"[^\W_]+")
_ASCII_WORDS = bytes(ord(chr(i).lower()) if i < 128 and chr(i).isalnum() else 0x20 for i in range(256))


def digest(*parts: object, hex_digits: int = ID_HEX) -> str:
    """Hexadecimal blake2b digest of parts. Parts are length-prefixed: ("ab", "c") and ("a", "bc") differ."""
    h = hashlib.blake2b(digest_size=hex_digits // 2)
    for part in parts:
        encoded = ("" if part is None else str(part)).encode("utf-8", "surrogatepass")
        h.update(b"%d:" % len(encoded))
        h.update(encoded)
    return h.hexdigest()


def fact_id(article_id: str, *parts: object) -> str:
    """Id of a fact of an article: 12 digits of its own, then 8 of the article.

    Facts of one article differ in 48 bits, of two articles in 80. They lie together in a file, where the article's
    digits cost nothing: such an id takes 7 bytes there, one of 32 digits 18.
    """
    return digest(article_id, *parts, hex_digits=_FACT_HEX) + article_id[:_ARTICLE_HEX]


def normalised_text(text: str) -> str:
    """Text as compared between copies: NFKC, lower case, punctuation dropped, white space single."""
    if text.isascii():  # the same twice as fast
        return " ".join(text.encode().translate(_ASCII_WORDS).decode().split())
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).lower()))


def text_hash(text: str) -> str:
    """Digest of the normalised text: equal for texts that differ in case, punctuation and spacing only."""
    return digest("text", normalised_text(text))


def article_id_of(
    canonical_url: str | None, feed: str | None, entry_id: str | None, text: str, *, is_record: bool = False
) -> str:
    """An article's id: by its canonical URL, else by (feed, entry id), else by its normalised text.

    A record of an archive that has an id of its own is named by both: two ids say two articles, even at one address.
    """
    if canonical_url and is_record and entry_id:
        return digest("record", canonical_url, entry_id)
    if canonical_url:
        return digest("url", canonical_url)
    if feed and entry_id:
        return digest("entry", feed, entry_id)
    return digest("text", normalised_text(text))


def is_named_by_address(article_id: str, canonical_url: str | None, entry_id: str | None) -> bool:
    """Whether the address is part of the id: of notes that share a page it is not."""
    if not canonical_url:
        return False
    return article_id in (digest("url", canonical_url), digest("record", canonical_url, entry_id))
