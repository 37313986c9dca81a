import os
import threading
import time

import apache_beam as beam
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from newsbeam.schemas.article import Article
from newsbeam.schemas.change import Retired
from newsbeam.schemas.event import Event
from newsbeam.schemas.feed import FeedState
from newsbeam.schemas.tables import TABLES
from newsbeam.transforms.compact import Compacted, CompactLake
from newsbeam.transforms.lake import snapshots
from newsbeam.transforms.lake.changes import put_file
from newsbeam.transforms.lake.compaction import compact, finish, merge_partition, plan, sweep
from newsbeam.transforms.lake.encode import encode_rows
from newsbeam.transforms.lake.lake import Lake, staging_folder
from newsbeam.transforms.lake.storage import Storage
from newsbeam.transforms.lake.views import are_current

HOUR = 3600.0


def later(hours):
    return lambda: time.time() + hours * HOUR


def data_files(lake):
    return [path for path in lake.storage.files("") if path.endswith(".parquet")]


def everything(lake):
    return {name: sorted(map(repr, lake.rows(name))) for name in TABLES}


def fill(lake, change, story, count=4, days=2):
    """An article, an event and what is remembered, `count` times over `days` days; a commit each."""
    for number in range(count):
        article, event, _, _, seen = story(number, day=f"2023-01-{1 + number % days:02}")
        lake.commit(change(lake.storage, [article, event, seen], scope=str(number)))


def test_one_sorted_file_a_table_and_day_and_no_row_changes(root, change, story):
    lake = Lake(root)
    fill(lake, change, story)
    before = everything(lake)
    done = compact(root)
    assert (done.partitions, done.files_before, done.files_after, done.lost, done.deleted) == (6, 12, 6, 0, 0)
    assert everything(lake) == before
    files = lake.snapshot().files
    assert len(files) == 6
    assert {entry.path.split("/")[0] for entry in files} == {"articles", "events", "_state"}
    assert are_current(lake.storage, lake.snapshot())
    assert compact(root)._replace(snapshot=0) == done._replace(
        snapshot=0, partitions=0, files_before=0, files_after=0, rows=0
    )


def test_a_compacted_file_has_bloom_filters_checksums_and_its_order(lake, change, make):
    rows = [make(Event, event_id=f"e{n}", article_id=f"a{n % 3}") for n in range(30)]
    lake.commit(change(lake.storage, rows[::2]))
    lake.commit(change(lake.storage, rows[1::2]))
    compact(lake.storage)
    (entry,) = lake.snapshot().of("events")
    file = pq.ParquetFile(pa.BufferReader(lake.storage.get(entry.path)))
    group = file.metadata.row_group(0)
    by_name = {group.column(n).path_in_schema: group.column(n) for n in range(group.num_columns)}
    assert by_name["event_id"].compression == "ZSTD"
    assert [file.schema_arrow.names[c.column_index] for c in group.sorting_columns] == list(TABLES["events"].sort_key)
    plain = encode_rows(TABLES["events"], rows)
    assert len(lake.storage.get(entry.path)) > len(plain)  # the filters: two columns of 30 keys
    assert file.read(columns=["article_id"]).column(0).to_pylist() == sorted(row.article_id for row in rows)


def test_compaction_leaves_the_data_version(lake, change, story):
    fill(lake, change, story)
    version = lake.snapshot().data_version
    compact(lake.storage)
    assert lake.snapshot().data_version == version


def test_a_replayed_change_stays_a_no_op_after_its_files_were_merged(lake, change, story):
    first = change(lake.storage, story(1))
    lake.commit(first)
    lake.commit(change(lake.storage, story(2)))
    compact(lake.storage, retain_seconds=0, clock=later(1))
    number = lake.snapshot().number
    assert lake.commit(first).number == number
    assert lake.commit(change(lake.storage, story(1), scope="told anew")).number == number


def test_a_run_staged_before_a_compaction_is_published_after_it(lake, change, story):
    fill(lake, change, story)
    base = lake.snapshot().data_version
    prepared = change(lake.storage, story(9), folder=staging_folder("run", "0"))
    lake.stage("run", "0", prepared, base)
    compact(lake.storage)
    lake.publish("run")
    assert "a9" in {row.article_id for row in lake.rows("articles")}


