"""The guarantees of the lake: what a reader sees, whatever writers do."""

import json
import threading

import pytest

from newsbeam.schemas.article import Article, Link, Seen
from newsbeam.schemas.change import Retired
from newsbeam.schemas.event import Event
from newsbeam.schemas.feed import FeedState
from newsbeam.schemas.reject import Reject
from newsbeam.transforms.lake import snapshots
from newsbeam.transforms.lake.changes import Change, change_of
from newsbeam.transforms.lake.lake import Conflict, Lake, LakeDamaged, LakeTooNew, staging_folder
from newsbeam.transforms.lake.storage import Storage


def ids(lake, table="articles", **options):
    column = {"articles": "article_id", "links": "article_id", "events": "event_id", "seen": "article_id"}[table]
    return sorted(lake.read(table, columns=[column], **options).column(column).to_pylist())


def stage(lake, change, chunk, rows, retired=(), base=0, run="run"):
    folder = staging_folder(run, chunk)
    lake.stage(run, chunk, change(lake.storage, rows, retired, f"{run} {chunk} {base}", folder=folder), base)


def test_a_lake_without_commits_is_empty(root):
    lake = Lake(root)
    assert lake.snapshot().number == 0
    assert lake.read("events").num_rows == 0


def test_rows_show_when_committed_and_not_before(root, change, story):
    lake = Lake(root)
    rows = story(1)
    prepared = change(lake.storage, rows)
    assert ids(lake) == []
    assert lake.commit(prepared).number == 1
    assert ids(lake) == ["a1"]
    assert lake.rows("articles") == [rows[0]]
    assert lake.rows("events") == [rows[1]]


def test_half_a_run_is_never_seen(root, change, story):
    lake = Lake(root)
    stage(lake, change, "0", story(1))
    stage(lake, change, "1", story(2))
    assert ids(lake) == []
    assert ids(lake, run_id="run") == ["a1", "a2"]
    lake.publish("run")
    assert ids(lake) == ["a1", "a2"]
    assert lake.snapshot().number == 1  # one snapshot for both chunks
    assert lake.storage.files("_state/runs") == {}


def test_the_same_change_again_adds_nothing_and_changes_no_byte(root, change, story):
    lake = Lake(root)
    lake.commit(change(lake.storage, story(1)))
    before = {path: lake.storage.get(path) for path in lake.storage.files("")}
    lake.commit(change(Storage(root), story(1)))
    assert {path: lake.storage.get(path) for path in lake.storage.files("")} == before


def test_rows_that_live_already_are_left_out_of_another_change(lake, change, make, story):
    lake.commit(change(lake.storage, story(1)))
    changed = make(Article, article_id="a1", title="The same key, said otherwise")
    lake.commit(change(lake.storage, [changed, make(Article, article_id="a2")]))
    assert sorted((row.article_id, row.title) for row in lake.rows("articles")) == [("a1", "Raid"), ("a2", "Raid")]


def test_the_same_bad_file_is_rejected_once_a_day(lake, change, make):
    lake.commit(change(lake.storage, [make(Reject)]))
    lake.commit(change(lake.storage, [make(Reject), make(Reject, origin="other.txt")]))
    assert sorted(row.origin for row in lake.rows("rejects")) == ["empty.txt", "other.txt"]


def test_children_stand_before_their_articles_in_a_change(lake, change, story):
    tables = [entry.table for entry in change(lake.storage, story(1)).files]
    assert tables == ["participants", "events", "figures", "articles", "seen"]


def test_retired_rows_go_when_their_successors_come(root, change, make, story):
    lake = Lake(root)
    lake.commit(change(lake.storage, [*story(1), *story(2)]))
    successor = make(Event, event_id="new", article_id="a1", coder_version="2")
    retired = Retired("a1", 0, "2023-01-31", ["events", "participants", "figures"])
    lake.commit(change(lake.storage, [successor], [retired]))
    assert ids(lake, "events") == ["e2.0", "new"]
    assert [row.event_id for row in lake.rows("participants")] == ["e2.0"]
    assert [row.figure_id for row in lake.rows("figures")] == ["f2.0"]
    assert ids(lake) == ["a1", "a2"]  # not among the tables named


def test_retirement_never_touches_a_file_in_place(lake, change, make, story):
    lake.commit(change(lake.storage, [*story(1), *story(2)]))
    old = lake.snapshot()
    before = {entry.path: lake.storage.get(entry.path) for entry in old.files}
    lake.commit(change(lake.storage, [], [make(Retired)]))
    assert {entry.path: lake.storage.get(entry.path) for entry in old.files} == before


def test_rows_of_the_change_itself_are_not_retired_by_it(lake, change, make):
    lake.commit(change(lake.storage, [make(Event, event_id="old")]))
    lake.commit(change(lake.storage, [make(Event, event_id="new")], [make(Retired)]))
    assert ids(lake, "events") == ["new"]


