"""Read the numbers of a text without parsing it: value, bound, money, unit, and what is no quantity.

    read_numbers("At least 35 people and $1.5bn on 3 May") -> 35 (min), 1.5e9 USD, 3 (a date)

What a number counts and whether it states a quantity at all needs the parse: see `reader`.
"""

import re
from bisect import bisect_right
from fractions import Fraction
from typing import NamedTuple

from newsbeam.transforms.figures.lexicon import (
    bound_after,
    bound_before,
    is_labelled,
    is_quoted,
    money_after,
    money_before,
    unit_at,
)
from newsbeam.transforms.figures.noise import find_noise
from newsbeam.transforms.figures.numerals import Numeral, find_numerals
from newsbeam.transforms.figures.scales import are_neighbours, scale_after

#: Kinds of Number that state no quantity; `read_numbers` gives them so that two texts can be compared in full.
NOISE = frozenset({"date", "time", "phone", "score", "address", "ordinal", "marker", "name"})
_LARGEST = int(1e300)
_AGE_AFTER = re.compile(
    r"[-‐‑\s](years?|months?|weeks?|days?)[-‐‑\s]+(?:old|of[-\s]+age)s?(?!\w)|(?<=\d)[\s-]?y/?o(?!\w)", re.I
)
_SUB = re.compile(r"(?:(?<!\w)(?:sub|minus)|(?<=\d)-to)-\Z", re.I)  # "sub-3", "0-to-60"
_POUNDS_PAID = re.compile(
    r"(?<!\w)(?:cost|costs|costing|paid|pay|pays|worth|price|priced|profit|salary|fined?|spent|spend|sales|earn)\b.{0,25}\Z",
    re.I,
)
_AGE_LATER = re.compile(r"-?(?:\s*,\s*\d{1,2})*\s*(?:,|and|or|to|&)\s+\d{1,2}[-\s]years?[-\s]old(?!\w)", re.I)
_AGE_BOUND = re.compile(r"\s+(?:or|and)\s+(?:older|younger)(?!\w)", re.I)
_AGE_BEFORE = re.compile(r"(?<!\w)(?:aged?|ages|aged\s+between|(?:the\s+)?ages?\s+of)\s+\Z", re.I)
_AMONG_AGES = re.compile(r"years?[-\s]old\b[^.;:]{0,60}\b(?:another|others?|one|two|three)\s+\Z", re.I)
_PAUSE = re.compile(r"\s?[-–—]|[,.;)]|\Z")
_OTHERS = re.compile(r"\s+(?:others?|more)(?!\w)", re.I)
_LIST_OF_AGES = re.compile(r"\s*(?:,|and|,\s*and|or|to|[-–])\s*\Z")
_DASH = re.compile(r"\s?[-–—‐‑]\s?\Z")
_RANGE_WORD = re.compile(r"(?:\s+(?:to|or)\s+|-to-)\Z", re.I)
_OR_ELSE = re.compile(
    r"(?:\s*,\s*|\s+)(?:or\s+)?(?:possibly|perhaps|maybe)\s+\Z|(?:\s*,\s*|\s+)or\s+even\s+\Z",
    re.I,
)
_OF = re.compile(r"\s+of\b", re.I)
_PLURAL_AFTER = re.compile(
    r"\s(?!(?:votes|points|goals|runs|sets|games|seats|wins)\b)(?:people|men|women|[a-z]+[^\Ws]s)\b"
)
_AND = re.compile(r"\s+and\s+\Z", re.I)
_BETWEEN = re.compile(
    r"(?<!\w)(?:(?:any(?:where|thing)\s+|somewhere\s+)?between(?:\s+the\s+ages\s+of)?|both)\s+\Z", re.I
)
_FROM = re.compile(r"(?<!\w)from\s+(?:the\s+|an?\s+|about\s+|around\s+|just\s+)?\Z", re.I)
_DOWN_FROM = re.compile(r"(?<!\w)(?:down|lower|off)\s+from\s+(?:the\s+|an?\s+)?\Z", re.I)
_RANGING = re.compile(
    r"(?<!\w)(?:rang\w+|anywhere|anything|vary\w*|varied|varies|ages?|aged)\s+(?:in\s+age\s+)?from\s+\Z", re.I
)
_MOVED = re.compile(
    r"(?<!\w)(?:rose|risen|rise|rises|fell|fallen|falls?|drop\w*|gain\w*|climb\w*|jump\w*|slid\w*|slip\w*|grew|grow\w*|increas\w+"
    r"|decreas\w+|declin\w+|lost|added|surged?|plunged?|tumbled|shed|up|down|higher|lower)\s+\Z",
    re.I,
)
_IN_OR_OUT_OF = re.compile(r"\s+(?:in|out\s+of|in\s+every|of\s+every)\s+(?:every\s+)?\Z", re.I)
_YEAR_LIKE = re.compile(r"(?:1[6-9]|20)\d\d\Z")
_MINUS = re.compile(r"(?:(?<![\w\d)%.])[-−]|(?<!\w)(?:minus|negative)[\s-]+)\Z", re.I)
_NO = re.compile(r"(?<!\w)no[\s-]\Z", re.I)
_LETTERS = re.compile(r"[^\W_]")


