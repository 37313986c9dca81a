"""What is refused before a parser sees it, since parsers spend quadratic time, or memory without end, on it."""

import re
import zlib

from newsbeam.transforms.errors import BadRecord

BODY_BYTES = 15 * 2**20
TAG_BYTES = 64 * 2**10  # 10,000 attributes on one element (99 KB) cost feedparser a second, 300,000 minutes
ATTRIBUTES = 256  # 5,000 on one element take feedparser half a second, 400 five milliseconds
STRAYS = 20_000  # "<" that begin no tag: the lenient parser reads 250,000 a second
GZIP = b"\x1f\x8b"
DEPTH = 256  # libxml2's own limit
ENTITY_CHARS = 1_024

# A "<" ends a quoted value too: XML has none there, and a quote left open must not swallow what follows.
_TAG = re.compile(rb"<(/?)([A-Za-z_:\x80-\xff][^\s<>/]*+)(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+'|[\"'])*+>")
_END = re.compile(rb"[<>]")
_ATTRIBUTE = re.compile(rb"=\s*+(?:\"[^\"]*+\"|'[^']*+')?")
_UNCLOSED = frozenset(b"br img hr p li input meta td tr th dt dd option wbr col source".split())  # in raw HTML
_SPECIAL = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"))
_ENTITY = re.compile(rb"<!ENTITY\s+(?:%\s+)?(\S+)\s+(?:\"([^\"]*+)\"|'([^']*+)')", re.IGNORECASE)
_SURROGATE = re.compile(rb"&#(?:[xX]0*[dD][89a-fA-F][0-9a-fA-F]{2}|0*5(?:529[6-9]|5[3-9]\d\d|[67]\d{3}));")


def gunzip(body: bytes, url: str = "") -> bytes:
    """The content of a gzip file, as some feeds are sent. Raises BadRecord if it is cut, broken or large."""
    decoder = zlib.decompressobj(wbits=31)
    try:
        content = decoder.decompress(body, BODY_BYTES + 1)
    except zlib.error as e:
        raise bad_feed("bad_encoding", f"broken gzip: {e}", b"", url) from None
    if len(content) > BODY_BYTES:
        raise bad_feed("too_large", f"more than {BODY_BYTES} bytes when unpacked", b"", url)
    if not decoder.eof:
        raise bad_feed("truncated", "the gzip data ends before its end", b"", url)
    if content.startswith(GZIP):
        raise bad_feed("bad_encoding", "gzip within gzip", b"", url)
    return content


def bad_feed(reason: str, error: str, body: bytes = b"", origin: str = "") -> BadRecord:
    """The exception for a feed, sitemap or list that cannot be read."""
    return BadRecord("parse", reason, error, origin=origin, key=origin, payload=body[:400])


def check_size(body: bytes, url: str = "") -> None:
    """Raise BadRecord if a body is over the limit."""
    if len(body) > BODY_BYTES:
        raise bad_feed("too_large", f"{len(body)} bytes, over the limit of {BODY_BYTES}", body, url)


def check_markup(body: bytes, url: str = "") -> None:
    """Raise BadRecord if XML is over the limits of size, tag length, depth or entities. One pass, linear."""
    check_size(body, url)
    _check_entities(body, url)
    at = depth = unclosed = strays = 0
    missing: set[bytes] = set()  # ends that do not come any more: not searched again
    while (at := body.find(b"<", at)) >= 0:
        if body[at + 1 : at + 2] in (b"!", b"?"):
            at = _after_special(body, at, missing)
            continue
        found = _TAG.match(body, at)
        if found is None:
            end = _END.search(body, at + 1)
            if body[at + 1 : at + 2].isalpha() and (end.start() if end else len(body)) - at > TAG_BYTES:
                raise bad_feed("too_deep", f"a tag longer than {TAG_BYTES} bytes at byte {at}", body, url)
            strays += 1
            if strays > STRAYS:
                raise bad_feed("bad_xml", f"more than {STRAYS} times a < that begins no tag", body, url)
            at += 1
            continue
        if found.end() - at > 3 * ATTRIBUTES:
            _check_tag(found[0], at, body, url)
        if found[2].lower() in _UNCLOSED:
            unclosed += not found[1]
            if unclosed > STRAYS:
                raise bad_feed("too_deep", f"more than {STRAYS} elements of HTML outside of text", body, url)
        elif found[1]:
            depth = max(0, depth - 1)
        elif body[found.end() - 2 : found.end() - 1] != b"/":
            depth += 1
            if depth > DEPTH:
                raise bad_feed("too_deep", f"more than {DEPTH} elements in one another at byte {at}", body, url)
        at = found.end()


def _check_tag(tag: bytes, at: int, body: bytes, url: str) -> None:
    if len(tag) > TAG_BYTES:
        raise bad_feed("too_deep", f"a tag of {len(tag)} bytes at byte {at}", body, url)
    attributes = len(_ATTRIBUTE.sub(b" ", tag).split()) - 1
    if attributes > ATTRIBUTES:
        raise bad_feed("too_deep", f"a tag with {attributes} attributes at byte {at}", body, url)


def _after_special(body: bytes, at: int, missing: set[bytes]) -> int:
    for start, end in _SPECIAL:
        if body.startswith(start, at):
            close = -1 if end in missing else body.find(end, at + len(start))
            if close < 0:
                missing.add(end)
                return at + len(start)
            return close + len(end)
    return at + 2


def _check_entities(body: bytes, url: str) -> None:
    """Refuse entities that grow when they are resolved: long ones, and those made of others."""
    if b"<!ENTITY" not in body and b"<!entity" not in body:
        return
    for n, found in enumerate(_ENTITY.finditer(body)):
        value = found[2] if found[2] is not None else found[3]
        if len(value) > ENTITY_CHARS or value.count(b"&") > 4 or n > 1_000:
            raise bad_feed("bad_xml", f"entity {found[1][:40]!r} of the document type grows when resolved", body, url)


def without_surrogates(body: bytes) -> bytes:
    """A body without references to lone surrogates, which are no characters; feedparser fails on them."""
    return _SURROGATE.sub(b"&#xFFFD;", body) if b"&#" in body else body
