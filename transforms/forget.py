"""Drop rejects that the lake already holds, so that reading the same bad file again adds nothing."""

from collections.abc import Callable, Iterator
from functools import partial

import apache_beam as beam
import pyarrow as pa
from apache_beam.pvalue import PCollection

from newsbeam.schemas.reject import Reject
from newsbeam.transforms.lake.lake import Lake

_OF_FILES = frozenset(("read", "parse"))
_KEY = ("stage", "reason", "origin", "key")


def _read_held(root: str, run_id: str | None, chunk_id: str | None) -> pa.Table:
    return Lake(root).read("rejects", run_id=run_id, before=chunk_id, columns=list(_KEY))


class DropKnownRejects(beam.PTransform[PCollection[Reject], PCollection[Reject]]):
    """Drop rejects of some stages, those of files if none is named, that the lake or this run already holds.

    Input: rejects in any window. Output: those of the stages whose (stage, reason, origin, key) is new, and all of
    other stages: a feed that fails again has failed again.
    """

    def __init__(
        self, root: str, *, run_id: str | None, chunk_id: str | None = None, stages: frozenset[str] = _OF_FILES
    ) -> None:
        super().__init__()
        self._read_held = partial(_read_held, root, run_id, chunk_id)
        self._stages = stages

    def expand(self, rejects: PCollection[Reject]) -> PCollection[Reject]:
        """Look each up."""
        return rejects | "LookUp" >> beam.ParDo(_DropKnownFn(self._read_held, self._stages)).with_output_types(Reject)


class _DropKnownFn(beam.DoFn):
    def __init__(self, read_held: Callable[[], pa.Table], stages: frozenset[str]) -> None:
        self._read_held = read_held
        self._stages = stages

    def setup(self) -> None:
        self._known: set[tuple[str, ...]] | None = None

    def process(self, reject: Reject) -> Iterator[Reject]:
        if reject.stage in self._stages:
            if self._known is None:  # most runs have no reject: the lake is read at the first
                held = self._read_held()
                self._known = set(zip(*(held.column(name).to_pylist() for name in _KEY), strict=True))
            key = (reject.stage, reject.reason, reject.origin, reject.key)
            if key in self._known:
                return
            self._known.add(key)
        yield reject
