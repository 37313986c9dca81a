"""Give numbers whose noun or unit the sentence leaves out what an earlier or later number of it has."""

import re

from newsbeam.transforms.figures.change import change_of, direction_of
from newsbeam.transforms.figures.numbers import Number
from newsbeam.transforms.figures.reading import MEASURES, Reading

_INHERITED = frozenset({"money", "measure", "temperature", "count", "people", "ratio"})
_LINKS = frozenset(
    {"to", "from", "at", "by", "of", "with", "than", "and", "or", "is", "was", "were", "are", "versus", "vs", "vs."}
)
_MOVING = frozenset({"money", "measure", "temperature", "percent"})
_FROM = re.compile(r"\bfrom\s+\Z", re.I)
_WHEN = re.compile(r"(?:(?:in|at|on|per|an?|last|u\.s\.|[\w.:]*\d[\w.:]*|[a-z]+)\s+){0,5}to", re.I)  # "in 2008 to"
_DOUBT = re.compile(
    r"[^,.;:()\n]{0,30}\s?[,(–—-]\s?(?:or\s+)?(?:possibly|perhaps|maybe)\s+(?:as\s+many\s+as\s+)?", re.I
)
_FARTHEST = 12  # tokens between two numbers of which one leaves its noun to the other


def fill(readings: list[Reading]) -> list[Reading]:
    """The readings, where a bare number takes unit, kind and noun from its neighbour in the sentence.

    A measure said of another number, as in "seven miles (11 km)", is said of what that one is of.
    """
    filled: list[Reading] = []
    for i, reading in enumerate(readings):
        noun = reading.noun
        coming = readings[i + 1] if i + 1 < len(readings) else None
        if noun is not None and coming is not None and (reading.kind in MEASURES or reading.number.moved):
            if coming.first <= noun.i <= coming.unit_last:
                noun = coming.noun  # "to rise from 24 to 33 billion euros"
                reading = reading._replace(noun=noun)
        if noun is not None and filled and _is_on_day(filled[-1], reading):
            noun = filled[-1].noun
            reading = reading._replace(noun=noun, moved=change_of(filled[-1]) or "")
        if noun is not None and reading.kind in MEASURES:
            owner = next((o for o in reversed(filled[-4:]) if o.first <= noun.i <= o.unit_last), None)
            if owner is not None:
                reading = reading._replace(noun=owner.noun)
        if filled and _is_conversion(filled[-1], reading):
            foreign = filled[-1].currency or filled[-1].unit != "dollar"
            currency = "USD" if reading.unit == "dollar" and foreign else reading.currency
            number = _bounded_as(filled[-1].number, reading.number)
            reading = reading._replace(
                noun=filled[-1].noun, is_conversion=True, currency=reading.currency or currency, number=number
            )
        elif filled and (gapped := _gapped(filled[-1], reading)) is not None:
            reading = gapped
        filled.append(reading)
    _take_shares(filled)
    for i, reading in enumerate(filled):
        if not _is_bare(reading):
            continue
        before = filled[i - 1] if i else None
        if before is not None and before.is_conversion:  # "40m pesos ($2m) and 9 million"
            before = next((reading for reading in reversed(filled[: i - 1]) if not reading.is_conversion), before)
        after = next((k for k in range(i + 1, len(readings)) if not _is_bare(readings[k])), None)
        if before is not None and _lends(before, reading):
            filled[i] = _lent(reading, before)
        elif after is not None and all(_is_listed(readings[k], readings[k + 1]) for k in range(i, after)):
            filled[i] = _lent(reading, readings[after])
        elif after == i + 1 and readings[after].unit == "point" and _is_level(reading, readings[after]):
            filled[i] = reading._replace(kind="ratio", unit="point")
    return filled


def _gapped(before: Reading, reading: Reading) -> Reading | None:
    """A share whose verb is that of the one before: "Alpha was down 2%, Beta by 3%" -> Beta, down."""
    doc, first = reading.counted.numeral.doc, reading.first
    if before.sentence != reading.sentence or reading.kind != "percent" or before.kind != "percent" or first < 3:
        return None
    if doc[first - 1].lower_ != "by" or doc[first - 2].pos_ not in ("PROPN", "NOUN"):
        return None
    start = first - 2
    while start > before.last and doc[start].pos_ in ("PROPN", "NOUN", "ADJ", "DET"):
        start -= 1
    way = before.moved or change_of(before)
    if way is None or doc[start].lower_ not in (",", "and", "but", ";") or direction_of(doc[first - 2]) is not None:
        return None
    return reading._replace(moved=way, noun=doc[first - 2])


