"""Read numerals, in digits and in words, out of plain text."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from newsbeam.transforms.figures.lexicon import NUMBER_WORDS

_TOKEN = re.compile(
    r"(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,]*,?\d)|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?(?!,?\d)|\d+(?:\.\d+)*|(?<![\d.])\.\d+)"
    r"|(?P<f>[¼½¾⅐-⅞])|(?P<w>[^\W\d_]+)|[^\w\s]|_"
)
#: how far before a digit or number word its numeral may begin, and how far behind one the words reach that decide
_BEFORE, _AFTER = 12, 24


def _start() -> re.Pattern[str]:
    """A digit, or a word without which no numeral in words begins or ends."""
    by_letter: dict[str, list[str]] = {}
    for word, entry in sorted(NUMBER_WORDS.items(), key=lambda item: (-len(item[0]), item[0])):
        if entry[0] != "article":
            by_letter.setdefault(word[0], []).append(re.escape(word[1:]))
    words = "|".join(f"{letter}(?:{'|'.join(ends)})" for letter, ends in sorted(by_letter.items()))
    return re.compile(rf"[\d¼½¾⅐-⅞]+|(?<![^\W\d_])(?:{words})(?![^\W\d_])", re.IGNORECASE)


_START = _start()
_ONE = Fraction(1)
_VULGAR = "¼1/4 ½1/2 ¾3/4 ⅓1/3 ⅔2/3 ⅕1/5 ⅖2/5 ⅗3/5 ⅘4/5 ⅙1/6 ⅚5/6 ⅛1/8 ⅜3/8 ⅝5/8 ⅞7/8 ⅐1/7 ⅑1/9 ⅒1/10"
_UNICODE_FRACTIONS = {entry[0]: Fraction(entry[1:]) for entry in _VULGAR.split()}
#: Denominators that a written fraction has; 24/7 and 9/11 are no fractions.
_DENOMINATORS = frozenset({2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 32, 64, 100, 128, 1000})
_MAX_DIGITS = 300  # more than a double can hold: no count of anything
#: What follows "scores" where it is a number and not a verb or a result.
_AFTER_SCORES = frozenset({"of", "more", "were", "have", "are"})


class Token(NamedTuple):
    """A word, numeral or sign of a text."""

    kind: str | None
    text: str
    start: int
    end: int


class Numeral(NamedTuple):
    """A numeral: its span, the least and greatest value of its words, and how it is written.

    `form` is digits, words, share (half, a third), vague (dozens), one (the bare word) or broken (1,2,3,4).
    `mantissa` is the value before `scale`, for ranges that write the scale once ("two to three million").
    """

    start: int
    end: int
    low: Fraction
    high: Fraction
    form: str
    mantissa: Fraction
    scale: Fraction


def find_numerals(text: str) -> list[Numeral]:
    """Every numeral of a text, in order."""
    found = []
    for start, end in _stretches(text):
        tokens = [Token(m.lastgroup, m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text, start, end)]
        i = 0
        while i < len(tokens):
            kind = tokens[i].kind
            if kind is None or (kind == "w" and tokens[i].text.lower() not in NUMBER_WORDS):
                i += 1
                continue
            read = _digits(tokens, i) if kind in ("n", "f") else _words(tokens, i)
            if read is None:
                i += 1
                continue
            numeral, i = read
            found.append(numeral)
    return found


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of a text, from space to space, that hold its digits and number words: most of a text has none."""
    start = end = -1
    for found in _START.finditer(text):
        at, last = found.span()
        if at - _BEFORE > end:
            if end >= 0:
                yield start, end
            start = max(0, at - _BEFORE)
            while start > 0 and not text[start - 1].isspace():
                start -= 1
            start = max(start, end)
        if last + _AFTER > end:
            end = min(len(text), last + _AFTER)
            while end < len(text) and not text[end].isspace():
                end += 1
    if end >= 0:
        yield start, end


def _word(tokens: list[Token], i: int) -> tuple[str, Fraction, Fraction] | None:
    return NUMBER_WORDS.get(tokens[i].text.lower()) if i < len(tokens) and tokens[i].kind == "w" else None


def _touching(tokens: list[Token], i: int, signs: str = "-\u2010\u2011") -> int:
    """The index after token i, past one hyphen that joins it to the next word."""
    if i < len(tokens) and tokens[i].text in signs and i + 1 < len(tokens):
        joined = tokens[i - 1].end == tokens[i].start and tokens[i].end == tokens[i + 1].start
        return i + 1 if joined else i
    return i


