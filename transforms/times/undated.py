"""Find expressions that tell a time which the words alone do not date: feasts, seasons, "that day"."""

import re
from collections.abc import Iterator, Sequence

from spacy.tokens import Span

from newsbeam.transforms.actors.tokens import tokens_of
from newsbeam.transforms.times.calendar import MONTHS, WEEKDAYS
from newsbeam.transforms.times.words import WORDS

_BEFORE = r"(?:(?:last|this|next|in|during|since|on|before|after|over|at|until|by) (?:the )?)?(?:holy month of )?"
_FEASTS = (
    r"(?:Christmas(?: Day| Eve)?|Easter(?: Sunday| Monday)?|Ramadan|Eid(?: al-\w+)?|Passover|Hanukkah|Diwali|Nowruz|"
    r"Thanksgiving|Good Friday|Palm Sunday|Ash Wednesday|New Year(?:['’]s)?(?: Day| Eve)?|Halloween|Independence Day)"
)
_SEASONS = r"(?:spring|summer|autumn|winter|fall of|monsoon)"
_DAYS = r"(?:day|week|month|year|night|morning|evening|afternoon|weekend)"
_DATED = "|".join((*WEEKDAYS, *MONTHS, "yesterday", "today", "tomorrow", "last", "next", "this"))
_UNDATED = re.compile(
    rf"\b{_BEFORE}{_FEASTS}\b"
    rf"|\b(?:last|this|next|in|in the|during the|early|late|the) {_SEASONS}(?: of)?(?: \d{{4}})?\b"
    rf"|\b{_SEASONS} (?:of )?\d{{4}}\b"
    rf"|\b(?:[Oo]n |[Ii]n |[Aa]t |[Ll]ater )?(?:[Tt]hat|[Tt]he same) (?:very )?{_DAYS}\b"
    r"|\b(?:[Dd]uring|[Oo]ver|[Ii]n|[Ww]ithin) (?:that|the same) (?:time|period)\b|\b[Bb]y (?:that time|then)\b"
    r"|\b[Aa]t (?:the|that) time\b"
    rf"|\b(?:[Aa]|[Oo]ne|[Tt]wo|[Tt]hree|[Aa] few|[Ss]everal|\d+) (?:days?|weeks?|months?|years?) after "
    rf"(?!(?i:(?:(?:early|late) )?(?:{_DATED})\b)|\d)"
    r"|\bsometime soon\b|\b(?:[Tt]he )?(?:next|following|previous) (?:day|morning|night)\b"
    r"|\b(?:some|several|a few|many) (?:days|weeks|months|years) (?:ago|earlier|later|before)\b"
)

#: Letters that each such expression holds, alone or behind others: looked for before the expression is, since most
#: sentences hold none and the search takes ten times as long.
_ALONE = (
    "Christmas", "Easter", "Ramadan", "Eid", "Passover", "Hanukkah", "Diwali", "Nowruz", "Thanksgiving", "Good Friday",
    "Palm Sunday", "Ash Wednesday", "New Year", "Halloween", "Independence Day", "spring", "summer", "autumn", "winter",
    "fall of", "monsoon", "y then", "t the time", "sometime soon",
)  # fmt: skip
_PARTS = ("day", "week", "month", "year", "night", "morning", "evening", "afternoon")
_BEHIND = {
    "hat ": ("time", "period", "very ", *_PARTS),
    "same ": ("time", "period", "very ", *_PARTS),
    **dict.fromkeys(("next ", "ollowing ", "previous "), ("day", "morning", "night")),
    **{f"{unit}{s} ": ("after ",) for unit in _PARTS[:4] for s in ("", "s")},
    **{f"{unit}s ": ("after ", "ago", "earlier", "later", "before") for unit in _PARTS[:4]},
}


def may_be_undated(words: Sequence[str]) -> bool:
    """Whether the words of a sentence, in lower case, can hold such an expression: a cheap test."""
    return any(word in WORDS["undated"] for word in words)


def undated(sentence: Span) -> Iterator[tuple[int, int, str]]:
    """First token, token after the last, and words of such expressions in a sentence."""
    text = tokens_of(sentence.doc).span(sentence.start, sentence.end)
    if not _has_signs(text):
        return
    for match in _UNDATED.finditer(text):
        span = sentence.char_span(match.start(), match.end(), alignment_mode="expand")
        if span is not None and len(span):
            yield span.start, span.end, span.text


def _has_signs(text: str) -> bool:
    if any(sign in text for sign in _ALONE):
        return True
    return any(first in text and any(first + then in text for then in behind) for first, behind in _BEHIND.items())
