"""Articles from web pages. Imports nothing that brings Beam: `worker.py` starts with it."""

import copy
import logging
import re
from typing import Any, NamedTuple

from htmldate import find_date
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from newsbeam.transforms.feeds.addresses import absolute_url, host_of
from newsbeam.transforms.feeds.dates import read_instant
from newsbeam.transforms.feeds.plain import one_line, plain_text, plain_title
from newsbeam.transforms.pages import jsonld
from newsbeam.transforms.pages.charsets import decode_page
from newsbeam.transforms.pages.dates import Dates, read_dates
from newsbeam.transforms.pages.guards import PAGE_BYTES, Refused, check_tags
from newsbeam.transforms.pages.text import extract_text
from newsbeam.transforms.pages.titles import find_headings, find_title

# As trafilatura's own parser, for which its extraction was tuned.
_PARSER: dict[str, Any] = {
    "collect_ids": False, "default_doctype": False, "encoding": "utf-8", "remove_comments": True, "remove_pis": True
}  # fmt: skip
_XML = re.compile(r"^\s*<\?xml[^>]*\?>")
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


class Page(NamedTuple):
    """What a web page says. Texts are plain; instants microseconds since 1970 UTC, not checked against the clock."""

    url: str | None  # the canonical address if it lies on the same host, else the address asked
    title: str | None
    authors: list[str]
    text: str  # paragraphs parted by blank lines; empty where there is none
    summary: str | None
    published_at: int | None
    published_raw: str | None
    date_source: str | None  # jsonld, meta, time or htmldate (a day without a time)
    updated_at: int | None
    language: str | None  # what <html lang> says; often wrong
    tags: list[str]
    image_url: str | None
    is_free: bool | None  # None where the page does not say
    text_method: str  # fast, default or none


def read_article(html: bytes, *, url: str | None = None, content_type: str | None = None) -> Page:
    """Read the article of a page. Raises Refused for what is over the limits or no HTML."""
    tree = parse_tree(html, content_type=content_type)
    articles, metas = jsonld.find_articles(tree), _metas(tree)
    dates = read_dates(tree, articles, metas)
    if dates.source is None:
        dates = _by_htmldate(tree, url, dates)
    language = (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip()
    title = find_title(tree, articles, metas, url)
    address = _canonical(tree, url, metas)
    authors = _authors(articles, metas)
    titles = [*find_headings(tree), *([title] if title else [])]
    text, method = extract_text(tree, url=url, titles=titles, authors=authors)
    return Page(
        url=address,
        title=title,
        authors=authors,
        text=text,
        summary=_first(metas, "og:description", "description", "twitter:description"),
        published_at=dates.published_at,
        published_raw=dates.published_raw,
        date_source=dates.source,
        updated_at=dates.updated_at,
        language=re.split(r"[-_]", language.lower())[0][:3] or None,
        tags=_tags(articles, metas),
        image_url=absolute_url(metas.get("og:image") or _article_value(articles, "image"), url or ""),
        is_free=jsonld.is_free(articles),
        text_method=method,
    )


def parse_tree(html: bytes, *, content_type: str | None = None) -> HtmlElement:
    """The tree of a page, after the guards. Raises Refused for what is over the limits or no HTML."""
    if len(html) > PAGE_BYTES:
        raise Refused("too_large", f"{len(html)} bytes, over the limit of {PAGE_BYTES}")
    if not html.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise Refused("empty", "no body")
    text = _XML.sub("", decode_page(html, content_type), count=1).replace("\x00", "")
    check_tags(text)
    parser = HTMLParser(**_PARSER)
    try:
        tree = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as e:
        raise Refused("empty", f"no HTML: {e}") from None
    if any("depth" in str(error.message) for error in parser.error_log):
        raise Refused("too_deep", "elements nested deeper than the parser goes")
    return tree


def _by_htmldate(tree: HtmlElement, url: str | None, dates: Dates) -> Dates:
    """The day that htmldate finds where the page states none in a form meant for machines."""
    day = find_date(copy.copy(tree), url=url, original_date=True, extensive_search=False, outputformat="%Y-%m-%d")
    instant = read_instant(day)
    return dates if instant is None else Dates(instant, day, "htmldate", dates.updated_at)


def _metas(tree: HtmlElement) -> dict[str, str]:
    """The first value of each <meta>, by its name in lower case."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = (element.get("content") or "").strip()
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _first(metas: dict[str, str], *names: str) -> str | None:
    return next(filter(None, (plain_text(metas.get(name)) for name in names)), None)


def _article_value(articles: list[dict[str, Any]], key: str) -> str | None:
    return next(filter(None, (jsonld.address(thing.get(key)) for thing in articles)), None)


def _canonical(tree: HtmlElement, url: str | None, metas: dict[str, str]) -> str | None:
    links = (link.get("href") for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split())
    for candidate in (*links, metas.get("og:url")):
        found = absolute_url(candidate, url or "")
        if found and (url is None or host_of(found) == host_of(url)):
            return found
    return url


def _authors(articles: list[dict[str, Any]], metas: dict[str, str]) -> list[str]:
    found = [name for thing in articles[:1] for name in jsonld.names(thing.get("author"))]
    found = (
        found
        or [metas[name] for name in ("author", "article:author", "parsely-author", "dc.creator") if name in metas][:1]
    )
    named = (one_line(plain_title(name)) for name in found)
    return list(dict.fromkeys(name for name in named if name and "://" not in name and len(name) < 100))


def _tags(articles: list[dict[str, Any]], metas: dict[str, str]) -> list[str]:
    words: list[str] = []
    for thing in articles[:1]:
        value = thing.get("keywords")
        words += value.split(",") if isinstance(value, str) else jsonld.names(value)
    words = words or (metas.get("news_keywords") or metas.get("keywords") or "").split(",")
    return list(dict.fromkeys(word for word in map(plain_title, words[:100]) if word and len(word) < 100))
