"""Rules for expressions that count from the day of publication: weekdays, days and weeks ago, last month."""

import re
from datetime import date, timedelta

from newsbeam.transforms.times.calendar import WEEKDAYS, shifted, unit_span
from newsbeam.transforms.times.found import Context, Found, exactly, staged


def weekday(match: re.Match[str], context: Context) -> Found:
    """ "late on Sunday", "last Friday"."""
    return exactly(_weekday_of(WEEKDAYS[match["weekday"]], match.groupdict().get("which"), context))


def _weekday_of(number: int, which: str | None, context: Context) -> date:
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


def weekday_of_week(match: re.Match[str], context: Context) -> Found:
    """ "Sunday last week"."""
    steps = {"last": -1, "next": 1, "this": 0}[match["which"]]
    return exactly(unit_span(context.published, "week", steps)[0] + timedelta(days=WEEKDAYS[match["weekday"]]))


def weekday_range(match: re.Match[str], context: Context) -> Found:
    """ "from Monday to Wednesday"."""
    first, last = WEEKDAYS[match["weekday"]], WEEKDAYS[match["weekday2"]]
    days = (last - first) % 7
    if context.is_future:
        start = _weekday_of(first, None, context)
    else:
        start = _weekday_of(last, match.groupdict().get("which"), context) - timedelta(days=days)
    return start, start + timedelta(days=days), "day", "range"


def today(_match: re.Match[str], context: Context) -> Found:
    """ "tonight"."""
    return exactly(context.published)


def yesterday(_match: re.Match[str], context: Context) -> Found:
    """ "last night"."""
    return exactly(context.published - timedelta(days=1))


def before_yesterday(_match: re.Match[str], context: Context) -> Found:
    """ "the day before yesterday"."""
    return exactly(context.published - timedelta(days=2))


def tomorrow(_match: re.Match[str], context: Context) -> Found:
    """ "tomorrow morning"."""
    return exactly(context.published + timedelta(days=1))


def after_tomorrow(_match: re.Match[str], context: Context) -> Found:
    """ "the day after tomorrow"."""
    return exactly(context.published + timedelta(days=2))


def overnight(_match: re.Match[str], context: Context) -> Found:
    """The night that ended on the day of publication."""
    return context.published - timedelta(days=1), context.published, "day", "approximate"


def ago(match: re.Match[str], context: Context) -> Found:
    """ "two days ago", "a week earlier", "in three days"."""
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


def age(match: re.Match[str], context: Context) -> Found:
    """ "5-day-old"."""
    return exactly(shifted(context.published, -int(match["number"]), "day"))


def ago_from_weekday(match: re.Match[str], context: Context) -> Found:
    """ "a week before last Friday"."""
    base = _weekday_of(WEEKDAYS[match["weekday"]], match.groupdict().get("which"), context)
    sign = -1 if match["way"] in ("before", "ago") else 1
    return exactly(shifted(base, sign * int(match["number"]), match["unit"]))


def hours_ago(match: re.Match[str], context: Context) -> Found:
    """ "two hours ago"."""
    return (context.published, None, "day", "approximate") if int(match["number"]) <= 12 else None


def past_span(match: re.Match[str], context: Context) -> Found:
    """ "over the past two weeks"."""
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


def unit(match: re.Match[str], context: Context) -> Found:
    """ "last month", "late last year", "the beginning of the year"."""
    unit = match["unit"]
    if unit == "day":
        return None
    start, end = unit_span(context.published, unit, _STEPS[match["which"]])
    return staged(start, end, match.groupdict().get("stage"), unit)


def rest_of_unit(match: re.Match[str], context: Context) -> Found:
    """ "earlier this month"."""
    start, end = unit_span(context.published, match["unit"])
    if match["way"] == "later":
        return context.published, end, match["unit"], "approximate"
    return start, context.published, match["unit"], "approximate"


def weekend(match: re.Match[str], context: Context) -> Found:
    """ "last weekend"."""
    which = match["which"]
    saturday = context.published - timedelta(days=(context.published.weekday() - 5) % 7)
    if which in ("next", "coming"):
        saturday += timedelta(days=7)
    elif context.is_future and context.published.weekday() < 5:
        saturday += timedelta(days=7)
    elif which in ("last", "past", "previous") and context.published.weekday() >= 5:
        saturday -= timedelta(days=7)
    return saturday, saturday + timedelta(days=1), "day", "range"


def half_year_ago(_match: re.Match[str], context: Context) -> Found:
    """ "half a year ago"."""
    day = shifted(context.published, -6, "month")
    return None if day is None else (day, None, "month", "approximate")


def fortnight_ago(_match: re.Match[str], context: Context) -> Found:
    """ "a fortnight ago"."""
    return context.published - timedelta(days=14), None, "week", "approximate"


def weekdays_ago(match: re.Match[str], context: Context) -> Found:
    """ "two Sundays ago"."""
    last = _weekday_of(WEEKDAYS[match["weekday"]], "last", context)
    return exactly(last - timedelta(days=7 * (int(match["number"]) - 1)))


def past_day(_match: re.Match[str], context: Context) -> Found:
    """ "the past 24 hours"."""
    return context.published - timedelta(days=1), context.published, "day", "range"
