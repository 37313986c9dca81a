"""What is refused before the HTML parser sees it: libxml2 spends the square of a tag's attributes on it."""

import re

from newsbeam.transforms.errors import BadRecord

PAGE_BYTES = 5 * 2**20
TAG_CHARS = 2**20  # pages of large publishers keep 300 KB of JSON in one attribute
ATTRIBUTES = 2_000  # 300,000 on one element take libxml2 three minutes, 2,000 a hundredth of a second
_SAFE_CHARS = 2 * ATTRIBUTES  # room for fewer attributes than that
_VALUE = re.compile(r"""=\s*+(?:"[^"]{0,1000}+"|'[^']{0,1000}+')""")
_START = re.compile(r"<([A-Za-z][^\s/>]*+)")
# As browsers read a tag: a quote opens a value after "=" only.
_REST = re.compile(r"""(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"']?))*+>?""")
_ANY_VALUE = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_RAW = ("script", "style", "textarea", "title", "xmp", "noembed", "iframe")


def bad_page(reason: str, error: str, html: bytes | str = b"", url: str | None = None) -> BadRecord:
    """The exception for a page that cannot be read."""
    return BadRecord("parse", reason, error, origin=url or "", key=url or "", payload=html[:400])


def check_tags(text: str, url: str | None = None) -> None:
    """Raise BadRecord if a page has a tag with more attributes, or longer, than the limits.

    First a cheap test that no such page passes: quoted values taken out, no two ">" lie far from each other. What
    fails it, such as pages with long scripts, is read tag by tag.
    """
    bare = _VALUE.sub("", text)
    if len(bare) > len(text) // 64 and max(map(len, bare.split(">"))) < _SAFE_CHARS:
        return
    at = 0
    while found := _START.search(text, at):
        end = _REST.match(text, found.end())
        at = end.end() if end else found.end()
        if at - found.start() > _SAFE_CHARS:
            _check_tag(text[found.start() : at], found.start(), text, url)
        name = found[1].lower()
        if name in _RAW:
            close = re.compile(rf"</{name}\b", re.IGNORECASE).search(text, at)
            at = close.start() if close else len(text)


def _check_tag(tag: str, start: int, text: str, url: str | None) -> None:
    if len(tag) > TAG_CHARS:
        raise bad_page("too_deep", f"a tag of {len(tag)} characters at {start}", text, url)
    attributes = len(_ANY_VALUE.sub("= ", tag).split()) - 1
    if attributes > ATTRIBUTES:
        raise bad_page("too_deep", f"a tag with {attributes} attributes at {start}", text, url)
