"""Keep each story once on an unbounded stream: the settlement of the batch form, window by window."""

# ruff: noqa: B008  Beam takes states and timers as defaults

import functools
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.coders import TupleCoder, VarIntCoder
from apache_beam.coders.typecoders import registry
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.transforms.core import Windowing
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import BagStateSpec, TimerSpec, on_timer
from apache_beam.transforms.window import GlobalWindows
from apache_beam.typehints import KV
from apache_beam.typehints.decorators import no_annotations
from apache_beam.utils.timestamp import Timestamp

from newsbeam.schemas.article import Article, Link, Seen
from newsbeam.schemas.change import Retired
from newsbeam.transforms.deduplicate import Deduplicated, read_seen_of
from newsbeam.transforms.deduplication.memory import ReadSeen
from newsbeam.transforms.deduplication.recent import Recent
from newsbeam.transforms.deduplication.sightings import sight
from newsbeam.transforms.deduplication.steps import NumberFn, SettleFn, key_of
from newsbeam.transforms.tally import typed


class DeduplicateStream(beam.PTransform[PCollection[Article], Any]):
    """Tell new articles and revisions from refetches, and say which article speaks for which, window by window.

    Input: articles of revision 0, unbounded or bounded, in windows of any kind.
    Output: `Deduplicated`, as Deduplicate gives it, in the windows of the articles; late ones too, each once.
    Guarantee: the links and canonical articles that a lake ends up with are those of the batch form, in whatever order
    and windows the articles came; an article that is in the lake already, or was settled, comes out no second time.
    Metrics: as Deduplicate.

    A pane is settled whole, under one key, against the lake and what was settled but is not yet in the lake; this is
    all that is kept in state (1 KB an article, until its window is written). Texts travel with their signatures and
    not beside them, because a late article would miss its decision in a join.
    """

    def __init__(
        self, root: str, *, near_days: int = 7, exact_days: int = 30, read_seen: ReadSeen | None = None
    ) -> None:
        """`near_days` and `exact_days` are how far apart near and exact copies may have been published."""
        super().__init__()
        if not 0 <= near_days <= exact_days:
            raise ValueError(f"near_days must be from 0 to exact_days, was {near_days} with exact_days {exact_days}")
        self._settle = _SettlePaneFn(read_seen or functools.partial(read_seen_of, root, None), near_days, exact_days)

    @no_annotations  # type: ignore[untyped-decorator]  # Beam would warn of a named tuple of collections
    def expand(self, articles: PCollection[Article]) -> Deduplicated:
        """Gather a pane, settle it in state that outlives its window, go back to the windows."""
        settled = (
            articles
            | "Key" >> beam.Map(_under_one_key).with_output_types(KV[str, Article])
            | "Group" >> beam.GroupByKey()
            | "Leave windows" >> beam.WindowInto(GlobalWindows())
            | "Settle"
            >> beam.ParDo(self._settle).with_outputs("canonical", "links", "seen", "retired", main="articles")
        )
        windowing = articles.windowing
        rows = {
            name: typed(settled[name], row_type, name.capitalize()) | f"Window {name}" >> _into(windowing)
            for name, row_type in (
                ("articles", Article), ("canonical", Article), ("links", Link), ("seen", Seen), ("retired", Retired)
            )
        }  # fmt: skip
        return Deduplicated(**rows)


def _into(windowing: Windowing) -> beam.WindowInto:
    return beam.WindowInto(
        windowing.windowfn,
        trigger=windowing.triggerfn,
        accumulation_mode=windowing.accumulation_mode,
        allowed_lateness=windowing.allowed_lateness,
    )


def _under_one_key(article: Article) -> tuple[str, Article]:
    return "", article


class _SettlePaneFn(beam.DoFn):
    """Settle the articles of panes in the order of their windows, and remember their rows until the lake has them.

    The commits come in this order too (WriteLake): a later one may retire what an earlier one wrote. Runners hand on
    panes in any order, so each waits here until the watermark says that no earlier one is to come.
    """

    WAITING = BagStateSpec("waiting", TupleCoder([VarIntCoder(), registry.get_coder(Article)]))
    RECENT = BagStateSpec("recent", registry.get_coder(Seen))
    DUE = TimerSpec("due", TimeDomain.WATERMARK)

    def __init__(self, read_seen: ReadSeen, near_days: int, exact_days: int) -> None:
        self._read_seen = read_seen
        self._days = near_days, exact_days
        self._number = NumberFn()

    def process(
        self,
        element: tuple[str, Iterable[Article]],
        timestamp: Any = beam.DoFn.TimestampParam,
        waiting: Any = beam.DoFn.StateParam(WAITING),
        due: Any = beam.DoFn.TimerParam(DUE),
    ) -> None:
        at = timestamp.micros // 1000  # what runners keep of an instant
        for article in element[1]:
            waiting.add((at, article))
        due.set(Timestamp(micros=at * 1000), dynamic_timer_tag=str(at))

    @on_timer(DUE)
    def settle_due(
        self,
        timestamp: Any = beam.DoFn.TimestampParam,
        waiting: Any = beam.DoFn.StateParam(WAITING),
        recent: Any = beam.DoFn.StateParam(RECENT),
    ) -> Iterator[Any]:
        """Settle what is of this instant or before."""
        arrived = list(waiting.read())
        waiting.clear()
        for at, article in arrived:
            if at > timestamp.micros // 1000:  # a timer of its own fires for it
                waiting.add((at, article))
        yield from self._settle((article for at, article in arrived if at <= timestamp.micros // 1000), recent)

    def _settle(self, articles: Iterable[Article], recent: Any) -> Iterator[Any]:
        memory = Recent(self._read_seen, recent.read())
        memory.forget_committed()
        arrived: dict[str, Article] = {}
        sightings = []
        for article in articles:
            sighting = sight(article)
            sightings.append(sighting)
            arrived[key_of(sighting.article_id, sighting.fingerprint)] = article
        settled: list[Any] = list(SettleFn(memory.read, *self._days).process(("", sightings)))
        memory.add(row.value for row in settled if isinstance(row, TaggedOutput) and row.tag == "seen")
        recent.clear()
        for row in memory.rows:
            recent.add(row)
        for row in settled:
            if isinstance(row, TaggedOutput):
                yield row
            else:
                key, decision = row
                yield from self._number.process((key, {"articles": [arrived[key]], "decisions": [decision]}))
