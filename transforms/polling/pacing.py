"""Keep requests to one host apart."""

import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from newsbeam.transforms.once import made_once

DEFAULT_SECONDS = 1.0  # between requests to a host; a Crawl-delay or Retry-After makes it longer


def host_of(url: str) -> str:
    """The host whose patience a request costs: lower case, without `www.`, with the port where it is given."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    host = host.removeprefix("www.")
    return host if port is None or port == {"http": 80, "https": 443}.get(parts.scheme) else f"{host}:{port}"


@made_once
def shared_pacing(seconds: float) -> "Pacing":
    """The pacing of this process, so that feeds and pages of a host do not meet there."""
    return Pacing(seconds)


class Pacing:
    """When each host may be asked next. Threads may share one.

    Counts by a monotonic clock, so that a jump of the wall clock makes no burst.
    """

    def __init__(
        self,
        seconds: float = DEFAULT_SECONDS,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._sleep = sleep
        self._free_at: dict[str, float] = {}
        self._held_until: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, host: str, seconds: float = 0.0) -> None:
        """Wait for the host's turn: at least `seconds`, or the pace of the whole, after the last request's start."""
        pace = max(seconds, self._seconds)
        with self._lock:
            now = self._monotonic()
            start = max(now, self._free_at.get(host, now))
            self._free_at[host] = start + pace
        if start > now:
            self._sleep(start - now)

    def hold(self, host: str, seconds: float) -> None:
        """Ask the host nothing for `seconds`."""
        with self._lock:
            until = self._monotonic() + seconds
            self._held_until[host] = max(until, self._held_until.get(host, until))

    def held_seconds(self, host: str) -> float:
        """Seconds for which the host must not be asked."""
        with self._lock:
            return max(0.0, self._held_until.get(host, 0.0) - self._monotonic())
