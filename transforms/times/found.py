"""What a rule for time expressions is given and what it finds."""

from datetime import date, timedelta
from typing import NamedTuple


class Context(NamedTuple):
    """The day of publication, and the side of it that the clause points to."""

    published: date
    is_future: bool
    is_near: bool = False  # the present tense tells neither way: days of a month lie where they are nearest


#: first day, last day, granularity and type; None where a rule cannot tell
Found = tuple[date, date | None, str, str] | None
#: words for a part of a unit: its first day, its middle or its last day
STAGES = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2}


def exactly(day: date | None) -> Found:
    """A single day, if there is one."""
    return None if day is None else (day, None, "day", "exact")


def staged(start: date, end: date, stage: str | None, unit: str) -> Found:
    """A unit as a whole, or one day of it where the words say which part."""
    grain = "year" if unit == "decade" else unit
    if stage is None:
        return start, end, grain, "approximate"
    middle = start + timedelta(days=14 if unit == "month" else (end - start).days // 2)
    return (start, middle, end)[STAGES[stage]], None, grain, "approximate"
