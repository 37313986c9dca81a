"""What a title says of its article's relation to an earlier one: "UPDATE 2-…", "CORRECTED-…", "RPT-…"."""

import re
import zlib
from typing import NamedTuple

from newsbeam.transforms.ids import normalised_text

CORRECTION, UPDATE = 1, 2
_CORRECTION = r"correct(?:s|ed|ion)|clarif(?:ies|ied|ication)|amended"
_UPDATE = r"updated?(?:\W{0,2}\d{1,3})?|write-?thru|wrapup(?:\W{0,2}\d{1,3})?|\d{1,2}(?:st|nd|rd|th)\W(?:lead|ld)"
_REPEAT = r"rpt|repeat|refile[sd]?"
_MARK = rf"(?:{_CORRECTION}|{_UPDATE}|{_REPEAT})\b"
#: At the head, after at most one word with a colon ("Report: UPDATE 2-…"), or in brackets at the end.
_MARKS = re.compile(rf"^\W*(?:\w+:\W*)?(?:{_MARK}\W*)+|[(\[]{_MARK}[)\]]\W*$", re.IGNORECASE)
_KINDS = ((CORRECTION, re.compile(_CORRECTION, re.IGNORECASE)), (UPDATE, re.compile(_UPDATE, re.IGNORECASE)))
_DIGITS = re.compile(r"\d+")


class Title(NamedTuple):
    """Marks of a title, the number after "update", and a key of the other words; 0 for fewer than three."""

    marks: int
    number: int
    key: int


def read_title(title: str | None) -> Title:
    """Take the marks off a title."""
    text = (title or "")[:1000]
    marked = " ".join(found[0] for found in _MARKS.finditer(text))
    number = _DIGITS.search(marked)
    words = normalised_text(_MARKS.sub(" ", text))
    data = words.encode("utf-8", "replace") if words.count(" ") > 1 else b""
    return Title(
        marks=sum(kind for kind, pattern in _KINDS if pattern.search(marked)),
        number=min(int(number[0]), 31) if number else 0,
        key=(zlib.crc32(data) << 32 | zlib.crc32(data[::-1])) if data else 0,
    )
