"""Read the facts of articles."""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.utils.windowed_value import WindowedValue

from newsbeam.schemas.article import Article
from newsbeam.schemas.event import Event, Participant
from newsbeam.schemas.figure import Figure
from newsbeam.schemas.reject import Reject
from newsbeam.transforms.errors import BadRecord, reject_row
from newsbeam.transforms.extraction.answers import BATCH, decode, encode
from newsbeam.transforms.extraction.model import DEFAULT_MODEL
from newsbeam.transforms.extraction.pool import KILLED, TIMEOUT
from newsbeam.transforms.extraction.sharing import readers
from newsbeam.transforms.facts import MAX_CHARS, is_coded, readable_text
from newsbeam.transforms.metrics import NAMESPACE, SPENT_EVENTS, SPENT_FIGURES, SPENT_PARSE
from newsbeam.transforms.tally import typed

_AHEAD = 4  # batches that wait for a process, so that none waits for this one


class ExtractedFacts(NamedTuple):
    """What ExtractFacts gives."""

    events: PCollection[Event]
    participants: PCollection[Participant]
    figures: PCollection[Figure]
    rejects: PCollection[Reject]


class ExtractFacts(beam.PTransform[PCollection[Article], Any]):
    """Read the events and figures of canonical articles with one parse each, in processes that outlive a bundle.

    Input: articles in any window. Output: `ExtractedFacts`, in the windows of their articles.
    Guarantee: the facts of an article depend on its row, the model and the coder alone. An article in another language
    has none and a reject of reason `language`; of one over MAX_CHARS the start is read and a reject says so. One that
    ends the process that reads it, or is not read in time, has none and a reject of reason `killed` or
    `parser_timeout`; the articles beside it are read.
    Metrics: `newsbeam/spent_parse_us`, `spent_events_us`, `spent_figures_us`.
    """

    def __init__(self, *, model: str = DEFAULT_MODEL) -> None:
        super().__init__()
        if not model:
            raise ValueError(f"model must name a spaCy pipeline, was {model!r}")
        self._model = model

    def expand(self, articles: PCollection[Article]) -> ExtractedFacts:
        """Batch, parse, read."""
        batches = articles | "Batch" >> beam.BatchElements(min_batch_size=BATCH, max_batch_size=BATCH)
        found = batches | "Read" >> beam.ParDo(_ReadFactsFn(self._model)).with_outputs(
            "participants", "figures", "rejects", main="events"
        )
        return ExtractedFacts(
            typed(found.events, Event, "TypeEvents"),
            typed(found.participants, Participant, "TypeParticipants"),
            typed(found.figures, Figure, "TypeFigures"),
            typed(found.rejects, Reject, "TypeRejects"),
        )


class _Asked(NamedTuple):
    """Articles whose facts are being read elsewhere."""

    articles: list[Article]
    facts: "Future[list[bytes]]"
    place: WindowedValue  # where their rows belong


class _ReadFactsFn(beam.DoFn):
    def __init__(self, model: str) -> None:
        self._model = model
        names = {"parse": SPENT_PARSE, "events": SPENT_EVENTS, "figures": SPENT_FIGURES}
        self._spent = {stage: Metrics.counter(NAMESPACE, name) for stage, name in names.items()}

    def setup(self) -> None:
        self._readers = readers(self._model)

    def start_bundle(self) -> None:
        self._asked: deque[_Asked] = deque()

    def process(
        self,
        articles: Sequence[Article],
        timestamp: Any = beam.DoFn.TimestampParam,
        window: Any = beam.DoFn.WindowParam,
        pane: Any = beam.DoFn.PaneInfoParam,
    ) -> Iterator[Any]:
        place = WindowedValue(None, timestamp, (window,), pane)
        for article in articles:
            if (bad := _why_not_whole(article)) is not None:
                yield TaggedOutput("rejects", reject_row(bad, article.ingested_at))
        coded = [article for article in articles if is_coded(article) and article.text.strip()]
        self._asked.append(_Asked(coded, self._readers.submit([encode(article) for article in coded]), place))
        while self._asked and (self._asked[0].facts.done() or len(self._asked) > _AHEAD * self._readers.processes):
            yield from self._take()

    def finish_bundle(self) -> Iterator[Any]:
        while self._asked:
            yield from self._take()

    def teardown(self) -> None:
        for one in getattr(self, "_asked", ()):  # of a bundle that failed
            one.facts.cancel()

    def _take(self) -> Iterator[Any]:
        """The rows of the articles that were asked about first."""
        asked = self._asked.popleft()
        total: Counter[str] = Counter()
        for article, answer in zip(asked.articles, asked.facts.result(), strict=True):
            if answer in _GIVEN_UP:
                bad = _why_given_up(article, answer)
                yield TaggedOutput("rejects", asked.place.with_value(reject_row(bad, article.ingested_at)))
                continue
            facts, spent = decode(answer)
            total.update(spent)
            for event in facts.events:
                yield asked.place.with_value(event)
            for participant in facts.participants:
                yield TaggedOutput("participants", asked.place.with_value(participant))
            for figure in facts.figures:
                yield TaggedOutput("figures", asked.place.with_value(figure))
        for stage, microseconds in total.items():
            self._spent[stage].inc(microseconds)


def _why_not_whole(article: Article) -> BadRecord | None:
    if not is_coded(article):
        return _bad(article, "language", f"language {article.language}: kept, not read for facts")
    if len(article.text) > MAX_CHARS:
        error = f"{len(article.text)} characters: read up to {len(readable_text(article.text))}"
        return _bad(article, "too_long", error)
    return None


_GIVEN_UP = {
    KILLED: "the process that read it for facts died, again when it read nothing else; kept without facts",
    TIMEOUT: "it was not read for facts in time, again when nothing else was read; kept without facts",
}


def _why_given_up(article: Article, answer: bytes) -> BadRecord:
    return _bad(article, answer.decode(), _GIVEN_UP[answer])


def _bad(article: Article, reason: str, error: str) -> BadRecord:
    key = f"{article.article_id} revision {article.revision}"
    return BadRecord("extract", reason, error, origin=article.origin, key=key, payload=article.title or "")