def _is_on_day(before: Reading, reading: Reading) -> bool:
    """Whether an amount of a list hangs on the day of the one before: "fell to 49.5 on 9 May, 49.2 on 20 June"."""
    same = (before.sentence, before.kind, before.unit) == (reading.sentence, reading.kind, reading.unit)
    noun = reading.noun
    return same and noun is not None and noun.ent_type_ in ("DATE", "TIME") and reading.kind not in ("duration", "age")


def _is_conversion(before: Reading, reading: Reading) -> bool:
    """Whether an amount in brackets tells the one before it again: "7 miles (11 km)", "20m euros ($22m)"."""
    text = reading.text
    between = text[before.number.end : reading.number.start].strip()
    after = text[reading.number.end : reading.number.end + 2].strip()[:1]
    opens = between == "(" or (between == "/" and before.is_conversion)  # "290 hp (216 kW / 294 PS)"
    same = before.kind == reading.kind and (before.unit, before.currency) != (reading.unit, reading.currency)
    return same and reading.kind in ("money", "measure", "temperature") and opens and after in (")", "/")


def _bounded_as(first: Number, second: Number) -> Number:
    """The second telling of an amount, with the bound of the first: "more than 100 km (60 miles)"."""
    if second.bound != "eq" or first.bound not in ("min", "max", "approx"):
        return second
    low = None if first.bound == "max" else second.low
    return second._replace(bound=first.bound, low=low, high=None if first.bound == "min" else second.high)


def _take_shares(readings: list[Reading]) -> None:
    """Make "half of the 40 hostages" the number of people that it is."""
    for i in range(len(readings) - 1):
        share, whole = readings[i], readings[i + 1]
        if share.kind != "fraction" or whole.kind not in ("people", "count") or whole.number.value is None:
            continue
        doc = share.counted.numeral.doc
        between = {doc[k].lower_ for k in range(share.last + 1, whole.first)}
        if not between or not between <= {"of", "the", "those", "these", "its", "their", "all"}:
            continue
        value = (share.number.value or 0.0) * whole.number.value
        low = value if share.number.low is not None else None
        high = value if share.number.high is not None else None
        number = share.number._replace(value=value, low=low, high=high)
        readings[i] = share._replace(number=number, kind=whole.kind, unit=whole.unit, noun=whole.noun, is_share=True)


def merge_moves(readings: list[Reading]) -> list[Reading]:
    """One reading for "from 4.8 to 4.7 percent": a range, whose change says which way it went.

    People are left as they are: the number that a toll rose from is a row of its own, of relation previous.
    """
    merged: list[Reading] = []
    for reading in readings:
        before = merged[-1] if merged else None
        if before is None or not _is_move(before, reading):
            merged.append(reading)
            continue
        ends = (before.number.value, reading.number.value)
        low, high = min(n for n in ends if n is not None), max(n for n in ends if n is not None)
        number = reading.number._replace(
            start=before.number.start,
            core_start=before.number.core_start,
            value=None,
            low=low,
            high=high,
            bound="range",
        )
        merged.append(reading._replace(number=number, first=before.first, moved=_way(before, ends[0] == high)))
        del merged[-2]
    return merged


def merge_doubts(readings: list[Reading]) -> list[Reading]:
    """One reading for "five people, possibly six": a range, where the second number stands for the first."""
    merged: list[Reading] = []
    for reading in readings:
        before = merged[-1] if merged else None
        if before is None or not _is_doubt(before, reading):
            merged.append(reading)
            continue
        low, high = before.number.value, reading.number.value
        number = before.number._replace(end=reading.number.end, value=None, low=low, high=high, bound="range")
        merged[-1] = before._replace(number=number, effect=before.effect or reading.effect)
    return merged


