"""News sitemaps and indexes of sitemaps."""

from lxml import etree

from newsbeam.transforms.feeds.addresses import absolute_url
from newsbeam.transforms.feeds.dates import read_instant
from newsbeam.transforms.feeds.guards import GZIP, bad_feed, check_markup, check_size, gunzip
from newsbeam.transforms.feeds.limit import newest_entries
from newsbeam.transforms.feeds.model import Entry, Sitemap
from newsbeam.transforms.feeds.plain import one_line, plain_title

__all__ = ["Sitemap", "parse_sitemap"]


def parse_sitemap(body: bytes, *, url: str) -> Sitemap:
    """Read a sitemap or an index of sitemaps that was fetched from `url`. Raises BadRecord for what is neither."""
    if not body.strip():
        raise bad_feed("empty", "no body", body, url)
    if body.startswith(GZIP):
        body = gunzip(body, url)
    if not looks_like_sitemap(body):
        raise bad_feed("not_a_feed", "no <urlset> and no <sitemapindex>", body, url)
    check_size(body, url)
    body, _ = newest_entries(body)
    check_markup(body, url)
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(body.strip(), parser)
    except etree.XMLSyntaxError as e:
        raise bad_feed("bad_xml", str(e), body, url) from None
    if root is None or _local(root) not in ("urlset", "sitemapindex"):
        raise bad_feed("not_a_feed", "no <urlset> and no <sitemapindex>", body, url)
    if _local(root) == "sitemapindex":
        children = [absolute_url(_first(child, "loc"), url) for child in root]
        return Sitemap([], list(dict.fromkeys(child for child in children if child and child != url)))
    entries = {entry.url: entry for entry in (_entry(page, url) for page in root) if entry.url}
    return Sitemap(list(entries.values()), [])


def looks_like_sitemap(body: bytes) -> bool:
    """Whether the root element of a body is one of a sitemap, by its first kilobytes."""
    head = body[:8_192].lower()
    return b"<urlset" in head or b"<sitemapindex" in head or b":urlset" in head


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _first(element: etree._Element, name: str) -> str | None:
    """The text of the first child, or child of a child, of that name."""
    for inner in element.iter():
        if _local(inner) == name and inner is not element:
            return "".join(str(piece) for piece in inner.itertext()) or None
    return None


def _entry(page: etree._Element, base: str) -> Entry:
    news = next((child for child in page if _local(child) == "news"), None)
    image = next((child for child in page if _local(child) == "image"), None)
    address = absolute_url(next(("".join(map(str, c.itertext())) for c in page if _local(c) == "loc"), None), base)
    published = (_first(news, "publication_date") if news is not None else None) or None
    updated = next(("".join(map(str, c.itertext())) for c in page if _local(c) == "lastmod"), None)
    keywords = (_first(news, "keywords") if news is not None else None) or ""
    return Entry(
        id=address,
        url=address,
        title=plain_title(_first(news, "title")) if news is not None else None,
        summary=None,
        content=None,
        authors=[],
        published_at=read_instant(published),
        published_raw=one_line(published),
        updated_at=read_instant(updated),
        tags=list(dict.fromkeys(word for word in map(plain_title, keywords.split(",")) if word)),
        image_url=absolute_url(_first(image, "loc"), base) if image is not None else None,
        enclosure_types=[],
    )
