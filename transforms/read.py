"""Read articles from the pieces of files."""

from collections.abc import Iterator
from typing import Any, Literal

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput

from newsbeam.schemas.article import Article
from newsbeam.schemas.reject import Reject
from newsbeam.transforms.deduplication.known import Known
from newsbeam.transforms.deduplication.memory import ReadSeen, nothing_seen
from newsbeam.transforms.errors import BadRecord, reject_row
from newsbeam.transforms.formats.articles import with_language
from newsbeam.transforms.formats.pieces import Piece
from newsbeam.transforms.formats.records import read_piece
from newsbeam.transforms.metrics import NAMESPACE, READ, REFETCHED


class ReadFiles(beam.PTransform[PCollection[Piece], Any]):
    """Read the articles of pieces.

    Input: pieces of files (`formats.pieces.plan_pieces`), bounded, in any order.
    Output: tagged "articles": `Article` rows at revision 0, without those whose very text the lake holds under the same
    day; tagged "rejects": a `Reject` row for each record that could not be read, or not wholly. Pieces are spread over
    the workers; a piece's articles keep their order.
    Metrics: `newsbeam/articles_read`, `refetched`.
    """

    def __init__(self, *, ingested_at: int, read_seen: ReadSeen = nothing_seen) -> None:
        """`ingested_at`: the instant that undated articles and rejects get, midnight UTC of the day of the run.

        `read_seen` reads what the lake remembers of articles.
        """
        super().__init__()
        self._ingested_at = ingested_at
        self._read_seen = read_seen

    def expand(self, pieces: PCollection[Piece]) -> Any:
        """The articles and rejects of pieces."""
        read = beam.ParDo(_ReadPieceFn(self._ingested_at, self._read_seen)).with_output_types(Article, rejects=Reject)
        return pieces | "Spread" >> beam.Reshuffle() | "Read" >> read.with_outputs("rejects", main="articles")


class _ReadPieceFn(beam.DoFn):
    def __init__(self, ingested_at: int, read_seen: ReadSeen) -> None:
        self._ingested_at = ingested_at
        self._read_seen = read_seen
        self._read = Metrics.counter(NAMESPACE, READ)
        self._refetched = Metrics.counter(NAMESPACE, REFETCHED)

    def start_bundle(self) -> None:
        self._known = Known(self._read_seen)

    def process(self, element: Piece) -> Iterator[Article | TaggedOutput[Literal["rejects"], Reject]]:
        for found in read_piece(element, ingested_at=self._ingested_at):
            if isinstance(found, BadRecord):
                yield TaggedOutput("rejects", reject_row(found, self._ingested_at))
                continue
            self._read.inc()
            if self._known.holds(found):
                self._refetched.inc()
            else:
                yield with_language(found)
