"""Keep each story once on an unbounded stream: the verdicts of the batch form, in keyed state."""

# ruff: noqa: B008  Beam takes states and timers as defaults

from collections.abc import Iterator
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.coders import PickleCoder, StrUtf8Coder
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import BagStateSpec, ReadModifyWriteStateSpec, TimerSpec, on_timer
from apache_beam.typehints import KV
from apache_beam.typehints.decorators import no_annotations
from apache_beam.utils.timestamp import MAX_TIMESTAMP, Timestamp

from newsbeam.schemas.article import Article, Link
from newsbeam.schemas.change import Retired
from newsbeam.transforms.deduplication.candidates import CAP
from newsbeam.transforms.deduplication.payloads import unpack
from newsbeam.transforms.deduplication.settlement import DAY
from newsbeam.transforms.deduplication.sightings import Sighting, sight
from newsbeam.transforms.deduplication.signatures import from_bytes
from newsbeam.transforms.deduplication.verdicts import COPY, is_evidence, judge
from newsbeam.transforms.metrics import CAPPED, NAMESPACE, NEW, REFETCHED

_PICKLED = PickleCoder()


class Edge(NamedTuple):
    """Two articles of one story, the earlier first."""

    earlier_id: str
    later_id: str
    relation: str  # copy or update
    similarity: float
    method: str  # text or near


class DeduplicatedStream(NamedTuple):
    """What deduplication says of a stream of articles."""

    articles: PCollection[Article]
    edges: PCollection[Edge]
    links: PCollection[Link]
    retired: PCollection[Retired]


class _Mark(NamedTuple):
    """A text under a key: what its partners are told of it, in the order of originals."""

    instant: int
    article_id: str
    revision: int
    date: str
    content_hash: str
    evidence: int | None
    expires: int

    @property
    def key(self) -> str:
        return f"{self.article_id} {self.revision}"


class DeduplicateStream(beam.PTransform[PCollection[Article], Any]):
    """Tell new articles and revisions from refetches, and link copies and updates, as articles arrive.

    Input: articles, unbounded or bounded, in the global window, in any order, repeated or not.
    Output: `DeduplicatedStream`. `articles` come out once, under their revision; `edges` are those that the batch form
    finds, in whatever order; `links` lead each copy to the earliest article known two edges away, and each update to
    the earliest it was compared with; `retired` names links that a later one replaces.
    Guarantee: state is kept for the horizon after ingestion, by the watermark, and at most 64 texts under one key.
    Metrics: `newsbeam/articles_new`, `refetched`, `capped_bands`.
    """

    def __init__(self, *, near_days: int = 7, exact_days: int = 30) -> None:
        """`near_days` and `exact_days` are how far apart near and exact copies may have been published."""
        super().__init__()
        if not 0 <= near_days <= exact_days:
            raise ValueError(f"near_days must be from 0 to exact_days, was {near_days} with exact_days {exact_days}")
        self._near_days = near_days
        self._exact_days = exact_days

    @no_annotations  # type: ignore[untyped-decorator]  # Beam would warn of a named tuple of collections
    def expand(self, articles: PCollection[Article]) -> DeduplicatedStream:
        """Number, meet under keys, judge, link."""
        numbered = (
            articles
            | "By article" >> beam.Map(_by_article).with_output_types(KV[str, Article])
            | "Number" >> beam.ParDo(_NumberFn(self._exact_days)).with_outputs("texts", main="articles")
        )
        routed = numbered["texts"] | "Route" >> beam.ParDo(_RouteFn(self._exact_days)).with_outputs(
            "texts", "bands", main="payloads"
        )
        same = _keyed(routed["texts"], "Texts") | "Meet by text" >> beam.ParDo(_MeetFn(self._exact_days, True))
        near = _keyed(routed["bands"], "Bands") | "Meet by band" >> beam.ParDo(_MeetFn(self._near_days, False))
        payloads = _keyed(routed["payloads"], "Payloads")
        asked = (payloads, _keyed(near, "Near")) | "Asked" >> beam.Flatten() | "Ask" >> beam.ParDo(_AskFn())
        judged = (payloads, _keyed(asked, "Answers")) | "Answered" >> beam.Flatten() | "Judge" >> beam.ParDo(_JudgeFn())
        pairs = (same | "Same" >> beam.Map(_same_text), judged) | "Pairs" >> beam.Flatten()
        linked = (
            _keyed(pairs | "Both ways" >> beam.FlatMap(_both_ways), "Ends")
            | "Hop" >> beam.ParDo(_HopFn())
            | "Labels" >> beam.Map(_unchanged).with_output_types(KV[str, Any])
            | "Link" >> beam.ParDo(_LinkFn()).with_outputs("retired", main="links")
        )
        return DeduplicatedStream(
            articles=numbered["articles"] | "Articles" >> beam.Map(_unchanged).with_output_types(Article),
            edges=pairs | "Edges" >> beam.Map(_edge),
            links=linked["links"] | "Links" >> beam.Map(_unchanged).with_output_types(Link),
            retired=linked["retired"] | "Retired" >> beam.Map(_unchanged).with_output_types(Retired),
        )