class Number(NamedTuple):
    """A number of a text. `start` to `end` covers bound, money sign and unit; `core_start` to `core_end` the numeral.

    value is None for vague words and ranges; low and high are what the words allow, None where they leave it open.
    bound is eq, approx, min, max, range or vague. currency is ISO 4217, None where several countries share the name
    (unit then says dollar, pound …). kind is number, money, percent, measure, duration, temperature, age, ratio,
    fraction (half, a third), one (the bare word, often no number), or one of NOISE. A whole date such as 12/05/2023 is
    one Number of kind date without value: compare its words.
    """

    start: int
    end: int
    value: float | None
    low: float | None
    high: float | None
    bound: str
    kind: str
    unit: str | None
    currency: str | None
    core_start: int
    core_end: int
    moved: bool = False  # the number is followed by a second that it moved to: "from 33 to 35"


class _Atom(NamedTuple):
    """One numeral with what is written against it, before ranges are joined and bounds read."""

    start: int
    end: int
    low: Fraction
    high: Fraction
    numeral: Numeral
    kind: str
    unit: str | None
    currency: str | None
    scale: Fraction


def read_numbers(text: str) -> list[Number]:
    """Every number of a text, in order: digits and words, ranges as one, dates and other noise marked by kind."""
    numerals = find_numerals(text)
    if not numerals:
        return []
    noise = find_noise(text) if any(numeral.form in ("digits", "broken") for numeral in numerals) else []
    starts = [span[0] for span in noise]
    atoms: list[_Atom] = []
    for numeral in numerals:
        if atoms and numeral.start < atoms[-1].end:
            continue  # the exponent of 1.9×10^30
        atom = _atom(text, numeral, _noise_over(noise, starts, numeral), atoms[-1] if atoms else None)
        if atom is not None:
            atoms.append(atom)
    numbers = []
    i = 0
    while i < len(atoms):
        if i + 1 < len(atoms) and _is_score(text, atoms[i], atoms[i + 1]):
            atoms[i : i + 2] = [_noise_atom(atom.numeral, "score") for atom in atoms[i : i + 2]]
        joined = _join(text, atoms, i)
        numbers.append(_number(text, *joined))
        i += 2 if joined[1] is not None else 1
    return numbers


def _noise_over(noise: list[tuple[int, int, str]], starts: list[int], numeral: Numeral) -> str | None:
    at = bisect_right(starts, numeral.start) - 1
    if at >= 0 and noise[at][1] >= numeral.end:
        return noise[at][2]
    at = bisect_right(starts, numeral.end - 1) - 1
    return noise[at][2] if at >= 0 and noise[at][1] > numeral.start and numeral.form == "broken" else None


