"""The figures of a text's sentences, as keys that can be compared.

An update of a report says what the report said, with other figures. So what tells it from a copy is read with the
numerals that the `figures` table is read with, in digits and in words, and with the names of days and months. Units,
bounds and money stay out: no two copies differ in them alone, and reading them costs ten times as much.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from newsbeam.transforms.figures.lexicon import NUMBER_WORDS, SUFFIXES
from newsbeam.transforms.figures.numerals import find_numerals

MAX_CHARS = 40_000  # figures after that are not compared
_BREAK = re.compile(
    r"[.!?][\"'\u201d\u2019)\]]*\s+(?=[\"'\u201c\u2018(\[<]*[A-Z0-9\u00c0-\u024f])|[\u3002\uff01\uff1f]|\s*\n\s*"
)
_CALENDAR = re.compile(
    r"\b(Jan(?=uary|\b)|Feb(?=ruary|\b)|Mar(?=ch|\b)|Apr(?=il|\b)|May\b|Jun(?=e|\b)|Jul(?=y|\b)|Aug(?=ust|\b)|"
    r"Sep(?=t|\b)|Oct(?=ober|\b)|Nov(?=ember|\b)|Dec(?=ember|\b)|Mon(?=day)|Tue(?=sday)|Wed(?=nesday)|Thu(?=rsday)|"
    r"Fri(?=day)|Sat(?=urday)|Sun(?=day))[a-z]*"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_OF_OTHERS = ("article", "fraction", "share", "couple")  # number words only beside others
_NUMBER_WORD = "|".join(sorted(word for word, entry in NUMBER_WORDS.items() if entry[0] not in _OF_OTHERS))
_ITEM = rf"(?:\d+(?:,\d{{3}})*(?:\.\d+|[-\s]\d{{1,2}}/\d{{1,2}}\b)?|(?i:{_NUMBER_WORD})\b|[\u00bc-\u00be\u2150-\u215e])"
#: Digits or number words, and what runs on from them: "one and a half million", "20.5 billion".
_RUN = re.compile(
    r"(?<![^\W_])(?<!\d[.,])(?=[\dzZoOtTfFsSeEnNhHlLmMcCbBqQdD\u00bc-\u215e])"
    rf"{_ITEM}(?![oOlIS])(?:[\s-](?:and\s|a\s|half\s){{0,3}}{_ITEM}(?![oOlIS]))*"
)
_PLAIN = re.compile(r"([\d,]+(?:\.\d+)?)(?:[-\s](\d+)/(\d+))?")
_SUFFIX = re.compile(r"\s?([a-zA-Z]{1,3})\b")


class Sentence(NamedTuple):
    """A sentence that holds figures: its other words, and its figures."""

    words: frozenset[str]
    figures: frozenset[str]


def numeric_sentences(text: str) -> list[Sentence]:
    """The sentences of the text that hold figures, in order."""
    text = text[:MAX_CHARS]
    spans = figure_spans(text)
    if not spans:
        return []
    starts = [0, *(found.end() for found in _BREAK.finditer(text))]
    by_sentence: dict[int, list[tuple[int, int, str]]] = {}
    for span in spans:
        by_sentence.setdefault(bisect_right(starts, span[0]) - 1, []).append(span)
    starts.append(len(text))
    return [
        Sentence(_other_words(text, starts[at], starts[at + 1], held), _counted(key for _, _, key in held))
        for at, held in sorted(by_sentence.items())
    ]


def figure_spans(text: str) -> list[tuple[int, int, str]]:
    """Start, end and key of every figure, in order."""
    spans = []
    for run in _RUN.finditer(text):
        start, end = run.span()
        if plain := _PLAIN.fullmatch(run[0]):
            scale = _SUFFIX.match(text, end)
            by = SUFFIXES.get(scale[1].lower()) if scale else None
            value = float(plain[1].replace(",", "")) * (float(by) if by else 1.0)
            if plain[3] and int(plain[3]):
                value += int(plain[2]) / int(plain[3])
            spans.append((start, scale.end() if scale and by else end, _key(value)))
            continue
        spans += [(start + begin, start + stop, key) for begin, stop, key in _numerals(run[0])]
    for found in _CALENDAR.finditer(text):
        spans.append((found.start(), found.end(), found[1]))
    return sorted(spans)


@lru_cache(maxsize=4096)  # most runs are "two" or "one of"
def _numerals(run: str) -> tuple[tuple[int, int, str], ...]:
    """Start, end and key of the numerals in a run of numbers."""
    found = []
    for numeral in find_numerals(run):
        low, high = _key(float(numeral.low)), _key(float(numeral.high))
        found.append((numeral.start, numeral.end, low if low == high else f"{low}-{high}"))
    return tuple(found)


def _key(value: float) -> str:
    """The number up to thousands: who copies writes "1.8 billion" or "1,800m", and now and then drops the "billion"."""
    while value >= 1000:
        value /= 1000
    return f"{value:.6g}"


def _counted(keys: Iterable[str]) -> frozenset[str]:
    """Keys of figures, the second of its kind marked as such: "2 days from 2 April" is not "2 days from 1 April"."""
    counts: dict[str, int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return frozenset(f"{key} {n}" for key, count in counts.items() for n in range(count))


def _other_words(text: str, start: int, stop: int, held: list[tuple[int, int, str]]) -> frozenset[str]:
    rest = []
    for begin, end, _ in held:
        rest.append(text[start:begin])
        start = max(start, end)
    rest.append(text[start:stop])
    return frozenset(_WORD.findall(" ".join(rest).lower()))
