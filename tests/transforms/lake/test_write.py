import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.test_stream import TestStream
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import FixedWindows, TimestampedValue

from newsbeam.schemas.article import Article
from newsbeam.schemas.change import Retired
from newsbeam.schemas.event import Event
from newsbeam.schemas.tables import ROW_TABLES
from newsbeam.transforms import write
from newsbeam.transforms.lake.lake import Lake
from newsbeam.transforms.lake.views import are_current
from newsbeam.transforms.write import WriteLake, Written


def by_table(rows):
    groups = {}
    for row in rows:
        groups.setdefault(ROW_TABLES[type(row)], []).append(row)
    return groups


def run(root, groups, expected=None, *, options=None, runner="FnApiRunner", **settings):
    with TestPipeline(runner=runner, options=options) as pipeline:
        inputs = {name: pipeline | f"Create {name}" >> beam.Create(rows) for name, rows in groups.items()}
        written = inputs | WriteLake(root, **settings)
        if expected is not None:
            assert_that(written, equal_to([expected]))


def live_bytes(root):
    lake = Lake(root)
    return {entry.path: lake.storage.get(entry.path) for entry in lake.snapshot().files}


def test_rows_of_all_tables_become_one_snapshot(root, story):
    expected = Written(1, ["participants", "events", "figures", "articles", "seen"], [2, 2, 2, 2, 2], 5, 0)
    run(root, by_table([*story(1), *story(2)]), expected)
    lake = Lake(root)
    assert lake.snapshot().number == 1
    assert lake.rows("articles") == [story(1)[0], story(2)[0]]
    assert are_current(lake.storage, lake.snapshot())


def test_order_of_input_and_repeats_change_no_byte(tmp_path, story):
    rows = [row for n in range(5) for row in story(n, day=f"2023-01-{1 + n % 2:02}")[:2]]
    run(str(tmp_path / "a"), by_table(rows), shards=2)
    run(str(tmp_path / "b"), by_table([*rows[::-1], *rows[:3]]), shards=2)
    assert live_bytes(str(tmp_path / "a")) == live_bytes(str(tmp_path / "b"))


def test_running_again_adds_nothing(tmp_path, story):
    root = str(tmp_path)
    run(root, by_table(story(1)[:2]))
    before = {path: stored.bytes for path, stored in Lake(root).storage.files("").items()}
    run(root, by_table(story(1)[:2]), Written(1, ["events", "articles"], [1, 1], 2, 0))
    assert {path: stored.bytes for path, stored in Lake(root).storage.files("").items()} == before


@pytest.mark.slow  # eight seconds of starting workers
def test_number_of_worker_processes_changes_no_byte(tmp_path, story):
    rows = by_table([row for n in range(6) for row in story(n)])
    run(str(tmp_path / "one"), rows)
    options = PipelineOptions(["--direct_running_mode", "multi_processing", "--direct_num_workers", "2"])
    run(str(tmp_path / "two"), rows, options=options)
    assert live_bytes(str(tmp_path / "one")) == live_bytes(str(tmp_path / "two"))


def test_a_chunk_is_staged_and_shows_when_published(tmp_path, make, story):
    root = str(tmp_path)
    run(root, {"events": [make(Event)]})
    groups = by_table(story(1)[:2]) | {"retired": [make(Retired)]}
    expected = Written(0, ["events", "articles"], [1, 1], 2, 1)
    run(root, groups, expected, run_id="run", chunk_id="0", base=1)
    lake = Lake(root)
    assert [row.event_id for row in lake.rows("events")] == ["e1"]
    lake.publish("run")
    assert [row.event_id for row in lake.rows("events")] == ["e1.0"]


def test_nothing_to_write_commits_too(tmp_path):
    run(str(tmp_path), {"events": [], "retired": []}, Written(1, [], [], 0, 0))
    run(str(tmp_path), {"events": []}, Written(0, [], [], 0, 0), run_id="run", chunk_id="0", base=0)
    assert len(Lake(str(tmp_path)).staged("run")) == 1


def test_shards_hold_whole_articles(tmp_path, make):
    rows = [make(Event, event_id=f"e{n}", article_id=f"a{n % 7}") for n in range(28)]
    run(str(tmp_path), {"events": rows}, shards=3)
    lake = Lake(str(tmp_path))
    entries = lake.snapshot().files
    assert len(entries) == 3
    columns = [lake.storage.read_columns(entry.path, ["article_id"]).column(0).to_pylist() for entry in entries]
    assert sum(len(set(column)) for column in columns) == 7


def test_a_file_that_would_grow_too_large_is_split(tmp_path, make, monkeypatch):
    monkeypatch.setattr(write, "FILE_BYTES", 2000)
    rows = [make(Article, article_id=f"a{n}", text="x" * 500) for n in range(40)]
    run(str(tmp_path), {"articles": rows})
    lake = Lake(str(tmp_path))
    assert len(lake.snapshot().files) > 5
    assert sorted(row.article_id for row in lake.rows("articles")) == sorted(f"a{n}" for n in range(40))


def test_every_window_of_a_stream_is_a_commit(tmp_path, story):
    root, noted = str(tmp_path / "lake"), tmp_path / "noted"
    noted.mkdir()
    stream = (
        TestStream()
        .advance_watermark_to(0)
        .add_elements([TimestampedValue(story(1)[0], 1), TimestampedValue(story(2)[0], 2)])
        .advance_watermark_to(10)
        .add_elements([TimestampedValue(story(3)[0], 11)])
        .advance_watermark_to_infinity()
    )
    options = PipelineOptions(["--streaming"])
    with TestPipeline(runner="BundleBasedDirectRunner", options=options) as pipeline:
        articles = pipeline | stream | beam.Map(lambda row: row).with_output_types(Article)
        windowed = articles | beam.WindowInto(FixedWindows(10))
        # by files: what comes out of a timer of this runner, assert_that does not see
        (
            {"articles": windowed}
            | WriteLake(root)
            | beam.Map(lambda row: noted.joinpath(repr(row.snapshot)).write_text(repr(row)))
        )
    said = [path.read_text() for path in sorted(noted.iterdir())]
    assert said == [repr(Written(1, ["articles"], [2], 1, 0)), repr(Written(2, ["articles"], [1], 1, 0))]
    assert Lake(root).snapshot().number == 2
    assert sorted(row.article_id for row in Lake(root).rows("articles")) == ["a1", "a2", "a3"]


def test_a_failing_write_fails_the_run(tmp_path, story):
    (tmp_path / "lake").write_text("a file where the folder should be")
    with pytest.raises(Exception, match="Not a directory|File exists|NotADirectory"):
        run(str(tmp_path / "lake"), by_table(story(1)[:1]))


def test_a_run_on_an_old_base_fails(tmp_path, story):
    run(str(tmp_path), by_table(story(1)[:1]), base=0)
    with pytest.raises(Exception, match="the lake changed since it was read"):
        run(str(tmp_path), by_table(story(2)[:1]), base=0)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"run_id": "r"}, "go together"),
        ({"run_id": "r", "chunk_id": "0"}, "go together"),
        ({"shards": 0}, "shards must be 1 or more, was 0"),
        ({"run_id": "../r", "chunk_id": "0", "base": 0}, "run_id must consist of"),
    ],
)
def test_bad_settings_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        WriteLake("lake", **settings)


def test_unknown_tables_are_refused(tmp_path, make):
    with pytest.raises(ValueError, match="no table is named"):
        run(str(tmp_path), {"event": [make(Event)]})
