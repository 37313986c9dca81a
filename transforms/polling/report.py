"""Show how the feeds are."""

from collections.abc import Iterable
from typing import NamedTuple

from newsbeam.schemas.feed import FeedState
from newsbeam.transforms.instants import SECOND
from newsbeam.transforms.polling.schedule import GOOD, newest_states


class FeedRow(NamedTuple):
    """One line of `newsbeam feeds`."""

    feed_url: str
    title: str | None
    outcome: str  # of the last poll
    polled_at: int
    next_due_at: int | None  # None: never asked again
    interval_seconds: float
    entries_per_day: float
    last_new_at: int | None
    failures: float
    is_overdue: bool
    moved_to: str | None


def report(states: Iterable[FeedState], now: int) -> list[FeedRow]:
    """One row a feed, failing ones first, then by address."""
    rows = [
        FeedRow(
            feed_url=state.feed_url,
            title=state.title,
            outcome=state.outcome,
            polled_at=state.polled_at,
            next_due_at=None if state.is_gone else state.next_due_at,
            interval_seconds=state.interval_seconds,
            entries_per_day=round(state.entries_per_day, 2),
            last_new_at=state.last_new_at,
            failures=round(state.failures, 2),
            is_overdue=not state.is_gone and now > state.next_due_at + state.interval_seconds * SECOND,
            moved_to=state.moved_to if state.fetch_url == state.moved_to else None,
        )
        for state in newest_states(states).values()
    ]
    return sorted(rows, key=lambda r: (r.outcome in (*GOOD, "never"), r.feed_url))