def _plain(text: str) -> Fraction | None:
    """The value of a run of digits, None where it is no number: two dots without groups, or too many digits."""
    if text.count(".") > 1:
        head, *groups = text.split(".")
        if not head or len(head) > 3 or any(len(group) != 3 for group in groups):
            return None
        text = text.replace(".", "")
    if len(text) > _MAX_DIGITS:
        return None
    text = text.replace(",", "")
    return Fraction(int(text)) if text.isdecimal() else Fraction(text)


def _digits(tokens: list[Token], i: int) -> tuple[Numeral, int]:
    first = tokens[i]
    end, j = first.end, i + 1
    if first.kind == "f":
        value: Fraction | None = _UNICODE_FRACTIONS.get(first.text)
    else:
        value = _plain(first.text)
        j, end, value, whole = _fraction_after(tokens, i, value)
        if not whole:  # a chain such as 1,2,3,4 or 10.0.0.1 or 1/0
            j, end = _chain_end(tokens, i)
            return Numeral(first.start, end, Fraction(0), Fraction(0), "broken", Fraction(0), _ONE), j
    if value is None:
        return Numeral(first.start, end, Fraction(0), Fraction(0), "broken", Fraction(0), _ONE), j
    scale, j, end = _scales(tokens, j, end)
    product = value if scale is _ONE else value * scale
    return Numeral(first.start, end, product, product, "digits", value, scale), j


def _fraction_after(tokens: list[Token], i: int, value: Fraction | None) -> tuple[int, int, Fraction | None, bool]:
    """Take "1/2" after or as the number at i; the last item is False where the digits run on into a chain."""
    j, end = i + 1, tokens[i].end
    if j < len(tokens) and tokens[j].kind == "f" and tokens[j].start - end <= 1 and value is not None:
        fraction = _UNICODE_FRACTIONS.get(tokens[j].text, Fraction(0))
        return j + 1, tokens[j].end, value + fraction, True
    if _is_fraction(tokens, j) and tokens[j].start - end <= 1 and value is not None and value.denominator == 1:
        top, bottom = int(tokens[j].text), int(tokens[j + 2].text)
        if top < bottom:
            return j + 3, tokens[j + 2].end, value + Fraction(top, bottom), True
    if _is_fraction(tokens, i):
        top, bottom = int(tokens[i].text), int(tokens[i + 2].text)
        runs_on = i + 3 < len(tokens) and tokens[i + 3].text in "/-" and tokens[i + 3].start == tokens[i + 2].end
        if top < bottom and not runs_on:
            return i + 3, tokens[i + 2].end, Fraction(top, bottom), True
        return j, end, None, False
    if j + 1 < len(tokens) and tokens[j].text in ",/:._" and tokens[j + 1].kind == "n":
        if tokens[j].start == end and tokens[j + 1].start == tokens[j].end:
            return j, end, None, False
    if j < len(tokens) and tokens[j].kind == "n" and tokens[j].start == end:
        return j, end, None, False
    return j, end, value, True


def _is_fraction(tokens: list[Token], i: int) -> bool:
    """Whether tokens i to i+2 read as a fraction such as 1/16, with a denominator that people use."""
    if i + 2 >= len(tokens) or tokens[i].kind != "n" or tokens[i + 2].kind != "n" or tokens[i + 1].text not in "/⁄":
        return False
    if tokens[i].end != tokens[i + 1].start or tokens[i + 1].end != tokens[i + 2].start:
        return False
    top, bottom = tokens[i].text, tokens[i + 2].text
    return top.isdecimal() and bottom.isdecimal() and len(top) < 4 and len(bottom) < 5 and int(bottom) in _DENOMINATORS


def _chain_end(tokens: list[Token], i: int) -> tuple[int, int]:
    j, end = i + 1, tokens[i].end
    while j < len(tokens) and tokens[j].start == end:
        if tokens[j].kind == "n":
            end = tokens[j].end
            j += 1
        elif tokens[j].text in ",/:._" and j + 1 < len(tokens) and tokens[j + 1].kind == "n":
            if tokens[j + 1].start != tokens[j].end:
                break
            end = tokens[j].end
            j += 1
        else:
            break
    return j, end