def _keyed(pairs: PCollection[Any], label: str) -> PCollection[Any]:
    """Pairs of a string key and anything: tagged outputs have lost their types, and state needs a key."""
    return pairs | label >> beam.Map(_unchanged).with_output_types(KV[str, Any])


def _unchanged(element: Any) -> Any:
    return element


def _by_article(article: Article) -> tuple[str, Article]:
    return article.article_id, article


_Pair = tuple[_Mark, _Mark, str, float, str]  # earlier, later, relation, similarity, method


def _same_text(pair: tuple[str, _Mark, _Mark]) -> _Pair:
    return pair[1], pair[2], COPY, 1.0, "text"


def _edge(pair: _Pair) -> Edge:
    earlier, later, relation, similarity, method = pair
    return Edge(earlier.article_id, later.article_id, relation, similarity, method)


def _both_ways(pair: _Pair) -> Iterator[tuple[str, Any]]:
    earlier, later, relation, similarity, method = pair
    yield later.article_id, (later, earlier, relation, similarity, method)
    if relation == COPY:
        yield earlier.article_id, (earlier, later, relation, similarity, method)


def _expiry(instant: int) -> Timestamp:
    return min(Timestamp(micros=instant), MAX_TIMESTAMP)


class _TypedFn(beam.DoFn):
    """A step without settings."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Beam's has no types


class _NumberFn(beam.DoFn):
    """Number the texts of an article in the order of arrival; drop those that are known."""

    KNOWN = ReadModifyWriteStateSpec("known", _PICKLED)
    FORGET = TimerSpec("forget", TimeDomain.WATERMARK)

    def __init__(self, days: int) -> None:
        self._days = days
        self._new = Metrics.counter(NAMESPACE, NEW)
        self._refetched = Metrics.counter(NAMESPACE, REFETCHED)

    def process(
        self,
        element: tuple[str, Article],
        known: Any = beam.DoFn.StateParam(KNOWN),
        forget: Any = beam.DoFn.TimerParam(FORGET),
    ) -> Iterator[Any]:
        article = element[1]
        texts: list[str] = known.read() or []
        if article.content_hash in texts:
            self._refetched.inc()
            return
        known.write([*texts, article.content_hash])
        forget.set(_expiry(article.ingested_at + self._days * DAY))
        numbered = article._replace(revision=len(texts))
        self._new.inc()
        yield numbered
        yield TaggedOutput("texts", (len(texts), sight(numbered)))

    @on_timer(FORGET)
    def forget(self, known: Any = beam.DoFn.StateParam(KNOWN)) -> None:
        known.clear()


class _RouteFn(beam.DoFn):
    """Send a text to the keys under which it may meet others."""

    def __init__(self, days: int) -> None:
        self._days = days

    def process(self, element: tuple[int, Sighting]) -> Iterator[Any]:
        revision, sighting = element
        expires = sighting.seen_at + self._days * DAY
        evidence = is_evidence(unpack(sighting.payload))
        mark = _Mark(
            sighting.published_at,
            sighting.article_id,
            revision,
            sighting.date,
            sighting.content_hash,
            evidence,
            expires,
        )
        yield mark.key, (mark, sighting.payload)
        if evidence is not None:
            yield TaggedOutput("texts", (f"{sighting.content_hash} {evidence}", mark))
        for band in from_bytes(sighting.bands).tolist():
            yield TaggedOutput("bands", (f"{band:016x}", mark))


class _MeetFn(beam.DoFn):
    """Pair each text under a key with those before it."""

    MARKS = BagStateSpec("marks", _PICKLED)
    FORGET = TimerSpec("forget", TimeDomain.WATERMARK)

    def __init__(self, days: int, is_same_text: bool) -> None:
        self._horizon = days * DAY
        self._is_same_text = is_same_text
        self._capped = Metrics.counter(NAMESPACE, CAPPED)

    def process(
        self,
        element: tuple[str, _Mark],
        marks: Any = beam.DoFn.StateParam(MARKS),
        forget: Any = beam.DoFn.TimerParam(FORGET),
    ) -> Iterator[Any]:
        mark = element[1]
        known = list(marks.read())
        if mark in known:
            return
        for other in known:
            is_same_text = other.content_hash == mark.content_hash
            if other.article_id != mark.article_id and is_same_text == self._is_same_text:
                if abs(other.instant - mark.instant) <= self._horizon:
                    earlier, later = sorted((mark, other), key=_order)
                    yield (element[0], earlier, later) if is_same_text else (earlier.key, (earlier, later))
        if len(known) < CAP:
            marks.add(mark)
            forget.set(_expiry(max(m.expires for m in (mark, *known))))
        else:
            self._capped.inc()

    @on_timer(FORGET)
    def forget(self, marks: Any = beam.DoFn.StateParam(MARKS)) -> None:
        marks.clear()


def _order(mark: _Mark) -> tuple[int, str, int]:
    return mark.instant, mark.article_id, mark.revision


class _AskFn(_TypedFn):
    """Send the earlier text's payload to the later one, once."""

    PAYLOAD = ReadModifyWriteStateSpec("payload", _PICKLED)
    ASKED = BagStateSpec("asked", StrUtf8Coder())
    WAITING = BagStateSpec("waiting", _PICKLED)
    FORGET = TimerSpec("forget", TimeDomain.WATERMARK)

    def process(
        self,
        element: tuple[str, Any],
        payload: Any = beam.DoFn.StateParam(PAYLOAD),
        asked: Any = beam.DoFn.StateParam(ASKED),
        waiting: Any = beam.DoFn.StateParam(WAITING),
        forget: Any = beam.DoFn.TimerParam(FORGET),
    ) -> Iterator[Any]:
        first, second = element[1]
        if isinstance(second, bytes):
            payload.write(second)
            forget.set(_expiry(first.expires))
            for earlier, later in waiting.read():
                yield later.key, (later, earlier, second)
            waiting.clear()
            return
        if second.key in set(asked.read()):
            return
        asked.add(second.key)
        own = payload.read()
        if own is None:
            waiting.add((first, second))
        else:
            yield second.key, (second, first, own)

    @on_timer(FORGET)
    def forget(self, payload: Any = beam.DoFn.StateParam(PAYLOAD), asked: Any = beam.DoFn.StateParam(ASKED)) -> None:
        payload.clear()
        asked.clear()


