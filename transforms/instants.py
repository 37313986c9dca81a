"""Instants as whole microseconds since 1970 UTC, and days as ISO strings: how rows keep time."""

from datetime import UTC, date, datetime, timedelta

SECOND = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant_of(moment: datetime) -> int:
    """Microseconds since 1970 UTC of an aware datetime; a naive one is taken as UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - _EPOCH) // timedelta(microseconds=1)


def moment_of(instant: int) -> datetime:
    """The aware UTC datetime of an instant."""
    return _EPOCH + timedelta(microseconds=instant)


def day_of(instant: int) -> str:
    """The UTC day of an instant, as 2023-01-31."""
    return moment_of(instant).date().isoformat()


def date_of(instant: int) -> date:
    """The UTC day of an instant, as a date."""
    return moment_of(instant).date()


def start_of(day: str | date) -> int:
    """The instant at which a day begins in UTC."""
    moment = date.fromisoformat(day) if isinstance(day, str) else day
    return instant_of(datetime(moment.year, moment.month, moment.day, tzinfo=UTC))