def test_retirement_reaches_compacted_files(lake, change, make):
    lake.commit(change(lake.storage, [make(Event, event_id=f"e{n}", article_id=f"a{n}") for n in range(3)]))
    compact(lake.storage)
    lake.commit(change(lake.storage, [], [Retired("a1", 0, "2023-01-31", ["events"])]))
    assert [row.event_id for row in lake.rows("events")] == ["e0", "e2"]


def test_of_two_compactions_at_once_one_wins_and_the_other_ends(root, change, story):
    lake = Lake(root)
    fill(lake, change, story)
    before = everything(lake)
    snapshot = lake.snapshot()
    merged = [
        [merge_partition(Storage(root), table, date, files, snapshot) for table, date, files in plan(snapshot)]
        for _ in range(2)
    ]
    done = [finish(Storage(root), each, retain_seconds=HOUR, expires_before=None) for each in merged]
    assert [(each.partitions, each.lost) for each in done] == [(6, 0), (0, 6)]
    assert everything(lake) == before


def test_a_commit_during_a_compaction_is_kept(lake, change, make, story):
    fill(lake, change, story, days=1)
    snapshot = lake.snapshot()
    merged = [merge_partition(lake.storage, *each, snapshot) for each in plan(snapshot)]
    lake.commit(change(lake.storage, story(9, day="2023-01-01"), [Retired("a1", 0, "2023-01-01", ["events"])]))
    expected = everything(lake)
    done = finish(lake.storage, merged, retain_seconds=HOUR, expires_before=None)
    assert done.lost == 1  # events: a row of it was retired
    assert done.partitions == 2
    assert everything(lake) == expected


def test_what_a_feed_was_before_is_dropped_and_the_newest_kept(lake, change, make):
    states = [
        make(FeedState, date="2023-01-30", polled_at=1),
        make(FeedState, date="2023-01-31", polled_at=2),
        make(FeedState, date="2023-01-31", polled_at=3),
        make(FeedState, date="2023-01-30", polled_at=1, feed_url="https://other.example/rss"),
    ]
    for state in states:
        lake.commit(change(lake.storage, [state]))
    compact(lake.storage)
    found = sorted((row.feed_url, row.polled_at) for row in lake.rows("feeds"))
    assert found == [("https://other.example/rss", 1), ("https://paper.example/rss", 3)]


def test_expired_days_go_and_what_is_known_of_feeds_stays(lake, change, make):
    rows = [make(Article, date=f"2023-01-{day:02}", article_id=f"a{day}") for day in (1, 2, 3)]
    lake.commit(change(lake.storage, [*rows, make(FeedState, date="2023-01-01")]))
    version = lake.snapshot().data_version
    now = 1672531200 + 11 * 86400 + 5  # five seconds into 2023-01-12: ten days before is 2023-01-02
    done = compact(lake.storage, expire_days=10, clock=lambda: now)
    assert done.expired == 1
    assert [row.article_id for row in lake.rows("articles")] == ["a2", "a3"]
    assert len(lake.rows("feeds")) == 1
    assert lake.snapshot().data_version == version + 1
    assert len(data_files(lake)) > 3  # the files go with their age, not at once


def test_nothing_goes_before_its_time(root, change, story):
    lake = Lake(root)
    fill(lake, change, story)
    old = lake.snapshot()
    compact(root, retain_seconds=24 * HOUR)
    assert compact(root, retain_seconds=24 * HOUR).deleted == 0
    assert all(lake.storage.exists(entry.path) for entry in old.files)
    assert sweep(lake.storage, retain_seconds=24 * HOUR, clock=later(23)) == 0
    deleted = sweep(lake.storage, retain_seconds=24 * HOUR, clock=later(25))
    assert deleted == len(old.files) + old.number  # each file and each older snapshot
    assert sorted(data_files(lake)) == sorted(entry.path for entry in lake.snapshot().files)
    assert snapshots.numbers(lake.storage) == [lake.snapshot().number]


def test_files_of_a_snapshot_that_was_the_newest_of_late_stay(lake, change, make):
    lake.commit(change(lake.storage, [make(Event)]))
    old = lake.snapshot()
    for entry in old.files:
        os.utime(lake.storage.full(entry.path), (1, 1))
    os.utime(lake.storage.full(snapshots.name_of(1)), (1, 1))
    compact(lake.storage, retain_seconds=HOUR)  # its successor is new: readers of the old one may still be there
    assert all(lake.storage.exists(entry.path) for entry in old.files)


