"""Say in the log what each window of a stream wrote, and how old its newest article was by then."""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.coders.typecoders import registry
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection
from apache_beam.typehints import KV

from newsbeam.schemas.article import Article
from newsbeam.transforms.instants import SECOND
from newsbeam.transforms.metrics import NAMESPACE, NEWEST_LAG
from newsbeam.transforms.poll import wall_clock
from newsbeam.transforms.write import Written

logger = logging.getLogger(__name__)


class ReportWindows(beam.PTransform[Any, PCollection[Written]]):
    """Log a line for each window that was written.

    Input: `written`, the commits of a stream in its windows, and `articles`, what they wrote.
    Output: the commits, once logged.
    Metrics: distribution `newsbeam/newest_lag_seconds`, from publication of the newest article to its commit.
    """

    def __init__(self, *, now: Callable[[], int] = wall_clock) -> None:
        super().__init__()
        self._now = now

    def expand(self, inputs: dict[str, PCollection[Any]]) -> PCollection[Written]:
        """Bring the newest instant of a window to its commit."""
        newest = (
            inputs["articles"]
            | "Instants" >> beam.Map(_instant).with_output_types(KV[str, int])
            | "Newest" >> beam.CombinePerKey(max)
        )
        written = inputs["written"] | "Key" >> beam.Map(_under_one_key).with_output_types(KV[str, bytes])
        joined = {"newest": newest, "written": written} | "Join" >> beam.CoGroupByKey()
        return joined | "Log" >> beam.ParDo(_LogFn(self._now)).with_output_types(Written)


def _instant(article: Article) -> tuple[str, int]:
    """When it was published, as far as it says so and can be right."""
    return "", min(article.ingested_at, article.published_at or article.ingested_at)


def _under_one_key(written: Written) -> tuple[str, bytes]:
    """Encoded as all rows are: a join pickles what it does not know, and a class that moves could not be read again."""
    return "", registry.get_coder(Written).encode(written)


class _LogFn(beam.DoFn):
    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._lag = Metrics.distribution(NAMESPACE, NEWEST_LAG)

    def process(
        self, element: tuple[str, dict[str, Iterable[Any]]], window: Any = beam.DoFn.WindowParam
    ) -> Iterator[Written]:
        newest = max(element[1]["newest"], default=None)
        lag = "" if newest is None else f"; newest article published {self._seconds(newest)} s ago"
        for encoded in element[1]["written"]:
            written = registry.get_coder(Written).decode(encoded)
            rows = ", ".join(f"{n} {table}" for table, n in zip(written.tables, written.rows, strict=True))
            until = window.end.to_utc_datetime().strftime("%H:%M:%S")
            logger.info("window until %s: snapshot %d: %s%s", until, written.snapshot, rows or "nothing new", lag)
            yield written

    def _seconds(self, newest: int) -> int:
        seconds = max(0, self._now() - newest) // SECOND
        self._lag.update(seconds)
        return seconds
