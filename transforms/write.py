"""Write rows into a lake: files of each table and day, then one commit that shows them all."""

# ruff: noqa: B008  Beam takes states and timers as defaults

import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, NamedTuple

import apache_beam as beam
from apache_beam.coders import BytesCoder, ListCoder, StrUtf8Coder, TupleCoder, VarIntCoder
from apache_beam.coders.typecoders import registry
from apache_beam.pvalue import PCollection
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import BagStateSpec, TimerSpec, on_timer
from apache_beam.transforms.window import GlobalWindow, GlobalWindows
from apache_beam.typehints import KV
from apache_beam.utils.timestamp import Timestamp

from newsbeam.schemas.change import Retired
from newsbeam.schemas.row import row
from newsbeam.schemas.tables import TABLES, Table
from newsbeam.transforms.lake.changes import HOT, FileEntry, change_of, write_rows
from newsbeam.transforms.lake.lake import Lake, staging_folder
from newsbeam.transforms.lake.storage import Storage

#: Encoded rows that one file takes; more are split by article, so that a worker never holds more.
FILE_BYTES = 64 << 20
_RETIRED = "retired"
_HASH_BYTES = 4


@row
class Written(NamedTuple):
    """What one commit or stage wrote."""

    snapshot: Annotated[int, "number of the snapshot; 0 where the change was staged"]
    tables: Annotated[list[str], "tables that rows were written to"]
    rows: Annotated[list[int], "rows written to each, in the same order"]
    files: Annotated[int, "files written"]
    retired: Annotated[int, "rows of `retired`"]


class WriteLake(beam.PTransform[Any, PCollection[Written]]):
    """Write the rows of tables into a lake, all of them or none.

    Input: a dict from table names to rows, and under `retired` the Retired rows, each optional; bounded in the global
    window, or unbounded in windows of any kind, then with one commit a pane.
    Output: one Written row a commit; also where there was nothing to write.
    Guarantee: rows show in one snapshot; a retried bundle or a replayed pane adds nothing; order, bundles and workers
    change no byte. With `run_id` and `chunk_id` the change is staged and `Lake.publish` shows it. With `base`, the data
    version that the rows were worked out from, a commit over another writer's change fails with Conflict.
    """

    def __init__(
        self,
        root: str | Storage,
        *,
        run_id: str | None = None,
        chunk_id: str | None = None,
        base: int | None = None,
        shards: int = 1,
    ) -> None:
        super().__init__()
        if (run_id is None) != (chunk_id is None) or (run_id is not None and base is None):
            raise ValueError("run_id, chunk_id and base go together: a staged change names all three")
        if shards < 1:
            raise ValueError(f"shards must be 1 or more, was {shards}")
        self._storage = Storage(root) if isinstance(root, str) else root
        self._run_id = run_id
        self._chunk_id = chunk_id
        self._base = base
        self._shards = shards
        self._folder = staging_folder(run_id, chunk_id) if run_id and chunk_id else HOT

    def expand(self, inputs: Mapping[str, PCollection[Any]]) -> PCollection[Written]:
        """Group rows by file, write the files, commit."""
        unknown = set(inputs) - {*TABLES, _RETIRED}
        if unknown:
            raise ValueError(f"no table is named {sorted(unknown)}; tables are {sorted(TABLES)}")
        if not inputs:
            raise ValueError("nothing to write: inputs must hold at least one table")
        keyed = [
            rows | f"Key {name}" >> beam.ParDo(_KeyRowsFn(name, self._shards))
            for name, rows in sorted(inputs.items())
            if name != _RETIRED
        ]
        some = next(iter(inputs.values()))
        entries = []
        if keyed:
            files = keyed | "Rows" >> beam.Flatten() | "By file" >> beam.GroupByKey()
            entries.append(files | "Write" >> beam.ParDo(_WriteFilesFn(self._storage, self._folder)))
        if _RETIRED in inputs:
            entries.append(inputs[_RETIRED] | "Key retired" >> beam.Map(_as_retired))
        if isinstance(some.windowing.windowfn, GlobalWindows):
            # a run that finds nothing commits too
            entries.append(some.pipeline | "Nothing" >> beam.Create([("", b"")]))
        grouped = (
            entries
            | "Change" >> beam.Flatten()
            | "As one" >> beam.Map(_under_one_key)
            | "By change" >> beam.GroupByKey()
        )
        named = grouped | "Name" >> beam.ParDo(_NameFn()).with_output_types(KV[str, _Named])
        if isinstance(some.windowing.windowfn, GlobalWindows):
            return named | "Commit" >> beam.ParDo(_CommitFn(self._storage, self._run_id, self._chunk_id, self._base))
        commit = beam.ParDo(_CommitInOrderFn(self._storage, self._run_id, self._chunk_id, self._base))
        return named | "In order" >> beam.WindowInto(GlobalWindows()) | "Commit" >> commit


class _KeyRowsFn(beam.DoFn):
    """A row as bytes, under the file that it goes to; its article's hash in front, for splitting."""

    def __init__(self, table: str, shards: int) -> None:
        self._table = table
        self._shards = shards

    def setup(self) -> None:
        self._coder = registry.get_coder(TABLES[self._table].row_type)

    def process(self, element: Any) -> Iterator[tuple[str, bytes]]:
        spread = zlib.crc32(_spread_key(TABLES[self._table], element).encode("utf-8", "surrogatepass"))
        key = f"{self._table}/{element.date}/{spread % self._shards}"
        yield key, spread.to_bytes(_HASH_BYTES, "big") + self._coder.encode(element)


