"""Snapshots: numbered, create-only lists of every live file. The newest is the truth."""

import json
import random
import re
import time
from collections.abc import Callable
from typing import NamedTuple

from newsbeam.schemas.tables import SCHEMA_VERSION
from newsbeam.transforms.lake.changes import FileEntry, in_order
from newsbeam.transforms.lake.storage import Storage

FOLDER = "_snapshots"
FORMAT = 1
_ATTEMPTS = 50
#: How many committed changes a snapshot remembers: a replay within it is a no-op (two weeks of 5-minute windows).
REMEMBERED_CHANGES = 4096
_NAME = re.compile(rf"{FOLDER}/(\d{{8}})\.json")


class LakeTooNew(Exception):
    """The lake was written by a later release, which may keep what this one does not know of."""


class Contention(Exception):
    """Other writers were faster each time."""


class LakeDamaged(Exception):
    """A file of the lake is missing or is not what the lake says of it."""


class Snapshot(NamedTuple):
    """The live files of a lake at one moment."""

    number: int  # 0: a lake in which nothing was committed yet
    data_version: int  # raised when rows come or go; compaction leaves it
    files: tuple[FileEntry, ...]
    changes: tuple[str, ...]  # ids of the latest committed changes, oldest first

    def of(self, table: str) -> list[FileEntry]:
        """Live files of a table."""
        return [entry for entry in self.files if entry.table == table]


EMPTY = Snapshot(0, 0, (), ())


def name_of(number: int) -> str:
    """Path of a snapshot."""
    return f"{FOLDER}/{number:08d}.json"


def number_of(path: str) -> int | None:
    """Number of the snapshot at a path; None where that is none."""
    match = _NAME.fullmatch(path)
    return int(match[1]) if match else None


def numbers(storage: Storage) -> list[int]:
    """Numbers of the snapshots that are kept, ascending."""
    return sorted(number for path in storage.files(FOLDER) if (number := number_of(path)) is not None)


def newest(storage: Storage) -> Snapshot:
    """The newest snapshot. Raises LakeTooNew for a lake of a later release."""
    for _ in range(5):
        known = numbers(storage)
        if not known:
            return EMPTY
        try:
            return load(storage, known[-1])
        except FileNotFoundError:
            continue  # swept between the two reads: a newer one is there
    raise LakeDamaged(f"snapshots of {storage.root} vanish while they are read")


def load(storage: Storage, number: int) -> Snapshot:
    """A snapshot by its number. Raises FileNotFoundError, LakeTooNew or LakeDamaged."""
    content = storage.get(name_of(number))
    try:
        read = json.loads(content)
        version, form = int(read["schema_version"]), int(read["format"])
        if version > SCHEMA_VERSION or form > FORMAT:
            raise LakeTooNew(
                f"the lake {storage.root} has schema version {version} (format {form}), this newsbeam knows"
                f" {SCHEMA_VERSION} (format {FORMAT}): install the release that wrote it, or a later one"
            )
        files = tuple(FileEntry(*entry) for entry in read["files"])
        return Snapshot(number, int(read["data_version"]), files, tuple(read["changes"]))
    except (ValueError, KeyError, TypeError) as error:
        raise LakeDamaged(f"{storage.root}: {name_of(number)} is no snapshot: {error!r}") from error


def dump(snapshot: Snapshot) -> bytes:
    """Bytes of a snapshot: no clock and no order of arrival in them."""
    content = {
        "format": FORMAT,
        "schema_version": SCHEMA_VERSION,
        "data_version": snapshot.data_version,
        "files": [list(entry) for entry in sorted(snapshot.files, key=in_order)],
        "changes": list(snapshot.changes[-REMEMBERED_CHANGES:]),
    }
    return (json.dumps(content, separators=(",", ":")).replace("],[", "],\n[") + "\n").encode()


def advance(
    storage: Storage, work: Callable[[Snapshot], Snapshot | None], sleep: Callable[[float], None] = time.sleep
) -> Snapshot:
    """Commit what `work` makes of the newest snapshot; None means that there is nothing to commit.

    Where another committer was faster, `work` is done again on that one's snapshot. Returns the newest snapshot.
    """
    for attempt in range(_ATTEMPTS):
        old = newest(storage)
        new = work(old)
        if new is None:
            return old
        _prove_present(storage, set(new.files) - set(old.files))
        try:
            storage.put_new(name_of(new.number), dump(new))
            return new
        except FileExistsError:
            # jitter parts committers that met; it decides only when, never what
            sleep(random.uniform(0, min(2.0, 0.02 * 2**attempt)))
    raise Contention(f"{_ATTEMPTS} commits in a row lost to other writers of {storage.root}")


def _prove_present(storage: Storage, fresh: set[FileEntry]) -> None:
    """Refuse to list a file that is not there: a sweep with too short an age may have taken it for an orphan."""
    entries = sorted(fresh)
    sizes = storage.each(lambda entry: storage.size(entry.path), entries)
    for entry, size in zip(entries, sizes, strict=True):
        if size != entry.bytes:
            raise LakeDamaged(f"{entry.path} has {size} bytes, {entry.bytes} were written: is --retain too short?")
