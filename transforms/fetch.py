"""Fetch the pages of new entries."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, ClassVar

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection

from newsbeam.schemas.article import Article
from newsbeam.schemas.reject import Fetch, Reject
from newsbeam.transforms.metrics import NAMESPACE, PAGES_FETCHED
from newsbeam.transforms.pages.deadline import Deadline
from newsbeam.transforms.poll import ARTICLES, FETCHES, REJECTS, shard_of, tagged, wall_clock
from newsbeam.transforms.polling.client import Client, user_agent
from newsbeam.transforms.polling.pacing import DEFAULT_SECONDS, host_of, shared_pacing
from newsbeam.transforms.polling.pages import PARSE_SECONDS, PageAsking, fetch_pages
from newsbeam.transforms.polling.parallel import in_parallel
from newsbeam.transforms.polling.robots import RobotsCache

THREADS = 128


class FetchPages(beam.PTransform[PCollection[Article], Any]):
    """Give articles of feeds the text of their pages.

    Input: articles with the feed's own text, as PollFeeds gives them; bounded, or in windows: pages are fetched when a
    window is complete, and their rows stay in it.
    Output: `articles`, each once, with the page's text where that is the article's and longer (`text_source`);
    `fetches`, one for each page and robots.txt asked; `rejects`, also for articles that are kept with the feed's text.
    Guarantee: robots.txt is followed; a host is asked by one worker, one request at a time, `host_seconds` or its
    Crawl-delay apart; a slow host delays no other; a parser that does not end in `parse_seconds` is killed.
    Metrics: `newsbeam/pages_fetched`.
    """

    def __init__(
        self,
        *,
        host_seconds: float = DEFAULT_SECONDS,
        contact: str = "",
        allow_private_networks: bool = False,
        parse_seconds: float = PARSE_SECONDS,
        processes: int = 1,
        shards: int = 1,
        threads: int = THREADS,
        now: Callable[[], int] = wall_clock,
        client: Callable[[], Client] | None = None,
    ) -> None:
        super().__init__()
        if shards < 1:
            raise ValueError(f"shards must be 1 or more, was {shards}")
        self._shards = shards
        agent = user_agent(contact)
        make = client or partial(Client, agent=agent, allow_private_networks=allow_private_networks)
        self._fetch = _FetchHostsFn(make, agent, host_seconds, parse_seconds, processes, threads, now)

    def expand(self, articles: PCollection[Article]) -> Any:
        """Deal the hosts to workers, and fetch."""
        return (
            articles
            | "Key by host" >> beam.Map(_with_shard, self._shards).with_output_types(tuple[str, Article])
            | "Gather hosts" >> beam.GroupByKey()
            | "Fetch"
            >> beam.ParDo(self._fetch)
            .with_output_types(Article, fetches=Fetch, rejects=Reject)
            .with_outputs(FETCHES, REJECTS, main=ARTICLES)
        )


def _with_shard(article: Article, shards: int) -> tuple[str, Article]:
    return shard_of(article.url or "", shards), article


class _FetchHostsFn(beam.DoFn):
    _robots: ClassVar[dict[str, RobotsCache]] = {}

    def __init__(
        self,
        client: Callable[[], Client],
        agent: str,
        host_seconds: float,
        parse_seconds: float,
        processes: int,
        threads: int,
        now: Callable[[], int],
    ) -> None:
        self._client = client
        self._agent = agent
        self._host_seconds = host_seconds
        self._parse_seconds = parse_seconds
        self._processes = processes
        self._threads = threads
        self._now = now
        # Runners keep several copies of a DoFn in a process; they share what was learnt of robots.txt under this name.
        self._name = uuid.uuid4().hex
        self._fetched = Metrics.counter(NAMESPACE, PAGES_FETCHED)

    def setup(self) -> None:
        client = self._client()
        self._deadline = Deadline(self._processes)
        self._asking = PageAsking(
            client=client,
            robots=self._robots.setdefault(self._name, RobotsCache(client, self._now)),
            pacing=shared_pacing(self._host_seconds),
            now=self._now,
            agent=self._agent,
            read=self._deadline.read_page,
            parse_seconds=self._parse_seconds,
        )

    def process(self, element: tuple[str, Iterable[Article]]) -> Iterator[Any]:
        hosts: dict[str, list[Article]] = {}
        for article in element[1]:
            hosts.setdefault(host_of(article.url or ""), []).append(article)
        order = [hosts[host] for host in sorted(hosts, key=lambda h: (-len(hosts[h]), h))]
        for row in in_parallel(order, partial(fetch_pages, asking=self._asking), threads=self._threads):
            self._fetched.inc(isinstance(row, Fetch) and row.kind == "page")
            yield tagged(row)

    def teardown(self) -> None:
        self._deadline.close()