def test_the_same_file_may_be_retired_and_added_at_once(lake, change, make):
    lake.commit(change(lake.storage, [make(Event)]))
    lake.commit(change(lake.storage, [make(Event)], [make(Retired)]))
    assert ids(lake, "events") == ["e1"]


def test_only_the_named_revision_day_and_table_retire(lake, change, make):
    rows = [
        make(Event, event_id="r0"),
        make(Event, event_id="r1", revision=1),
        make(Event, event_id="next day", date="2023-02-01"),
        make(Link, article_id="a1"),
    ]
    lake.commit(change(lake.storage, rows))
    lake.commit(change(lake.storage, [], [make(Retired)]))
    assert ids(lake, "events") == ["next day", "r1"]
    assert ids(lake, "links") == ["a1"]


def test_a_chunk_retires_rows_of_an_earlier_chunk_of_its_run(root, change, make, story):
    lake = Lake(root)
    stage(lake, change, "0", story(1))
    stage(lake, change, "1", [make(Event, event_id="better")], [make(Retired)])
    assert ids(lake, "events", run_id="run") == ["better"]
    lake.publish("run")
    assert ids(lake, "events") == ["better"]


def test_a_row_retired_and_added_again_later_is_there(lake, change, make):
    lake.commit(change(lake.storage, [make(Event)], scope="0"))
    lake.commit(change(lake.storage, [], [make(Retired)], scope="1"))
    assert ids(lake, "events") == []
    lake.commit(change(lake.storage, [make(Event)], scope="2"))
    assert ids(lake, "events") == ["e1"]


