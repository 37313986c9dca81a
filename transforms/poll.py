"""Poll the feeds that are due."""

import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput

from newsbeam.schemas.article import Article
from newsbeam.schemas.feed import FeedState
from newsbeam.schemas.reject import Fetch, Reject
from newsbeam.transforms.ids import digest
from newsbeam.transforms.metrics import NAMESPACE
from newsbeam.transforms.polling.client import Client, user_agent
from newsbeam.transforms.polling.pacing import DEFAULT_SECONDS, host_of, shared_pacing
from newsbeam.transforms.polling.parallel import in_parallel
from newsbeam.transforms.polling.round import Asking, Row, poll_host
from newsbeam.transforms.polling.schedule import HOUR

THREADS = 128  # hosts asked at once by a worker; most of the time each waits for its host
ARTICLES, FETCHES, FEEDS, REJECTS = "articles", "fetches", "feeds", "rejects"
FEEDS_POLLED = "feeds_polled"
ENTRIES_NEW = "entries_new"
_TAGS = {Fetch: FETCHES, FeedState: FEEDS, Reject: REJECTS}


def wall_clock() -> int:
    """Now, in microseconds since 1970 UTC."""
    return time.time_ns() // 1000


class PollFeeds(beam.PTransform[PCollection[FeedState], Any]):
    """Ask each feed that is due once, and give its new entries.

    Input: the state of every subscribed feed, once each (`schedule.states_of`), bounded.
    Output: `articles` with the feed's own text, one for each new entry; `fetches`, one for each answer; `feeds`, the
    state after the poll of each feed asked, and of those that wait because their host failed; `rejects`.
    Guarantee: a host is asked by one worker, one request at a time, `host_seconds` apart; a slow host delays no other.
    A feed that is not due costs no request and gives no row. `shards` is how many workers share the hosts.
    Metrics: `newsbeam/feeds_polled`, `newsbeam/entries_new`.
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
        self._polled = Metrics.counter(NAMESPACE, FEEDS_POLLED)
        self._new = Metrics.counter(NAMESPACE, ENTRIES_NEW)

    def setup(self) -> None:
        pacing = shared_pacing(self._host_seconds)
        self._asking = Asking(self._client(), pacing, self._now, self._min_poll_seconds)

    def process(self, element: tuple[str, Iterable[FeedState]]) -> Iterator[Any]:
        hosts = hosts_of(element[1])
        for row in in_parallel(hosts, partial(poll_host, asking=self._asking), threads=self._threads):
            self._polled.inc(isinstance(row, FeedState))
            self._new.inc(isinstance(row, Article))
            yield tagged(row)


def hosts_of(states: Iterable[FeedState]) -> list[list[FeedState]]:
    """States by host; hosts whose feeds failed last, so that those which answer do not wait for threads."""
    hosts: dict[str, list[FeedState]] = {}
    for state in states:
        hosts.setdefault(host_of(state.fetch_url), []).append(state)
    return [hosts[host] for host in sorted(hosts, key=lambda h: (max(s.failures for s in hosts[h]), -len(hosts[h]), h))]


def tagged(row: Row) -> Any:
    """A row on the output of its table; articles on the main one."""
    return row if isinstance(row, Article) else TaggedOutput(_TAGS[type(row)], row)
