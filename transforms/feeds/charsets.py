"""Which declared encodings of feeds and pages are believed."""

import codecs
import re

_DECLARED = re.compile(rb"""^(\s*<\?xml\b[^>]*?\bencoding\s*=\s*["'])([A-Za-z0-9._:-]+)(["'])""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]+)""", re.IGNORECASE)
# Codecs of Python that are no charsets of documents, or a way around a filter (UTF-7).
_NO_CHARSETS = frozenset(
    "utf-7 punycode idna unicode_escape raw_unicode_escape undefined mbcs oem palmos charmap".split()
)


def is_charset(name: str) -> bool:
    """Whether a declared encoding is one that documents may have."""
    try:
        known = codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return known._is_text_encoding and known.name not in _NO_CHARSETS


def charset_of(content_type: str | None) -> str | None:
    """The charset that a Content-Type names, if documents may have it."""
    found = _CHARSET.search(content_type or "")
    return found[1] if found and is_charset(found[1]) else None


def without_bad_charset(body: bytes, content_type: str | None) -> tuple[bytes, str | None]:
    """Body and Content-Type without a declared encoding that must not be believed, such as UTF-7."""
    if found := _DECLARED.match(body[:1_000]):
        if codec_is_refused(found[2].decode("ascii")):
            body = found[1] + b"utf-8" + found[3] + body[found.end() :]
    if found_type := _CHARSET.search(content_type or ""):
        if codec_is_refused(found_type[1]):
            content_type = (content_type or "").split(";")[0]
    return body, content_type


def codec_is_refused(name: str) -> bool:
    """Whether a declared encoding is a codec that must not be used on documents."""
    try:
        return codecs.lookup(name).name in _NO_CHARSETS
    except (LookupError, ValueError):
        return False
