"""Find the feeds that a home page announces."""

import html as entities
import re

from newsbeam.transforms.feeds.addresses import absolute_url

_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/json",
    "application/rdf+xml",
)
_TAG = re.compile(r"<(link|base|a)\s((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([A-Za-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FEEDLIKE = re.compile(
    r"(?:/(?:feed|rss|atom|index)(?:\.xml|\.rss|\.rdf|\.json)?/?|\.(?:rss|atom|rdf)|/feeds?/[^?#]*)(?:\?[^#]*)?$", re.I
)
_PAGE_BYTES = 2 * 2**20
# Asked when a page names no feed; the commonest first.
WELL_KNOWN_PATHS = ("/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json")


def find_feeds(html: bytes, *, url: str) -> list[str]:
    """Addresses of the feeds that a page announces, best first.

    They stand in <link rel=alternate>, else in links that look like feeds. Feeds of comments come last. What
    WordPress offers as JSON of its database is no feed.
    """
    text = html[:_PAGE_BYTES].decode("utf-8", "replace")
    if text.count("<!--") <= 5_000:  # unclosed ones make the pattern quadratic
        text = _COMMENT.sub("", text)
    base, announced, anchors = url, [], []
    for tag in _TAG.finditer(text):
        name = tag[1].lower()
        attributes = {
            found[1].lower(): entities.unescape(found[2] or found[3] or found[4] or "")
            for found in _ATTRIBUTE.finditer(tag[2])
        }
        address = absolute_url(attributes.get("href"), base)
        if not address:
            continue
        if name == "base":
            base = address
        elif name == "link":
            kind = attributes.get("type", "").split(";")[0].strip().lower()
            relations = attributes.get("rel", "").lower().split()
            if (
                ("alternate" in relations or "feed" in relations)
                and kind in _TYPES
                and "/wp-json" not in address
                and "oembed" not in address
            ):
                announced.append((_is_about_comments(address, attributes.get("title", "")), address))
        elif _FEEDLIKE.search(address):
            anchors.append((_is_about_comments(address, ""), address))
    found = sorted(announced or anchors, key=lambda x: x[0])
    return list(dict.fromkeys(address for _, address in found))


def _is_about_comments(address: str, title: str) -> bool:
    return "comment" in address.lower() or "comment" in title.lower()


def well_known_feeds(url: str) -> list[str]:
    """Addresses at which a site that announces no feed may have one all the same."""
    return [address for address in (absolute_url(path, url) for path in WELL_KNOWN_PATHS) if address]
