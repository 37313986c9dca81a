"""Merge the small files of a lake, drop what is too old, and sweep what no reader can still be reading.

A compaction writes new files beside the old ones and commits a snapshot that lists them instead. Where a writer was
faster it commits on top of the writer's snapshot; where another compaction was, its own files stay unlisted. The sweep
deletes only files that no snapshot of the last `retain_seconds` lists, no live run has staged, and that are themselves
older than that: a reader, a run and an upload may each take that long.
"""

import re
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pyarrow as pa

from newsbeam.schemas.tables import SCHEMA_VERSION, TABLES
from newsbeam.transforms.lake import snapshots
from newsbeam.transforms.lake.changes import HOT, STATE, FileEntry, in_order
from newsbeam.transforms.lake.encode import newest_column
from newsbeam.transforms.lake.lake import RUNS
from newsbeam.transforms.lake.merging import MERGE_BYTES, merge
from newsbeam.transforms.lake.reading import read_files
from newsbeam.transforms.lake.snapshots import Snapshot
from newsbeam.transforms.lake.storage import TEMP, Storage, Stored
from newsbeam.transforms.lake.views import refresh_views

RETAIN_SECONDS = 24 * 3600.0
_DATA = re.compile(rf"(?:{HOT}/|{STATE}/)?(?P<table>\w+)/date=\d{{4}}-\d\d-\d\d/(?P=table)-[\w-]+\.parquet")


class Merged(NamedTuple):
    """A partition's live files, and the file that has their rows."""

    table: str
    date: str
    old: tuple[FileEntry, ...]
    new: tuple[FileEntry, ...]


class Compaction(NamedTuple):
    """What a compaction did."""

    snapshot: int  # number of the newest snapshot after it
    partitions: int  # merged and committed
    files_before: int
    files_after: int
    rows: int  # rewritten
    lost: int  # partitions merged in vain: another compaction or a retirement was faster
    expired: int  # files of expired days that were dropped
    deleted: int  # files swept


def compact(
    root: str | Storage,
    *,
    retain_seconds: float = RETAIN_SECONDS,
    expire_days: int | None = None,
    clock: Callable[[], float] = time.time,
) -> Compaction:
    """Bring every table and day of a lake to one sorted file, and sweep. Safe beside writers, readers and its like."""
    storage = Storage(root) if isinstance(root, str) else root
    if retain_seconds < 0 or (expire_days is not None and expire_days < 1):
        raise ValueError(f"retain_seconds must be ≥ 0 and expire_days ≥ 1, were {retain_seconds}, {expire_days}")
    old = snapshots.newest(storage)
    expires_before = first_day_kept(clock(), expire_days)
    merged = [
        merge_partition(storage, table, date, files, old)
        for table, date, files in plan(old)
        if not is_expired(table, date, expires_before)
    ]
    return finish(storage, merged, retain_seconds=retain_seconds, expires_before=expires_before, clock=clock)


def finish(
    storage: Storage,
    merged: Sequence[Merged],
    *,
    retain_seconds: float,
    expires_before: str | None,
    clock: Callable[[], float] = time.time,
) -> Compaction:
    """Commit merged partitions, bring the views up to date, sweep."""
    snapshot, done, expired = _commit(storage, merged, expires_before)
    # before the sweep: views that an interrupted run left behind may name files that it deletes
    refresh_views(storage)
    deleted = sweep(storage, retain_seconds=retain_seconds, clock=clock)
    return Compaction(
        snapshot=snapshot.number,
        partitions=len(done),
        files_before=sum(len(each.old) for each in done),
        files_after=sum(len(each.new) for each in done),
        rows=sum(entry.rows for each in done for entry in each.old),
        lost=len(merged) - len(done),
        expired=expired,
        deleted=deleted,
    )


def plan(snapshot: Snapshot) -> list[tuple[str, str, list[FileEntry]]]:
    """Partitions that are not one compacted file yet, with the files to merge."""
    partitions: dict[tuple[str, str], list[FileEntry]] = {}
    for entry in snapshot.files:
        # a file that is half as large as may be merged stays as it is
        if _is_hot(entry) or entry.bytes < MERGE_BYTES // 2 or entry.schema_version < SCHEMA_VERSION:
            partitions.setdefault((entry.table, entry.date), []).append(entry)
    return [
        (table, date, files)
        for (table, date), files in partitions.items()
        if len(files) > 1 or any(_is_hot(entry) or entry.schema_version < SCHEMA_VERSION for entry in files)
    ]


