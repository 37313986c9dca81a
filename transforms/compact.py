"""Compact a lake on the workers of a pipeline."""

import json
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, NamedTuple

import apache_beam as beam
from apache_beam.pvalue import PBegin, PCollection

from newsbeam.schemas.row import row
from newsbeam.transforms.lake import snapshots
from newsbeam.transforms.lake.changes import FileEntry
from newsbeam.transforms.lake.compaction import RETAIN_SECONDS, Merged, finish, is_expired, merge_partition, plan
from newsbeam.transforms.lake.storage import Storage


@row
class Compacted(NamedTuple):
    """What a compaction did."""

    snapshot: Annotated[int, "number of the newest snapshot after it"]
    partitions: Annotated[int, "tables' days that were merged"]
    rows: Annotated[int, "rows rewritten"]
    deleted: Annotated[int, "files swept"]


class CompactLake(beam.PTransform[PBegin, PCollection[Compacted]]):
    """Merge each table's days to one file, the partitions in parallel, then commit, refresh the views and sweep.

    Output: one Compacted row.
    Guarantee: as `transforms.lake.compaction.compact`: safe beside writers, readers and other compactions; a retried
    bundle writes the same files again.
    """

    def __init__(
        self,
        root: str | Storage,
        *,
        retain_seconds: float = RETAIN_SECONDS,
        expires_before: str | None = None,
    ) -> None:
        super().__init__()
        if retain_seconds < 0:
            raise ValueError(f"retain_seconds must be 0 or more, was {retain_seconds}")
        self._storage = Storage(root) if isinstance(root, str) else root
        self._retain_seconds = retain_seconds
        self._expires_before = expires_before

    def expand(self, begin: PBegin) -> PCollection[Compacted]:
        """Plan, merge, commit."""
        partitions = (
            begin
            | "Start" >> beam.Create([""])
            | "Plan" >> beam.ParDo(_PlanFn(self._storage, self._expires_before))
            | "Spread" >> beam.Reshuffle()
            | "Merge" >> beam.ParDo(_MergeFn(self._storage))
        )
        none = begin | "Nothing" >> beam.Create([(0, "")])
        finishing = beam.ParDo(_FinishFn(self._storage, self._retain_seconds, self._expires_before))
        return (partitions, none) | beam.Flatten() | "As one" >> beam.GroupByKey() | "Finish" >> finishing


class _PlanFn(beam.DoFn):
    """The partitions that have something to merge, each as JSON."""

    def __init__(self, storage: Storage, expires_before: str | None) -> None:
        self._storage = storage
        self._expires_before = expires_before

    def process(self, element: str) -> Iterator[str]:
        for table, date, files in plan(snapshots.newest(self._storage)):
            if not is_expired(table, date, self._expires_before):
                yield json.dumps([table, date, files])


class _MergeFn(beam.DoFn):
    """One partition's merged file."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def process(self, element: str) -> Iterator[tuple[int, str]]:
        table, date, files = json.loads(element)
        entries = [FileEntry(*entry) for entry in files]
        merged = merge_partition(self._storage, table, date, entries, snapshots.newest(self._storage))
        yield 0, json.dumps([table, date, merged.old, merged.new])


class _FinishFn(beam.DoFn):
    """The commit and the sweep."""

    def __init__(self, storage: Storage, retain_seconds: float, expires_before: str | None) -> None:
        self._storage = storage
        self._retain_seconds = retain_seconds
        self._expires_before = expires_before

    def process(self, element: tuple[int, Iterable[str]]) -> Iterator[Compacted]:
        merged = [_merged(*json.loads(each)) for each in sorted(element[1]) if each]
        done = finish(self._storage, merged, retain_seconds=self._retain_seconds, expires_before=self._expires_before)
        yield Compacted(done.snapshot, done.partitions, done.rows, done.deleted)


def _merged(table: str, date: str, old: list[Any], new: list[Any]) -> Merged:
    return Merged(table, date, tuple(FileEntry(*e) for e in old), tuple(FileEntry(*e) for e in new))
