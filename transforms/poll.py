"""Poll the feeds that are due."""

import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, ClassVar

import apache_beam as beam
from apache_beam.coders.typecoders import registry
from apache_beam.io.watch import PollFn, PollResult, after_total_of, never
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import Timestamp

from newsbeam.schemas.article import Article
from newsbeam.schemas.feed import FeedState
from newsbeam.schemas.reject import Fetch, Reject
from newsbeam.schemas.tables import ROW_TABLES, TABLES
from newsbeam.transforms.ids import digest
from newsbeam.transforms.instants import SECOND
from newsbeam.transforms.metrics import ENTRIES_NEW, ENTRY_LAG, FEEDS_POLLED, NAMESPACE, OVERDUE
from newsbeam.transforms.polling.client import Client, user_agent
from newsbeam.transforms.polling.pacing import DEFAULT_SECONDS, host_of, shared_pacing
from newsbeam.transforms.polling.parallel import in_parallel
from newsbeam.transforms.polling.round import Asking, Row, poll_host
from newsbeam.transforms.polling.schedule import HOUR, is_due, overdue_seconds
from newsbeam.transforms.polling.watching import LoadStates, Watchers
from newsbeam.transforms.watch import watching

THREADS = 128  # hosts asked at once by a worker; most of the time each waits for its host
WATCH_SECONDS = 5.0  # between looks at a host: what a new row waits at most to be given on
ARTICLES, FETCHES, FEEDS, REJECTS = "articles", "fetches", "feeds", "rejects"


def wall_clock() -> int:
    """Now, in microseconds since 1970 UTC."""
    return time.time_ns() // 1000


class PollFeeds(beam.PTransform[PCollection[FeedState], Any]):
    """Ask each feed that is due once, and give its new entries.

    Input: states of subscribed feeds, once each, bounded: all of them, or `feeds_to_poll`. The feeds of a host come
    together, also those that are not due, so that they wait too when it refuses.
    Output: `articles` with the feed's own text, one for each new entry; `fetches`, one for each answer; `feeds`, the
    state after the poll of each feed asked, and of those that wait because their host failed; `rejects`.
    Guarantee: a host is asked by one worker, one request at a time, `host_seconds` apart; a slow host delays no other.
    A feed that is not due costs no request and gives no row. `shards` is how many workers share the hosts.
    Metrics: `newsbeam/feeds_polled`, `newsbeam/entries_new`; distributions `newsbeam/entry_lag_seconds`,
    `newsbeam/feed_overdue_seconds`.
    """

    def __init__(
        self,
        *,
        min_poll_seconds: float = HOUR,
        host_seconds: float = DEFAULT_SECONDS,
        contact: str = "",
        allow_private_networks: bool = False,
        shards: int = 1,
        threads: int = THREADS,
        now: Callable[[], int] = wall_clock,
        client: Callable[[], Client] | None = None,
    ) -> None:
        super().__init__()
        if min_poll_seconds <= 0:
            raise ValueError(f"min_poll_seconds must be more than 0, was {min_poll_seconds}")
        if shards < 1:
            raise ValueError(f"shards must be 1 or more, was {shards}")
        self._shards = shards
        make = partial(Client, agent=user_agent(contact), allow_private_networks=allow_private_networks)
        self._poll = _PollHostsFn(client or make, min_poll_seconds, host_seconds, threads, now)

    def expand(self, states: PCollection[FeedState]) -> Any:
        """Deal the hosts to workers, and poll them."""
        return (
            states
            | "Key by host" >> beam.Map(_with_shard, self._shards).with_output_types(tuple[str, FeedState])
            | "Gather hosts" >> beam.GroupByKey()
            | "Poll"
            >> beam.ParDo(self._poll)
            .with_output_types(Article, fetches=Fetch, feeds=FeedState, rejects=Reject)
            .with_outputs(FETCHES, FEEDS, REJECTS, main=ARTICLES)
        )


def _with_shard(state: FeedState, shards: int) -> tuple[str, FeedState]:
    return shard_of(state.fetch_url, shards), state


def shard_of(url: str, shards: int) -> str:
    """The group that the host of an address is dealt to."""
    return str(int(digest("host", host_of(url), hex_digits=8), 16) % shards)


