"""What the bounded and the unbounded deduplication do alike."""

from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import TaggedOutput

from newsbeam.transforms.deduplication.memory import ReadSeen
from newsbeam.transforms.deduplication.settlement import settle
from newsbeam.transforms.deduplication.sightings import Sighting
from newsbeam.transforms.deduplication.standing import Decision
from newsbeam.transforms.metrics import CAPPED, COPIES, NAMESPACE, NEW, REFETCHED, UPDATES


def key_of(article_id: str, fingerprint: str) -> str:
    """What names an arrival: equal rows have one."""
    return f"{article_id} {fingerprint}"


class SettleFn(beam.DoFn):
    """Settle a batch."""

    def __init__(self, read_seen: ReadSeen, near_days: int, exact_days: int) -> None:
        self._read_seen = read_seen
        self._days = {"near_days": near_days, "exact_days": exact_days}
        self._counters = {name: Metrics.counter(NAMESPACE, name) for name in (REFETCHED, CAPPED, COPIES, UPDATES)}

    def process(self, element: tuple[str, Iterable[Sighting]]) -> Iterator[Any]:
        """The decisions under the keys of their arrivals, and the rows to be changed by tag."""
        settled = settle(element[1], self._read_seen, **self._days)
        copies = sum(1 for link in settled.links if link.relation == "copy")
        for name, count in (
            (REFETCHED, settled.refetched),
            (CAPPED, settled.capped),
            (COPIES, copies),
            (UPDATES, len(settled.links) - copies),
        ):
            self._counters[name].inc(count)
        for decision in settled.decisions:
            yield key_of(decision.article_id, decision.fingerprint), decision
        for tag in ("links", "seen", "retired"):
            for row in getattr(settled, tag):
                yield TaggedOutput(tag, row)


class NumberFn(beam.DoFn):
    """Give articles their revision; leave out refetches."""

    def __init__(self) -> None:
        self._new = Metrics.counter(NAMESPACE, NEW)

    def process(self, element: tuple[str, dict[str, Iterable[Any]]]) -> Iterator[Any]:
        """The article under its revision, and tagged where its facts are to be read."""
        decision: Decision
        for decision in element[1]["decisions"]:
            article = next(iter(element[1]["articles"]))  # equal rows have one key
            numbered = article._replace(revision=decision.revision)
            self._new.inc()
            yield numbered
            if decision.is_canonical:
                yield TaggedOutput("canonical", numbered)
