"""What a run adds to a lake and takes from it: files of rows, and rows that retire."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from newsbeam.schemas.change import Retired
from newsbeam.schemas.tables import SCHEMA_VERSION, TABLES, Table
from newsbeam.transforms.ids import digest
from newsbeam.transforms.lake.encode import content_hash, encode_rows
from newsbeam.transforms.lake.storage import Storage

HOT = "_hot"
STATE = "_state"
_ORDER = {name: position for position, name in enumerate(TABLES)}


class FileEntry(NamedTuple):
    """An immutable file of rows of one table and day, as a snapshot lists it."""

    table: str
    date: str
    path: str
    rows: int
    bytes: int
    digest: str  # blake2b of the bytes
    schema_version: int = SCHEMA_VERSION  # an earlier one lacks the columns that came later


class Change(NamedTuple):
    """Files added and rows retired, committed together or not at all."""

    files: tuple[FileEntry, ...]
    retired: tuple[Retired, ...]
    scope: str = ""  # what makes two equal changes two: run, chunk and base, or window

    @property
    def id(self) -> str:
        """Digest of the change: a replay of the same change has the same."""
        parts = [self.scope, *(entry.path for entry in self.files)]
        parts += [f"{r.article_id} {r.revision} {r.date} {' '.join(r.tables)}" for r in self.retired]
        return digest("change", *parts)

    @property
    def is_empty(self) -> bool:
        """Whether it neither adds nor retires."""
        return not self.files and not self.retired


def change_of(files: Iterable[FileEntry], retired: Iterable[Retired], scope: str = "") -> Change:
    """A change in canonical order: children before articles, then by path; equal parts once."""
    unique_files = {entry.path: entry for entry in files}
    unique_retired = {(r.article_id, r.revision, r.date, tuple(sorted(r.tables))) for r in retired}
    return Change(
        tuple(sorted(unique_files.values(), key=in_order)),
        tuple(Retired(a, n, day, list(tables)) for a, n, day, tables in sorted(unique_retired)),
        scope,
    )


def in_order(entry: FileEntry) -> tuple[int, str, str]:
    """Sort key of files: children before articles, then by day and name."""
    return _ORDER[entry.table], entry.date, entry.path


def write_rows(
    storage: Storage, table: Table, date: str, rows: Iterable[Any], *, shard: int | None = 0, folder: str = HOT
) -> FileEntry:
    """Put rows of one table and day as a file named from its content. Nothing shows them until a change lists it."""
    return put_file(storage, table, date, encode_rows(table, rows), shard=shard, folder=folder)


def put_file(
    storage: Storage,
    table: Table,
    date: str,
    content: bytes,
    *,
    shard: int | None = None,
    folder: str = HOT,
    rows: int | None = None,
) -> FileEntry:
    """Put encoded rows of one table and day under their name."""
    name = content_hash(content)
    suffix = "" if shard is None else f"-{shard:03d}"
    path = f"{table.name}/date={date}/{table.name}-{date}-{name}{suffix}.parquet"
    path = f"{folder}/{path}" if folder else path
    storage.put(path, content)
    return FileEntry(table.name, date, path, count_rows(content) if rows is None else rows, len(content), name)


def count_rows(content: bytes) -> int:
    """Rows of a Parquet file, by its footer."""
    return int(pq.ParquetFile(pa.BufferReader(content)).metadata.num_rows)


def dump_change(change: Change, base: int) -> bytes:
    """A change as staged for the end of its run, based on the lake's data version `base`."""
    content = {
        "base": base,
        "scope": change.scope,
        "files": [list(entry) for entry in change.files],
        "retired": [list(row) for row in change.retired],
    }
    return json.dumps(content, ensure_ascii=False, indent=0).encode()


def load_change(content: bytes) -> tuple[Change, int]:
    """A staged change and the data version that it is based on."""
    read = json.loads(content)
    files = tuple(FileEntry(*entry) for entry in read["files"])
    retired = tuple(Retired(*row) for row in read["retired"])
    return Change(files, retired, read["scope"]), int(read["base"])


def partitions_of(changes: Sequence[Change]) -> list[tuple[str, str]]:
    """The (table, date) partitions that changes touch, in order."""
    touched = {(entry.table, entry.date) for change in changes for entry in change.files}
    touched |= {(table, r.date) for change in changes for r in change.retired for table in r.tables}
    return sorted(touched, key=lambda partition: (_ORDER[partition[0]], partition[1]))
