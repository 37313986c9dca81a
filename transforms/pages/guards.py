"""What is refused before the HTML parser sees it: libxml2 spends the square of the attributes of a tag (300,000: minutes)."""

import re

from newsbeam.transforms.errors import BadRecord

PAGE_BYTES = 5 * 2**20
TAG_CHARS = 64 * 2**10
_CHEAP_CHARS = 16 * 2**10
_VALUE = re.compile(r"""=\s*+(?:"[^"]{0,2000}+"|'[^']{0,2000}+')""")
_START = re.compile(r"<([A-Za-z][^\s/>]*+)")
# As browsers read a tag: a quote opens a value after "=" only.
_ATTRIBUTES = re.compile(r"""(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"']?))*+(>?)""")
_RAW = ("script", "style", "textarea", "title", "xmp", "noembed", "iframe")


def bad_page(reason: str, error: str, html: bytes | str = b"", url: str | None = None) -> BadRecord:
    """The exception for a page that cannot be read."""
    return BadRecord("parse", reason, error, origin=url or "", key=url or "", payload=html[:400])


def check_tags(text: str, url: str | None = None) -> None:
    """Raise BadRecord if a page has a tag longer than the limit.

    First a cheap test that no such page passes: quoted values taken out, no two ">" lie far from each other. What
    fails it, such as pages with long scripts, is read tag by tag.
    """
    bare = _VALUE.sub("", text)
    if len(bare) > len(text) // 64 and max(map(len, bare.split(">"))) < _CHEAP_CHARS:
        return
    at = 0
    while found := _START.search(text, at):
        end = _ATTRIBUTES.match(text, found.end())
        at = end.end() if end else found.end()
        if at - found.start() > TAG_CHARS:
            raise bad_page("too_deep", f"a tag of {at - found.start()} characters at {found.start()}", text, url)
        name = found[1].lower()
        if name in _RAW:
            close = re.compile(rf"</{name}\b", re.IGNORECASE).search(text, at)
            at = close.start() if close else len(text)
