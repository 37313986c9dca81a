"""Prove on a real lake what newsbeam promises of one; say what is broken and what to do about it."""

import errno
import shutil
from collections.abc import Iterator
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from newsbeam.schemas.row import columns_of
from newsbeam.schemas.tables import TABLES
from newsbeam.transforms.lake import snapshots
from newsbeam.transforms.lake.changes import STATE, FileEntry
from newsbeam.transforms.lake.encode import content_hash
from newsbeam.transforms.lake.snapshots import LakeDamaged, LakeTooNew, Snapshot
from newsbeam.transforms.lake.storage import TEMP, Storage
from newsbeam.transforms.lake.views import are_current, connect

_EXAMPLES = 3
_PROBE_BYTES = 500_000  # written to see whether it can be
_SWEEP = "`newsbeam compact --retain 1h` deletes what no reader of the last hour needs"
_KEPT = "they stay for who still reads them; a `newsbeam compact` deletes them once its --retain (24h) is over"
_RESTORE = "restore it from a copy, or delete the lake's days it belongs to and run their input again"
_ALLOW = "give newsbeam the right to read it"
_REPORT = "a bug in newsbeam, or another program wrote here: please report it"


class Finding(NamedTuple):
    """One promise that does not hold."""

    is_error: bool  # False: worth knowing, nothing is wrong
    where: str  # file, or table
    what: str
    advice: str


_NO_ARTICLE = "SELECT article_id FROM {table} ANTI JOIN articles USING (article_id, revision, date)"
_NO_EVENT = "SELECT event_id FROM participants ANTI JOIN events USING (event_id, article_id, date)"
_NO_SUCH_EVENT = (
    "SELECT figure_id FROM figures f ANTI JOIN events e ON f.event_id = e.event_id AND f.date = e.date"
    " WHERE f.event_id IS NOT NULL"
)
_OFFSETS = (
    "SELECT {key} FROM {table} f JOIN articles a USING (article_id, revision, date)"
    " WHERE substring(a.text, f.{start} + 1, f.{end} - f.{start}) <> f.{words}"
)
_OTHER_DAY = (
    "SELECT article_id FROM articles WHERE date <>"
    " CASE WHEN date_source = 'ingest' THEN ingested_at ELSE coalesce(published_at, date) END::DATE"
)
_AT = {"start": "char_start", "end": "char_end"}
_AT_TRIGGER = {"start": "trigger_start", "end": "trigger_end"}

#: (table, what is wrong, SQL that selects a key of each wrong row)
_ROW_CHECKS = (
    ("events", "rows without their article", _NO_ARTICLE.format(table="events")),
    ("figures", "rows without their article", _NO_ARTICLE.format(table="figures")),
    ("links", "rows without their article", _NO_ARTICLE.format(table="links")),
    ("participants", "rows without their event", _NO_EVENT),
    ("figures", "rows that name an event which is not there", _NO_SUCH_EVENT),
    (
        "events",
        "offsets that do not give the trigger",
        _OFFSETS.format(table="events", key="event_id", words="trigger", **_AT_TRIGGER),
    ),
    (
        "participants",
        "offsets that do not give the words",
        _OFFSETS.format(table="participants", key="event_id", words="text", **_AT),
    ),
    (
        "figures",
        "offsets that do not give the surface",
        _OFFSETS.format(table="figures", key="figure_id", words="surface", **_AT),
    ),
    ("articles", "rows in another day's partition", _OTHER_DAY),
    ("events", "events that end before they begin", "SELECT event_id FROM events WHERE event_date_end < event_date"),
    ("figures", "ranges upside down", "SELECT figure_id FROM figures WHERE value_low > value_high"),
    ("articles", "texts that are empty", "SELECT article_id FROM articles WHERE text = ''"),
)


def check(root: str | Storage) -> list[Finding]:
    """What is wrong with a lake: files against the snapshot and their hashes, keys, parents, offsets, days."""
    storage = Storage(root) if isinstance(root, str) else root
    try:
        snapshot = snapshots.newest(storage)
    except LakeTooNew as error:
        return [Finding(True, snapshots.FOLDER, str(error), "install that release")]
    except LakeDamaged as error:
        return [Finding(True, snapshots.FOLDER, str(error), "delete this snapshot: the one before it is whole")]
    except OSError as error:
        return [Finding(True, snapshots.FOLDER, f"cannot be read: {error}", _ALLOW)]
    if not snapshot.number:
        return [
            Finding(True, storage.root, "no lake is here: nothing was ever committed", "newsbeam run PATH --lake …")
        ]
    findings = [
        found
        for each in storage.each(lambda entry: list(_check_file(storage, entry)), snapshot.files)
        for found in each
    ]
    broken = {finding.where for finding in findings}
    sound = snapshot._replace(files=tuple(entry for entry in snapshot.files if entry.path not in broken))
    findings += _check_rows(storage, sound)
    findings += _check_beside(storage, snapshot)
    findings += _check_writing(storage)
    findings += _check_space(storage, snapshot)
    return findings


