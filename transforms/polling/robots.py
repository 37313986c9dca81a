"""Whether a site's robots.txt allows a page."""

import threading
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from protego import Protego

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.instants import SECOND
from newsbeam.transforms.polling.answers import Answer, FetchFailed, Limits
from newsbeam.transforms.polling.client import Client

KEEP_SECONDS = 24 * 3600
HOLD_SECONDS = 3600  # before a robots.txt that a server failed to give is asked for again
MAX_CRAWL_DELAY = 60.0  # some files ask for hours: they mean search engines
#: RFC 9309 asks for at least 500 KiB to be read, and lets the rest be passed over.
ROBOTS_LIMITS = Limits(body_bytes=500 * 1024, total_seconds=20, keep_start=True)


class Robots(NamedTuple):
    """What a robots.txt says. `rules` is None where all is allowed, or, with `is_held`, where nothing is for now."""

    rules: Protego | None
    is_held: bool
    expires_at: int

    def allows(self, url: str, agent: str) -> bool:
        """Whether the page may be fetched."""
        if self.is_held:
            return False
        try:
            return self.rules is None or bool(self.rules.can_fetch(url, agent))
        except (ValueError, RecursionError):
            return True  # an address that Protego cannot take apart matches no rule

    def crawl_delay(self, agent: str) -> float:
        """Seconds between requests that the site asks for; 0 where it does not."""
        delay = self.rules.crawl_delay(agent) if self.rules is not None else None
        return min(max(float(delay or 0), 0.0), MAX_CRAWL_DELAY)


class Asked(NamedTuple):
    """A robots.txt, and the answer it came in where it was fetched just now."""

    robots: Robots
    url: str
    answer: Answer | None
    outcome: str


class RobotsCache:
    """The robots.txt of each site for a day. Threads may share one."""

    def __init__(self, client: Client, now: Callable[[], int]) -> None:
        self._client = client
        self._now = now
        self._kept: dict[str, Robots] = {}
        self._lock = threading.Lock()

    def known(self, url: str) -> Robots | None:
        """The site's robots.txt where it is kept and fresh."""
        with self._lock:
            robots = self._kept.get(robots_url(url))
        return robots if robots is not None and robots.expires_at > self._now() else None

    def ask(self, url: str) -> Asked:
        """The robots.txt of the site of `url`, fetched unless it is kept. Never raises for what a server does."""
        where = robots_url(url)
        robots = self.known(url)
        if robots is not None:
            return Asked(robots, where, None, "ok")
        try:
            answer = self._client.fetch(where, accept="text/plain, */*;q=0.1", limits=ROBOTS_LIMITS)
            outcome, robots = "ok", parse_robots(answer.body, self._now() + KEEP_SECONDS * SECOND)
        except FetchFailed as failed:
            answer, outcome = failed.answer, failed.reason
            robots = robots_without_file(answer.status, failed.reason, self._now())
        with self._lock:
            self._kept[where] = robots
        return Asked(robots, where, answer, outcome)


def robots_url(url: str) -> str:
    """Where the robots.txt of a page's site is."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise BadRecord("fetch", "bad_record", f"no address: {error}", origin=url[:500], key=url[:500]) from error
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}/robots.txt"


def parse_robots(body: bytes, expires_at: int) -> Robots:
    """Rules of a robots.txt. HTML and other nonsense hold no rule and allow all."""
    text = body.decode("utf-8", "replace").lstrip("\N{ZERO WIDTH NO-BREAK SPACE}").replace("\x00", "")
    try:
        return Robots(Protego.parse(text), False, expires_at)
    except (ValueError, RecursionError):
        return Robots(None, False, expires_at)


def robots_without_file(status: int | None, reason: str, now: int) -> Robots:
    """What holds where there is no robots.txt: 4xx allows all; a failing or unreachable server allows nothing yet."""
    is_absent = status is not None and 400 <= status < 500 and status != 429
    is_none = status is not None and reason in ("empty", "bad_redirect", "bad_encoding")
    if is_absent or is_none:
        return Robots(None, False, now + KEEP_SECONDS * SECOND)
    return Robots(None, True, now + HOLD_SECONDS * SECOND)
