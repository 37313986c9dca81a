"""When a page says that it was published and changed: JSON-LD, then <meta>, then <time>."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from lxml.html import HtmlElement

from newsbeam.transforms.feeds.dates import has_time, read_instant

# Names of <meta> that hold the publication date, the surest first.
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published", "datepublished",
    "date.published", "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish-date", "publish_date",
    "published_time", "publication_date", "publicationdate", "cxenseparse:recs:publishtime", "dc.date.issued",
    "dcterms.issued", "dcterms.created", "dc.date.created", "dc.date", "dcterms.date", "article_date_original",
    "originalpublicationdate", "date", "article.published", "rnews:datepublished", "vr:published_time", "bt:pubdate",
    "iso-8601-publish-date", "cse_date", "analyticsattributes.articledate", "og:pubdate", "pub_date",
)  # fmt: skip
_UPDATED = (
    "article:modified_time", "og:updated_time", "og:modified_time", "datemodified", "dcterms.modified",
    "dc.date.modified",    "last-modified", "lastmod", "article:modified", "cxenseparse:recs:modifiedtime",
)  # fmt: skip
_PUBLISHING = re.compile(r"publi|posted|created|entry-date|dateline|pubdate|timestamp|byline", re.IGNORECASE)
_CHANGING = re.compile(r"updat|modif|comment|related|teaser|edited|sidebar|footer|event|live", re.IGNORECASE)


class Dates(NamedTuple):
    """The dates of a page."""

    published_at: int | None
    published_raw: str | None
    source: str | None  # jsonld, meta or time
    updated_at: int | None


def read_dates(tree: HtmlElement, things: Iterable[dict[str, Any]], metas: dict[str, str]) -> Dates:
    """The dates of a page: of its article in JSON-LD (`things`), its <meta> (`metas`), or its <time>."""
    articles = list(things)
    modified = (thing.get("dateModified") for thing in articles)
    updated = next(filter(None, map(_instant, (*modified, *(metas.get(name) for name in _UPDATED)))), None)
    for source, values in (
        ("jsonld", _jsonld(articles)),
        ("meta", (metas[name] for name in _PUBLISHED if name in metas)),
        ("time", _times(tree)),
    ):
        found = None
        for raw in values:
            instant = _instant(raw)
            if instant is not None and (found is None or has_time(raw)):
                found = (instant, raw)
                if has_time(raw):
                    break
        if found:
            return Dates(found[0], found[1][:100], source, updated)
    return Dates(None, None, None, updated)


def _jsonld(articles: list[dict[str, Any]]) -> Iterator[str]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        for thing in articles:
            value = thing.get(key)
            if isinstance(value, list) and value:
                value = value[0]
            if isinstance(value, str):
                yield value


def _instant(raw: object) -> int | None:
    return read_instant(raw.strip()) if isinstance(raw, str) else None


def _times(tree: HtmlElement) -> Iterator[str]:
    """Values of <time datetime> and itemprop=datePublished that stand for the article, not for something beside it."""
    for element in tree.iter("meta", "time", "span", "abbr", "div", "p"):
        if element.get("itemprop") == "datePublished":
            value = element.get("content") or element.get("datetime") or element.get("title")
            if value:
                yield value
    times = [element for element in tree.iter("time") if element.get("datetime")]
    marked = [t for t in times if t.get("pubdate") is not None or _says(t, _PUBLISHING)]
    for element in marked or times[:1]:
        if not _says(element, _CHANGING):
            yield element.get("datetime") or ""
            return


def _says(element: HtmlElement, pattern: re.Pattern[str]) -> bool:
    """Whether an element or one of the two around it has a class or id that matches."""
    at: Any = element
    for _ in range(3):
        if at is None or at.tag in ("article", "main", "body"):
            return False
        if pattern.search(f"{at.get('class') or ''} {at.get('id') or ''}"):
            return True
        at = at.getparent()
    return False
