"""Resolve a time expression of news against the day of publication.

Weekdays, months and days without a year lie before publication where the clause speaks of the past, after it where it
speaks of the future. Calendar units ("last month") give their first and last day; "early", "mid" and "late" give one
day of the unit. What cannot be told from the words alone (feasts, seasons, "that day") is refused.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from newsbeam.transforms.times.calendar import (
    MONTHS,
    NUMBERS,
    ORDINALS,
    WEEKDAYS,
    day_or_none,
    last_of_month,
    month_shift,
    shifted,
    unit_span,
)


class When(NamedTuple):
    """What a time expression says, in days."""

    start: date | None  # first day
    end: date | None  # last day, where the words give a span
    granularity: str | None  # what the words pin down: day, week, month, quarter, year
    type: str  # exact, approximate, range, assumed_pub or unresolved
    text: str | None  # the words


class _Context(NamedTuple):
    published: date
    is_future: bool


_Found = tuple[date, date | None, str, str] | None  # start, end, granularity, type

_DAY = "(?P<weekday>" + "|".join(sorted(WEEKDAYS, key=len, reverse=True)) + ")"
_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + ")"
_YEAR = r"(?P<year>(?:1[89]|20)\d\d)"
_PART = r"(?: (?:late |early )?(?:night|morning|afternoon|evening|noon|midday|midnight|dawn|lunchtime))"
_UNIT = r"(?P<unit>day|week|month|quarter|year|decade)"
_STAGE = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2}
_STAGES = "(?P<stage>" + "|".join(_STAGE) + ")"
_OTHER_MONTH = _MONTH.replace("<month>", "<month2>")

_APOSTROPHES = re.compile(r"[’‘`]")
_DASHES = re.compile(r"[–—−]")
_CLOCK = re.compile(
    r"\b(?:at |around |about |before |after |by |just )*\d{1,2}(?:[:.]\d\d)?(?:[:.]\d\d)? ?(?:a\.?m\b\.?|p\.?m\b\.?|hours\b|o'clock)"
    r"(?: (?:local time|gmt|utc|est|edt|et|bst|cet|ist))?|\b\d{1,2}:\d\d(?: (?:local time|gmt|utc))?"
)
_LEAD = re.compile(
    r"^(?:on|in|at|of|during|over|the|by|around|about|sometime|some time|throughout|only|just|as of|back in|even|both|also|all|here|starting|beginning on) "
)
_VAGUE = re.compile(
    r"\b(?:about|around|roughly|nearly|almost|some|approximately|more than|less than|over|at least|up to) (?=\d)"
)
_ACTION = re.compile(
    r" to (?!" + "|".join([*WEEKDAYS, *MONTHS, *NUMBERS]) + r"|the\b|early\b|mid\b|late\b)[a-z]{2,}.*$"
)
_SUFFIX = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b")
_WORD_NUMBER = re.compile(r"\b(" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + r")\b")


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
    text = _ACTION.sub("", text)
    return " ".join(text.split()).strip(" ,")


def resolve(expression: str, published: date, *, tense: str = "past") -> When:
    """What `expression` says for an article of the day `published`; `tense` is past, present or future."""
    context = _Context(published, tense == "future")
    text = normalised(expression)
    found = _find(text, context)
    if found is None:
        return When(None, None, None, "unresolved", expression)
    return When(*found, expression)


def _find(text: str, context: _Context) -> _Found:
    while True:
        since = re.match(r"^(?:ever )?since (.+)$", text)
        if since:
            return _since(since.group(1), context)
        for pattern, rule in _RULES:
            match = pattern.fullmatch(text)
            if match:
                found = rule(match, context)
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


def _since(rest: str, context: _Context) -> _Found:
    found = _find(rest, _Context(context.published, False))
    if found is None or found[0] > context.published:
        return None
    return found[0], context.published, found[2], "range"


def _weekday(match: re.Match[str], context: _Context) -> _Found:
    return _exactly(_weekday_of(WEEKDAYS[match["weekday"]], match.groupdict().get("which"), context))


def _weekday_of(number: int, which: str | None, context: _Context) -> date:
    today = context.published
    monday = today - timedelta(days=today.weekday())
    if which == "next":
        return monday + timedelta(days=7 + number)
    if which in ("coming", "following"):
        return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    if which in ("last", "past", "previous"):
        return today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)
    if context.is_future:
        return today + timedelta(days=(number - today.weekday()) % 7)
    return today - timedelta(days=(today.weekday() - number) % 7)


def _weekday_of_week(match: re.Match[str], context: _Context) -> _Found:
    steps = {"last": -1, "next": 1, "this": 0}[match["which"]]
    return _exactly(unit_span(context.published, "week", steps)[0] + timedelta(days=WEEKDAYS[match["weekday"]]))


def _weekday_range(match: re.Match[str], context: _Context) -> _Found:
    first, last = WEEKDAYS[match["weekday"]], WEEKDAYS[match["weekday2"]]
    days = (last - first) % 7
    if context.is_future:
        start = _weekday_of(first, None, context)
    else:
        start = _weekday_of(last, match.groupdict().get("which"), context) - timedelta(days=days)
    return start, start + timedelta(days=days), "day", "range"


def _exactly(day: date | None) -> _Found:
    return None if day is None else (day, None, "day", "exact")


def _days_from_now(days: int) -> Callable[[re.Match[str], _Context], _Found]:
    return lambda _match, context: _exactly(context.published + timedelta(days=days))


def _overnight(_match: re.Match[str], context: _Context) -> _Found:
    return context.published - timedelta(days=1), context.published, "day", "approximate"


def _ago(match: re.Match[str], context: _Context) -> _Found:
    number = 2 if match["number"].startswith("couple") else int(match["number"])
    sign = 1 if re.search(r"from now|hence|^in ", match.group()) else -1
    unit = match["unit"]
    day = shifted(context.published, sign * number, unit)
    if day is None:
        return None
    is_sure = unit in ("day", "week") and not match["number"].startswith("couple") and "ago" in match.group() and not (
        unit == "week" and number > 2
    )  # fmt: skip
    grain = "year" if unit == "decade" else unit
    return day, None, grain, "exact" if is_sure else "approximate"


def _ago_from_weekday(match: re.Match[str], context: _Context) -> _Found:
    base = _weekday_of(WEEKDAYS[match["weekday"]], match.groupdict().get("which"), context)
    sign = -1 if match["way"] in ("before", "ago") else 1
    return _exactly(shifted(base, sign * int(match["number"]), match["unit"]))


def _hours_ago(match: re.Match[str], context: _Context) -> _Found:
    return (context.published, None, "day", "approximate") if int(match["number"]) <= 12 else None


def _past_span(match: re.Match[str], context: _Context) -> _Found:
    number = int(match["number"] or 1)
    sign = 1 if match["which"] in ("next", "coming") else -1
    far = shifted(context.published, sign * number, match["unit"])
    if far is None:
        return None
    grain = "year" if match["unit"] == "decade" else match["unit"]
    return min(far, context.published), max(far, context.published), grain, "range"


_STEPS = {
    "last": -1,
    "previous": -1,
    "past": -1,
    "this": 0,
    "current": 0,
    "the": 0,
    "next": 1,
    "coming": 1,
    "following": 1,
}


def _unit(match: re.Match[str], context: _Context) -> _Found:
    unit = match["unit"]
    if unit == "day":
        return None
    start, end = unit_span(context.published, unit, _STEPS[match["which"]])
    return _staged(start, end, match.groupdict().get("stage"), unit)


def _staged(start: date, end: date, stage: str | None, unit: str) -> _Found:
    grain = "year" if unit == "decade" else unit
    if stage is None:
        return start, end, grain, "approximate"
    middle = start + timedelta(days=14 if unit == "month" else (end - start).days // 2)
    return (start, middle, end)[_STAGE[stage]], None, grain, "approximate"


def _rest_of_unit(match: re.Match[str], context: _Context) -> _Found:
    start, end = unit_span(context.published, match["unit"])
    if match["way"] == "later":
        return context.published, end, match["unit"], "approximate"
    return start, context.published, match["unit"], "approximate"


def _weekend(match: re.Match[str], context: _Context) -> _Found:
    which = match["which"]
    saturday = context.published - timedelta(days=(context.published.weekday() - 5) % 7)
    if which in ("next", "coming"):
        saturday += timedelta(days=7)
    elif context.is_future and context.published.weekday() < 5:
        saturday += timedelta(days=7)
    elif which in ("last", "past", "previous") and context.published.weekday() >= 5:
        saturday -= timedelta(days=7)
    return saturday, saturday + timedelta(days=1), "day", "range"


def _year_for(month: int, day: int | None, which: str | None, context: _Context) -> int:
    """Year of a month or day that the words leave out: the nearest one on the side that the tense points to."""
    today = context.published
    if day is None:
        if context.is_future or which == "next":
            ahead = today.month > month or (which == "next" and today.month == month)
            return today.year + ahead
        behind = today.month < month or (which == "last" and today.month == month)
        return today.year - behind
    tried = day_or_none(today.year, month, day) or date(today.year, month, 28)
    if context.is_future or which == "next":
        return today.year + (tried < today - timedelta(days=1))
    # a day of slack: it may be tomorrow already where the event is
    return today.year - (tried > today + timedelta(days=1))


def _month_day(match: re.Match[str], context: _Context) -> _Found:
    groups = match.groupdict()
    month, day = MONTHS[match["month"]], int(match["day"])
    year = int(groups["year"]) if groups.get("year") else _year_for(month, day, groups.get("which"), context)
    return _exactly(day_or_none(year, month, day))


def _month_days(match: re.Match[str], context: _Context) -> _Found:
    groups = match.groupdict()
    month, first, last = MONTHS[match["month"]], int(match["day"]), int(match["day2"])
    month2 = MONTHS[groups["month2"]] if groups.get("month2") else month
    year = int(groups["year"]) if groups.get("year") else _year_for(month, first, None, context)
    start, end = day_or_none(year, month, first), day_or_none(year + (month2 < month), month2, last)
    if start is None or end is None or end < start:
        return None
    return start, end, "day", "range"


def _month_only(match: re.Match[str], context: _Context) -> _Found:
    groups = match.groupdict()
    month = MONTHS[match["month"]]
    year = int(groups["year"]) if groups.get("year") else _year_for(month, None, groups.get("which"), context)
    return _staged(date(year, month, 1), last_of_month(year, month), groups.get("stage"), "month")


def _month_range(match: re.Match[str], context: _Context) -> _Found:
    groups = match.groupdict()
    first, last = MONTHS[match["month"]], MONTHS[match["month2"]]
    end_year = int(groups["year"]) if groups.get("year") else _year_for(last, None, None, context)
    start_year = end_year - (first > last)
    return date(start_year, first, 1), last_of_month(end_year, last), "month", "range"


def _year_only(match: re.Match[str], context: _Context) -> _Found:
    year = int(match["year"])
    return _staged(date(year, 1, 1), date(year, 12, 31), match.groupdict().get("stage"), "year")


def _year_range(match: re.Match[str], context: _Context) -> _Found:
    first, last = int(match["year"]), int(match["year2"])
    last += first // 100 * 100 if last < 100 else 0
    return (date(first, 1, 1), date(last, 12, 31), "year", "range") if first <= last else None


def _decade(match: re.Match[str], context: _Context) -> _Found:
    year = int(match["decade"])
    return _staged(date(year, 1, 1), date(year + 9, 12, 31), match.groupdict().get("stage"), "year")


def _month_of_year(match: re.Match[str], context: _Context) -> _Found:
    year = context.published.year + {"last": -1, "this": 0, "next": 1}[match["which"]]
    month = MONTHS[match["month"]]
    return _staged(date(year, month, 1), last_of_month(year, month), match.groupdict().get("stage"), "month")


def _day_of_month(match: re.Match[str], context: _Context) -> _Found:
    day = int(match["day"])
    year, month = context.published.year, context.published.month
    for _ in range(3):
        found = day_or_none(year, month, day)
        if found and (found >= context.published if context.is_future else found <= context.published):
            return _exactly(found)
        year, month = month_shift(year, month, 1 if context.is_future else -1)
    return None


def _numeric(match: re.Match[str], context: _Context) -> _Found:
    """A day in digits. Where day and month could be either, the reading that the tense allows; else none."""
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    readings = {day for day in (day_or_none(year, second, first), day_or_none(year, first, second)) if day}
    if len(readings) > 1:
        readings = {day for day in readings if (day >= context.published) == context.is_future}
    return _exactly(readings.pop()) if len(readings) == 1 else None


def _iso(match: re.Match[str], context: _Context) -> _Found:
    return _exactly(day_or_none(int(match["year"]), int(match["number"]), int(match["day"])))


def _fraction(match: re.Match[str], context: _Context) -> _Found:
    groups = match.groupdict()
    parts = 4 if match["part"] == "quarter" else 2
    number = ORDINALS.get(match["nth"]) or int(re.sub(r"\D", "", match["nth"]))
    if not 1 <= number <= parts:
        return None
    months = 12 // parts
    if groups.get("year"):
        year = int(groups["year"])
    else:
        year = context.published.year + {"last": -1, "next": 1}.get(groups.get("which") or "", 0)
        if (
            not groups.get("which")
            and not context.is_future
            and date(year, (number - 1) * months + 1, 1) > context.published
        ):
            year -= 1
    start, end = date(year, (number - 1) * months + 1, 1), last_of_month(year, number * months)
    return start, end, "quarter" if parts == 4 else "month", "approximate" if parts == 4 else "range"


_N = r"(?P<number>\d{1,3}|couple of|couple)"
_D = r"(?P<day>\d{1,2})"
_D2 = r"(?P<day2>\d{1,2})"
_WHICH = r"(?:(?P<which>last|past|previous|this|next|coming|following) )?"
_TO = r"(?: ?- ?| to | through | until | till | and )"
_LEADS = r"(?:from |between )?"
_EARLY = r"(?:(?:early|late|later|earlier|overnight)(?: on)? |(?:early|late) in the (?:morning|evening|day) (?:on |of )?|(?:night|morning|evening|afternoon|midday|dawn) (?:on|of) )?(?:the )?"
_HOUR = r"(?:hour|minute|second|moment)s?"

_RULES: list[tuple[re.Pattern[str], Callable[[re.Match[str], _Context], _Found]]] = [
    (re.compile(pattern), rule)
    for pattern, rule in (
        (rf"(?:early |late |later |earlier )?(?:today|tonight|this{_PART}|this day)(?:{_PART})?", _days_from_now(0)),
        (rf"(?:early |late |earlier |later )?yesterday(?:{_PART})?|last (?:night|evening)", _days_from_now(-1)),
        (r"(?:the )?day before yesterday", _days_from_now(-2)),
        (r"(?:the )?day after tomorrow", _days_from_now(2)),
        (rf"(?:early |late )?tomorrow(?:{_PART})?", _days_from_now(1)),
        (r"overnight", _overnight),
        (rf"{_EARLY}{_WHICH}{_DAY}(?:{_PART})?(?:,? (?:early|late))?", _weekday),
        (rf"{_EARLY}{_DAY}(?:{_PART})?,? (?:of )?(?P<which>last|this|next) week", _weekday_of_week),
        (rf"{_LEADS}{_EARLY}{_WHICH}{_DAY}(?:{_PART})?{_TO}(?:early |late )?{_DAY.replace('<weekday>', '<weekday2>')}(?:{_PART})?", _weekday_range),
        (rf"(?P<number>\d{{1,2}}) (?P<unit>day|week|month|year)s? (?P<way>before|after|from|ago) {_WHICH}(?:on )?{_DAY}", _ago_from_weekday),
        (rf"(?:a )?{_N} (?P<unit>day|week|month|year|decade)s? (?:ago|earlier|previously|from now|hence|before now)(?: today)?", _ago),
        (rf"in (?:a )?{_N} (?P<unit>day|week|month|year|decade)s?(?: time|')?", _ago),
        (r"(?P<number>\d{1,3})[- ](?P<unit>day|week|month|year)s?[- ]old", lambda m, c: _exactly(shifted(c.published, -int(m["number"]), m["unit"])) if m["unit"] == "day" else None),
        (rf"(?:a |an )?(?P<number>\d{{1,2}}) {_HOUR} (?:ago|earlier)", _hours_ago),
        (rf"(?P<which>last|past|previous|next|coming) (?P<number>\d{{1,3}}) {_UNIT}s", _past_span),
        (rf"(?:(?:in|over|during|within|for) )(?:the )?(?P<which>past|coming) (?P<number>){_UNIT}", _past_span),
        (rf"(?:the )?(?P<which>past) (?P<number>){_UNIT}", _past_span),
        (rf"(?P<way>earlier|later|early|late) (?:in )?(?:this|the) {_UNIT}", lambda m, c: _rest_of_unit(m, c) if m["way"] in ("earlier", "later") else None),
        (rf"(?:in )?(?:the )?{_STAGES}(?:-|[ -]of | in | )?(?:the )?(?P<which>last|previous|this|current|next|coming) {_UNIT}", _unit),
        (rf"(?:in )?(?:the )?{_STAGES} of (?P<which>the) {_UNIT}", _unit),
        (rf"(?P<which>last|previous|this|current|next|coming|following) {_UNIT}", _unit),
        (r"(?:(?P<which>last|past|previous|this|next|coming) )?weekend", _weekend),
        (rf"(?:{_EARLY}{_DAY}(?:{_PART})?,? )?{_WHICH}{_MONTH} {_D}(?:{_PART})?(?:,? {_YEAR})?", _month_day),
        (rf"(?:{_EARLY}{_DAY}(?:{_PART})?,? )?(?:the )?{_D}(?: of)? {_WHICH}{_MONTH}(?:{_PART})?(?:,? {_YEAR})?", _month_day),
        (rf"{_EARLY}{_DAY}(?:{_PART})? \({_MONTH} {_D}(?:,? {_YEAR})?", _month_day),
        (rf"{_LEADS}{_MONTH} {_D}{_TO}{_D2}(?:,? {_YEAR})?", _month_days),
        (rf"{_LEADS}{_D}{_TO}{_D2}(?: of)? {_MONTH}(?:,? {_YEAR})?", _month_days),
        (rf"{_LEADS}{_MONTH} {_D}{_TO}{_OTHER_MONTH} {_D2}(?:,? {_YEAR})?", _month_days),
        (rf"{_LEADS}{_D} {_MONTH}{_TO}{_D2} {_OTHER_MONTH}(?:,? {_YEAR})?", _month_days),
        (rf"(?:(?:the )?{_STAGES}(?:-|[ -]of | in | )?(?:the )?)?{_WHICH}{_MONTH}(?:,? (?:of )?{_YEAR})?", _month_only),
        (rf"(?:(?:the )?{_STAGES}(?:-| of | in | )?)?{_MONTH},? (?:of )?(?P<which>last|this|next) year", _month_of_year),
        (rf"{_LEADS}{_MONTH}{_TO}{_OTHER_MONTH}(?:,? {_YEAR})?", _month_range),
        (rf"(?:(?:the )?{_STAGES}(?:-|[ -]of | in | )?(?:the )?)?(?:year )?{_YEAR}", _year_only),
        (rf"{_LEADS}{_YEAR}{_TO}(?P<year2>(?:1[89]|20)\d\d|\d\d)", _year_range),
        (rf"(?:(?:the )?{_STAGES}(?:-|[ -]of | in | )?(?:the )?)?(?P<decade>(?:1[89]|20)\d0)'?s", _decade),
        (rf"{_YEAR}-(?P<number>\d{{1,2}})-{_D}(?:[t ].*)?", _iso),
        (rf"{_YEAR}/(?P<number>\d{{1,2}})/{_D}", _iso),
        (rf"(?P<first>\d{{1,2}})[/.-](?P<second>\d{{1,2}})[/.-]{_YEAR}", _numeric),
        (rf"(?:the )?(?P<nth>first|second|third|fourth|q[1-4]|1|2|3|4) ?(?P<part>quarter|half)(?:,? (?:of )?(?:{_YEAR}|(?P<which>last|this|next) year|the year))?", _fraction),
        (rf"(?P<nth>q[1-4])(?P<part>)(?:,? (?:of )?{_YEAR})?", lambda m, c: _quarter(m, c)),
        (rf"the {_D}(?: of (?:the|this) month)?|{_D.replace('<day>', '<day_>')}", lambda m, c: _day_of_month(m, c) if m["day"] else None),
    )
]  # fmt: skip


def _quarter(match: re.Match[str], context: _Context) -> _Found:
    number = int(match["nth"][1])
    groups = match.groupdict()
    year = int(groups["year"]) if groups.get("year") else context.published.year
    if not groups.get("year") and not context.is_future and date(year, number * 3 - 2, 1) > context.published:
        year -= 1
    return date(year, number * 3 - 2, 1), last_of_month(year, number * 3), "quarter", "approximate"
