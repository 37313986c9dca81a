"""Decide when a feed is asked next, and what is remembered of its answer."""

import math
from collections.abc import Iterable
from typing import NamedTuple

from newsbeam.schemas.feed import FeedState
from newsbeam.transforms.ids import digest
from newsbeam.transforms.instants import SECOND, day_of

HOUR = 3600.0
DAY = 24 * HOUR
CAP_SECONDS = DAY  # of any interval, Retry-After included: 88 hours and 10 years were seen
DEAD_FAILURES = 30  # weighted failures in a row; feeds do come back, so they are never dropped
DEAD_SECONDS = 30 * DAY
MOVED_AFTER = 3  # permanent redirects to one target in a row before it is believed
#: A server that repeats its validators though the feed changed is found out by one request without them. Only where
#: nothing new came for as long: a feed that lives needs none. A day more than a week, so that it wanders.
UNCONDITIONAL_SECONDS = 8 * DAY
JITTER = 0.1  # of the interval, upwards
RATE_LIMITED_JITTER_SECONDS = HOUR  # after a 429 the feeds of a host come back spread over an hour
ENTRIES_A_POLL = 0.5  # the interval aimed at brings a new entry at every other poll
LENGTHEN = 8 / 7  # for each poll without a new entry: from an hour to a day in a week
RHYTHM_SECONDS = 3 * DAY  # time constant of the smoothed rate that the report shows
_CLOCK_FAULT_SECONDS = 2 * DAY  # a state further in the future was written by a clock that was wrong

GOOD = ("ok", "not_modified", "unchanged")
#: How much each failure counts. Unnamed ones count 1.
WEIGHTS = {
    "dns_error": 0.25,
    "rate_limited": 0.5,
    "http_error": 0.5,
    "not_a_feed": 0.5,
    "blocked": 0.5,
    "empty": 0.5,
    "timeout": 0.5,
}


class Facts(NamedTuple):
    """What one poll found out. `outcome` is ok, not_modified, unchanged or a reject reason."""

    outcome: str
    was_conditional: bool = False
    etag: str | None = None
    last_modified: str | None = None
    hint_seconds: float = 0.0  # the longest that max-age, Expires and the feed's ttl ask to keep the answer
    retry_after: float | None = None
    permanent_url: str | None = None
    body_hash: str | None = None
    title: str | None = None
    new_entries: int = 0
    entries_per_day: float | None = None  # by the dates of the entries, where they have any
    known_ids: list[str] | None = None
    found_url: str | None = None  # the feed that a home page names


def first_state(feed_url: str) -> FeedState:
    """The state of a feed that was never asked: due at once."""
    return FeedState(
        feed_url=feed_url,
        date=day_of(0),
        fetch_url=feed_url,
        title=None,
        polled_at=0,
        next_due_at=0,
        interval_seconds=0.0,
        etag=None,
        last_modified=None,
        unconditional_at=0,
        body_hash=None,
        outcome="never",
        failures=0.0,
        moved_to=None,
        moved_count=0,
        is_gone=False,
        entries_per_day=0.0,
        last_new_at=None,
        known_ids=[],
    )


def newest_states(states: Iterable[FeedState]) -> dict[str, FeedState]:
    """The newest state of each feed, by its address, in the order of addresses."""
    newest: dict[str, FeedState] = {}
    for state in states:
        kept = newest.get(state.feed_url)
        if kept is None or (state.polled_at, state.next_due_at) > (kept.polled_at, kept.next_due_at):
            newest[state.feed_url] = state
    return dict(sorted(newest.items()))


def states_of(feed_urls: Iterable[str], known: Iterable[FeedState]) -> list[FeedState]:
    """The state of each subscribed feed, once, in the order of addresses: the newest known one, else the first."""
    newest = newest_states(known)
    return [newest.get(url) or first_state(url) for url in sorted(set(feed_urls))]


def is_due(state: FeedState, now: int) -> bool:
    """Whether the feed may be asked now. A feed that said 410 never is.

    A due time that no interval leads to was written by a clock that ran ahead by days; it does not silence the feed.
    """
    if state.is_gone:
        return False
    is_impossible = state.polled_at > now + _CLOCK_FAULT_SECONDS * SECOND
    return now >= state.next_due_at or is_impossible


def overdue_seconds(states: Iterable[FeedState], now: int) -> float:
    """How long the feed that waits longest has been due; 0 where none is, or was never asked."""
    waits = [now - state.next_due_at for state in states if state.next_due_at and not state.is_gone]
    return max(0, *waits, 0) / SECOND


def asks_conditionally(state: FeedState, now: int) -> bool:
    """Whether the next request carries the validators."""
    if not (state.etag or state.last_modified):
        return False
    silent_since = max(state.unconditional_at, state.last_new_at or 0)
    return now - silent_since < UNCONDITIONAL_SECONDS * SECOND


