"""Days, months and years by name, and steps between them: what the resolver counts with."""

import calendar
from datetime import date, timedelta

WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon", "tuesday tues tue", "wednesday weds wed", "thursday thurs thur thu",
            "friday fri", "saturday sat", "sunday sun",
        )
    )
    for name in names.split()
}  # fmt: skip
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
NUMBERS = {word: value for value, word in enumerate(_ONES)} | {word: 20 + 10 * i for i, word in enumerate(_TENS)}
NUMBERS |= {f"{ten}-{one}": NUMBERS[ten] + NUMBERS[one] for ten in _TENS for one in _ONES[1:10]}
ORDINALS = {
    word: value
    for value, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), start=1)
}


def day_or_none(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def last_of_month(year: int, month: int) -> date:
    """Last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def month_shift(year: int, month: int, months: int) -> tuple[int, int]:
    """Year and month that lie `months` after a month."""
    count = year * 12 + month - 1 + months
    return count // 12, count % 12 + 1


def shifted(day: date, number: int, unit: str) -> date | None:
    """The day `number` units later (earlier where negative); a day of month that does not exist becomes the last."""
    if unit in ("day", "week"):
        days = number * (7 if unit == "week" else 1)
        return day + timedelta(days=days) if abs(days) < 400_000 else None
    year, month = month_shift(day.year, day.month, number * {"month": 1, "quarter": 3, "year": 12, "decade": 120}[unit])
    if not 1 <= year <= 9999:
        return None
    return min(date(year, month, min(day.day, 28)) + timedelta(days=max(0, day.day - 28)), last_of_month(year, month))


def unit_span(day: date, unit: str, steps: int = 0) -> tuple[date, date]:
    """First and last day of the calendar unit that lies `steps` units after the one that holds `day`."""
    if unit == "day":
        start = day + timedelta(days=steps)
        return start, start
    if unit == "week":
        start = day - timedelta(days=day.weekday()) + timedelta(days=7 * steps)
        return start, start + timedelta(days=6)
    if unit == "month":
        year, month = month_shift(day.year, day.month, steps)
        return date(year, month, 1), last_of_month(year, month)
    if unit == "quarter":
        year, month = month_shift(day.year, (day.month - 1) // 3 * 3 + 1, 3 * steps)
        return date(year, month, 1), last_of_month(year, month + 2)
    if unit == "decade":
        year = day.year // 10 * 10 + 10 * steps
        return date(year, 1, 1), date(year + 9, 12, 31)
    return date(day.year + steps, 1, 1), date(day.year + steps, 12, 31)