def _scales(tokens: list[Token], j: int, end: int) -> tuple[Fraction, int, int]:
    """Scale words after a number: "4 hundred", "1.5 million", "3 hundred thousand", "2 dozen"."""
    scale = _ONE
    while True:
        k = _touching(tokens, j)
        word = _word(tokens, k)
        if word is None or word[0] not in ("hundred", "scale", "dozen") or tokens[k].start - end > 2:
            return scale, j, end
        scale *= word[1]
        j, end = k + 1, tokens[k].end


def _words(tokens: list[Token], i: int) -> tuple[Numeral, int] | None:
    kind, low, high = NUMBER_WORDS[tokens[i].text.lower()]
    if kind == "vague":
        return _vague(tokens, i)
    if kind in ("share", "fraction"):
        return _share(tokens, i, _ONE) if kind == "share" else None
    if kind == "article":
        return _after_article(tokens, i)
    if kind == "couple":
        return None
    if kind in ("scale", "hundred", "dozen"):  # a bare scale: "million" alone states nothing
        return None
    return _cardinal(tokens, i)


def _numeral(tokens: list[Token], i: int, j: int, value: Fraction, form: str, scale: Fraction) -> tuple[Numeral, int]:
    product = value if scale is _ONE else value * scale
    return Numeral(tokens[i].start, tokens[j - 1].end, product, product, form, value, scale), j


def _cardinal(tokens: list[Token], i: int) -> tuple[Numeral, int]:
    """A number in words: units and tens are added, scales multiply, "and" joins within it."""
    total, part, last_scale, j, start = Fraction(0), Fraction(0), None, i, i
    room = Fraction(10**30)  # each scale must be smaller than the one before
    top = _ONE
    while True:
        k = _touching(tokens, j) if j > start else j
        word = _word(tokens, k)
        if word is not None and word[0] == "unit" and _fits(part, word[1]):
            part += word[1]
        elif word is not None and word[0] == "ten" and part % 100 == 0 and (part or j == start or last_scale):
            part += word[1]
        elif word is not None and word[0] == "hundred" and 0 < part < 100:
            part *= 100
        elif word is not None and word[0] in ("scale", "dozen") and part and word[1] < room:
            total, room, last_scale = total + part * word[1], word[1], word[1]
            top = max(top, word[1])
            part = Fraction(0)
        elif _is_and(tokens, j) and (nested := _word(tokens, j + 1)) and nested[0] in ("unit", "ten", "article"):
            if nested[0] == "article":
                return _and_a_half(tokens, start, j, total + part)
            if part % 100 or not (part or last_scale):
                break
            j += 1
            continue
        else:
            break
        j = k + 1
    return _finish_cardinal(tokens, start, j, total + part, top)


def _fits(part: Fraction, unit: Fraction) -> bool:
    return part % 10 == 0 and part % 100 != 10 and (part % 100 == 0 or unit < 10)


def _is_and(tokens: list[Token], j: int) -> bool:
    return j < len(tokens) and tokens[j].text.lower() == "and"


def _and_a_half(tokens: list[Token], start: int, j: int, value: Fraction) -> tuple[Numeral, int]:
    """ "two and a half [million]", "three and a quarter"."""
    share = _word(tokens, j + 2)
    if share is None or share[0] != "share":
        return _finish_cardinal(tokens, start, j, value, _ONE)
    scale, k, _ = _scales(tokens, j + 3, tokens[j + 2].end)
    return _numeral(tokens, start, k, value + share[1], "words", scale)


def _finish_cardinal(tokens: list[Token], start: int, j: int, value: Fraction, top: Fraction) -> tuple[Numeral, int]:
    while tokens[j - 1].text.lower() == "and" or tokens[j - 1].kind is None:
        j -= 1
    k = _touching(tokens, j)
    share = _word(tokens, k)
    if share is not None and (share[0] == "fraction" or (share[0] == "share" and k > j)) and value < 20:
        if tokens[k].text.lower().endswith("s") or value == 1:  # "two thirds", "one third"; not "twenty second"
            return _numeral(tokens, start, k + 1, value * share[1], "share", _ONE)
    scale, j, _ = _scales(tokens, j, tokens[j - 1].end)
    bare_one = j == start + 1 and tokens[start].text.lower() == "one"
    return _numeral(tokens, start, j, value / top, "one" if bare_one else "words", scale * top)


