import errno
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsbeam.schemas.article import Article
from newsbeam.schemas.event import Event
from newsbeam.schemas.figure import Figure
from newsbeam.transforms.instants import start_of
from newsbeam.transforms.lake import snapshots
from newsbeam.transforms.lake.changes import FileEntry, change_of
from newsbeam.transforms.lake.checking import check
from newsbeam.transforms.lake.encode import content_hash
from newsbeam.transforms.lake.lake import Lake
from newsbeam.transforms.lake.snapshots import Snapshot, dump


def errors(lake):
    return [(finding.where, finding.what) for finding in check(lake.storage) if finding.is_error]


def rewrite_snapshot(lake, **fields):
    snapshot = lake.snapshot()
    lake.storage.put(snapshots.name_of(snapshot.number), dump(snapshot._replace(**fields)))


def test_a_sound_lake_has_no_findings(root, change, story):
    lake = Lake(root)
    lake.commit(change(lake.storage, [*story(1), *story(2)]))
    lake.refresh_views()
    assert check(root) == []


def test_where_no_lake_is_it_says_so(tmp_path):
    (finding,) = check(str(tmp_path / "nowhere"))
    assert finding.is_error
    assert "no lake is here" in finding.what


def test_a_missing_file_is_named(lake, change, story):
    lake.commit(change(lake.storage, story(1)))
    entry = lake.snapshot().of("figures")[0]
    lake.storage.delete(entry.path)
    assert errors(lake) == [(entry.path, "is listed in the snapshot and missing")]


def test_a_torn_file_is_named(lake, change, story):
    lake.commit(change(lake.storage, story(1)))
    entry = lake.snapshot().of("figures")[0]
    lake.storage.put(entry.path, lake.storage.get(entry.path)[:100])
    assert errors(lake) == [(entry.path, f"has 100 bytes, {entry.bytes} were written")]


def test_a_flipped_byte_is_named(lake, change, story):
    lake.commit(change(lake.storage, story(1)))
    entry = lake.snapshot().of("figures")[0]
    content = bytearray(lake.storage.get(entry.path))
    content[50] ^= 4
    lake.storage.put(entry.path, bytes(content))
    assert errors(lake) == [(entry.path, "has other bytes than were written (flipped on the disk or on the way)")]


@pytest.fixture
def as_nobody():
    """A lake in a folder that anybody may enter, and what makes this process somebody without rights."""
    folder = Path(tempfile.mkdtemp(prefix="lake-"))
    folder.chmod(0o777)

    @contextmanager
    def without_rights():
        if os.geteuid():
            yield
            return
        os.seteuid(65534)
        try:
            yield
        finally:
            os.seteuid(0)

    yield Lake(str(folder)), without_rights
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o777)
    shutil.rmtree(folder)


def test_a_file_that_may_not_be_read_is_named(as_nobody, change, story):
    lake, without_rights = as_nobody
    lake.commit(change(lake.storage, story(1)))
    entry = lake.snapshot().of("figures")[0]
    os.chmod(lake.storage.full(entry.path), 0)
    with without_rights():
        ((where, what),) = errors(lake)
    assert (where, "cannot be read" in what, "Permission denied" in what) == (entry.path, True, True)


@pytest.mark.parametrize("folder", ["", "_snapshots"])
def test_a_lake_that_may_not_be_read_is_no_empty_lake(folder, as_nobody, change, story):
    lake, without_rights = as_nobody
    lake.commit(change(lake.storage, story(1)))
    os.chmod(lake.storage.full(folder), 0)
    with without_rights():
        ((where, what),) = errors(lake)
        with pytest.raises(PermissionError):
            lake.commit(change_of([], []))
    assert (where, "Permission denied" in what) == ("_snapshots", True)


def test_a_lake_that_may_not_be_written_is_told(as_nobody, change, story):
    lake, without_rights = as_nobody
    lake.commit(change(lake.storage, story(1)))
    lake.refresh_views()
    for path in Path(lake.storage.root).rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    os.chmod(lake.storage.root, 0o755)
    if not os.geteuid():
        with without_rights():
            (finding,) = check(lake.storage)
        assert not finding.is_error
        assert "takes no writes" in finding.what
        assert "Permission denied" in finding.what


def test_a_full_disk_is_named(lake, change, story, monkeypatch):
    lake.commit(change(lake.storage, story(1)))

    def full(path, content):
        Path(path).write_bytes(content[:4096])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(lake.storage, "write_temp", full)
    ((where, what),) = errors(lake)
    assert (where, what) == (lake.storage.root, "is full: [Errno 28] No space left on device")
    assert lake.storage.files("_tmp") == {}


def test_a_disk_that_is_nearly_full_is_told(lake, change, story, monkeypatch):
    lake.commit(change(lake.storage, story(1)))
    lake.refresh_views()
    largest = max(entry.bytes for entry in lake.snapshot().files)
    usage = shutil.disk_usage(lake.storage.root)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=2 * largest))
    assert check(lake.storage) == []
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=2 * largest - 1))
    (finding,) = check(lake.storage)
    assert not finding.is_error
    assert f"the largest day of a table {largest:,}" in finding.what


