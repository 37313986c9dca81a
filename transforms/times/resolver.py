"""Resolve a time expression of news against the day of publication.

Weekdays, months and days without a year lie before publication where the clause speaks of the past, after it where it
speaks of the future. Calendar units ("last month") give their first and last day; "early", "mid" and "late" give one
day of the unit. What cannot be told from the words alone (feasts, seasons, "that day") is refused.
"""

import functools
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from newsbeam.transforms.times import absolute, relative
from newsbeam.transforms.times.calendar import MONTHS, NUMBERS, WEEKDAYS
from newsbeam.transforms.times.found import Context, Found


class When(NamedTuple):
    """What a time expression says, in days."""

    start: date | None  # first day
    end: date | None  # last day, where the words give a span
    granularity: str | None  # what the words pin down: day, week, month, quarter, year
    type: str  # exact, approximate, range, assumed_pub or unresolved
    text: str | None  # the words


_PATTERNS = Path(__file__).parent / "patterns.tsv"
_APOSTROPHES = re.compile(r"[’‘`]")
_DASHES = re.compile(r"[–—−]")
_ZONES = r"(?: (?:local time|gmt|utc|est|edt|et|bst|cet|ist))?"
_CLOCK = re.compile(
    r"\b(?:at |around |about |before |after |by |just )*\d{1,2}(?:[:.]\d\d){0,2} ?"
    rf"(?:a\.?m\b\.?|p\.?m\b\.?|o'clock){_ZONES}|\b\d{{4}} hours{_ZONES}|\b\d{{1,2}}:\d\d{_ZONES}"
)
_LEAD = re.compile(
    r"^(?:on|in|at|of|during|over|the|by|around|about|sometime|some time|throughout|only|just|as of|back in|even|both|"
    r"also|all|here|starting|beginning on) "
)
_VAGUE = re.compile(
    r"\b(?:about|around|roughly|nearly|almost|some|approximately|more than|less than|over|at least|up to) (?=\d)"
)
#: a purpose after a time: "Monday to discuss the deal"
_PURPOSE = re.compile(
    r" to (?!" + "|".join([*WEEKDAYS, *MONTHS, *NUMBERS]) + r"|the\b|early\b|mid\b|late\b)[a-z]{2,}.*$"
)
_SUFFIX = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b")
_WORD_NUMBER = re.compile(r"\b(" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + r")\b")
_FRAGMENT = re.compile(r"\{([A-Z][A-Z0-9]*)\}")
_Rule = Callable[[re.Match[str], Context], Found]


def normalised(expression: str) -> str:
    """The expression in lower case, numbers in digits, without clock times, edges and a purpose ("to discuss it")."""
    text = " ".join(_DASHES.sub("-", _APOSTROPHES.sub("'", expression)).lower().split()).strip(" ,.;:()\"'")
    text = _CLOCK.sub(" ", text)
    text = re.sub(r"(?<=[a-z])\.(?= |$)", "", text)
    text = re.sub(r"'s\b", "", text)
    text = _SUFFIX.sub(r"\1", text)
    text = _WORD_NUMBER.sub(lambda m: str(NUMBERS[m.group(1)]), text)
    text = re.sub(r"\b(?:a|an|one) (?=(?:day|week|month|year|decade|quarter|hour|minute)s?\b)", "1 ", text)
    text = re.sub(r"\bthe (?=(?:1[89]|20)\d\d\b)", "", text)
    text = _PURPOSE.sub("", text)
    return " ".join(text.split()).strip(" ,")


def resolve(expression: str, published: date, *, tense: str = "past") -> When:
    """What `expression` says for an article of the day `published`; `tense` is past, present or future."""
    return _resolved(expression, published, tense)


@functools.lru_cache(maxsize=4096)
def _resolved(expression: str, published: date, tense: str) -> When:
    context = Context(published, tense == "future", tense == "present")
    found = _find(normalised(expression), context)
    return When(None, None, None, "unresolved", expression) if found is None else When(*found, expression)


def _find(text: str, context: Context) -> Found:
    while True:
        since = re.match(r"^(?:ever )?since (.+)$", text)
        if since:
            return _since(since.group(1), context)
        for pattern, rule in _rules():
            match = pattern.fullmatch(text)
            found = rule(match, context) if match else None
            if found is not None:
                return found
        shorter = _VAGUE.sub("", text)
        if shorter != text:
            found = _find(shorter, context)
            return found and (*found[:3], "approximate" if found[3] == "exact" else found[3])
        shorter = _LEAD.sub("", text, count=1)
        if shorter == text:
            return None
        text = shorter


def _since(rest: str, context: Context) -> Found:
    found = _find(rest, Context(context.published, False))
    if found is None or found[0] > context.published:
        return None
    return found[0], context.published, found[2], "range"


@functools.cache
def _rules() -> tuple[tuple[re.Pattern[str], _Rule], ...]:
    """The patterns of patterns.tsv with the functions that read their matches."""
    weekdays, months = (sorted(names, key=len, reverse=True) for names in (WEEKDAYS, MONTHS))
    fragments = {
        f"{name}{number}": f"(?P<{name.lower()}{number}>{'|'.join(words)})"
        for name, words in (("WEEKDAY", weekdays), ("MONTH", months))
        for number in ("", "2")
    }
    rules: list[tuple[re.Pattern[str], _Rule]] = []
    for line in _PATTERNS.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        what, name, pattern = line.split("\t")
        filled = _FRAGMENT.sub(lambda m: fragments[m.group(1)], pattern)
        if what == "fragment":
            fragments[name] = filled
        else:
            rule: _Rule = getattr(relative if hasattr(relative, name) else absolute, name)
            rules.append((re.compile(filled), rule))
    return tuple(rules)
