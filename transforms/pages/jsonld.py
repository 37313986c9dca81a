"""The article that a page describes in JSON-LD."""

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

_ARTICLES = frozenset(
    "newsarticle article reportagenewsarticle analysisnewsarticle opinionnewsarticle backgroundnewsarticle "
    "reviewnewsarticle blogposting liveblogposting socialmediaposting report scholarlyarticle techarticle "
    "satiricalarticle advertisercontentarticle askpublicnewsarticle discussionforumposting recipe".split()
)
_PAGES = frozenset(("webpage", "itempage", "videoobject", "mediaobject"))
_SCRIPT_CHARS = 2_000_000
_NODES = 5_000
_TRAILING = re.compile(r",(\s*[}\]])")


def find_articles(tree: HtmlElement) -> list[dict[str, Any]]:
    """The things of JSON-LD that are the article of the page, or else the page itself; the surest first."""
    articles, pages = [], []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text:
            continue
        for thing in _things(_load(script.text)):
            kinds = _kinds(thing)
            if kinds & _ARTICLES:
                articles.append(thing)
            elif kinds & _PAGES:
                pages.append(thing)
    return articles or pages


def _load(text: str) -> Any:
    if len(text) > _SCRIPT_CHARS:
        return None
    text = text.strip().removeprefix("<!--").removesuffix("-->").removeprefix("//<![CDATA[").removesuffix("//]]>")
    text = text.strip().rstrip(";")
    for candidate in (text, _TRAILING.sub(r"\1", text)):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _things(loaded: Any) -> Iterator[dict[str, Any]]:
    """Things at the top, in @graph, and as mainEntity: not those that an article merely mentions."""
    waiting, seen = [loaded], 0
    while waiting and seen < _NODES:
        seen += 1
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting[:0] = node[:_NODES]
        elif isinstance(node, dict):
            yield node
            waiting[:0] = [
                node[key]
                for key in ("@graph", "mainEntity", "mainEntityOfPage")
                if isinstance(node.get(key), dict | list)
            ]


def _kinds(thing: dict[str, Any]) -> set[str]:
    kinds = thing.get("@type")
    return {str(kind).rpartition("/")[2].lower() for kind in (kinds if isinstance(kinds, list) else [kinds])}


def names(value: Any) -> list[str]:
    """The names in a value of JSON-LD that is a person, an organisation, a string, or a list of them."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return names(value.get("name"))
    if isinstance(value, list):
        return [name for item in value[:50] if not isinstance(item, list) for name in names(item)]
    return []


def address(value: Any) -> str | None:
    """The address in a value of JSON-LD that is an address, an ImageObject, or a list of them."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl") or value.get("@id")
    return value if isinstance(value, str) else None


def is_free(articles: list[dict[str, Any]]) -> bool | None:
    """Whether JSON-LD says that the article is free to read; None where it says nothing."""
    for thing in articles:
        value = thing.get("isAccessibleForFree")
        if isinstance(value, str):
            value = {"true": True, "false": False}.get(value.strip().rpartition("/")[2].lower())
        if isinstance(value, bool):
            return value
    return None