def _is_doubt(before: Reading, reading: Reading) -> bool:
    if before.sentence != reading.sentence or before.kind != "people" or reading.kind not in ("people", "count"):
        return False
    low, high = before.number.value, reading.number.value
    if low is None or high is None or before.number.bound not in ("eq", "min") or not low < high <= low * 2 + 1:
        return False
    noun = reading.counted.noun
    if noun is not None and (before.counted.noun is None or noun.lemma_ != before.counted.noun.lemma_):
        return False
    return _DOUBT.fullmatch(reading.text, before.number.core_end, reading.number.core_start) is not None


def _way(before: Reading, falls: bool) -> str:
    """Which way a number went, where a clause tells so of it ("fell from"): not where it is planned or made to."""
    node = before.counted.numeral
    while node.head != node and node.pos_ != "VERB":
        node = node.head
    told = node.tag_ in ("VBD", "VBZ", "VBP") or any(child.lemma_ == "have" for child in node.children)
    if not told or direction_of(node) is None or any(child.dep_ == "auxpass" for child in node.children):
        return ""
    return "down" if falls else "up"


def _is_move(before: Reading, reading: Reading) -> bool:
    if "people" in (before.kind, reading.kind) or before.number.value is None or reading.number.value is None:
        return False
    if before.sentence != reading.sentence or before.number.value == reading.number.value:
        return False
    same = (before.unit, before.currency) == (reading.unit, reading.currency) or before.number.unit is None
    gap = reading.text[before.number.end : reading.number.start].strip().lower()
    if before.number.moved and gap == "to":
        return same
    if before.kind not in _MOVING or not same or before.number.bound != "eq" or reading.number.bound != "eq":
        return False
    return _FROM.search(reading.text, max(0, before.number.start - 8), before.number.start) is not None and (
        _WHEN.fullmatch(gap) is not None
    )


def _is_bare(reading: Reading) -> bool:
    return reading.kind == "count" and reading.counted.noun is None and reading.unit is None and reading.effect is None


def _lends(before: Reading, bare: Reading) -> bool:
    doc = bare.counted.numeral.doc
    by = before.kind == "percent" and doc[bare.first - 1].lower_ == "by"  # "rose by 2 percent but bonds fell by 1"
    if before.sentence != bare.sentence or bare.first - before.last > _FARTHEST:
        return False
    if before.kind not in _INHERITED and not by:
        return False
    if before.unit is None and before.currency is None:
        return False
    low, high = before.number.low or before.number.high, bare.number.low or bare.number.high
    if before.unit != "point" and (not low or not high or not 0.1 <= abs(high / low) <= 10):  # other things are meant
        return False
    return doc[bare.first - 1].lower_ in _LINKS or doc[bare.first - 2].lower_ in _LINKS


def _is_listed(bare: Reading, after: Reading) -> bool:
    """Whether a bare number is the first of a list whose noun comes last: "four-, five- and six-cylinder engines"."""
    if after.sentence != bare.sentence or after.first - bare.last > 4 or after.kind not in _INHERITED:
        return False
    doc = bare.counted.numeral.doc
    between = {doc[i].lower_ for i in range(bare.last + 1, after.first)}
    return bool(between) and between <= {"-", ",", "and", "or", "to", "&", "of", "the"}


def _is_level(bare: Reading, after: Reading) -> bool:
    """Whether points tell how far a bare number moved: "at 16,369, up 58 points"."""
    doc = bare.counted.numeral.doc
    between = [doc[i] for i in range(bare.last + 1, after.first) if not doc[i].is_punct]
    return bare.sentence == after.sentence and len(between) == 1 and direction_of(between[0]) is not None


def _lent(bare: Reading, lender: Reading) -> Reading:
    doc = bare.counted.numeral.doc
    if lender.kind == "people" and doc[bare.first - 1].lower_ == "from":  # "to 120, up from 95"
        return bare._replace(kind="people", unit=lender.unit, noun=lender.noun, effect=lender.effect)
    kind = lender.kind if lender.kind != "people" else "count"
    noun = lender.noun if lender.kind in ("count", "people") else bare.noun
    return bare._replace(kind=kind, unit=lender.unit, currency=lender.currency, noun=noun or lender.noun)
