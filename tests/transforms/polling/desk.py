"""Polls of the feeds of one server, by a clock that a test sets."""

import re
from collections.abc import Callable
from typing import Any

from newsbeam.schemas.article import Article
from newsbeam.schemas.feed import FeedState
from newsbeam.schemas.reject import Fetch, Reject
from newsbeam.transforms.instants import SECOND
from newsbeam.transforms.polling.answers import Limits
from newsbeam.transforms.polling.client import Client
from newsbeam.transforms.polling.pacing import Pacing
from newsbeam.transforms.polling.round import Asking, poll_host
from newsbeam.transforms.polling.schedule import HOUR, first_state

NOW = 1_790_000_000 * SECOND
Reply = Callable[..., bytes]


def short(value: object) -> str:
    """The name of a case, without its kilobytes."""
    return " ".join(re.findall(r"[a-z0-9/:.]+", repr(value).split(" at 0x")[0][:60], re.IGNORECASE))[:40]


def feed(*items: str, title: str = "Desk") -> bytes:
    return f'<rss version="2.0"><channel><title>{title}</title>{"".join(items)}</channel></rss>'.encode()


def item(name: str, text: str = "", guid: str | None = None, link: str | None = None, more: str = "") -> str:
    parts = [f"<title>{name}</title><description>{text or 'Officials spoke about ' + name}</description>", more]
    parts += [f"<guid isPermaLink='false'>{guid}</guid>"] if guid is not None else []
    parts += [f"<link>{link}</link>"] if link is not None else []
    return f"<item>{''.join(parts)}</item>"


class Desk:
    """Polls the feeds of one server by a clock of its own."""

    def __init__(self, server: Any, client: Client, limits: Limits) -> None:
        self.server = server
        self.now = NOW
        self.slept: list[float] = []
        pacing = Pacing(2, monotonic=lambda: self.now / SECOND, sleep=self._sleep)
        self.asking = Asking(client, pacing, lambda: self.now, HOUR, limits)
        self.states: dict[str, FeedState] = {}

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += round(seconds * SECOND)

    def poll(self, *paths: str, wait: float = 0.0) -> list[Any]:
        self.now += round(wait * SECOND)
        urls = [self.server.url(path) for path in paths]
        states = [self.states.get(url, first_state(url)) for url in urls]
        rows = list(poll_host(states, self.asking))
        self.states |= {row.feed_url: row for row in rows if isinstance(row, FeedState)}
        return rows

    def again(self, path: str) -> list[Any]:
        """Poll when the feed is due."""
        due = self.state(path).next_due_at
        return self.poll(path, wait=(due - self.now) / SECOND)

    def state(self, path: str) -> FeedState:
        return self.states[self.server.url(path)]


def of(kind: Any, rows: list[Any]) -> list[Any]:
    return [row for row in rows if isinstance(row, kind)]


def titles(rows: list[Any]) -> list[str]:
    return [article.title for article in of(Article, rows)]


def outcome(rows: list[Any]) -> tuple[list[str], list[tuple[str, str]], str]:
    """What a poll of one feed came to: its fetches, its rejects and its state."""
    (state,) = of(FeedState, rows)
    rejects = [(reject.stage, reject.reason) for reject in of(Reject, rows)]
    return [fetch.outcome for fetch in of(Fetch, rows)], rejects, state.outcome
