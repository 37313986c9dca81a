from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbeam.schemas.feed import FeedState
from newsbeam.transforms.instants import SECOND
from newsbeam.transforms.polling.report import report
from newsbeam.transforms.polling.schedule import (
    DAY,
    DEAD_SECONDS,
    HOUR,
    Facts,
    asks_conditionally,
    first_state,
    held_state,
    is_due,
    newest_states,
    next_state,
    states_of,
)

NOW = 1_790_000_000 * SECOND
URL = "https://news.example/feed"
BUSY = first_state(URL)._replace(polled_at=NOW - 3600 * SECOND, interval_seconds=HOUR)


def _wait(state: FeedState, now: int = NOW) -> float:
    return (state.next_due_at - now) / SECOND


@pytest.mark.parametrize(
    "facts, least, most",
    [
        (Facts("ok", new_entries=2), HOUR, 1.1 * HOUR),
        (Facts("ok", hint_seconds=7200), 7200, 7920),
        (Facts("not_modified", hint_seconds=300), 8 / 7 * HOUR, 1.1 * 8 / 7 * HOUR),
        (Facts("ok", hint_seconds=10 * DAY), DAY, DAY),
        (Facts("rate_limited", retry_after=7200), 7200, 7200 + HOUR),
        (Facts("rate_limited", retry_after=10 * 365 * DAY), DAY, DAY),
        (Facts("rate_limited"), HOUR, 2 * HOUR),
        (Facts("http_error", retry_after=80_000), 80_000, 86_400),
        (Facts("http_error"), HOUR, 1.1 * HOUR),
    ],
)
def test_the_floor_is_kept_and_the_cap_too(facts: Facts, least: float, most: float) -> None:
    assert least <= _wait(next_state(BUSY, facts, NOW)) <= most


def test_the_user_sets_the_floor() -> None:
    first = next_state(first_state(URL), Facts("ok", new_entries=9), NOW, min_poll_seconds=60)
    assert 60 <= _wait(first) <= 66
    later = next_state(first, Facts("ok", new_entries=99), first.next_due_at, min_poll_seconds=60)
    assert 60 <= _wait(later, first.next_due_at) <= 66


@given(
    outcome=st.sampled_from(["ok", "not_modified", "http_error", "rate_limited", "timeout", "gone", "bad_xml"]),
    hint=st.floats(0, 1e7),
    wait=st.none() | st.floats(0, 1e7),
    failures=st.floats(0, 60),
    interval=st.floats(0, 1e7),
    new=st.integers(0, 2000),
    elapsed=st.integers(-(10**6), 10**7),
    url=st.text(max_size=5),
)
def test_whatever_comes_the_wait_has_bounds(
    outcome: str, hint: float, wait: float | None, failures: float, interval: float, new: int, elapsed: int, url: str
) -> None:
    before = BUSY._replace(feed_url=url, failures=failures, interval_seconds=interval, polled_at=NOW - elapsed * SECOND)
    facts = Facts(outcome, hint_seconds=hint, retry_after=wait, new_entries=new)
    after = next_state(before, facts, NOW)
    floor = min(max(HOUR, hint, wait or 0), DAY)
    assert floor <= _wait(after) <= (DEAD_SECONDS * 1.1 if after.failures > 30 else DAY)
    assert after == next_state(before, facts, NOW)


def test_feeds_of_one_interval_do_not_meet() -> None:
    waits = {_wait(next_state(first_state(f"{URL}/{n}"), Facts("ok", hint_seconds=DAY - n), NOW)) for n in range(50)}
    assert len(waits) == 50


def test_the_rhythm_of_the_feed_is_followed() -> None:
    state = next_state(first_state(URL), Facts("ok", new_entries=30, entries_per_day=2.0), NOW)
    assert (state.interval_seconds, state.entries_per_day) == (HOUR, 2.0)
    for _ in range(24):  # nothing for a week
        state = next_state(state, Facts("not_modified"), state.next_due_at)
    assert state.interval_seconds == DAY
    assert 6 <= (state.polled_at - NOW) / SECOND / DAY <= 8
    state = next_state(state, Facts("ok", new_entries=1), state.next_due_at)
    assert state.interval_seconds == DAY  # one in eight days is no reason to come more often
    state = next_state(state, Facts("ok", new_entries=1), state.next_due_at)
    assert 0.45 * DAY <= state.interval_seconds <= 0.5 * DAY
    state = next_state(state, Facts("ok", new_entries=50), state.next_due_at)  # a story breaks
    assert state.interval_seconds == HOUR


@pytest.mark.parametrize("entries_a_day, least, most", [(100, 20, 24), (4, 5, 20), (1, 1, 5), (0.1, 1, 2)])
def test_polls_a_day_follow_entries_a_day(entries_a_day: float, least: float, most: float) -> None:
    state, polls = first_state(URL), 0
    days, seen = 60, 0
    while (state.polled_at - NOW) / SECOND < days * DAY:
        now = max(state.next_due_at, NOW)
        total = int((now - NOW) / SECOND / DAY * entries_a_day)
        state = next_state(state, Facts("ok", new_entries=total - seen), now)
        polls, seen = polls + ((now - NOW) / SECOND > 30 * DAY), total
    assert least <= polls / (days - 30) <= most
    assert state.entries_per_day == pytest.approx(entries_a_day, abs=0.5 * max(entries_a_day, 1))


