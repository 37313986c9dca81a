"""Name the sides of an event so that articles which count them differently still tell the same event."""

import re

from newsbeam.transforms.times.calendar import NUMBERS

#: Words of counting before those who are counted.
_COUNTING = frozenset(NUMBERS) | frozenset(
    "a an the at least most about around some roughly nearly almost approximately more less fewer than over under up "
    "to another other additional further several many few dozen dozens score scores hundred hundreds thousand "
    "thousands million millions of both all as no only just".split()
)
_NUMBER = re.compile(r"[\d.,]+(?:st|nd|rd|th|s|m|bn|k)?|\d[\d.,]*[-–]\d[\d.,]*")
_ANYBODY = frozenset("people persons person others victims them those".split())


def side_of(name: str) -> str:
    """The name of a side without the number that is told of it: "at least 31 civilians" and "33 civilians" are one."""
    words = name.casefold().split()
    at = 0
    while at < len(words) and (words[at] in _COUNTING or _NUMBER.fullmatch(words[at])):
        at += 1
    rest = words[at:]
    if at and (not rest or (len(rest) == 1 and rest[0] in _ANYBODY)):
        return "people"
    return " ".join(rest or words)
