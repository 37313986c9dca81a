"""Keep each story once: find refetches, revisions, copies and updates."""

import functools
from collections.abc import Iterator
from typing import Any, NamedTuple

import apache_beam as beam
import pyarrow as pa
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.typehints import KV
from apache_beam.typehints.decorators import no_annotations

from newsbeam.schemas.article import Article, Link, Seen
from newsbeam.schemas.change import Retired
from newsbeam.transforms.deduplication.known import Known
from newsbeam.transforms.deduplication.memory import ReadSeen
from newsbeam.transforms.deduplication.sightings import Sighting, sight
from newsbeam.transforms.deduplication.standing import Decision
from newsbeam.transforms.deduplication.steps import NumberFn, SettleFn, key_of
from newsbeam.transforms.lake.lake import Lake
from newsbeam.transforms.metrics import NAMESPACE, REFETCHED


class Deduplicated(NamedTuple):
    """What deduplication says of articles."""

    articles: PCollection[Article]
    canonical: PCollection[Article]
    links: PCollection[Link]
    seen: PCollection[Seen]
    retired: PCollection[Retired]


def read_seen_of(
    root: str, run_id: str | None, chunk_id: str | None = None, *, columns: list[str], dates: list[str]
) -> pa.Table:
    """Columns of the `seen` rows of some days in a lake, those that the run has staged before the chunk included."""
    return Lake(root).read("seen", run_id=run_id, before=chunk_id, columns=columns, dates=dates)


class Deduplicate(beam.PTransform[PCollection[Article], Any]):
    """Tell new articles and revisions from refetches, and say which article speaks for which.

    Input: articles of a bounded collection, revision 0, in the global window.
    Output: `Deduplicated`. `articles` are to be written, under their final revision; `canonical` are those of them
    whose facts are to be read; `links`, `seen` and `retired` are what the lake must change with them.
    Guarantee: what is found does not depend on order, workers or cuts into batches, save revision numbers.
    Metrics: `newsbeam/articles_new`, `refetched`, `copies`, `updates`, `capped_bands`.

    The signatures of a batch (about 1 KB an article) are settled under one key; texts are grouped once, by article.
    """

    def __init__(
        self,
        root: str,
        *,
        run_id: str | None,
        chunk_id: str | None = None,
        near_days: int = 7,
        exact_days: int = 30,
        read_seen: ReadSeen | None = None,
    ) -> None:
        """`near_days` and `exact_days` are how far apart near and exact copies may have been published."""
        super().__init__()
        if not 0 <= near_days <= exact_days:
            raise ValueError(f"near_days must be from 0 to exact_days, was {near_days} with exact_days {exact_days}")
        self._read_seen = read_seen or functools.partial(read_seen_of, root, run_id, chunk_id)
        self._near_days = near_days
        self._exact_days = exact_days

    @no_annotations  # type: ignore[untyped-decorator]  # Beam would warn of a named tuple of collections
    def expand(self, articles: PCollection[Article]) -> Deduplicated:
        """Sign, settle, and bring the decisions back to the texts."""
        sign = beam.ParDo(_SignFn(self._read_seen)).with_output_types(KV[str, Article], sightings=KV[str, Sighting])
        settle = beam.ParDo(SettleFn(self._read_seen, self._near_days, self._exact_days)).with_output_types(
            KV[str, Decision], links=Link, seen=Seen, retired=Retired
        )
        number = beam.ParDo(NumberFn()).with_output_types(Article, canonical=Article)
        signed = articles | "Sign" >> sign.with_outputs("sightings", main="articles")
        settled = (
            signed.sightings
            | "Group" >> beam.GroupByKey()
            | "Settle" >> settle.with_outputs("links", "seen", "retired", main="decisions")
        )
        numbered = (
            {"articles": signed.articles, "decisions": settled.decisions}
            | "Rejoin" >> beam.CoGroupByKey()
            | "Number" >> number.with_outputs("canonical", main="articles")
        )
        return Deduplicated(numbered.articles, numbered.canonical, settled.links, settled.seen, settled.retired)


class _SignFn(beam.DoFn):
    """Sign articles; drop at once those that are known under the same day."""

    def __init__(self, read_seen: ReadSeen) -> None:
        self._read_seen = read_seen
        self._refetched = Metrics.counter(NAMESPACE, REFETCHED)

    def start_bundle(self) -> None:
        self._known = Known(self._read_seen)

    def process(self, element: Article) -> Iterator[Any]:
        if self._known.holds(element):
            self._refetched.inc()
            return
        sighting = sight(element)
        yield key_of(element.article_id, sighting.fingerprint), element
        yield TaggedOutput("sightings", ("", sighting))