def _check_file(storage: Storage, entry: FileEntry) -> Iterator[Finding]:
    try:
        content = storage.get(entry.path)
    except FileNotFoundError:
        yield Finding(True, entry.path, "is listed in the snapshot and missing", _RESTORE)
        return
    except OSError as error:
        yield Finding(True, entry.path, f"cannot be read: {error}", _ALLOW)
        return
    if len(content) != entry.bytes:
        yield Finding(True, entry.path, f"has {len(content)} bytes, {entry.bytes} were written", _RESTORE)
        return
    if content_hash(content) != entry.digest:
        yield Finding(
            True, entry.path, "has other bytes than were written (flipped on the disk or on the way)", _RESTORE
        )
        return
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
    except pa.ArrowInvalid as error:
        yield Finding(True, entry.path, f"is no Parquet: {error}", _REPORT)
        return
    if file.metadata.num_rows != entry.rows:
        yield Finding(True, entry.path, f"has {file.metadata.num_rows} rows, the snapshot says {entry.rows}", _REPORT)
    known = {column.name for column in columns_of(TABLES[entry.table].row_type)}
    unknown = set(file.schema_arrow.names) - known
    if unknown:
        yield Finding(True, entry.path, f"has columns {sorted(unknown)} that {entry.table} has not", _REPORT)
    if f"/date={entry.date}/" not in entry.path:
        yield Finding(True, entry.path, f"does not lie in the partition of {entry.date}", _REPORT)


def _check_rows(storage: Storage, snapshot: Snapshot) -> Iterator[Finding]:
    with connect(storage, snapshot) as connection:
        checks = list(_ROW_CHECKS)
        for table in TABLES.values():
            if not table.is_state:
                keys = ", ".join(f'"{name}"' for name in table.primary_key)
                doubles = f"SELECT concat_ws('/', {keys}) FROM {table.name} GROUP BY {keys} HAVING count(*) > 1"
                checks.append((table.name, "rows that are there more than once", doubles))
        for name, what, query in checks:
            wrong = connection.execute(f"SELECT count(*) FROM ({query})").fetchone()
            if wrong and wrong[0]:
                rows = connection.execute(f"FROM ({query}) ORDER BY 1 LIMIT {_EXAMPLES}").fetchall()
                examples = ", ".join(str(row[0]) for row in rows)
                yield Finding(True, name, f"{wrong[0]} {what}: {examples}", _REPORT)


def _check_writing(storage: Storage) -> Iterator[Finding]:
    """Whether there is room and the right to write, and the storage refuses to create what is there.

    Without that, two committers can undo each other.
    """
    probe = f"{TEMP}/probe"
    try:
        storage.put(probe, bytes(_PROBE_BYTES))
        storage.put_new(probe, b"second")
    except FileExistsError:
        pass
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            yield Finding(True, storage.root, f"is full: {error}", f"make room; {_SWEEP}")
        else:
            yield Finding(False, storage.root, f"takes no writes: {error}", "all right where you only read")
        return
    else:
        what = "overwrites a file that is to be created: it ignores If-None-Match and ifGenerationMatch"
        yield Finding(True, storage.root, what, "let one run or compaction write at a time, or use another storage")
    storage.delete(probe)
    storage.drop_empty_folders(TEMP)


def _check_space(storage: Storage, snapshot: Snapshot) -> Iterator[Finding]:
    """Whether the disk has room to merge the largest day of a table: its old and new files lie there at once."""
    if not storage.is_local:
        return
    days: dict[tuple[str, str], int] = {}
    for entry in snapshot.files:
        days[entry.table, entry.date] = days.get((entry.table, entry.date), 0) + entry.bytes
    free, largest = shutil.disk_usage(storage.full("")).free, max(days.values(), default=0)
    if free < 2 * largest:
        what = f"has {free:,} bytes free, and the largest day of a table {largest:,}"
        yield Finding(False, storage.root, what, f"make room before the next compaction; {_SWEEP}")


def _check_beside(storage: Storage, snapshot: Snapshot) -> Iterator[Finding]:
    """What lies beside the live files."""
    live = {entry.path for entry in snapshot.files}
    try:
        if not are_current(storage, snapshot):
            yield Finding(
                False, "catalog.duckdb", "is not of the newest snapshot", "the next run or compaction renews it"
            )
        found = storage.files("")
    except OSError as error:
        yield Finding(True, storage.root, f"cannot be read: {error}", _ALLOW)
        return
    unlisted = [path for path in found if path.endswith(".parquet") and path not in live]
    if unlisted:
        size = sum(found[path].bytes for path in unlisted)
        what = f"{len(unlisted)} files ({size:,} bytes) are not live: replaced, or left by a run that ended early"
        yield Finding(False, storage.root, what, _KEPT)
    if any(path.startswith(f"{STATE}/runs/") for path in found):
        yield Finding(False, f"{STATE}/runs", "holds what an unfinished run staged", "run the same command again")
