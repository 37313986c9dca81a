"""Read the scale that letters or a power give a number: 1.5bn, 35m, 3×10^8."""

import re
from fractions import Fraction

from newsbeam.transforms.figures.lexicon import SUFFIXES, money_after
from newsbeam.transforms.figures.numerals import Numeral

_METRES_AFTER = re.compile(
    r"\s*(?:\(|deep|long|tall|high|wide|away|below|above|across|off|from|in|of\s(?:the|water)|race|sprint|final|hurdles"
    r"|freestyle|butterfly|breaststroke|backstroke|relay|x\s|tower|wall|fence|radius|underground|[.,;:)]|\Z)",
    re.I,
)
#: what may follow a million of something that was named before: "rose by 2m to 5m"
_NO_NOUN = frozenset(
    "to or at by of for with on from in as a an the each last this more less than during since per up down was were is "
    "are have has had would will who that which when but strong".split()
)
_WORDS_AFTER = re.compile(r"[ \u00a0-](?=[a-z])((?:[a-z’'-]+(?:,? (?=[a-z]))?){1,6})")
_MANY = frozenset({"people", "men", "women", "children", "staff", "police", "cattle", "sheep"})
_POWER = re.compile(r"\s?[×x*]\s?10\s?(?:\^|\*\*)?\s?([-−–]?\d{1,2})(?!\d)")
_ONE = Fraction(1)


def scale_after(text: str, numeral: Numeral, end: int, is_money: bool) -> tuple[Fraction, int]:
    """The scale written in letters, and where it ends: 1.5bn, 35m, 20k.

    m is metres unless money or a thing counted follows.
    """
    if numeral.form != "digits" or numeral.scale != 1:
        return _ONE, end
    power = _POWER.match(text, end)
    if power:
        return Fraction(10) ** int(power.group(1).replace("−", "-").replace("–", "-")), power.end()
    start = end + 1 if text[end : end + 1] in (" ", "\u00a0") else end
    stop = start
    while stop < len(text) and stop - start < 4 and text[stop].isalpha():
        stop += 1
    letters = text[start:stop]
    scale = SUFFIXES.get(letters.lower())
    if scale is None or (stop < len(text) and text[stop].isalnum()):
        return _ONE, end
    long = len(letters) > 1 and letters != "mm"
    if start > end and not (is_money or long or (letters.isupper() and letters in "KMB")):
        return _ONE, end
    if is_money or long or letters in "kK" or money_after(text, stop) is not None:
        return scale, stop
    if letters in "mM" and not _METRES_AFTER.match(text, stop) and text[stop : stop + 1] in " -\u00a0":
        return (_ONE, end) if letters == "m" and _is_long(text, stop) else (scale, stop)
    if letters == "MM" or (letters in "Bb" and text[stop : stop + 1] in " -"):
        return scale, stop
    return _ONE, end


def _is_long(text: str, position: int) -> bool:
    """Whether 40m is a length: one thing is told of behind it ("a 40m dry well"), not many ("40m users")."""
    found = _WORDS_AFTER.match(text, position)
    words = found.group(1).replace(",", "").split() if found else []
    if not words or words[0].partition("-")[0] in _NO_NOUN:
        return False
    for word in words:
        if word in _MANY or (word.endswith("s") and not word.endswith(("ss", "us", "is"))):
            return False
        if word in _NO_NOUN:
            break
    return True


def are_neighbours(low: Fraction, high: Fraction) -> bool:
    """Whether two numbers follow each other as round numbers do: 8 and 9, 20 and 30, 150 and 200, not 25 and 40."""
    step = high - low
    if step <= 0:
        return False
    while step >= 10:
        step /= 10
    while step < 1:
        step *= 10
    return step in (1, 2, 5) or high.denominator != 1 or low.denominator != 1
