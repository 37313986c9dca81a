"""What is read from a feed, whatever its format."""

from typing import NamedTuple


class Entry(NamedTuple):
    """One entry of a feed or news sitemap. Texts are plain, addresses absolute, instants microseconds since 1970."""

    id: str | None  # guid, Atom id, JSON id; made distinct within one document
    url: str | None
    title: str | None
    summary: str | None
    content: str | None  # the longest text of the entry, paragraphs parted by blank lines
    authors: list[str]
    published_at: int | None  # of publication, else of the last change; not checked against the clock
    published_raw: str | None
    updated_at: int | None
    tags: list[str]
    image_url: str | None
    enclosure_types: list[str]  # media types of attached files


class Feed(NamedTuple):
    """A feed as one answer of a server had it."""

    title: str | None
    url: str | None  # of the site that the feed belongs to
    ttl_seconds: float | None  # how long the feed asks to be left alone: the longer of <ttl> and sy:update*
    hub: str | None  # WebSub hub
    language: str | None
    entries: list[Entry]
    is_truncated: bool  # whether entries over the limit were left out


class Outline(NamedTuple):
    """One feed of an OPML list."""

    url: str
    title: str | None
    categories: list[str]  # titles of the outlines around it, outermost first


class Sitemap(NamedTuple):
    """A sitemap: pages, or further sitemaps."""

    entries: list[Entry]
    children: list[str]
