"""Poll the feeds of one host that are due, one after the other."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from newsbeam.schemas.article import Article
from newsbeam.schemas.feed import FeedState
from newsbeam.schemas.reject import Fetch, Reject
from newsbeam.transforms.errors import BadRecord, reject_row
from newsbeam.transforms.instants import SECOND, day_of
from newsbeam.transforms.polling import headers as hints
from newsbeam.transforms.polling.answers import (
    DEFAULT_LIMITS,
    NO_VALIDATORS,
    Answer,
    FetchFailed,
    Limits,
    Validators,
)
from newsbeam.transforms.polling.client import Client
from newsbeam.transforms.polling.identity import new_entries
from newsbeam.transforms.polling.pacing import Pacing, host_of
from newsbeam.transforms.polling.reading import Reading, article_of, entries_per_day, feeds_named_by, read_answer
from newsbeam.transforms.polling.schedule import (
    HOUR,
    Facts,
    asks_conditionally,
    floor_of,
    held_state,
    is_due,
    next_state,
)

Row = Article | Fetch | Reject | FeedState

#: Failures that speak of the host, not of the feed: the host's other feeds are not asked in this round.
UNREACHABLE = frozenset({"dns_error", "connect_error", "tls_error", "blocked_address"})
HOST_FAILURES = UNREACHABLE | {"rate_limited"}
MAX_TIMEOUTS = 2  # in a row, before the host counts as down
MAX_SECONDS = 120.0  # that answers of one host may take in a round: a run must not wait for one slow server


class Asking(NamedTuple):
    """How to ask: who asks, at which pace, by which clock, within what."""

    client: Client
    pacing: Pacing
    now: Callable[[], int]  # microseconds since 1970 UTC
    min_poll_seconds: float = HOUR
    limits: Limits = DEFAULT_LIMITS


class _Polled(NamedTuple):
    state: FeedState
    rows: list[Row]  # without the state
    answer: Answer | None
    outcome: str
    floor_seconds: float

    @property
    def seconds(self) -> float:
        """How long the answers took."""
        return sum(row.seconds for row in self.rows if isinstance(row, Fetch))


def poll_host(
    states: Iterable[FeedState], asking: Asking, is_ready: Callable[[FeedState], bool] | None = None
) -> Iterator[Row]:
    """Ask each feed that is due, one after the other, and give what came of it.

    For each feed asked: its fetches, its new articles, its rejects, and last its new state. `states` are those of one
    host, also of feeds that are not due: when the host refuses or fails, all that would be due before it may be asked
    again wait too, and their states are given. Each address is asked once, also where two feeds moved to the same one.
    """
    is_ready = is_ready or (lambda state: is_due(state, asking.now()))
    trouble: _Polled | None = None
    timeouts, seconds = 0, 0.0
    asked: dict[str, FeedState] = {}
    waiting: list[FeedState] = []
    for state in sorted(states, key=lambda s: (s.failures, s.feed_url)):  # failing ones last: they may end the round
        held = asking.pacing.held_seconds(host_of(state.fetch_url))
        if trouble is not None or not is_ready(state):
            waiting.append(state)
        elif held > 0:
            yield held_state(state, "rate_limited", asking.now(), held, asking.min_poll_seconds)
        elif state.fetch_url in asked:
            twin = asked[state.fetch_url]
            yield held_state(state, "unchanged", asking.now(), twin.interval_seconds, asking.min_poll_seconds)
        else:
            polled = _poll(state, asking)
            yield from polled.rows
            yield polled.state
            asked[state.fetch_url] = polled.state
            timeouts = timeouts + 1 if polled.outcome == "timeout" else 0
            seconds += polled.seconds
            if _is_about_host(polled) or timeouts >= MAX_TIMEOUTS:
                trouble = polled
            elif seconds > MAX_SECONDS:
                trouble = polled._replace(outcome="timeout")
    if trouble is not None:
        yield from _held(waiting, trouble, asking)


def _held(waiting: list[FeedState], trouble: _Polled, asking: Asking) -> Iterator[FeedState]:
    """The states of a failed host's other feeds, as far as they would be due too early."""
    now, seconds, failures = asking.now(), trouble.floor_seconds, 0.0
    if trouble.outcome in UNREACHABLE:  # nobody is there: the feeds back off together, or each would try in its turn
        seconds, failures = (trouble.state.next_due_at - now) / SECOND, trouble.state.failures
    for state in waiting:
        if not state.is_gone and state.next_due_at < now + seconds * SECOND:
            held = held_state(state, trouble.outcome, now, seconds, asking.min_poll_seconds)
            yield held._replace(failures=max(state.failures, failures))


def _is_about_host(polled: _Polled) -> bool:
    status = polled.answer.status if polled.answer is not None else None
    return polled.outcome in HOST_FAILURES or status == 503