def merge_partition(storage: Storage, table: str, date: str, files: Sequence[FileEntry], snapshot: Snapshot) -> Merged:
    """Write the rows of a partition's files as one file; nothing lists it yet."""
    folder = STATE if TABLES[table].is_state else ""
    column = newest_column(TABLES[table])
    newest = None
    if column:
        key = TABLES[table].primary_key[0]
        found = read_files(storage, TABLES[table], snapshot.of(table), columns=[key, column])
        pairs = zip(found.column(key).to_pylist(), _ints(found.column(column)), strict=True)
        newest = {(name,): stamp for name, stamp in sorted(pairs)}
    groups: list[list[FileEntry]] = [[]]
    for entry in files:
        if groups[-1] and sum(each.bytes for each in groups[-1]) + entry.bytes > MERGE_BYTES:
            groups.append([])
        groups[-1].append(entry)
    new = [entry for group in groups for entry in merge(storage, table, date, group, folder=folder, newest=newest)]
    return Merged(table, date, tuple(files), tuple(new))


def first_day_kept(now: float, expire_days: int | None) -> str | None:
    """The first day that an expiry after `expire_days` keeps."""
    if expire_days is None:
        return None
    return (datetime.fromtimestamp(now, UTC) - timedelta(days=expire_days)).date().isoformat()


def sweep(storage: Storage, *, retain_seconds: float, clock: Callable[[], float] = time.time) -> int:
    """Delete unlisted data files, old snapshots, dead runs' stages and temporary files; returns how many."""
    found = storage.files("")
    limit = clock() - retain_seconds
    # read after the listing: what is committed from here on names files younger than it, or put again since
    kept_numbers = _kept_snapshots(storage, found, limit)
    live: set[str] = set()
    for number in kept_numbers:
        try:
            live.update(entry.path for entry in snapshots.load(storage, number).files)
        except FileNotFoundError:
            continue  # another sweep took it
    dead_runs = _dead_runs(found, limit)
    doomed = []
    for path, stored in found.items():
        if path.startswith(f"{RUNS}/"):
            is_doomed = path.split("/")[2] in dead_runs
        elif path.startswith(f"{snapshots.FOLDER}/"):
            its_number = snapshots.number_of(path)
            is_doomed = its_number is not None and its_number not in kept_numbers
        elif path.startswith(f"{TEMP}/"):
            is_doomed = stored.changed_at < limit
        else:
            is_doomed = bool(_DATA.fullmatch(path)) and path not in live and stored.changed_at < limit
        if is_doomed:
            doomed.append(path)
    deleted = storage.each(lambda path: _delete_if_old(storage, path, limit), doomed)
    for folder in (HOT, STATE, *TABLES):
        storage.drop_empty_folders(folder)
    return sum(deleted)


def _delete_if_old(storage: Storage, path: str, limit: float) -> int:
    """Delete a file unless it was put again since it was listed: a writer is about to list it."""
    changed_at = storage.changed_at(path)
    if changed_at is None:
        return 0
    if not path.startswith(f"{snapshots.FOLDER}/") and changed_at >= limit:
        return 0
    storage.delete(path)
    return 1


def _kept_snapshots(storage: Storage, found: dict[str, Stored], limit: float) -> set[int]:
    """The newest snapshot, and each that was the newest at some time since `limit`."""
    ages = {number: stored.changed_at for path, stored in found.items() if (number := snapshots.number_of(path))}
    known = sorted(ages)
    kept = {number for number, following in zip(known, known[1:], strict=False) if ages[following] >= limit}
    return kept | set(known[-1:]) | {number for number in snapshots.numbers(storage) if number > max(known, default=0)}


def _dead_runs(found: dict[str, Stored], limit: float) -> set[str]:
    """Runs that staged nothing since `limit`."""
    latest: dict[str, float] = {}
    for path, stored in found.items():
        if path.startswith(f"{RUNS}/"):
            run = path.split("/")[2]
            latest[run] = max(stored.changed_at, latest.get(run, 0.0))
    return {run for run, changed_at in latest.items() if changed_at < limit}


def _commit(
    storage: Storage, merged: Sequence[Merged], expires_before: str | None
) -> tuple[Snapshot, list[Merged], int]:
    done: list[Merged] = []
    expired: set[FileEntry] = set()

    def compacted(old: Snapshot) -> Snapshot | None:
        live = set(old.files)
        done[:] = [each for each in merged if live.issuperset(each.old)]
        expired.clear()
        expired.update(entry for entry in live if is_expired(entry.table, entry.date, expires_before))
        replaced = {entry for each in done for entry in each.old}
        files = (live - replaced - expired) | {entry for each in done for entry in each.new}
        if files == live:
            return None
        listed = tuple(sorted(files, key=in_order))
        return Snapshot(old.number + 1, old.data_version + bool(expired), listed, old.changes)

    return snapshots.advance(storage, compacted), done, len(expired)


def _is_hot(entry: FileEntry) -> bool:
    return entry.path.startswith(f"{HOT}/")


def is_expired(table: str, date: str, expires_before: str | None) -> bool:
    """Whether a partition is too old. What is known of a feed stays: it says which addresses are gone for good."""
    return expires_before is not None and date < expires_before and newest_column(TABLES[table]) is None


def _ints(column: Any) -> list[int]:
    return column.cast(pa.int64()).to_pylist()