def test_a_file_that_the_system_refuses_is_named(lake, change, story, monkeypatch):
    lake.commit(change(lake.storage, story(1)))
    entry = lake.snapshot().of("figures")[0]
    get = lake.storage.get

    def refused(path):
        if path == entry.path:
            raise PermissionError(13, "Permission denied")
        return get(path)

    monkeypatch.setattr(lake.storage, "get", refused)
    assert errors(lake) == [(entry.path, "cannot be read: [Errno 13] Permission denied")]


def test_a_file_that_is_no_parquet_is_named(lake, change, story):
    lake.commit(change(lake.storage, story(1)))
    entry = lake.snapshot().of("figures")[0]
    lake.storage.put(entry.path, b"junk")
    junk = entry._replace(bytes=4, digest=content_hash(b"junk"))
    rewrite_snapshot(lake, files=tuple(junk if each == entry else each for each in lake.snapshot().files))
    ((where, what),) = errors(lake)
    assert (where, what.startswith("is no Parquet")) == (entry.path, True)


def test_a_torn_snapshot_is_named(lake, change, story):
    lake.commit(change(lake.storage, story(1)))
    lake.storage.put(snapshots.name_of(2), b"{")
    ((where, what),) = errors(lake)
    assert where == "_snapshots"
    assert "00000002.json is no snapshot" in what


def test_a_snapshot_without_its_fields_is_named(lake):
    lake.storage.put(snapshots.name_of(1), b'{"format": 1, "schema_version": 1}')
    ((where, what),) = errors(lake)
    assert "00000001.json is no snapshot" in what


def test_a_newer_lake_is_refused(lake):
    content = dump(Snapshot(1, 0, (), ())).replace(b'"schema_version":1', b'"schema_version":7')
    lake.storage.put(snapshots.name_of(1), content)
    ((_, what),) = errors(lake)
    assert "has schema version 7" in what


def test_rows_that_break_a_promise_are_counted_and_shown(lake, change, make, story):
    rows = [
        *story(1),
        make(Event, event_id="orphan", article_id="nobody"),
        make(Event, event_id="off by one", article_id="a1", trigger_start=10, trigger_end=16),
        make(Event, event_id="backwards", article_id="a1", event_date="2023-01-26", event_date_end="2023-01-25"),
        make(Figure, figure_id="eventless", article_id="a1", event_id="no such event"),
        make(Figure, figure_id="upside down", article_id="a1", event_id=None, value_low=3.0, value_high=2.0),
        make(Article, article_id="other day", published_at=start_of("2023-01-30")),
        make(Article, article_id="ingest day", date="2023-02-01", date_source="ingest", published_at=None),
    ]
    lake.commit(change(lake.storage, rows))
    assert errors(lake) == [
        ("events", "1 rows without their article: nobody"),
        ("figures", "1 rows that name an event which is not there: eventless"),
        ("events", "1 offsets that do not give the trigger: off by one"),
        ("articles", "1 rows in another day's partition: other day"),
        ("events", "1 events that end before they begin: backwards"),
        ("figures", "1 ranges upside down: upside down"),
    ]


def test_rows_there_twice_are_found(lake, change, make, story):
    lake.commit(change(lake.storage, story(1)))
    other = change(lake.storage, [make(Event, event_id="e1.0", sentence="Otherwise.")])
    rewrite_snapshot(lake, files=(*lake.snapshot().files, *other.files))
    assert ("events", "1 rows that are there more than once: e1.0") in errors(lake)


def test_an_offset_counts_characters_beyond_the_first_plane(lake, change, make):
    text = "\N{FIRE} raided \N{FIRE}"
    rows = [make(Article, text=text), make(Event, trigger_start=2, trigger_end=8)]
    lake.commit(change(lake.storage, rows))
    assert errors(lake) == []


def test_what_is_worth_knowing_is_no_error(lake, change, story):
    lake.commit(change(lake.storage, story(1)))
    change(lake.storage, story(2))
    lake.stage("run", "0", change(lake.storage, [], scope="x"), 0)
    found = check(lake.storage)
    assert [finding.is_error for finding in found] == [False, False, False]
    assert [finding.where for finding in found] == ["catalog.duckdb", lake.storage.root, "_state/runs"]
    assert "5 files" in found[1].what
    assert all(finding.advice for finding in found)


def test_a_storage_that_overwrites_what_is_to_be_created_is_named(change, story, monkeypatch):
    lake = Lake("memory://overwrites")
    lake.commit(change(lake.storage, story(1)))
    monkeypatch.setattr(lake.storage, "put_new", lake.storage.put)
    assert [(where, "overwrites" in what) for where, what in errors(lake)] == [("memory://overwrites", True)]
    assert lake.storage.files("_tmp") == {}


def test_a_row_count_that_is_wrong_is_found(lake, change, story):
    lake.commit(change(lake.storage, story(1)))
    first, *rest = lake.snapshot().files
    rewrite_snapshot(lake, files=(FileEntry(*first[:3], 5, *first[4:]), *rest))
    assert (first.path, "has 1 rows, the snapshot says 5") in errors(lake)
