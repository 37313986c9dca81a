"""The text of a page's bytes."""

import codecs
import re

from newsbeam.transforms.feeds.charsets import charset_of, is_charset
from newsbeam.transforms.pages.guards import Refused

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_FILES = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"RIFF", b"ID3")
_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\f\r")
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{2,40})""", re.IGNORECASE)
# As browsers do: these names mean their Windows supersets.
_SUPERSETS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}


def decode_page(html: bytes, content_type: str | None = None) -> str:
    """The text of a page: by its byte order mark, else UTF-8 where it is valid, else as declared, else Windows-1252.

    Valid UTF-8 of any length is hardly ever anything else, while declarations are often wrong.
    """
    if html.startswith(_FILES):
        raise Refused("binary", f"no HTML but a file that begins with {html[:4]!r}")
    for mark, encoding in _BOMS:
        if html.startswith(mark):
            return html[len(mark) :].decode(encoding, "replace")
    if b"\x00" in html[:4_096]:
        return _decode_with_nul(html)
    declared = charset_of(content_type) or _declared(html)
    stateful = declared is not None and codecs.lookup(declared).name.startswith(("iso2022", "hz", "utf-16", "utf-32"))
    if not stateful:
        try:
            return html.decode("utf-8")
        except UnicodeDecodeError as e:
            if e.start > len(html) - 4 or _is_mostly_utf8(html):
                return html.decode("utf-8", "replace")
    name = codecs.lookup(declared or "cp1252").name
    if name.startswith("utf-") and not stateful:
        name = "cp1252"
    return html.decode(_SUPERSETS.get(name, name), "replace")


def _declared(html: bytes) -> str | None:
    for found in _META.finditer(html[:16_384]):
        name = found[1].decode("ascii", "replace")
        if is_charset(name) and not codecs.lookup(name).name.startswith(("utf-16", "utf-32")):
            return name
    return None


def _is_mostly_utf8(html: bytes) -> bool:
    """Whether bytes that are not all UTF-8 are UTF-8 with a few faults, by the share of multi-byte characters."""
    text = html.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    foreign = sum(1 for character in text if character > "\x7f") - wrong
    return wrong * 10 < foreign


def _decode_with_nul(html: bytes) -> str:
    head = html[:4_096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 5 and even < odd // 10:
        return html.decode("utf-16-le", "replace")
    if even > len(head) // 5 and odd < even // 10:
        return html.decode("utf-16-be", "replace")
    if len(head) - len(head.translate(None, _CONTROLS)) > len(head) // 20:
        raise Refused("binary", "more control characters than text has")
    return decode_page(html.replace(b"\x00", b""))
