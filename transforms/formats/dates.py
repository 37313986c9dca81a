"""Read the dates of records, without a guess: a day that cannot be told, or cannot be, is no date."""

import re
from datetime import date, datetime

from newsbeam.transforms.feeds.dates import read_instant
from newsbeam.transforms.instants import SECOND, instant_of, start_of

EARLIEST = start_of(date(1990, 1, 1))
_DAY = 86_400 * SECOND
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})Z?)?")
_EPOCH = re.compile(r"-?\d{9,19}(?:\.\d+)?")
_NO_DAY = re.compile(r"\d{4}(?:[-/.]?(?:\d{1,2}|W\d{1,2}))?")  # a year, month or week alone


class BadDate(ValueError):
    """What a source gives as a date and is none, or is out of range."""


def read_date(value: object, ingested_at: int) -> int | None:
    """The instant of a record's date in whole seconds; None where it gives none. A bare day is its midnight UTC.

    Raises BadDate where it is no date, or lies before 1990 or after the day after ingestion.
    """
    if value is None or value is False or (isinstance(value, str) and not value.strip()):
        return None
    try:
        instant = (
            _instant(value) // SECOND * SECOND
        )  # as feeds are read: fractions differ between a source's own formats
    except (ValueError, OverflowError, TypeError) as error:
        raise BadDate(f"no date: {str(value)[:100]!r}") from error
    if not in_range(instant, ingested_at):
        raise BadDate(f"not between 1990 and the day after ingestion: {str(value)[:100]!r}")
    return instant


def in_range(instant: int, ingested_at: int) -> bool:
    """Whether an instant can be one of publication: from 1990 to the day after ingestion."""
    return EARLIEST <= instant < (ingested_at // _DAY + 2) * _DAY


def _instant(value: object) -> int:
    if isinstance(value, datetime):
        return instant_of(value)
    if isinstance(value, date):
        return start_of(value)
    if isinstance(value, int | float):
        return _epoch(value)
    if not isinstance(value, str):
        raise BadDate("neither text nor number")
    text = " ".join(value.split())
    if compact := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second = (int(part) for part in compact.groups("0"))
        return instant_of(datetime(year, month, day, hour, minute, second))
    if _EPOCH.fullmatch(text):
        return _epoch(float(text) if "." in text else int(text))
    instant = None if _NO_DAY.fullmatch(text) else read_instant(text)
    if instant is None:
        raise BadDate("not a day")
    return instant


def _epoch(value: int | float) -> int:
    """Seconds, milli-, micro- or nanoseconds since 1970, told by their size; or a day as 20230131."""
    if isinstance(value, int) and 19_000_000 < value < 22_000_000:
        return _instant(str(value))
    for scale in (1, 1_000, 1_000_000, 1_000_000_000):
        if abs(value) < 10_000_000_000 * scale:
            return int(value * (SECOND // scale)) if scale <= SECOND else int(value // (scale // SECOND))
    raise BadDate("no instant")
