"""A lake: its newest snapshot, what a run stages, and the commits that make a new snapshot.

    run:      stage(chunk 1) … stage(chunk n), publish      nothing shows before publish, everything after it
    stream:   commit(change of a window)                    one snapshot a window

A commit reads the newest snapshot, works out the files that live after it, and puts the next number, create-only.
Where another committer was faster it starts again from that one's snapshot. A kill leaves at most unlisted files,
which a sweep removes (`compaction.py`).
"""

import re
import time
from collections.abc import Callable, Collection, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from newsbeam.schemas.tables import TABLES
from newsbeam.transforms.lake import snapshots
from newsbeam.transforms.lake.changes import STATE, Change, FileEntry, dump_change, in_order, load_change, partitions_of
from newsbeam.transforms.lake.encode import rows_of
from newsbeam.transforms.lake.merging import resolve, steps_of
from newsbeam.transforms.lake.reading import read_files
from newsbeam.transforms.lake.snapshots import REMEMBERED_CHANGES, LakeDamaged, LakeTooNew, Snapshot
from newsbeam.transforms.lake.storage import Storage

RUNS = f"{STATE}/runs"
_SAFE = re.compile(r"[A-Za-z0-9_-]+")

__all__ = ["Conflict", "Lake", "LakeDamaged", "LakeTooNew", "staging_folder"]


class Conflict(Exception):
    """Another writer changed the lake since this change was worked out: discard it and work it out again."""