class _JudgeFn(_TypedFn):
    """Judge the texts that ask."""

    PAYLOAD = ReadModifyWriteStateSpec("payload", _PICKLED)
    WAITING = BagStateSpec("waiting", _PICKLED)
    FORGET = TimerSpec("forget", TimeDomain.WATERMARK)

    def process(
        self,
        element: tuple[str, Any],
        payload: Any = beam.DoFn.StateParam(PAYLOAD),
        waiting: Any = beam.DoFn.StateParam(WAITING),
        forget: Any = beam.DoFn.TimerParam(FORGET),
    ) -> Iterator[_Pair]:
        own = payload.read()
        if len(element[1]) == 2:  # the payload itself
            mark, own = element[1]
            payload.write(own)
            forget.set(_expiry(mark.expires))
            questions = list(waiting.read())
            waiting.clear()
        elif own is None:
            waiting.add(element[1])
            return
        else:
            questions = [element[1]]
        for later, earlier, theirs in questions:
            verdict = judge(unpack(theirs), unpack(own))
            if verdict:
                yield earlier, later, verdict.relation, verdict.similarity, "near"

    @on_timer(FORGET)
    def forget(self, payload: Any = beam.DoFn.StateParam(PAYLOAD)) -> None:
        payload.clear()


_Label = tuple[int, str]


class _HopFn(_TypedFn):
    """Tell the neighbours of an article the earliest that it knows of. Labels only sink, whatever the order."""

    ENDS = BagStateSpec("ends", _PICKLED)
    LABEL = ReadModifyWriteStateSpec("label", _PICKLED)
    FORGET = TimerSpec("forget", TimeDomain.WATERMARK)

    def process(
        self,
        element: tuple[str, Any],
        ends: Any = beam.DoFn.StateParam(ENDS),
        label: Any = beam.DoFn.StateParam(LABEL),
        forget: Any = beam.DoFn.TimerParam(FORGET),
    ) -> Iterator[tuple[str, Any]]:
        own, other, relation, similarity, method = element[1]
        their: _Label = other.instant, other.article_id
        if relation != COPY:
            yield own.article_id, (own, their, relation, similarity, method)
            return
        before: _Label = label.read() or (own.instant, own.article_id)
        least = min(before, their, (own.instant, own.article_id))
        label.write(least)
        ends.add(other)
        forget.set(_expiry(own.expires))
        yield own.article_id, (own, least, relation, similarity if least == their else None, method)
        for end in ends.read() if least != before else [other]:
            yield end.article_id, (end, least, relation, None, method)

    @on_timer(FORGET)
    def forget(self, ends: Any = beam.DoFn.StateParam(ENDS), label: Any = beam.DoFn.StateParam(LABEL)) -> None:
        ends.clear()
        label.clear()


class _LinkFn(_TypedFn):
    """Keep the link of an article at the least label; retire the one that it replaces."""

    LINK = ReadModifyWriteStateSpec("link", _PICKLED)
    FORGET = TimerSpec("forget", TimeDomain.WATERMARK)

    def process(
        self,
        element: tuple[str, Any],
        link: Any = beam.DoFn.StateParam(LINK),
        forget: Any = beam.DoFn.TimerParam(FORGET),
    ) -> Iterator[Any]:
        article_id, (mark, label, relation, similarity, method) = element
        before = link.read()
        wanted = relation != COPY, label  # copies before updates, then the earliest
        if label[1] == article_id or (before is not None and wanted >= before[0]):
            return
        link.write((wanted, mark.date))
        forget.set(_expiry(mark.expires))
        if before is not None:
            yield TaggedOutput("retired", Retired(article_id, 0, before[1], ["links"]))
        yield Link(article_id, 0, mark.date, label[1], relation, similarity, method)

    @on_timer(FORGET)
    def forget(self, link: Any = beam.DoFn.StateParam(LINK)) -> None:
        link.clear()
