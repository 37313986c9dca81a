"""What a server's headers say about when to come back."""

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from newsbeam.transforms.instants import SECOND, instant_of

_SECONDS = re.compile(r"\d{1,15}")
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,15})", re.IGNORECASE)
_VALIDATOR = re.compile(r"[\t\x20-\x7e\x80-\xff]{1,1000}")


def http_date(text: str | None) -> int | None:
    """The instant of an HTTP date, or None where it is none."""
    try:
        return instant_of(parsedate_to_datetime(text)) if text else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def retry_after_seconds(headers: Mapping[str, str], now: int) -> float | None:
    """Seconds that Retry-After asks to wait; None where it is absent, unreadable or in the past."""
    text = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    return _seconds_until(text, headers, now)


def max_age_seconds(headers: Mapping[str, str]) -> float | None:
    """Seconds of Cache-Control: max-age."""
    found = _MAX_AGE.search(headers.get("cache-control", ""))
    return float(found[1]) if found else None


def expires_seconds(headers: Mapping[str, str], now: int) -> float | None:
    """Seconds until Expires, by the server's own clock where it states it; None where it is past or unreadable."""
    return _seconds_until(headers.get("expires"), headers, now)


def validator(headers: Mapping[str, str], name: str) -> str | None:
    """The header as the server sent it, to be sent back byte for byte; None where it cannot be sent back."""
    value = headers.get(name)
    return value if value and _VALIDATOR.fullmatch(value) else None


def _seconds_until(text: str | None, headers: Mapping[str, str], now: int) -> float | None:
    moment = http_date(text)
    if moment is None:
        return None
    server_now = http_date(headers.get("date"))
    seconds = (moment - (now if server_now is None else server_now)) / SECOND
    return seconds if seconds > 0 else None
