"""The whole graph, on one screen, for every runner."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.pvalue import PCollection
from apache_beam.transforms.trigger import AccumulationMode, AfterCount, AfterWatermark
from apache_beam.transforms.window import FixedWindows

from newsbeam.pipeline.options import Settings
from newsbeam.schemas.feed import FeedState
from newsbeam.schemas.reject import Reject
from newsbeam.transforms import metrics
from newsbeam.transforms.deduplicate import Deduplicate, read_seen_of
from newsbeam.transforms.deduplicate_stream import DeduplicateStream
from newsbeam.transforms.extract import ExtractedFacts, ExtractFacts
from newsbeam.transforms.fetch import FetchPages
from newsbeam.transforms.forget import DropKnownRejects
from newsbeam.transforms.formats.pieces import Piece
from newsbeam.transforms.poll import PollFeeds, WatchFeeds, watched_hosts
from newsbeam.transforms.polling.watching import LoadStates
from newsbeam.transforms.read import ReadFiles
from newsbeam.transforms.report import ReportWindows
from newsbeam.transforms.reread import RereadArticles
from newsbeam.transforms.tally import CountRejects, CountRows
from newsbeam.transforms.write import WriteLake


class Work(NamedTuple):
    """What one pipeline has to do, and under which names the lake keeps it until it is published."""

    pieces: list[Piece]
    rejects: list[Reject]  # inputs that could not be planned
    feeds: list[FeedState]  # feeds to poll, with what is known of them
    days: list[str]  # days whose stored articles are to be read for facts anew
    run_id: str
    chunk_id: str
    base: int  # data_version of the lake that the run started from


def build(pipeline: beam.Pipeline, settings: Settings, work: Work) -> PCollection[Any]:
    """Everything from inputs to the committed change. What a chunk has not got is left out: each step takes time."""
    articles: list[PCollection[Any]] = []
    bad: list[PCollection[Any]] = []
    rows: dict[str, PCollection[Any]] = {}
    if work.pieces or not work.feeds:
        pieces = pipeline | "Pieces" >> beam.Create(work.pieces, reshuffle=False).with_output_types(Piece)
        files = pieces | "ReadFiles" >> ReadFiles(
            ingested_at=settings.ingested_at, read_seen=partial(read_seen_of, settings.lake, work.run_id, work.chunk_id)
        )
        articles, bad = [files.articles], [files.rejects]
    if work.rejects:
        bad.append(pipeline | "Unplanned" >> beam.Create(work.rejects))
    if work.feeds:
        polls = (
            pipeline
            | "Feeds" >> beam.Create(work.feeds)
            | "PollFeeds" >> PollFeeds(
                min_poll_seconds=settings.min_poll_seconds,
                contact=settings.contact,
                allow_private_networks=settings.allow_private_networks,
            )
        )  # fmt: skip
        pages = polls.articles | "FetchPages" >> FetchPages(
            contact=settings.contact, allow_private_networks=settings.allow_private_networks
        )
        articles.append(pages.articles)
        bad += [polls.rejects, pages.rejects]
        rows = {"fetches": (polls.fetches, pages.fetches) | "Fetches" >> beam.Flatten(), "feeds": polls.feeds}
    unique = (
        articles
        | "Articles" >> beam.Flatten()
        | "Deduplicate" >> Deduplicate(settings.lake, run_id=work.run_id, chunk_id=work.chunk_id)
    )
    facts = unique.canonical | "ExtractFacts" >> ExtractFacts(model=settings.model)
    rows |= {
        "articles": unique.articles,
        "links": unique.links,
        "seen": unique.seen,
        **_counted(facts),
        "rejects": [*bad, facts.rejects]
        | "Rejects" >> beam.Flatten()
        | "DropKnown" >> DropKnownRejects(settings.lake, run_id=work.run_id, chunk_id=work.chunk_id)
        | "CountRejects" >> CountRejects(),
        "retired": unique.retired,
    }
    return rows | "WriteLake" >> WriteLake(settings.lake, run_id=work.run_id, chunk_id=work.chunk_id, base=work.base)


def build_rebuild(pipeline: beam.Pipeline, settings: Settings, work: Work) -> PCollection[Any]:
    """The facts of stored articles, extracted anew in place of those that the lake holds. Nothing is fetched."""
    stored = pipeline | "Days" >> beam.Create(work.days) | "RereadArticles" >> RereadArticles(settings.lake)
    articles = stored.canonical | "Spread" >> beam.Reshuffle() | "CountRead" >> CountRows(metrics.READ)
    facts = articles | "ExtractFacts" >> ExtractFacts(model=settings.model)
    rows = {
        **_counted(facts),
        "rejects": facts.rejects
        | "DropKnown"
        >> DropKnownRejects(settings.lake, run_id=work.run_id, chunk_id=work.chunk_id, stages=frozenset(("extract",)))
        | "CountRejects" >> CountRejects(),
        "retired": stored.retired,
    }
    return rows | "WriteLake" >> WriteLake(settings.lake, run_id=work.run_id, chunk_id=work.chunk_id, base=work.base)


def _counted(facts: ExtractedFacts) -> dict[str, PCollection[Any]]:
    """The rows of facts by their tables, counted as they pass."""
    return {
        "events": facts.events | "CountEvents" >> CountRows(metrics.EVENTS),
        "participants": facts.participants,
        "figures": facts.figures | "CountFigures" >> CountRows(metrics.FIGURES),
    }


class Watching(NamedTuple):
    """What a stream watches: feeds, where their states are read from, and whether it is to end."""

    feed_urls: Sequence[str]
    load_states: LoadStates
    is_stopping: Callable[[], bool]
    shards: int | None  # groups that the hosts are watched in; None: each for itself


_LATENESS_SECONDS = 86_400


def build_stream(pipeline: beam.Pipeline, settings: Settings, watching: Watching) -> PCollection[Any]:
    """Everything from feeds to a commit for each window, without end. A poll's rows share an instant, so a window."""
    hosts = pipeline | "Hosts" >> beam.Create(watched_hosts(watching.feed_urls, shards=watching.shards))
    polls = hosts | "WatchFeeds" >> WatchFeeds(
        load_states=watching.load_states,
        is_stopping=watching.is_stopping,
        min_poll_seconds=settings.min_poll_seconds,
        contact=settings.contact,
        allow_private_networks=settings.allow_private_networks,
    )
    found = {name: polls[name] | f"Window{name.capitalize()}" >> _windows(settings) for name in _POLLED}
    pages = found["articles"] | "FetchPages" >> FetchPages(
        contact=settings.contact, allow_private_networks=settings.allow_private_networks
    )
    unique = pages.articles | "Deduplicate" >> DeduplicateStream(settings.lake)
    facts = unique.canonical | "ExtractFacts" >> ExtractFacts(model=settings.model)
    bad = (found["rejects"], pages.rejects, facts.rejects) | "Rejects" >> beam.Flatten()
    rows = {
        "articles": unique.articles,
        "links": unique.links,
        "seen": unique.seen,
        **_counted(facts),
        "rejects": bad | "DropKnown" >> DropKnownRejects(settings.lake, run_id=None) | "CountRejects" >> CountRejects(),
        "fetches": (found["fetches"], pages.fetches) | "Fetches" >> beam.Flatten(),
        "feeds": found["feeds"],
        "retired": unique.retired,
    }
    written = rows | "WriteLake" >> WriteLake(settings.lake) | "WindowWritten" >> _windows(settings)
    return {"written": written, "articles": unique.articles} | "ReportWindows" >> ReportWindows()


_POLLED = ("articles", "fetches", "feeds", "rejects")


def _windows(settings: Settings) -> beam.WindowInto:
    return beam.WindowInto(
        FixedWindows(settings.window_seconds),
        trigger=AfterWatermark(late=AfterCount(1)),
        accumulation_mode=AccumulationMode.DISCARDING,
        allowed_lateness=_LATENESS_SECONDS,
    )
