"""Lakes of earlier releases are read and written.

data/schema_N is a lake as the release with schema version N wrote it: two articles with their facts, one compacted and
one hot. It is made once, from the rows of conftest.py, when a schema version is released, and never made again.
"""

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from newsbeam.schemas.article import Article
from newsbeam.schemas.change import Retired
from newsbeam.schemas.tables import SCHEMA_VERSION, TABLES
from newsbeam.transforms.lake.changes import change_of, put_file
from newsbeam.transforms.lake.checking import check
from newsbeam.transforms.lake.compaction import compact
from newsbeam.transforms.lake.encode import decode, encode_rows
from newsbeam.transforms.lake.lake import Lake
from newsbeam.transforms.lake.views import connect

GOLDEN = Path(__file__).with_name("data")


@pytest.fixture(params=sorted(path.name for path in GOLDEN.iterdir()))
def golden(request, tmp_path):
    shutil.copytree(GOLDEN / request.param, tmp_path / "lake")
    return Lake(str(tmp_path / "lake"))


def test_there_is_a_lake_of_every_release():
    assert [path.name for path in sorted(GOLDEN.iterdir())] == [f"schema_{n}" for n in range(1, SCHEMA_VERSION + 1)]


def test_a_lake_of_an_earlier_release_is_read(golden):
    assert [finding for finding in check(golden.storage) if finding.is_error] == []
    assert [(row.article_id, row.title, row.date) for row in golden.rows("articles")] == [
        ("a1", "Raid", "2023-01-31"),
        ("a2", "Raid", "2023-02-01"),
    ]
    with connect(golden.storage) as connection:
        query = "SELECT event_id, value, a.title FROM figures JOIN articles a USING (article_id, date) ORDER BY 1"
        assert connection.execute(query).fetchall() == [("e1.0", 10.0, "Raid"), ("e2.0", 10.0, "Raid")]


def test_a_lake_of_an_earlier_release_is_written(golden, change, story):
    golden.commit(change(golden.storage, story(3), [Retired("a1", 0, "2023-01-31", ["events"])]))
    compact(golden.storage)
    assert sorted(row.article_id for row in golden.rows("articles")) == ["a1", "a2", "a3"]
    assert sorted(row.event_id for row in golden.rows("events")) == ["e2.0", "e3.0"]


def test_files_without_a_later_column_stand_beside_files_with_it(lake, make):
    """As after a release that added `image_url`: one day's file has it, the other's has not."""
    table = TABLES["articles"]
    sink = pa.BufferOutputStream()
    old_rows = decode(encode_rows(table, [make(Article, article_id="old")])).drop_columns(["image_url"])
    pq.write_table(old_rows, sink)
    old = put_file(lake.storage, table, "2023-01-30", sink.getvalue().to_pybytes())._replace(schema_version=0)
    fresh = [make(Article, article_id="new", image_url="https://paper.example/1.jpg")]
    new = put_file(lake.storage, table, "2023-01-31", encode_rows(table, fresh))
    lake.commit(change_of([old, new], []))

    query = "SELECT article_id, image_url, date::VARCHAR FROM articles ORDER BY 1"
    expected = [("new", "https://paper.example/1.jpg", "2023-01-31"), ("old", None, "2023-01-30")]
    with connect(lake.storage) as connection:
        assert connection.execute(query).fetchall() == expected
        (plan,) = connection.execute("EXPLAIN ANALYZE SELECT * FROM articles WHERE date = '2023-01-31'").fetchall()
    assert plan[1].count("Total Files Read: 1") == 1
    assert sorted(lake.read("articles").column("image_url").to_pylist(), key=str) == [
        None,
        "https://paper.example/1.jpg",
    ]
    compact(lake.storage)
    assert {entry.schema_version for entry in lake.snapshot().files} == {SCHEMA_VERSION}
    with connect(lake.storage) as connection:
        assert connection.execute(query).fetchall() == expected
