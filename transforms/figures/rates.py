"""Read what a rate is per: "$62 per share", "20 a week", "three times a day"."""

import re

_EVERY = "square foot|square metre|square meter|" + "|".join(
    "second minute hour day night week month quarter year decade share barrel bbl tonne ton ounce pound kilo kg "
    "kilogram gallon litre liter person head piece unit game match household child student ticket acre hectare "
    "mile kilometre kilometer pop time".split()
)
_PER = re.compile(
    rf"[\s-]*(?:\bper[\s-]+(?P<per>(?:square\s|sq\.?\s?)?[A-Za-z]+)|(?:an?|each|every)[\s-]+(?P<each>{_EVERY})(?!\w|\s+(?:earlier|ago|before|later|old)\b)|/\s?(?P<slash>{_EVERY}|hr|mo|yr|wk)(?!\w))",
    re.IGNORECASE,
)
_YEARLY = re.compile(r"\s+(?P<adverb>annually|yearly|daily|weekly|monthly|hourly)(?!\w)", re.IGNORECASE)
_ADVERBS = {
    "annually": "year",
    "yearly": "year",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "hourly": "hour",
}
_SHORT = {
    "sq m": "square metre",
    "sq ft": "square foot",
    "sq. m": "square metre",
    "sq. ft": "square foot",
    "hr": "hour",
    "mo": "month",
    "yr": "year",
    "wk": "week",
    "kg": "kilogram",
    "bbl": "barrel",
    "liter": "litre",
    "meter": "metre",
}


def per_after(text: str, position: int) -> tuple[str, int] | None:
    """What the amount that ends at a position is per, and where that ends."""
    found = _PER.match(text, position)
    if not found:
        return None
    word = (found["per"] or found["each"] or found["slash"]).lower()
    if word in ("cent", "centage"):
        return None
    word = _SHORT.get(word, word)
    return (word[:-1] if word.endswith("s") and not word.endswith("ss") else word), found.end()
