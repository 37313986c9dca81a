"""The figures of a text's sentences, as keys that can be compared.

An update of a report says what the report said, with other figures. So what tells it from a copy is read with the
reader that the `figures` table is read with: numbers in digits and in words, and the names of days and months.
"""

import re
from bisect import bisect_right
from typing import NamedTuple

from newsbeam.transforms.figures.numbers import read_numbers

MAX_CHARS = 40_000  # figures after that are not compared
_BREAK = re.compile(
    r"[.!?][\"'\u201d\u2019)\]]*\s+(?=[\"'\u201c\u2018(\[<]*[A-Z0-9\u00c0-\u024f])|[\u3002\uff01\uff1f]|\s*\n\s*"
)
_DIGITS = re.compile(r"\d+")
_CALENDAR = re.compile(
    r"\b(?:(jan)(?:uary)?|(feb)(?:ruary)?|(mar)(?:ch)?|(apr)(?:il)?|(may)|(june?)|(july?)|(aug)(?:ust)?|"
    r"(sept?)(?:ember)?|(oct)(?:ober)?|(nov)(?:ember)?|(dec)(?:ember)?|"
    r"(mon)day|(tues)day|(wednes)day|(thurs)day|(fri)day|(satur)day|(sun)day)\b"
)
_WORD = re.compile(r"[^\W\d_]{2,}")


class Sentence(NamedTuple):
    """A sentence that holds figures: its other words, and its figures."""

    words: frozenset[str]
    figures: frozenset[str]


def numeric_sentences(text: str) -> list[Sentence]:
    """The sentences of the text that hold figures, in order."""
    text = text[:MAX_CHARS]
    spans = _figure_spans(text)
    if not spans:
        return []
    starts = [0, *(found.end() for found in _BREAK.finditer(text))]
    by_sentence: dict[int, list[tuple[int, int, str]]] = {}
    for span in spans:
        by_sentence.setdefault(bisect_right(starts, span[0]) - 1, []).append(span)
    starts.append(len(text))
    return [
        Sentence(_other_words(text, starts[at], starts[at + 1], held), frozenset(key for _, _, key in held))
        for at, held in sorted(by_sentence.items())
    ]


def _figure_spans(text: str) -> list[tuple[int, int, str]]:
    """Start, end and key of every figure."""
    spans = []
    for number in read_numbers(text):
        values = dict.fromkeys(v for v in (number.value, number.low, number.high) if v is not None)
        key = " ".join(f"{value:.9g}" for value in values) or text[number.start : number.end].lower()
        spans.append((number.start, number.end, key))
    covered = sorted((start, stop) for start, stop, _ in spans)
    starts = [start for start, _ in covered]
    for found in _DIGITS.finditer(text):
        at = bisect_right(starts, found.start()) - 1
        if at < 0 or covered[at][1] <= found.start():
            spans.append((found.start(), found.end(), found[0].lstrip("0") or "0"))
    for found in _CALENDAR.finditer(text.lower() if len(text.lower()) == len(text) else text):
        if text[found.start()].isupper():  # may and march are also verbs
            spans.append((found.start(), found.end(), next(group for group in found.groups() if group)[:3]))
    return spans


def _other_words(text: str, start: int, stop: int, held: list[tuple[int, int, str]]) -> frozenset[str]:
    rest = []
    for begin, end, _ in sorted(held):
        rest.append(text[start:begin])
        start = max(start, end)
    rest.append(text[start:stop])
    return frozenset(_WORD.findall(" ".join(rest).lower()))