def test_orphans_dead_runs_and_temporary_files_are_swept(lake, change, make, story):
    fill(lake, change, story)
    orphan = put_file(lake.storage, TABLES["events"], "2023-01-31", encode_rows(TABLES["events"], [make(Event)]))
    lake.stage("dead", "0", change(lake.storage, story(7), folder=staging_folder("dead", "0")), 0)
    lake.storage.put("_tmp/0123", b"half a fi")
    lake.storage.put("notes.txt", b"the user's own")
    lake.storage.put("events/date=2023-01-31/mine.parquet", b"the user's own")
    assert sweep(lake.storage, retain_seconds=HOUR) == 0
    expected = everything(lake)
    sweep(lake.storage, retain_seconds=HOUR, clock=later(2))
    assert not lake.storage.exists(orphan.path)
    assert lake.storage.files("_state/runs") == {}
    assert lake.storage.files("_tmp") == {}
    assert lake.storage.exists("notes.txt")
    assert lake.storage.exists("events/date=2023-01-31/mine.parquet")
    assert everything(lake) == expected


def test_a_live_runs_stage_is_not_swept(lake, change, story):
    lake.stage("run", "0", change(lake.storage, story(1), folder=staging_folder("run", "0")), 0)
    for path in list(lake.storage.files("_state/runs"))[:-1]:
        os.utime(lake.storage.full(path), (1, 1))  # its first chunks are old, its last is new
    sweep(lake.storage, retain_seconds=HOUR)
    lake.publish("run")
    assert [row.article_id for row in lake.rows("articles")] == ["a1"]


def test_an_orphan_that_a_writer_puts_again_is_not_swept(lake, change, story):
    prepared = change(lake.storage, story(1))
    for entry in prepared.files:
        os.utime(lake.storage.full(entry.path), (1, 1))
    prepared = change(lake.storage, story(1))
    sweep(lake.storage, retain_seconds=HOUR)
    lake.commit(prepared)
    assert len(lake.rows("articles")) == 1


def test_views_are_renewed_before_their_files_go(lake, change, story):
    fill(lake, change, story)
    lake.refresh_views()
    compact(lake.storage, retain_seconds=0, clock=later(1))
    assert are_current(lake.storage, lake.snapshot())


def test_days_of_a_partition_too_large_to_merge_stay_apart(lake, change, make, monkeypatch):
    from newsbeam.transforms.lake import compaction

    for number in range(4):
        lake.commit(change(lake.storage, [make(Article, article_id=f"a{number}")]))
    size = lake.snapshot().files[0].bytes
    monkeypatch.setattr(compaction, "MERGE_BYTES", int(size * 2.5))
    compact(lake.storage)
    assert len(lake.snapshot().of("articles")) == 2
    assert compact(lake.storage).partitions <= 1
    assert len(lake.rows("articles")) == 4


def test_compaction_on_workers_does_the_same(tmp_path, change, story):
    lakes = [Lake(str(tmp_path / name)) for name in ("plain", "beam")]
    for lake in lakes:
        fill(lake, change, story)
    compact(lakes[0].storage)
    with TestPipeline(runner="FnApiRunner") as pipeline:
        done = pipeline | CompactLake(lakes[1].storage.root)
        assert_that(done, equal_to([Compacted(5, 6, 12, 0)]))
    assert lakes[0].snapshot().files == lakes[1].snapshot().files


def test_an_empty_lake_compacts_to_nothing(tmp_path):
    with TestPipeline(runner="FnApiRunner") as pipeline:
        done = pipeline | CompactLake(str(tmp_path)) | beam.Map(lambda row: row.partitions)
        assert_that(done, equal_to([0]))


@pytest.mark.parametrize("settings", [{"retain_seconds": -1}, {"expire_days": 0}])
def test_bad_ages_are_refused(tmp_path, settings):
    with pytest.raises(ValueError, match="retain_seconds must be"):
        compact(str(tmp_path), **settings)


def test_writers_and_compactions_side_by_side_lose_nothing(tmp_path, change, make):
    root = str(tmp_path)
    changes = [change(Storage(root), [make(Article, article_id=f"a{n}")], scope=str(n)) for n in range(12)]
    errors = []

    def guarded(work):
        try:
            work()
        except Exception as error:  # noqa: BLE001  # told below
            errors.append(error)

    def write():
        for each in changes:
            Lake(root).commit(each)

    def tidy():
        for _ in range(6):
            compact(root, retain_seconds=HOUR)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in (write, tidy, tidy)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(Lake(root).rows("articles")) == 12