def test_rows_do_not_depend_on_the_size_of_chunks(tmp_path, change, story):
    rows = [story(n, day=f"2023-01-{1 + n % 3:02}") for n in range(12)]
    found = []
    for size in (1, 5, 12):
        lake = Lake(str(tmp_path / str(size)))
        for start in range(0, 12, size):
            part = [row for each in rows[start : start + size] for row in each]
            stage(lake, change, str(start // size), part)
        lake.publish("run")
        found.append({entry.path: lake.storage.get(entry.path) for entry in lake.snapshot().files})
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 5 * 3  # one file a table and day


def test_chunks_count_upwards(lake, change, make):
    for number in (10, 9, 11):
        stage(lake, change, str(number), [make(Article, article_id=f"a{number}")])
    assert [len(each.files) for each in lake.staged("run")] == [1, 1, 1]
    assert lake.resume("run") == ["9", "10", "11"]


def test_a_chunk_reads_what_lies_before_it_where_a_twin_of_the_run_is_ahead(lake, change, make):
    for number in (9, 10, 11):
        stage(lake, change, str(number), [make(Article, article_id=f"a{number}")])
    assert ids(lake, run_id="run", before="10") == ["a9"]
    assert ids(lake, run_id="run", before="9") == []
    assert ids(lake, run_id="run", before="12") == ids(lake, run_id="run") == ["a10", "a11", "a9"]


def test_a_killed_run_resumes_at_its_chunk(lake, change, story):
    stage(lake, change, "0", story(1))
    again = Lake(lake.storage.root)
    assert again.resume("run") == ["0"]
    stage(again, change, "0", story(1))  # a repeat is a no-op
    stage(again, change, "1", story(2))
    again.publish("run")
    assert ids(again) == ["a1", "a2"]


def test_a_chunk_staged_twice_with_other_rows_is_refused(lake, change, story):
    stage(lake, change, "0", story(1))
    with pytest.raises(Conflict, match="chunk 0 of run run is staged already"):
        stage(lake, change, "0", story(2))


def test_publishing_again_is_a_no_op(lake, change, story):
    stage(lake, change, "0", story(1))
    staged = {path: lake.storage.get(path) for path in lake.storage.files("_state/runs")}
    lake.publish("run")
    for path, content in staged.items():  # as a kill between the commit and the clearing away leaves it
        lake.storage.put(path, content)
    assert lake.publish("run").number == 1
    assert lake.storage.files("_state/runs") == {}
    for path, content in staged.items():
        lake.storage.put(path, content)
    assert lake.resume("run") == []
    assert ids(lake) == ["a1"]


def test_a_run_that_another_writer_overtook_is_refused_whole(lake, change, story):
    stage(lake, change, "0", story(1))
    lake.commit(change(lake.storage, story(2)))
    with pytest.raises(Conflict, match="data version 1, was 0"):
        lake.publish("run")
    assert ids(lake) == ["a2"]
    assert lake.resume("run") == []  # to be read again, from the state that the lake has now
    assert lake.storage.files("_state/runs") == {}


def test_a_commit_on_an_old_base_is_refused(lake, change, story):
    lake.commit(change(lake.storage, story(1)), base=0)
    with pytest.raises(Conflict):
        lake.commit(change(lake.storage, story(2)), base=0)
    lake.commit(change(lake.storage, story(1)), base=0)  # a replay is no conflict


def test_an_empty_change_makes_a_lake_and_then_nothing(lake):
    assert lake.commit(change_of([], [])).number == 1
    assert lake.commit(change_of([], [])).number == 1
    lake.stage("run", "0", Change((), ()), 0)
    assert lake.publish("run").number == 1


def test_commits_of_many_writers_all_count(root, change, make):
    if root.startswith("memory:"):
        pytest.skip("fsspec's memory is for one thread")
    changes = [change(Storage(root), [make(Article, article_id=f"a{n}")], scope=str(n)) for n in range(6)]
    errors = []

    def write(own):
        try:
            for each in own:
                Lake(root).commit(each)
        except Exception as error:  # noqa: BLE001  # told below
            errors.append(error)

    threads = [threading.Thread(target=write, args=(changes[n::3],)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Lake(root).snapshot().number == 6
    assert ids(Lake(root)) == [f"a{n}" for n in range(6)]


def test_state_is_committed_with_the_rows_it_speaks_of(lake, change, story):
    lake.commit(change(lake.storage, story(1)))
    assert {entry.table for entry in lake.snapshot().files} >= {"articles", "seen"}


def test_every_state_of_a_feed_stays_until_a_compaction(lake, change, make):
    for polled_at in (1, 2):
        lake.commit(change(lake.storage, [make(FeedState, polled_at=polled_at)]))
    assert sorted(row.polled_at for row in lake.rows("feeds")) == [1, 2]


def test_reads_choose_columns_days_and_rows(lake, change, make):
    import pyarrow.dataset as ds

    rows = [make(Article, article_id=f"a{n}", date=f"2023-01-{n:02}", word_count=n) for n in range(1, 6)]
    lake.commit(change(lake.storage, rows))
    assert ids(lake, dates=["2023-01-02", "2023-01-03", "1999-01-01"]) == ["a2", "a3"]
    assert ids(lake, filters=ds.field("word_count") > 3) == ["a4", "a5"]
    found = lake.read("articles", columns=["date", "article_id"], dates=["2023-01-02"])
    assert found.column_names == ["date", "article_id"]
    assert [str(day) for day in found.column("date").to_pylist()] == ["2023-01-02"]


def test_a_lake_of_a_newer_schema_is_refused(lake, change, story):
    lake.commit(change(lake.storage, story(1)))
    path = snapshots.name_of(1)
    content = json.loads(lake.storage.get(path))
    lake.storage.put(path, json.dumps({**content, "schema_version": 2}).encode())
    with pytest.raises(LakeTooNew, match="has schema version 2 .* this newsbeam knows 1"):
        lake.read("events")
    with pytest.raises(LakeTooNew):
        lake.commit(change(lake.storage, story(2)))


def test_a_torn_snapshot_is_named(lake, change, story):
    lake.commit(change(lake.storage, story(1)))
    lake.storage.put(snapshots.name_of(2), b'{"format": 1, "sch')
    with pytest.raises(LakeDamaged, match="_snapshots/00000002.json is no snapshot"):
        lake.snapshot()


def test_a_flipped_byte_is_not_written_on(lake, change, make):
    lake.commit(change(lake.storage, [make(Event, event_id="e1"), make(Event, event_id="e2", article_id="a2")]))
    entry = lake.snapshot().files[0]
    content = bytearray(lake.storage.get(entry.path))
    content[len(content) // 2] ^= 1
    lake.storage.put(entry.path, bytes(content))
    with pytest.raises(LakeDamaged, match="events-2023-01-31"):
        lake.commit(change(lake.storage, [], [make(Retired)]))


def test_a_change_whose_file_was_swept_is_refused(lake, change, story):
    prepared = change(lake.storage, story(1))
    lake.storage.delete(prepared.files[0].path)
    with pytest.raises(LakeDamaged, match="None bytes"):
        lake.commit(prepared)
    assert ids(lake) == []


def test_snapshots_hold_no_clock(tmp_path, change, story):
    contents = []
    for name in ("a", "b"):
        lake = Lake(str(tmp_path / name))
        lake.commit(change(lake.storage, story(1)))
        contents.append(lake.storage.get(snapshots.name_of(1)))
    assert contents[0] == contents[1]


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a b"])
def test_names_of_runs_stay_inside_the_lake(lake, name):
    with pytest.raises(ValueError, match="run_id must consist of"):
        lake.resume(name)


def test_seen_is_read_as_rows(lake, change, make):
    row = make(Seen, bands=b"\x00\x01", payload=b"zz")
    lake.commit(change(lake.storage, [row]))
    assert lake.rows("seen") == [row]