class _WriteFilesFn(beam.DoFn):
    """The rows of one table, day and shard, as files."""

    def __init__(self, storage: Storage, folder: str) -> None:
        self._storage = storage
        self._folder = folder

    def process(self, element: tuple[str, Iterable[bytes]]) -> Iterator[tuple[str, bytes]]:
        key, encoded = element
        name, date, shard = key.split("/")
        table = TABLES[name]
        coder = registry.get_coder(table.row_type)
        parts = 1 + sum(map(len, encoded)) // FILE_BYTES
        for part in range(parts):
            # not % parts alone: the shard took that
            chosen = (each for each in encoded if int.from_bytes(each[:_HASH_BYTES], "big") // 4096 % parts == part)
            rows = [coder.decode(each[_HASH_BYTES:]) for each in chosen]
            if rows:
                entry = write_rows(
                    self._storage, table, date, rows, shard=int(shard) * parts + part, folder=self._folder
                )
                yield "file", _ENTRY.encode(_Entry(*entry))


_Named = tuple[str, list[tuple[str, bytes]]]  # which pane, and what it holds
_ENTRIES = ListCoder(TupleCoder([StrUtf8Coder(), BytesCoder()]))


class _NameFn(beam.DoFn):
    """The pane that a change is of: it makes two equal changes two, and a replayed one the same."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Beam's has no types

    def process(
        self,
        element: tuple[int, Iterable[tuple[str, bytes]]],
        window: Any = beam.DoFn.WindowParam,
        pane: Any = beam.DoFn.PaneInfoParam,
    ) -> Iterator[tuple[str, _Named]]:
        name = "" if isinstance(window, GlobalWindow) else f"{window.end} {pane.index}"
        yield "", (name, list(element[1]))


class _CommitFn(beam.DoFn):
    """All files and retired rows of a pane: one change, staged or committed."""

    def __init__(self, storage: Storage, run_id: str | None, chunk_id: str | None, base: int | None) -> None:
        self._storage = storage
        self._run_id = run_id
        self._chunk_id = chunk_id
        self._base = base

    def process(self, element: tuple[str, _Named]) -> Iterator[Written]:
        yield self._commit(*element[1])

    def _commit(self, name: str, found: Iterable[tuple[str, bytes]]) -> Written:
        found = list(found)
        files = [FileEntry(*_ENTRY.decode(content)) for kind, content in found if kind == "file"]
        retired = [_RETIRED_CODER.decode(content) for kind, content in found if kind == _RETIRED]
        lake = Lake(self._storage)
        number = 0
        if self._run_id is not None and self._chunk_id is not None and self._base is not None:
            change = change_of(files, retired, f"{self._run_id} {self._chunk_id} {self._base}")
            lake.stage(self._run_id, self._chunk_id, change, self._base)
        else:
            change = change_of(files, retired, f"{name} {self._base}")
            number = lake.commit(change, base=self._base).number
            lake.refresh_views()
        counts: dict[str, int] = {}
        for entry in change.files:
            counts[entry.table] = counts.get(entry.table, 0) + entry.rows
        return Written(number, list(counts), list(counts.values()), len(change.files), len(change.retired))


class _CommitInOrderFn(_CommitFn):
    """Commits the panes of a stream in the order of their windows.

    A later window may retire rows of an earlier one, and its feed states say that all before was read: were it
    committed first, a kill would lose articles. Runners hand on panes in any order, so each waits here until the
    watermark says that no earlier one is to come.
    """

    WAITING = BagStateSpec("waiting", TupleCoder([VarIntCoder(), StrUtf8Coder(), _ENTRIES]))
    DUE = TimerSpec("due", TimeDomain.WATERMARK)

    def process(  # type: ignore[override]
        self,
        element: tuple[str, _Named],
        timestamp: Any = beam.DoFn.TimestampParam,
        waiting: Any = beam.DoFn.StateParam(WAITING),
        due: Any = beam.DoFn.TimerParam(DUE),
    ) -> None:
        at = timestamp.micros // 1000  # what runners keep of an instant
        waiting.add((at, *element[1]))
        due.set(Timestamp(micros=at * 1000), dynamic_timer_tag=str(at))

    @on_timer(DUE)
    def commit_due(
        self,
        timestamp: Any = beam.DoFn.TimestampParam,
        waiting: Any = beam.DoFn.StateParam(WAITING),
    ) -> Iterator[Written]:
        """Commit what is of this instant or before."""
        panes = sorted(waiting.read())
        waiting.clear()
        for pane in panes:
            if pane[0] > timestamp.micros // 1000:  # a timer of its own fires for it
                waiting.add(pane)
            else:
                yield self._commit(*pane[1:])


@row
class _Entry(NamedTuple):
    """A FileEntry between workers."""

    table: Annotated[str, "as FileEntry"]
    date: Annotated[str, "as FileEntry"]
    path: Annotated[str, "as FileEntry"]
    rows: Annotated[int, "as FileEntry"]
    bytes: Annotated[int, "as FileEntry"]
    digest: Annotated[str, "as FileEntry"]
    schema_version: Annotated[int, "as FileEntry"]


_ENTRY = registry.get_coder(_Entry)
_RETIRED_CODER = registry.get_coder(Retired)


def _spread_key(table: Table, element: Any) -> str:
    """What rows are spread over shards by: an article's rows lie together."""
    if "article_id" in table.row_type._fields:
        return str(element.article_id)
    return "\x00".join(str(getattr(element, name)) for name in table.primary_key)


def _as_retired(element: Retired) -> tuple[str, bytes]:
    return _RETIRED, _RETIRED_CODER.encode(element)


def _under_one_key(element: tuple[str, bytes]) -> tuple[int, tuple[str, bytes]]:
    return 0, element