def _share(tokens: list[Token], i: int, count: Fraction) -> tuple[Numeral, int] | None:
    """ "half a million", "half of …", "quarter of a million"; a bare "half" only where a part of something follows."""
    share, j = NUMBER_WORDS[tokens[i].text.lower()][1], i + 1
    after = [tokens[k].text.lower() for k in range(j, min(j + 3, len(tokens)))]
    start = i - 1 if i and tokens[i - 1].text.lower() == "a" else i
    lead = next((k for k, word in enumerate(after) if word not in ("of", "a", "an")), None)
    word = _word(tokens, j + lead) if lead is not None else None
    if (
        word is not None
        and word[0] in ("hundred", "scale", "dozen")
        and (lead or tokens[j - 1].text.lower() == "quarter")
    ):
        scale, k, _ = _scales(tokens, j + (lead or 0), tokens[j + (lead or 0)].start)
        return _numeral(tokens, start, k, share, "words", scale)
    before = tokens[i - 1].text.lower() if i else ""
    if before in (
        "first",
        "second",
        "third",
        "fourth",
        "latter",
        "last",
        "other",
        "better",
        "top",
        "bottom",
        "next",
        "every",
    ):
        return None
    if tokens[i].text.lower() == "quarter":
        if after[:1] != ["of"] or before not in ("a", "the", "one"):
            return None
    elif not after or after[0] not in (
        "of",
        "a",
        "an",
        "the",
        "its",
        "their",
        "his",
        "her",
        "our",
        "all",
        "those",
        "that",
    ):
        return None
    return _numeral(tokens, start, j, share * count, "share", _ONE)


def _after_article(tokens: list[Token], i: int) -> tuple[Numeral, int] | None:
    """ "a hundred", "a million and a half", "a dozen", "a third of", "a couple of", "a few hundred"."""
    word = _word(tokens, i + 1)
    if word is None:
        return None
    if word[0] in ("hundred", "scale", "dozen"):
        return _cardinal_from(tokens, i, i + 1)
    if word[0] == "fraction":
        if i + 2 < len(tokens) and tokens[i + 2].text.lower() == "of":
            return _numeral(tokens, i, i + 2, word[1], "share", _ONE)
        return None
    if word[0] == "share":
        return _share(tokens, i + 1, _ONE)
    if word[0] == "vague":
        return _vague(tokens, i + 1, start=i)
    if word[0] == "couple":
        scale, j, _ = _scales(tokens, i + 2, tokens[i + 1].end)
        if scale > 1:
            return _numeral(tokens, i, j, Fraction(2), "words", scale)
        if i + 2 < len(tokens) and tokens[i + 2].text.lower() == "of":
            scale, j, _ = _scales(tokens, i + 3, tokens[i + 2].end)
            return _numeral(tokens, i, j if scale > 1 else i + 2, Fraction(2), "couple", scale)
    return None


def _cardinal_from(tokens: list[Token], start: int, i: int) -> tuple[Numeral, int]:
    """ "a hundred and twenty thousand": as a cardinal whose first word is one."""
    one = Token("w", "one", tokens[start].start, tokens[start].end)
    read, j = _cardinal([*tokens[:start], one, *tokens[i : i + 12]], start)
    return read._replace(start=tokens[start].start), j + (i - start - 1)


def _vague(tokens: list[Token], i: int, start: int | None = None) -> tuple[Numeral, int] | None:
    """ "dozens", "several hundred", "a few dozen", "tens of thousands", "hundreds of millions"."""
    word = tokens[i].text.lower()
    low, high = NUMBER_WORDS[word][1:]
    first = i if start is None else start
    if word in ("several", "few"):
        scale, j, _ = _scales(tokens, i + 1, tokens[i].end)
        if word == "few" and scale == 1:
            return None
        most = (high + 1) * scale - 1 if scale > 1 else high
        return Numeral(tokens[first].start, tokens[j - 1].end, low * scale, most, "vague", low, scale), j
    j = i + 1
    scale = _ONE
    while j + 1 < len(tokens) and tokens[j].text.lower() in ("of", "and") and (inner := _word(tokens, j + 1)):
        name = tokens[j + 1].text.lower()
        if inner[0] != "vague" or name in ("several", "few", "scores", "dozens", "tens"):
            break
        base = {"hundreds": 100, "thousands": 1000, "millions": 10**6, "billions": 10**9, "trillions": 10**12}[name]
        if tokens[j].text.lower() == "of":
            low, high = low * base, high * base
        j += 2
    if word == "tens" and j == i + 1:
        return None
    if word == "scores" and j == i + 1 and (j >= len(tokens) or tokens[j].text.lower() not in _AFTER_SCORES):
        return None  # "she scores", "test scores"
    return Numeral(tokens[first].start, tokens[j - 1].end, low, high, "vague", low, scale), j
