"""Turn bytes of unknown encoding into text that rows can hold, or say why not."""

import codecs
import re
import unicodedata
from collections import Counter
from typing import NamedTuple

from newsbeam.transforms.errors import BadRecord

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
#: Latin texts hold 1 to 8 % of letters beyond ASCII; Cyrillic or Chinese in a code page, or noise, far more.
MAX_FOREIGN_SHARE = 0.2
MAX_NONSENSE_SHARE = 0.05
_PROBE_CHARS = 4000
_ESCAPED = re.compile("[\udc80-\udcff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NONSENSE = {"Cn", "Co", "Cs"}


class Decoded(NamedTuple):
    """Text, and what was wrong with its bytes where they could be read only by mending them."""

    text: str
    fault: str | None


def decode_text(data: bytes, declared: str | None = None) -> Decoded:
    """Decode by mark, as UTF-8, as declared, or as UTF-8 with single bytes of Windows-1252.

    Raises BadRecord "bad_encoding" where none of them gives text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(_mended(data[len(mark) :].decode(encoding, "replace")), data)
    try:
        return _checked(_mended(data.decode("utf-8")), data)
    except UnicodeDecodeError:
        pass
    if declared and _is_known(declared):
        try:
            return _checked(_mended(data.decode(declared)), data)
        except UnicodeDecodeError:
            pass
    escaped = data.decode("utf-8", "surrogateescape")
    foreign = len(_ESCAPED.findall(escaped))
    if foreign > max(2, MAX_FOREIGN_SHARE * len(data)):
        raise BadRecord("read", "bad_encoding", f"{foreign:,} of {len(data):,} bytes are no UTF-8", payload=data[:200])
    text = _ESCAPED.sub(lambda m: bytes([ord(m[0]) - 0xDC00]).decode("cp1252", "replace"), escaped)
    mended = _checked(_mended(text), data)
    return Decoded(mended.text, f"{foreign:,} bytes are no UTF-8: read as Windows-1252")


def mend(text: str) -> Decoded:
    """Text without a leading byte order mark, NUL characters and lone surrogates."""
    return _mended(text)


def _mended(text: str) -> Decoded:
    faults = []
    text = text.removeprefix("\ufeff")
    if "\x00" in text:
        faults.append(f"{text.count(chr(0)):,} NUL characters taken out")
        text = text.replace("\x00", "")
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        faults.append("lone surrogates replaced")
    return Decoded(text, "; ".join(faults) or None)


def _checked(decoded: Decoded, data: bytes) -> Decoded:
    """Refuse text of characters that no language has: UTF-16 of the wrong order, noise after a mark."""
    probe = decoded.text[:_PROBE_CHARS]
    if probe.isascii():
        return decoded
    counts = Counter(probe)  # each character is looked up once
    nonsense = sum(n for c, n in counts.items() if c == "\ufffd" or unicodedata.category(c) in _NONSENSE)
    if nonsense > max(2, MAX_NONSENSE_SHARE * len(probe)):
        raise BadRecord(
            "read", "bad_encoding", f"{nonsense:,} of {len(probe):,} characters are none", payload=data[:200]
        )
    return decoded


def _is_known(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name not in ("utf-8", "undefined")
    except LookupError:
        return False