def _atom(text: str, numeral: Numeral, noise: str | None, before: _Atom | None) -> _Atom | None:
    start, end = numeral.start, numeral.end
    if numeral.form == "one" and _NO.search(text[max(0, start - 4) : start]):
        return None
    sign = money_before(text, start) if numeral.form in ("digits", "words") else None
    if numeral.form == "broken" or max(numeral.low, numeral.high) > _LARGEST:
        return _noise_atom(numeral, noise) if noise else None
    if noise and not (sign and noise == "name"):
        return _noise_atom(numeral, noise)
    glued = start > 0 and _LETTERS.match(text[start - 1]) is not None and sign is None
    if numeral.form == "digits" and (glued or _is_code(text, start, sign is not None)):
        return _noise_atom(numeral, "name")
    scale, end = scale_after(text, numeral, end, sign is not None)
    numeral = numeral._replace(end=end)
    if numeral.form in ("vague", "couple") and (of := _OF.match(text, end)):
        end = of.end()  # "tens of thousands of dollars"
    money = money_after(text, end)
    if sign is not None:
        code = sign[0].code
        if money is not None and (money[0].unit == sign[0].unit or money[0].code == sign[0].code):
            code, end = (money[0].code if money[0].code.isupper() else code), money[1]
        return _signed(text, numeral, sign[1], end, scale, "money", sign[0].unit, code)
    if money is not None and not (numeral.form == "one" and money[0].code == "pound"):
        part = money[0].is_part
        return _signed(text, numeral, start, money[1], scale, "money", money[0].unit, None if part else money[0].code)
    if end != numeral.end and unit_at(text, end) is None:
        end = numeral.end
    age = _AGE_AFTER.match(text, end)
    if age:
        unit = (age.group(1) or "year").lower().rstrip("s")
        return _signed(text, numeral, start, age.end(), scale, "age", f"{unit} of age", None)
    if _AGE_BEFORE.search(text[max(0, start - 16) : start]) or (
        before
        and before.kind == "age"
        and numeral.form != "one"
        and _LIST_OF_AGES.match(text[before.end : start])
        and not _OTHERS.match(text, end)
    ):
        if 0 <= numeral.low <= 120 and not (unit_at(text, end) or scale > 1):
            return _signed(text, numeral, start, end, scale, "age", "year of age", None)
    if 0 < numeral.low <= 120 and scale == 1 and numeral.form != "one" and _PAUSE.match(text, end):
        if _AMONG_AGES.search(text[max(0, start - 90) : start]):  # "one 29 years old, another 52,"
            return _signed(text, numeral, start, end, scale, "age", "year of age", None)
    found = unit_at(text, end)
    if found is not None and numeral.form != "digits" and not text[found[1] - 1].isalnum():
        found = None  # the quotation mark of "Part Two" is no sign of inches
    elif found is not None and text[found[1] - 1] in '”"' and is_quoted(text, start, text[found[1] - 1]):
        found = None  # nor is that of "Tip 103"
    if found is not None and found[0].kind == "duration" and _AGE_BEFORE.search(text[max(0, start - 16) : start]):
        return _signed(text, numeral, start, found[1], scale, "age", f"{found[0].name} of age", None)
    if found is not None and found[0].name == "pound-mass" and text[found[1] - 1] == "s" and text[found[1] - 2] == "d":
        if scale * numeral.scale >= 1000 or _POUNDS_PAID.search(text[max(0, start - 40) : start]):
            return _signed(text, numeral, start, found[1], scale, "money", "pound", "pound")
    if found is not None and found[1] == end + 1 and text[end].isupper() and is_labelled(text, start):
        return _noise_atom(numeral, "name")  # "runway 27L"
    if found is not None:
        return _signed(text, numeral, start, found[1], scale, found[0].kind, found[0].name, None)
    if is_labelled(text, start) and numeral.form in ("digits", "words", "one") and scale == numeral.scale == 1:
        return _noise_atom(numeral, "name")
    if end < len(text) and _LETTERS.match(text[end]) and numeral.form == "digits":
        return _noise_atom(numeral, "name")  # "5G", "737s"
    if scale == numeral.scale == 1 and numeral.form == "digits" and _YEAR_LIKE.match(text[numeral.start : numeral.end]):
        return _signed(text, numeral, start, end, scale, "date", None, None)
    if numeral.form == "digits" and _AGE_LATER.match(text, end) and 0 < numeral.low <= 120:
        return _signed(text, numeral, start, end, scale, "age", "year of age", None)  # "the 16 and 17-year-old"
    if _AGE_BOUND.match(text, end) and 0 < numeral.low <= 120:
        return _signed(text, numeral, start, end, scale, "age", "year of age", None)
    kind = {"share": "fraction", "one": "one"}.get(numeral.form, "number")
    return _signed(text, numeral, start, end, scale, kind, None, None)


