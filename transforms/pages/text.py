"""The text of a page's article, by trafilatura: its fast extraction, its full one where that has failed."""

import copy
import logging
import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import trafilatura
from lxml.html import HtmlElement

from newsbeam.transforms.feeds.plain import storable
from newsbeam.transforms.pages.boilerplate import clean_paragraphs

SURELY_SHORT_CHARS = 500  # below this the fast extraction has hardly ever found the article
SHORT_CHARS = 1_000  # and below this not if it is little of what the page says
LITTLE = 0.05
PROSE = 0.25  # a text with a smaller share of sentences is a menu or a table
_PROSE_CHARS = 60
_SENTENCE = re.compile(r"[.!?\u2026\u3002\uff01\uff1f](?:[\"'\u201d\u2019\u00bb)\s]|$)")
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # one line a page without text


def extract_text(tree: HtmlElement, *, url: str | None, titles: list[str], authors: list[str]) -> tuple[str, str]:
    """The text of a page's article in paragraphs, and the method that found it: fast, default or none."""
    text, method = _extract(tree, url, is_fast=True), "fast"
    if _is_doubtful(text, tree):
        full = _extract(tree, url, is_fast=False)
        if len(full) > len(text) or _prose_share(full) > _prose_share(text):
            text, method = full, "default"
    cleaned = "\n\n".join(clean_paragraphs(storable(text).splitlines(), titles, authors))
    return cleaned, method if cleaned else "none"


def _extract(tree: HtmlElement, url: str | None, *, is_fast: bool) -> str:
    # a copy: trafilatura takes the tree apart
    document: Any = trafilatura.bare_extraction(copy.copy(tree), url=url, fast=is_fast, include_comments=False)
    return (document.text or "") if document is not None else ""


def _is_doubtful(text: str, tree: HtmlElement) -> bool:
    """Whether the fast extraction may have missed the article."""
    if len(text) < SURELY_SHORT_CHARS or not _is_prose(text):
        return True
    return len(text) < SHORT_CHARS and len(text) < LITTLE * sum(len(" ".join(said.split())) for said in tree.itertext())


def _is_prose(text: str) -> bool:
    enough = PROSE * len(text)
    return any(told >= enough for told in accumulate(map(len, _prose(text))))


def _prose_share(text: str) -> float:
    """The share of a text that stands in lines long enough to be sentences and punctuated like them."""
    return sum(map(len, _prose(text))) / max(1, len(text))


def _prose(text: str) -> Iterator[str]:
    return (line for line in text.splitlines() if len(line) >= _PROSE_CHARS and _SENTENCE.search(line))
