"""The headline of a page."""

import re
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from newsbeam.transforms.feeds.plain import plain_title

_BAR = re.compile(r"\s+(?:[|\u2013\u2014\u00bb\u00ab\u00b7\u2022:~/-]|::|//)\s+|\s*[|\uff5c\u00bb]\s*")
_WORD = re.compile(r"\w+")
_SITE_CHARS = 45


def find_title(tree: HtmlElement, articles: list[dict[str, Any]], metas: dict[str, str], url: str | None) -> str | None:
    """The headline of a page without the name of the site: JSON-LD's, else og:title, else <h1>, else <title>."""
    heads = find_headings(tree)
    named = plain_title(next((_inner(title) for title in tree.iter("title")), None))
    headline = next(
        (t["headline"] for t in articles if isinstance(t.get("headline"), str) and t["headline"].strip()), None
    )
    sites = _sites(articles, metas, url)
    candidates = [
        plain_title(headline),
        plain_title(metas.get("og:title")),
        plain_title(metas.get("twitter:title")),
        named,
    ]
    shared = [without_site(title, sites, heads) for title in candidates if title]
    if len(shared) > 1 or not heads:  # stated for machines
        return shared[0] if shared else None
    return next((head for head in heads if shared and _is_close(head, shared[0])), shared[0] if shared else heads[0])


def find_headings(tree: HtmlElement) -> list[str]:
    """The texts of the <h1> of a page."""
    return [title for title in (plain_title(_inner(head)) for head in tree.iter("h1")) if title]


def without_site(title: str, sites: list[str], heads: list[str]) -> str:
    """A title without the name of the site before or after a bar: where that is known, or the rest is a heading."""
    parts = _BAR.split(title)
    if len(parts) < 2:
        return title
    keys = {_key(head) for head in heads}
    for bar in _BAR.finditer(title):
        before, after = title[: bar.start()].strip(), title[bar.end() :].strip()
        if _key(before) in keys or (_key(after) in sites and before):
            return before
        if _key(after) in keys or (_key(before) in sites and after):
            return after
    last = [*_BAR.finditer(title)][-1]
    before, after = title[: last.start()].strip(), title[last.end() :].strip()
    if "|" in last[0] and len(before) > 20 and len(after) <= _SITE_CHARS:
        return before
    return title


def _is_close(head: str, title: str) -> bool:
    """Whether a heading says the same as a title meant for machines, most of its words at least."""
    a, b = set(_WORD.findall(head.lower())), set(_WORD.findall(title.lower()))
    return bool(a) and len(head) > 8 and len(a & b) >= 0.5 * max(len(a), len(b))


def _sites(articles: list[dict[str, Any]], metas: dict[str, str], url: str | None) -> list[str]:
    names = [metas.get("og:site_name"), metas.get("application-name"), metas.get("apple-mobile-web-app-title")]
    for thing in articles[:1]:
        publisher = thing.get("publisher")
        names.append(publisher.get("name") if isinstance(publisher, dict) else None)
    try:
        host = (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    names += [host, host.rpartition(".")[0], f"www.{host}"]
    return [key for key in (_key(name) for name in names if isinstance(name, str)) if key]


def _inner(element: HtmlElement) -> str:
    return " ".join(" ".join(str(piece) for piece in element.itertext()).split()).replace("<", "&lt;")


def _key(text: str) -> str:
    return "".join(_WORD.findall(text)).casefold()
