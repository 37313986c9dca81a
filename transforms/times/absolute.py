"""Rules for expressions that name months, days of months, years and quarters."""

import re
from datetime import date, timedelta

from newsbeam.transforms.times.calendar import MONTHS, ORDINALS, day_or_none, last_of_month, month_shift, unit_span
from newsbeam.transforms.times.found import Context, Found, exactly, staged

_HALF_YEAR = 183  # days


def _year_for(month: int, day: int | None, which: str | None, context: Context) -> int:
    """Year of a month or day that the words leave out: the nearest one on the side that the tense points to."""
    today = context.published
    if day is None:
        if context.is_future or which == "next":
            ahead = today.month > month or (which == "next" and today.month == month)
            return today.year + ahead
        behind = today.month < month or (which == "last" and today.month == month)
        return today.year - behind
    tried = day_or_none(today.year, month, day) or date(today.year, month, 28)
    if context.is_near and not which:
        if abs((tried - today).days) <= _HALF_YEAR:
            return today.year
        return today.year + (1 if tried < today else -1)
    if context.is_future or which == "next":
        return today.year + (tried < today - timedelta(days=1))
    # a day of slack: it may be tomorrow already where the event is
    return today.year - (tried > today + timedelta(days=1))


def month_day(match: re.Match[str], context: Context) -> Found:
    """ "15 March", "March 15, 2020"."""
    groups = match.groupdict()
    month, day = MONTHS[match["month"]], int(match["day"])
    year = int(groups["year"]) if groups.get("year") else _year_for(month, day, groups.get("which"), context)
    return exactly(day_or_none(year, month, day))


def month_days(match: re.Match[str], context: Context) -> Found:
    """ "12-14 May", "from May 30 to June 2"."""
    groups = match.groupdict()
    month, first, last = MONTHS[match["month"]], int(match["day"]), int(match["day2"])
    month2 = MONTHS[groups["month2"]] if groups.get("month2") else month
    year = int(groups["year"]) if groups.get("year") else _year_for(month, first, None, context)
    start, end = day_or_none(year, month, first), day_or_none(year + (month2 < month), month2, last)
    if start is None or end is None or end < start:
        return None
    return start, end, "day", "range"


def month_only(match: re.Match[str], context: Context) -> Found:
    """ "March", "mid-March 2020"."""
    groups = match.groupdict()
    month = MONTHS[match["month"]]
    year = int(groups["year"]) if groups.get("year") else _year_for(month, None, groups.get("which"), context)
    return staged(date(year, month, 1), last_of_month(year, month), groups.get("stage"), "month")


def month_range(match: re.Match[str], context: Context) -> Found:
    """ "from March to May"."""
    groups = match.groupdict()
    first, last = MONTHS[match["month"]], MONTHS[match["month2"]]
    end_year = int(groups["year"]) if groups.get("year") else _year_for(last, None, None, context)
    start_year = end_year - (first > last)
    return date(start_year, first, 1), last_of_month(end_year, last), "month", "range"


def year_only(match: re.Match[str], context: Context) -> Found:
    """ "2015", "late 2015"."""
    year = int(match["year"])
    return staged(date(year, 1, 1), date(year, 12, 31), match.groupdict().get("stage"), "year")


def year_range(match: re.Match[str], context: Context) -> Found:
    """ "2015-17"."""
    first, last = int(match["year"]), int(match["year2"])
    last += first // 100 * 100 if last < 100 else 0
    return (date(first, 1, 1), date(last, 12, 31), "year", "range") if first <= last else None


def decade(match: re.Match[str], context: Context) -> Found:
    """ "the 1990s"."""
    year = int(match["decade"])
    return staged(date(year, 1, 1), date(year + 9, 12, 31), match.groupdict().get("stage"), "year")


def month_of_year(match: re.Match[str], context: Context) -> Found:
    """ "March last year"."""
    year = context.published.year + {"last": -1, "this": 0, "next": 1}[match["which"]]
    month = MONTHS[match["month"]]
    return staged(date(year, month, 1), last_of_month(year, month), match.groupdict().get("stage"), "month")


def day_of_month(match: re.Match[str], context: Context) -> Found:
    """ "the 15th"."""
    day = int(match["day"])
    year, month = context.published.year, context.published.month
    for _ in range(3):
        found = day_or_none(year, month, day)
        if found and (found >= context.published if context.is_future else found <= context.published):
            return exactly(found)
        year, month = month_shift(year, month, 1 if context.is_future else -1)
    return None


def numeric(match: re.Match[str], context: Context) -> Found:
    """A day in digits. Where day and month could be either, the reading that the tense allows; else none."""
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    readings = {day for day in (day_or_none(year, second, first), day_or_none(year, first, second)) if day}
    if len(readings) > 1:
        readings = {day for day in readings if (day >= context.published) == context.is_future}
    return exactly(readings.pop()) if len(readings) == 1 else None


def iso(match: re.Match[str], context: Context) -> Found:
    """ "2020-01-15"."""
    return exactly(day_or_none(int(match["year"]), int(match["number"]), int(match["day"])))


def fraction(match: re.Match[str], context: Context) -> Found:
    """ "the first quarter", "the second half of 2019"."""
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


def quarter(match: re.Match[str], context: Context) -> Found:
    """ "Q1 2020"."""
    number = int(match["nth"][1])
    groups = match.groupdict()
    year = int(groups["year"]) if groups.get("year") else context.published.year
    if not groups.get("year") and not context.is_future and date(year, number * 3 - 2, 1) > context.published:
        year -= 1
    return date(year, number * 3 - 2, 1), last_of_month(year, number * 3), "quarter", "approximate"


def week_of(match: re.Match[str], context: Context) -> Found:
    """ "the week of May 5"."""
    groups = match.groupdict()
    month = MONTHS[groups["month"] or groups["month2"]]
    day = int(groups["day"] or groups["day2"])
    year = int(groups["year"]) if groups.get("year") else _year_for(month, day, None, context)
    inside = day_or_none(year, month, day)
    return None if inside is None else (*unit_span(inside, "week"), "week", "approximate")


def part_of_month(match: re.Match[str], context: Context) -> Found:
    """ "the first week of May", "the last day of April"."""
    groups = match.groupdict()
    if groups.get("month"):
        month = MONTHS[groups["month"]]
        year = int(groups["year"]) if groups.get("year") else _year_for(month, None, None, context)
        first, last = date(year, month, 1), last_of_month(year, month)
    else:
        first, last = unit_span(context.published, "month", {"last": -1, "this": 0, "next": 1}[groups["which"]])
    nth = groups["nth"]
    number = -1 if nth == "last" else (ORDINALS.get(nth) or int(nth)) - 1
    if groups["part"] == "day":
        return exactly(last if number < 0 else first + timedelta(days=number))
    if groups["part"] == "week":
        start = last - timedelta(days=6) if number < 0 else first + timedelta(days=7 * number)
        return start, start + timedelta(days=6), "week", "approximate"
    saturdays = [first + timedelta(days=d) for d in range((last - first).days + 1)]
    saturdays = [day for day in saturdays if day.weekday() == 5]
    saturday = saturdays[min(number, len(saturdays) - 1)]
    return saturday, saturday + timedelta(days=1), "day", "range"
