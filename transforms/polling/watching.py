"""Watch the feeds of hosts without end: what is due is polled beside the runner, and its rows wait to be fetched."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from newsbeam.schemas.feed import FeedState
from newsbeam.transforms.instants import SECOND
from newsbeam.transforms.polling.parallel import Crew
from newsbeam.transforms.polling.round import Asking, Row, poll_host
from newsbeam.transforms.polling.schedule import is_due, overdue_seconds, states_of

#: Rows that no commit shows are given again for as long: what is older a stream drops as too late anyway.
RETAIN_SECONDS = 86_400.0
MILLISECOND = SECOND // 1000
#: While rows wait for their commit, the committed states are read this often.
REFRESH_SECONDS = 30.0

LoadStates = Callable[[Sequence[str]], Iterable[FeedState]]


class Batch(NamedTuple):
    """The rows of one feed's poll, its state among them, and the instant at which they came out."""

    at: int
    rows: list[Row]

    @property
    def state(self) -> FeedState:
        """The feed's state after the poll: the last row."""
        assert isinstance(self.rows[-1], FeedState)
        return self.rows[-1]


class Look(NamedTuple):
    """What a look at a host gives."""

    batches: list[Batch]  # what came out and is not committed, also what was given before
    watermark: int  # nothing new will come before it
    overdue_seconds: float  # how long the feed that waits longest has been due


class HostWatch:
    """The feeds of one host. A poll runs in a thread of its own and never overlaps with the next one of its host.

    The runner's delays count for nothing: it may call as often as it likes, and only what is due is asked. Due times
    come from the states that `load_states` gives (as committed) and those of this process, whichever is newer.
    The rows of a poll are given at each look until their state, or a later one of the feed, is committed: a runner may
    go back to any checkpoint, or fail and start anew, and what it lost comes again. The caller drops what it has seen.
    """

    def __init__(
        self,
        feed_urls: Sequence[str],
        *,
        asking: Asking,
        load_states: LoadStates,
        crew: Crew,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._feed_urls = sorted(feed_urls)
        self._asking = asking
        self._load_states = load_states
        self._crew = crew
        self._monotonic = monotonic
        self._states: list[FeedState] | None = None
        self._asked: dict[str, float] = {}  # by a clock that does not jump
        self._batches: list[Batch] = []
        self._last = 0  # the instant up to which the caller was told that nothing older comes
        self._is_running = False
        self._refreshed = monotonic()
        self._error: BaseException | None = None
        self._lock = threading.Lock()

    def look(self, *, is_first: bool = False) -> Look:
        """What is not committed. Starts a poll where one is due, and does not wait for it.

        With `is_first` a new caller looks, who was given nothing yet: the committed states are read at once, so that it
        does not do again what was committed for an earlier one.
        """
        if is_first and self._batches:
            self._load()
        with self._lock:
            if self._error is not None:
                error, self._error = self._error, None
                raise error
            now = self._advance()
            kept = now - round(RETAIN_SECONDS * SECOND)
            self._batches = [batch for batch in self._batches if batch.at >= kept]
            if not self._is_running:
                if self._states is None or any(map(self._is_due, self._states)):
                    self._is_running = True
                    self._crew.submit(self._run)
                elif self._batches and self._monotonic() - self._refreshed >= REFRESH_SECONDS:
                    self._is_running = True
                    self._crew.submit(self._refresh)
            return Look(list(self._batches), now, overdue_seconds(self._states or [], now))

    def _run(self) -> None:
        with self._running():
            known = [*self._load(), *(self._states or [])]
            self._states = states_of(self._feed_urls, known)
            states = {state.feed_url: state for state in self._states}
            rows: list[Row] = []
            for row in poll_host(self._states, self._asking, self._is_due):
                rows.append(row)
                if isinstance(row, FeedState):
                    states[row.feed_url] = row
                    with self._lock:
                        self._asked[row.feed_url] = self._monotonic()
                        self._states = list(states.values())
                        self._batches.append(Batch(self._advance(), rows))
                    rows = []

    def _refresh(self) -> None:
        with self._running():
            self._load()

    @contextmanager
    def _running(self) -> Iterator[None]:
        """Keep what goes wrong for the next look, where the runner hears of it."""
        try:
            yield
        except BaseException as error:
            with self._lock:
                self._error = error
        finally:
            with self._lock:
                self._is_running = False

    def _load(self) -> list[FeedState]:
        """The committed states. What they speak of is in the lake, and kept no longer."""
        committed = list(self._load_states(self._feed_urls))
        polled = {state.feed_url: state.polled_at for state in committed}
        with self._lock:
            self._refreshed = self._monotonic()
            self._batches = [b for b in self._batches if b.state.polled_at > polled.get(b.state.feed_url, -1)]
        return committed

    def _is_due(self, state: FeedState) -> bool:
        """Whether a feed is due by the wall clock, and by the steady one, which a jump does not deceive."""
        steady, pause = self._monotonic(), self._asking.min_poll_seconds
        return is_due(state, self._asking.now()) and steady - self._asked.get(state.feed_url, steady - pause) >= pause

    def _advance(self) -> int:
        # in whole milliseconds, as runners keep instants: no row gets another one on its way, or falls behind by it
        self._last = max(self._last, self._asking.now() // MILLISECOND * MILLISECOND)
        return self._last


class Watchers:
    """The hosts that this process watches."""

    def __init__(self, *, asking: Asking, load_states: LoadStates, threads: int) -> None:
        self._asking = asking
        self._load_states = load_states
        self._crew = Crew(threads)
        self._hosts: dict[tuple[str, ...], HostWatch] = {}
        self._lock = threading.Lock()

    def of(self, feed_urls: Sequence[str]) -> HostWatch:
        """The watch of a host's feeds, begun at the first call."""
        key = tuple(feed_urls)
        with self._lock:
            if key not in self._hosts:
                self._hosts[key] = HostWatch(
                    feed_urls, asking=self._asking, load_states=self._load_states, crew=self._crew
                )
            return self._hosts[key]