class _PollHostsFn(beam.DoFn):
    def __init__(
        self,
        client: Callable[[], Client],
        min_poll_seconds: float,
        host_seconds: float,
        threads: int,
        now: Callable[[], int],
    ) -> None:
        self._client = client
        self._min_poll_seconds = min_poll_seconds
        self._host_seconds = host_seconds
        self._threads = threads
        self._now = now
        self._count = _Count()
        self._overdue = Metrics.distribution(NAMESPACE, OVERDUE)

    def setup(self) -> None:
        pacing = shared_pacing(self._host_seconds)
        self._asking = Asking(self._client(), pacing, self._now, self._min_poll_seconds)

    def process(self, element: tuple[str, Iterable[FeedState]]) -> Iterator[Any]:
        hosts = hosts_of(element[1])
        for host in hosts:
            self._overdue.update(int(overdue_seconds(host, self._now())))
        for row in in_parallel(hosts, partial(poll_host, asking=self._asking), threads=self._threads):
            self._count.row(row)
            yield tagged(row)


class _Count:
    """Counts the rows of polls."""

    def __init__(self) -> None:
        self._polled = Metrics.counter(NAMESPACE, FEEDS_POLLED)
        self._new = Metrics.counter(NAMESPACE, ENTRIES_NEW)
        self._lag = Metrics.distribution(NAMESPACE, ENTRY_LAG)

    def row(self, row: Row) -> None:
        self._polled.inc(isinstance(row, FeedState))
        if isinstance(row, Article):
            self._new.inc()
            if row.published_at is not None:
                self._lag.update(max(0, row.ingested_at - row.published_at) // SECOND)


def hosts_of(states: Iterable[FeedState]) -> list[list[FeedState]]:
    """States by host; hosts whose feeds failed last, so that those which answer do not wait for threads."""
    hosts: dict[str, list[FeedState]] = {}
    for state in states:
        hosts.setdefault(host_of(state.fetch_url), []).append(state)
    return [hosts[host] for host in sorted(hosts, key=lambda h: (max(s.failures for s in hosts[h]), -len(hosts[h]), h))]


def feeds_to_poll(states: Iterable[FeedState], now: int) -> list[FeedState]:
    """All feeds of the hosts that have one which is due at `now`: what PollFeeds takes."""
    return [state for host in hosts_of(states) if any(is_due(one, now) for one in host) for state in host]


def tagged(row: Row) -> Any:
    """A row on the output of its table; articles on the main one."""
    return row if isinstance(row, Article) else TaggedOutput(ROW_TABLES[type(row)], row)


class WatchFeeds(beam.PTransform[PCollection[str], Any]):
    """Ask feeds whenever they are due, without end.

    Input: hosts, or groups of them, each once, as `watched_hosts` gives them; straight from a Create. (A grouping
    before this gives them the last instant of time, where Watch then sets its watermark: every row would be late.)
    Output: as PollFeeds, unbounded, in the global window; the event time of a row is the instant at which its poll
    ended, the same for all rows of a poll, so that any windowing keeps a state with its articles.
    Guarantee: a host is asked by one worker, one request at a time, also where the runner polls a hundred times a
    second; a slow, silent or failing host holds back neither others nor their watermark, and no date of an entry moves
    it; no row is late. `load_states` gives the committed states: a runner that goes back to a checkpoint gets every row
    again that is not committed, otherwise each comes once, and a worker that dies starts from them, so that nothing is
    lost. It should be quick, as it is called before each poll. Where it has a `name`, a later job of this process that
    gives one of the same name goes on where the last one failed.
    Once `is_stopping` says so, the watch ends with what it has.
    Metrics: `newsbeam/feeds_polled`, `newsbeam/entries_new`; distributions `newsbeam/entry_lag_seconds`,
    `newsbeam/feed_overdue_seconds`.
    """

    def __init__(
        self,
        *,
        load_states: LoadStates,
        min_poll_seconds: float = HOUR,
        host_seconds: float = DEFAULT_SECONDS,
        contact: str = "",
        allow_private_networks: bool = False,
        watch_seconds: float = WATCH_SECONDS,
        total_seconds: float | None = None,
        is_stopping: Callable[[], bool] | None = None,
        threads: int = THREADS,
        now: Callable[[], int] = wall_clock,
        client: Callable[[], Client] | None = None,
    ) -> None:
        super().__init__()
        if min_poll_seconds <= 0:
            raise ValueError(f"min_poll_seconds must be more than 0, was {min_poll_seconds}")
        make = partial(Client, agent=user_agent(contact), allow_private_networks=allow_private_networks)
        self._look = _LookAtHost(
            client or make, load_states, min_poll_seconds, host_seconds, threads, now, is_stopping or _never
        )
        self._watch_seconds = watch_seconds
        self._end = never() if total_seconds is None else after_total_of(total_seconds)

    def expand(self, hosts: PCollection[str]) -> Any:
        """Watch each host."""
        return (
            hosts
            | "Spread hosts" >> beam.Reshuffle()
            | "Watch"
            >> beam.ParDo(watching(self._look, seconds=self._watch_seconds, end=self._end)).with_output_types(
                tuple[str, tuple[str, bytes]]
            )
            | "Decode"
            >> beam.ParDo(_DecodeRowsFn())
            .with_output_types(Article, fetches=Fetch, feeds=FeedState, rejects=Reject)
            .with_outputs(FETCHES, FEEDS, REJECTS, main=ARTICLES)
        )


def watched_hosts(feed_urls: Iterable[str], *, shards: int | None = None) -> list[str]:
    """What WatchFeeds takes: for each host, or each of `shards` groups of hosts, its feeds' addresses, one a line.

    Each address once. One group is right for a runner that takes the watermark of the element it saw last for that of
    all, as Prism 2.77 does: other hosts' rows would be late.
    """
    groups: dict[str, set[str]] = {}
    for url in feed_urls:
        groups.setdefault(host_of(url) if shards is None else shard_of(url, shards), set()).add(url)
    return ["\n".join(sorted(groups[group])) for group in sorted(groups)]


class _LookAtHost(PollFn):
    """The poll function of Watch: the rows of a host, each as the name of its table and its bytes."""

    _processwide: ClassVar[dict[str, Watchers]] = {}
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(
        self,
        client: Callable[[], Client],
        load_states: LoadStates,
        min_poll_seconds: float,
        host_seconds: float,
        threads: int,
        now: Callable[[], int],
        is_stopping: Callable[[], bool],
    ) -> None:
        self._is_stopping = is_stopping
        self._client = client
        self._load_states = load_states
        self._min_poll_seconds = min_poll_seconds
        self._host_seconds = host_seconds
        self._threads = threads
        self._now = now
        # Runners keep several copies of a function in a process; this tells those of one transform. Nothing that is
        # written depends on it.
        self._name = str(getattr(load_states, "name", "")) or uuid.uuid4().hex
        self._looked: set[str] = set()

    def __call__(self, element: str) -> PollResult[tuple[str, bytes]]:
        is_first = element not in self._looked
        hosts = [self._watchers().of(host.split("\n")) for host in watched_hosts(element.split("\n"))]
        looks = [host.look(is_first=is_first) for host in hosts]
        self._looked.add(element)
        Metrics.distribution(NAMESPACE, OVERDUE).update(int(max(look.overdue_seconds for look in looks)))
        outputs = [
            TimestampedValue(_encoded(row), Timestamp(micros=batch.at))
            for look in looks
            for batch in look.batches
            for row in batch.rows
        ]
        if self._is_stopping():
            return PollResult.complete(outputs)
        return PollResult.incomplete(outputs).with_watermark(Timestamp(micros=min(look.watermark for look in looks)))

    def _watchers(self) -> Watchers:
        with self._lock:
            if self._name not in self._processwide:
                pacing = shared_pacing(self._host_seconds)
                asking = Asking(self._client(), pacing, self._now, self._min_poll_seconds)
                self._processwide[self._name] = Watchers(
                    asking=asking, load_states=self._load_states, threads=self._threads
                )
            return self._processwide[self._name]


def _never() -> bool:
    return False


def _encoded(row: Row) -> tuple[str, bytes]:
    return ROW_TABLES[type(row)], registry.get_coder(type(row)).encode(row)


class _DecodeRowsFn(beam.DoFn):
    def __init__(self) -> None:
        self._count = _Count()

    def process(self, element: tuple[str, tuple[str, bytes]]) -> Iterator[Any]:
        table, encoded = element[1]
        row = registry.get_coder(TABLES[table].row_type).decode(encoded)
        self._count.row(row)
        yield tagged(row)