def _noise_atom(numeral: Numeral, kind: str) -> _Atom:
    return _Atom(numeral.start, numeral.end, numeral.low, numeral.high, numeral, kind, None, None, Fraction(1))


def _is_code(text: str, start: int, is_money: bool) -> bool:
    """Whether digits hang by a hyphen on letters: COVID-19, TA-35, I-95."""
    if _SUB.search(text[max(0, start - 7) : start]):
        return False
    return (
        not is_money
        and start > 1
        and text[start - 1] in "-‐‑|_"
        and text[start - 2].isalnum()
        and not (text[start - 2].isdigit() and text[start - 1] != "|")
    )


def _signed(
    text: str,
    numeral: Numeral,
    start: int,
    end: int,
    scale: Fraction,
    kind: str,
    unit: str | None,
    currency: str | None,
) -> _Atom:
    low, high = numeral.low, numeral.high
    if scale != 1:
        low, high = low * scale, high * scale
    minus = _MINUS.search(text[max(0, start - 9) : start])
    if (
        minus
        and numeral.form in ("digits", "words", "one", "share")
        and (minus.group()[0].isalpha() or (numeral.form == "digits" and not _is_range_dash(text, start)))
    ):
        low, high, start = -high, -low, start - len(minus.group())
    total = numeral.scale if scale == 1 else scale * numeral.scale
    return _Atom(start, end, low, high, numeral, kind, unit, currency, total)


def _is_score(text: str, first: _Atom, second: _Atom) -> bool:
    """Whether two bare numbers joined by a dash do not rise, so that they are no range: "52-48", "2-2"."""
    if text[first.end : second.start] not in ("-", "–") or first.low < second.low or first.low >= 1000:
        return False
    if _PLURAL_AFTER.match(text, second.end):
        return False  # "40-30 people", a range upside down
    return all(
        atom.kind == "number" and atom.numeral.form == "digits" and atom.scale == 1 and atom.low.denominator == 1
        for atom in (first, second)
    )


def _is_range_dash(text: str, start: int) -> bool:
    return start > 1 and text[start - 1] in "-−" and not text[start - 2].isspace() and text[start - 2] not in "([{/=:"


def _join(text: str, atoms: list[_Atom], i: int) -> tuple[_Atom, _Atom | None, str]:
    """The atom at i with the one after it where both make a range or a ratio, and how: range, ratio or moved."""
    first = atoms[i]
    if i + 1 >= len(atoms) or first.kind in NOISE - {"date"} or first.numeral.form == "vague":
        return first, None, ""
    second = atoms[i + 1]
    gap = text[first.end : second.start]
    is_else = _OR_ELSE.match(gap) is not None  # "five, possibly six"
    if (len(gap) > 12 and not is_else) or second.kind in NOISE - {"date"} or second.numeral.form == "vague":
        return first, None, ""
    lead = text[max(0, first.start - 28) : first.start]
    if _IN_OR_OUT_OF.match(gap) and _is_ratio(first, second, gap):
        return first, second, "ratio"
    dash = _DASH.match(gap)
    if not (dash or is_else or _RANGE_WORD.match(gap) or (_AND.match(gap) and _BETWEEN.search(lead))):
        return first, None, ""
    if not _comparable(first, second):
        return first, None, ""
    if dash and (first.numeral.form != second.numeral.form or first.low == second.low):
        return first, None, ""
    if "to" in gap and not _BETWEEN.search(lead):
        down = _DOWN_FROM.search(lead) and first.low < second.low  # "down from the $89 to $93 billion projected"
        if _FROM.search(lead) and not _RANGING.search(lead) and not down:
            scaled = _scaled(first, second)
            third = atoms[i + 2] if i + 2 < len(atoms) else None
            if third is not None and second.scale == 1 and _DASH.match(text[second.end : third.start]):
                scaled = _scaled(first, third)  # "from 24.2 to 33-35 billion"
            return first._replace(low=scaled, high=scaled), None, "moved"
        if _MOVED.search(lead) and first.unit is None:
            return first, None, ""
    if (" or " in gap or is_else) and not (first.low < second.low <= first.low * 2 + 1):
        return first, None, ""
    if (
        " or " in gap
        and not (is_else or _BETWEEN.search(lead))
        and not are_neighbours(_scaled(first, second), second.low)
    ):
        return first, None, ""  # "25k or 40k cheaper than the one and the other"
    if is_else and first.high != first.low:
        return first, None, ""
    if (dash or "to" in gap) and _scaled(first, second) >= second.low and not _BETWEEN.search(lead):
        if not (dash and _PLURAL_AFTER.match(text, second.end)):  # "40-30 people", upside down
            return first, None, ""
    return first, second, "range"


