"""What is refused before the HTML parser sees it: libxml2 spends the square of a tag's attributes on it."""

import re

PAGE_BYTES = 5 * 2**20
TAG_CHARS = 2**20  # pages of large publishers keep 300 KB of JSON in one attribute
ATTRIBUTES = 2_000  # 300,000 on one element take libxml2 three minutes, 2,000 a hundredth of a second
# A tag as browsers read it: a quote opens a value after "=" only. What lies in the first ones is no markup.
_TAG = re.compile(
    r"""<(?:(script|style|textarea|title|xmp|noembed|iframe)\b|[a-z])"""
    r"""(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"']?))*+>?""",
    re.IGNORECASE,
)
_ENDS = {
    name: re.compile(rf"</{name}\b", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "xmp", "noembed", "iframe")
}
_VALUE = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")


class Refused(Exception):
    """A page that is not read, and why: a reason of `schemas.reject` and a message.

    Not BadRecord, whose module brings Beam with it: the process that parses pages starts without, five times as fast.
    """

    def __init__(self, reason: str, error: str) -> None:
        super().__init__(reason, error)
        self.reason = reason
        self.error = error


def check_tags(text: str) -> None:
    """Raise Refused if a page has a tag with more attributes, or longer, than the limits. One pass, linear."""
    at = 0
    while found := _TAG.search(text, at):
        start, at = found.span()
        if at - start > 2 * ATTRIBUTES:
            _check_tag(found[0], start)
        if found[1]:
            close = _ENDS[found[1].lower()].search(text, at)
            at = close.start() if close else len(text)


def _check_tag(tag: str, start: int) -> None:
    if len(tag) > TAG_CHARS:
        raise Refused("too_deep", f"a tag of {len(tag)} characters at {start}")
    attributes = len(_VALUE.sub("= ", tag).split()) - 1
    if attributes > ATTRIBUTES:
        raise Refused("too_deep", f"a tag with {attributes} attributes at {start}")