class Lake:
    """A lake under a root: a local folder or any fsspec URL."""

    def __init__(self, root: str | Storage, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.storage = Storage(root) if isinstance(root, str) else root
        self._sleep = sleep

    def snapshot(self) -> Snapshot:
        """The newest snapshot; an empty one of number 0 where nothing was committed. Raises LakeTooNew."""
        return snapshots.newest(self.storage)

    def stage(self, run_id: str, chunk_id: str, change: Change, base: int) -> None:
        """Keep a chunk's change for `publish`. A repeat is a no-op; another change of the same chunk is a Conflict."""
        path = _staged_path(run_id, chunk_id)
        content = dump_change(change, base)
        try:
            self.storage.put_new(path, content)
        except FileExistsError:
            if self.storage.get(path) != content:
                raise Conflict(f"chunk {chunk_id} of run {run_id} is staged already, with other rows") from None

    def staged(self, run_id: str, *, before: str | None = None) -> list[Change]:
        """The staged changes of a run, those before a chunk where one is named, in the order of their chunks."""
        found = self._staged(run_id)
        return [each for chunk, each, _ in found if before is None or _chunk_order(chunk) < _chunk_order(before)]

    def resume(self, run_id: str) -> list[str]:
        """Chunks of a run that need not be read again, in order.

        Clears away what a killed run left: chunks that were published already, and chunks worked out from a state of
        the lake that is no longer its newest.
        """
        found = self._staged(run_id)
        if not found:
            return []
        snapshot = self.snapshot()
        is_published = any(change.id in snapshot.changes for _, change, _ in found)
        if is_published or any(base != snapshot.data_version for _, _, base in found):
            self.discard(run_id)
            return []
        return [chunk for chunk, _, _ in found]

    def discard(self, run_id: str) -> None:
        """Forget what a run staged."""
        folder = _run_folder(run_id)
        for path in self.storage.files(folder):
            self.storage.delete(path)
        self.storage.drop_empty_folders(folder)

    def publish(self, run_id: str) -> Snapshot:
        """Commit all that a run staged, in the order of its chunks, in one snapshot; then forget the stage.

        Raises Conflict, and changes nothing, where another writer's rows came between. Publishing again is a no-op.
        """
        found = self._staged(run_id)
        bases = {base for _, _, base in found}
        if len(bases) > 1:
            raise Conflict(f"chunks of run {run_id} were worked out from different states of the lake: {sorted(bases)}")
        snapshot = self._commit([change for _, change, _ in found], bases.pop() if bases else None, merges=True)
        self.discard(run_id)
        return snapshot

    def commit(self, change: Change, *, base: int | None = None) -> Snapshot:
        """Commit one change at once. With `base`, raises Conflict where another writer's rows came since."""
        return self._commit([change], base, merges=False)

    def read(
        self,
        table: str,
        *,
        run_id: str | None = None,
        before: str | None = None,
        columns: Sequence[str] | None = None,
        dates: Collection[str] | None = None,
        filters: pc.Expression | None = None,
    ) -> pa.Table:
        """Live rows of a table, `date` included; with `run_id`, as they are after what that run staged so far.

        A chunk reads what lies `before` it: it must come out the same where a twin of the run is ahead.
        """
        changes = self.staged(run_id, before=before) if run_id else []
        live = self.snapshot().of(table)
        return read_files(self.storage, TABLES[table], live, changes, columns=columns, dates=dates, filters=filters)

    def rows(self, table: str, *, run_id: str | None = None, dates: Collection[str] | None = None) -> list[Any]:
        """Live rows of a table as objects of its row type."""
        return list(rows_of(TABLES[table], self.read(table, run_id=run_id, dates=dates)))

    def refresh_views(self) -> None:
        """Bring catalog.duckdb and views.sql up to the newest snapshot; nothing is written where they are."""
        from newsbeam.transforms.lake.views import refresh_views

        refresh_views(self.storage)

    def _staged(self, run_id: str) -> list[tuple[str, Change, int]]:
        folder = _run_folder(run_id)
        names = [path for path in self.storage.files(folder, is_deep=False) if path.endswith(".json")]
        chunks = sorted((path.removeprefix(f"{folder}/").removesuffix(".json") for path in names), key=_chunk_order)
        contents = self.storage.each(lambda chunk: self.storage.get(f"{folder}/{chunk}.json"), chunks)
        return [(chunk, *load_change(content)) for chunk, content in zip(chunks, contents, strict=True)]

    def _commit(self, changes: Sequence[Change], base: int | None, *, merges: bool) -> Snapshot:
        def committed(old: Snapshot) -> Snapshot | None:
            pending = [change for change in changes if not change.is_empty and change.id not in old.changes]
            if not pending and old.number:
                return None
            if base is not None and old.data_version != base:
                raise Conflict(f"the lake changed since it was read (data version {old.data_version}, was {base})")
            new = self._after(old, pending, merges=merges)
            return None if new.files == old.files and old.number else new

        return snapshots.advance(self.storage, committed, self._sleep)

    def _after(self, old: Snapshot, changes: Sequence[Change], *, merges: bool) -> Snapshot:
        files: dict[tuple[str, str], list[FileEntry]] = {}
        for entry in old.files:
            files.setdefault((entry.table, entry.date), []).append(entry)

        def resolved(partition: tuple[str, str]) -> list[FileEntry]:
            steps = steps_of(changes, *partition)
            return resolve(self.storage, *partition, files.get(partition, []), steps, merges=merges)

        touched = partitions_of(changes)
        files.update(zip(touched, self.storage.each(resolved, touched), strict=True))
        listed = tuple(sorted((entry for group in files.values() for entry in group), key=in_order))
        is_changed = set(listed) != set(old.files)
        remembered = (*old.changes, *(change.id for change in changes))[-REMEMBERED_CHANGES:]
        return Snapshot(old.number + 1, old.data_version + int(is_changed), listed, remembered)


def staging_folder(run_id: str, chunk_id: str) -> str:
    """Folder of a chunk's files until its run publishes them."""
    return f"{_run_folder(run_id)}/{_named('chunk_id', chunk_id)}"


def _run_folder(run_id: str) -> str:
    return f"{RUNS}/{_named('run_id', run_id)}"


def _staged_path(run_id: str, chunk_id: str) -> str:
    return f"{staging_folder(run_id, chunk_id)}.json"


def _named(what: str, name: str) -> str:
    if not _SAFE.fullmatch(name):
        raise ValueError(f"{what} must consist of letters, digits, - and _, was {name!r}")
    return name


def _chunk_order(chunk: str) -> tuple[int, str]:
    """Chunks count upwards: 9 before 10."""
    return (int(chunk), chunk) if chunk.isdecimal() else (0, chunk)