def _comparable(first: _Atom, second: _Atom) -> bool:
    if first.currency and second.currency and first.currency != second.currency:
        if first.unit != second.unit or (first.currency.isupper() and second.currency.isupper()):
            return False
    if first.kind == "date" and second.kind == "date":
        return True
    if "date" in (first.kind, second.kind):
        other = second if first.kind == "date" else first
        return other.unit is not None or abs(first.low - second.low) < 1500
    if first.unit is None or second.unit is None:
        return not (first.unit and second.unit is None and first.kind != "money")
    return first.unit == second.unit


def _is_ratio(first: _Atom, second: _Atom, gap: str) -> bool:
    if second.unit or first.unit or second.kind == "date" or not 0 < first.low < second.low:
        return False
    return "out" in gap or "every" in gap or (first.low < 10 and second.low in _ROUND)


_ROUND = frozenset({*range(2, 13), 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100, 200, 500, 1000, 10_000, 100_000, 10**6})


def _scaled(first: _Atom, second: _Atom) -> Fraction:
    """The first value of a range, by the scale that is written once after the second: "two to three million"."""
    if first.scale == 1 and second.scale > 1 and 0 < first.low < second.low / second.scale:
        return first.low * second.scale
    return first.low


def _number(text: str, first: _Atom, second: _Atom | None, how: str) -> Number:
    start, end = first.start, (second or first).end
    core = first.numeral.start, (second or first).numeral.end
    if second is None and first.kind in NOISE:
        value = float(first.low) if first.numeral.form != "broken" and first.low <= _LARGEST else None
        return Number(start, end, value, value, value, "eq", first.kind, None, None, *core)
    low, high = first.low, first.high
    kind, unit, currency, bound = first.kind, first.unit, first.currency, "eq"
    if second is not None and how == "ratio":
        low = high = first.low / second.low
        kind = "ratio"
    elif second is not None:
        low, high = sorted((_scaled(first, second), second.low))
        kind = second.kind if second.unit else first.kind
        unit, bound = second.unit or first.unit, "range"
        currency = max((first.currency or "", second.currency or ""), key=str.isupper) or None
        if kind == "one":
            kind = "number"
        lead = _BETWEEN.search(text[max(0, start - 28) : start])
        if lead:
            start -= len(lead.group())
    elif first.numeral.form == "vague":
        bound = "vague"
    elif first.numeral.form == "couple":
        bound = "approx"
    return _bounded(text, start, end, low, high, bound, kind, unit, currency, core, how)


def _bounded(
    text: str, start: int, end: int, low: Fraction, high: Fraction, bound: str, kind: str, unit: str | None,
    currency: str | None, core: tuple[int, int], how: str,
) -> Number:  # fmt: skip
    lead = _AGE_BEFORE.search(text[max(0, start - 16) : start]) if kind == "age" else None
    before, after = bound_before(text, start - len(lead.group()) if lead else start), bound_after(text, end)
    if before is not None and not (kind == "one" and before[0] == "approx") and kind not in NOISE:
        start = before[1]
    if after is not None and kind not in NOISE:
        end = after[1]
    stated = before[0] if before and before[0] != "eq" else after[0] if after else None
    least: float | None = float(low)
    most: float | None = float(high)
    value = least if bound in ("eq", "approx") else None
    if bound in ("eq", "approx") and stated and kind not in NOISE:
        bound = stated
        if bound == "min":
            most = None
        elif bound == "max":
            least = None
    code = currency if currency and currency.isupper() else None
    return Number(start, end, value, least, most, bound, kind, unit, code, *core, moved=how == "moved")