def _poll(state: FeedState, asking: Asking) -> _Polled:
    """One poll of one feed, with the requests that it takes."""
    rows: list[Row] = []
    is_conditional = asks_conditionally(state, asking.now())
    validators = Validators(state.etag, state.last_modified) if is_conditional else NO_VALIDATORS
    answer, outcome, bad = _ask(state.fetch_url, asking, validators)
    reading: Reading | None = None
    found_url: str | None = None
    kind = "feed"
    if outcome == "ok" and answer.status == 304:
        outcome = "not_modified"
    elif outcome == "ok" and state.body_hash == _hash(answer.body):
        outcome = "unchanged"
    elif outcome == "ok":
        try:
            reading = read_answer(answer, asking.now(), asking.limits)
            kind = "sitemap" if reading.is_sitemap else "feed"
        except BadRecord as error:
            outcome, bad = error.reason, error
            is_page = error.reason == "not_a_feed" and _is_new(state)
            named = feeds_named_by(answer, may_guess=state.polled_at == 0) if is_page else []
            if named:
                kind = "page"
                rows.append(_fetch_row(state.fetch_url, kind, answer, "ok", asking.now()))
                answer, outcome, bad, reading, found_url = _discover(answer, error, named, asking, rows)
    if kind != "page":
        rows.append(_fetch_row(state.fetch_url, kind, answer, outcome, asking.now()))
    now = asking.now()
    if reading is not None and reading.children:
        reading = _with_children(reading, asking, rows)
    facts = _facts(answer, outcome, is_conditional, reading, now)._replace(found_url=found_url)
    if reading is not None:
        facts = _take_new(state, reading, facts, now, rows)
        if reading.children:  # an index stays the same while the sitemaps that it names change
            facts = facts._replace(etag=None, last_modified=None, body_hash=None)
    if bad is not None:
        rows.append(reject_row(_located(bad, state), now))
    if facts.retry_after is not None and answer.status in (429, 503):
        asking.pacing.hold(host_of(state.fetch_url), floor_of(facts, asking.min_poll_seconds))
    after = next_state(state, facts, now, min_poll_seconds=asking.min_poll_seconds)
    return _Polled(after, rows, answer, outcome, floor_of(facts, asking.min_poll_seconds))


def _ask(url: str, asking: Asking, validators: Validators = NO_VALIDATORS) -> tuple[Answer, str, BadRecord | None]:
    asking.pacing.wait(host_of(url))
    try:
        return asking.client.fetch(url, validators=validators, limits=asking.limits), "ok", None
    except FetchFailed as failed:
        return failed.answer, failed.reason, failed


def _discover(
    page: Answer, error: BadRecord, named: list[str], asking: Asking, rows: list[Row]
) -> tuple[Answer, str, BadRecord | None, Reading | None, str | None]:
    """Ask the feeds that a home page names until one is a feed; the page's own error where none is."""
    for url in named:
        answer, outcome, _ = _ask(url, asking)
        reading = None
        if outcome == "ok":
            try:
                reading = read_answer(answer, asking.now(), asking.limits)
            except BadRecord as bad:
                outcome = bad.reason
        rows.append(_fetch_row(url, "feed", answer, outcome, asking.now()))
        if reading is not None:
            return answer, outcome, None, reading, url
    return page, error.reason, error, None, None


def _with_children(index: Reading, asking: Asking, rows: list[Row]) -> Reading:
    """The entries of the sitemaps that an index names."""
    entries = list(index.entries)
    for url in index.children:
        answer, outcome, bad = _ask(url, asking)
        if outcome == "ok":
            try:
                entries += read_answer(answer, asking.now(), asking.limits).entries
            except BadRecord as error:
                outcome, bad = error.reason, error
        rows.append(_fetch_row(url, "sitemap", answer, outcome, asking.now()))
        if bad is not None:
            rows.append(reject_row(bad, asking.now()))
    return index._replace(entries=entries)


def _take_new(state: FeedState, reading: Reading, facts: Facts, now: int, rows: list[Row]) -> Facts:
    """Append the new articles, and note what is known from now on."""
    new, known = new_entries(reading.entries, state.known_ids)
    for entry in new:
        article, faults = article_of(entry, reading, feed_url=state.feed_url, now=now)
        rows += [reject_row(bad, now) for bad in faults]
        if article.text or article.url:
            rows.append(article)
        else:
            empty = BadRecord("parse", "missing_text", "an entry without text, title and link", origin=state.feed_url)
            rows.append(reject_row(empty, now))
    if reading.is_truncated:
        cut = BadRecord("parse", "too_large", "older entries over the limit were left out", origin=state.feed_url)
        rows.append(reject_row(cut, now))
    return facts._replace(new_entries=len(new), known_ids=known)


def _facts(answer: Answer, outcome: str, was_conditional: bool, reading: Reading | None, now: int) -> Facts:
    headers = answer.headers
    ages = (hints.max_age_seconds(headers), hints.expires_seconds(headers, now), reading and reading.ttl_seconds)
    return Facts(
        outcome=outcome,
        was_conditional=was_conditional,
        etag=hints.validator(headers, "etag"),
        last_modified=hints.validator(headers, "last-modified"),
        hint_seconds=_freshness(*ages),
        retry_after=hints.retry_after_seconds(headers, now),
        permanent_url=answer.permanent_url,
        body_hash=_hash(answer.body) if answer.body else None,
        title=reading and reading.title,
        entries_per_day=entries_per_day(reading.entries, now) if reading else None,
    )


def _freshness(max_age: float | None, expires: float | None, ttl: float | None) -> float:
    """How long the answer asks to be kept; max-age overrides Expires, as RFC 9111 has it."""
    kept = max_age if max_age is not None else expires
    return max(kept or 0.0, ttl or 0.0)


def _fetch_row(url: str, kind: str, answer: Answer, outcome: str, now: int) -> Fetch:
    return Fetch(
        url=url,
        kind=kind,
        status=answer.status,
        outcome=outcome,
        bytes=answer.bytes,
        seconds=answer.seconds,
        retry_after=hints.retry_after_seconds(answer.headers, now),
        not_modified=answer.status == 304,
        fetched_at=now,
        date=day_of(now),
    )


def _is_new(state: FeedState) -> bool:
    """Whether nothing good ever came from the address: only then may a page stand for its feed."""
    return state.body_hash is None and state.fetch_url == state.feed_url


def _located(bad: BadRecord, state: FeedState) -> BadRecord:
    return BadRecord(
        bad.stage, bad.reason, bad.error, origin=state.feed_url, key=bad.key or state.fetch_url, payload=bad.payload
    )


def _hash(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()
