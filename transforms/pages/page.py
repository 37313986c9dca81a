"""Read the article of a web page."""

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.pages.article import Page, read_article
from newsbeam.transforms.pages.guards import Refused

__all__ = ["Page", "bad_page", "read_page"]


def read_page(html: bytes, *, url: str | None = None, content_type: str | None = None) -> Page:
    """Read the article of a page. Raises BadRecord for what is over the limits or no HTML.

    A parser can take minutes over a page that is within the limits: see `deadline.read_page_within`.
    """
    try:
        return read_article(html, url=url, content_type=content_type)
    except Refused as refused:
        raise bad_page(refused.reason, refused.error, html, url) from None


def bad_page(reason: str, error: str, html: bytes, url: str | None) -> BadRecord:
    """The exception for a page that cannot be read."""
    return BadRecord("parse", reason, error, origin=url or "", key=url or "", payload=html[:400])