def test_failures_wait_longer_and_longer_and_a_success_forgives() -> None:
    state, waits = BUSY, []
    for _ in range(6):
        state = next_state(state, Facts("connect_error"), NOW)
        waits.append(int(_wait(state) / HOUR / 1.001))
    assert waits == [1, 2, 3, 4, 5, 6]
    assert state.interval_seconds == HOUR
    soft = next_state(next_state(BUSY, Facts("http_error"), NOW), Facts("dns_error"), NOW)
    assert soft.failures == 0.75
    dead = next_state(BUSY._replace(failures=30.0), Facts("connect_error"), NOW)
    assert DEAD_SECONDS <= _wait(dead) <= 1.1 * DEAD_SECONDS
    assert next_state(dead, Facts("ok"), NOW).failures == 0


def test_validators_come_from_good_answers_only() -> None:
    kept = BUSY._replace(etag='"a"', last_modified="then", body_hash="h")
    bad = next_state(kept, Facts("not_a_feed", etag='"b"', last_modified="now", body_hash="i"), NOW)
    assert (bad.etag, bad.last_modified, bad.body_hash) == ('"a"', "then", "h")
    good = next_state(kept, Facts("ok", etag='"b"'), NOW)
    assert (good.etag, good.last_modified) == ('"b"', None)
    same = next_state(kept, Facts("unchanged", etag='"b"', last_modified="now"), NOW)
    assert (same.etag, same.last_modified) == ('"b"', "now")
    unmodified = next_state(kept, Facts("not_modified", etag='"c"'), NOW)
    assert (unmodified.etag, unmodified.last_modified) == ('"c"', "then")


def test_a_permanent_redirect_is_believed_the_third_time() -> None:
    state, seen = BUSY, []
    for target in ("https://new.example/f", None, *["https://new.example/f"] * 3):
        state = next_state(state, Facts("ok", permanent_url=target), NOW)
        seen.append((state.fetch_url, state.moved_count))
    assert seen == [(URL, 1), (URL, 0), (URL, 1), (URL, 2), ("https://new.example/f", 3)]
    later = next_state(state, Facts("not_modified"), NOW)
    assert (later.feed_url, later.fetch_url, later.moved_to) == (URL, "https://new.example/f", "https://new.example/f")
    plain = BUSY
    for _ in range(5):
        plain = next_state(plain, Facts("ok", permanent_url="http://news.example/f"), NOW)
    assert plain.fetch_url == URL  # never from https to http
    failed = next_state(BUSY._replace(moved_to="x", moved_count=2), Facts("http_error", permanent_url="x"), NOW)
    assert (failed.fetch_url, failed.moved_count) == (URL, 2)


def test_a_feed_that_is_gone_is_not_asked_again() -> None:
    gone = next_state(BUSY, Facts("gone"), NOW)
    assert gone.is_gone and not is_due(gone, NOW + 400 * 86_400 * SECOND)


def test_a_silent_feed_is_asked_without_validators_after_a_week() -> None:
    state = BUSY._replace(etag='"a"', unconditional_at=NOW, last_new_at=NOW)
    assert asks_conditionally(state, NOW + int(7 * DAY) * SECOND)
    assert not asks_conditionally(state, NOW + int(8 * DAY) * SECOND)
    assert asks_conditionally(state._replace(last_new_at=NOW + int(5 * DAY) * SECOND), NOW + int(8 * DAY) * SECOND)
    assert not asks_conditionally(state._replace(etag=None), NOW)


def test_a_clock_that_jumps_makes_no_burst() -> None:
    state = next_state(BUSY, Facts("ok"), NOW)
    day = int(DAY) * SECOND
    assert not is_due(state, NOW - day)
    ahead = next_state(state, Facts("ok"), NOW + day)  # asked once by the clock that is a day ahead
    assert not is_due(ahead, NOW)
    assert is_due(
        next_state(state, Facts("ok"), NOW + 1000 * day), NOW
    )  # a clock that was years ahead silences nothing
    back = next_state(state, Facts("ok", new_entries=5), NOW - day)
    assert back.entries_per_day == state.entries_per_day


def test_a_held_feed_waits_with_its_host() -> None:
    held = held_state(BUSY._replace(etag='"a"'), "rate_limited", NOW, 5000, HOUR)
    assert 5000 <= _wait(held) <= 5000 + HOUR
    assert (held.etag, held.failures, held.outcome) == ('"a"', 0, "rate_limited")


def test_states_are_the_newest_of_each_subscribed_feed() -> None:
    old, new = BUSY._replace(polled_at=1), BUSY._replace(polled_at=2)
    assert list(newest_states([new, old]).values()) == [new]
    assert states_of(["b", URL, "b"], [old, new]) == [first_state("b"), new]


def test_the_report_has_failing_feeds_first() -> None:
    fine = next_state(first_state("https://a.example/"), Facts("ok", title="A", entries_per_day=2.4), NOW)
    sick = next_state(first_state("https://b.example/"), Facts("tls_error"), NOW)
    gone = next_state(first_state("https://c.example/"), Facts("gone"), NOW)
    rows: list[Any] = report([fine, sick, gone, first_state("https://d.example/")], NOW + 2 * 86_400 * SECOND)
    assert [(r.feed_url[8], r.outcome, r.failures) for r in rows] == [
        ("b", "tls_error", 1), ("c", "gone", 1), ("a", "ok", 0), ("d", "never", 0),
    ]  # fmt: skip
    assert [(r.next_due_at is None, r.is_overdue) for r in rows] == [
        (False, True),
        (True, False),
        (False, True),
        (False, True),
    ]
    assert (rows[2].title, rows[2].entries_per_day) == ("A", 2.4)