def next_state(state: FeedState, facts: Facts, now: int, *, min_poll_seconds: float = HOUR) -> FeedState:
    """The state after a poll that ended at `now`."""
    if facts.outcome in GOOD:
        changed = _after_good_answer(state, facts, now)
    else:
        changed = state._replace(failures=state.failures + WEIGHTS.get(facts.outcome, 1.0))
    changed = _after_redirects(changed, facts)
    if facts.found_url is not None:
        changed = changed._replace(fetch_url=facts.found_url)
    if not facts.was_conditional:
        changed = changed._replace(unconditional_at=now)
    changed = changed._replace(interval_seconds=interval_of(state, facts, now, min_poll_seconds))
    seconds = _wait_seconds(changed, facts, min_poll_seconds)
    wait = _spread(changed, seconds, floor_of(facts, min_poll_seconds), facts.outcome)
    return changed._replace(
        date=day_of(now),
        polled_at=now,
        next_due_at=now + math.ceil(wait * SECOND),
        outcome=facts.outcome,
        is_gone=facts.outcome == "gone",
    )


def held_state(state: FeedState, outcome: str, now: int, seconds: float, min_poll_seconds: float) -> FeedState:
    """The state of a feed that is not asked, because its host just refused or failed another request."""
    wait = min(max(seconds, min_poll_seconds), CAP_SECONDS)
    wait = _spread(state, wait, wait, outcome)
    return state._replace(date=day_of(now), polled_at=now, next_due_at=now + math.ceil(wait * SECOND), outcome=outcome)


def floor_of(facts: Facts, min_poll_seconds: float) -> float:
    """The least seconds before the next request: the user's, the server's, the feed's; capped."""
    return min(max(min_poll_seconds, facts.hint_seconds, facts.retry_after or 0.0), CAP_SECONDS)


def interval_of(state: FeedState, facts: Facts, now: int, min_poll_seconds: float) -> float:
    """Seconds between polls by the feed's own rhythm: shorter as it brings more, longer as it brings nothing.

    A feed begins at the floor: a slow one is asked a few times too often, a quick one loses nothing.
    """
    before = min(max(state.interval_seconds, min_poll_seconds), CAP_SECONDS)
    elapsed = (now - state.polled_at) / SECOND
    if facts.outcome not in GOOD or state.polled_at == 0 or elapsed <= 0:
        return before
    if facts.new_entries == 0:
        return min(before * LENGTHEN, CAP_SECONDS)
    gap = (now - (state.last_new_at or state.polled_at)) / SECOND
    return max(min(before, gap * ENTRIES_A_POLL / facts.new_entries), min(min_poll_seconds, CAP_SECONDS))


def _wait_seconds(state: FeedState, facts: Facts, min_poll_seconds: float) -> float:
    """Seconds to the next poll before jitter: the interval, times the failures, and not less than the floor."""
    if state.failures > DEAD_FAILURES:
        return DEAD_SECONDS
    backed_off = state.interval_seconds * max(state.failures, 1.0)
    return max(min(backed_off, CAP_SECONDS), floor_of(facts, min_poll_seconds))


def _after_good_answer(state: FeedState, facts: Facts, now: int) -> FeedState:
    is_whole = facts.outcome != "not_modified"  # a 304 repeats what changes; a 200 states all there is
    elapsed = (now - state.polled_at) / SECOND
    if state.polled_at == 0:
        rate = facts.entries_per_day or 0.0
    elif elapsed > 0:
        keep = math.exp(-elapsed / RHYTHM_SECONDS)
        rate = state.entries_per_day * keep + facts.new_entries * DAY / elapsed * (1 - keep)
    else:
        rate = state.entries_per_day  # the clock went back: nothing to learn
    return state._replace(
        etag=facts.etag if is_whole else facts.etag or state.etag,
        last_modified=facts.last_modified if is_whole else facts.last_modified or state.last_modified,
        body_hash=facts.body_hash or state.body_hash,
        title=facts.title or state.title,
        failures=0.0,
        entries_per_day=rate,
        last_new_at=now if facts.new_entries else state.last_new_at,
        known_ids=state.known_ids if facts.known_ids is None else facts.known_ids,
    )


def _after_redirects(state: FeedState, facts: Facts) -> FeedState:
    """Count permanent redirects; believe them after MOVED_AFTER in a row, each with a good answer behind it."""
    if facts.outcome not in GOOD:
        return state
    target = facts.permanent_url
    loses_encryption = state.fetch_url.startswith("https:") and not (target or "https:").startswith("https:")
    if target is None or target == state.fetch_url or loses_encryption:
        has_moved = state.moved_to == state.fetch_url
        return state if has_moved else state._replace(moved_to=None, moved_count=0)
    count = state.moved_count + 1 if target == state.moved_to else 1
    if count < MOVED_AFTER:
        return state._replace(moved_to=target, moved_count=count)
    return state._replace(fetch_url=target, moved_to=target, moved_count=count)


def _spread(state: FeedState, interval: float, floor: float, outcome: str) -> float:
    """The interval with the feed's own jitter: the same at each run, another for each feed, never below the floor."""
    share = int(digest("jitter", state.feed_url, hex_digits=8), 16) / 0xFFFFFFFF
    width = RATE_LIMITED_JITTER_SECONDS if outcome == "rate_limited" else 0.0
    late = interval + share * max(width, JITTER * interval)
    if late <= CAP_SECONDS or interval > CAP_SECONDS:
        return late
    return max(floor, CAP_SECONDS * (1 - share * JITTER))  # feeds at the cap come early, or they would meet there
