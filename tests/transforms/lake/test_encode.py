import duckdb
import pandas
import polars
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsbeam.schemas.article import Article, Seen
from newsbeam.schemas.event import Event
from newsbeam.schemas.feed import FeedState
from newsbeam.schemas.reject import Reject
from newsbeam.schemas.row import columns_of
from newsbeam.schemas.tables import TABLES
from newsbeam.transforms.lake.encode import conform, content_hash, decode, encode_rows, plain_schema, rows_of


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(6)), doubles=st.lists(st.integers(0, 5), max_size=3))
def test_order_and_repeats_of_rows_change_no_byte(make, order, doubles):
    rows = [make(Event, event_id=f"e{n}", article_id=f"a{n % 2}", type=["AID", "ASSAULT"][n % 2]) for n in range(6)]
    expected = encode_rows(TABLES["events"], rows)
    assert encode_rows(TABLES["events"], [rows[n] for n in [*order, *doubles]]) == expected


def test_of_two_rows_of_one_key_the_choice_does_not_depend_on_order(make):
    rows = [make(Article, title="One"), make(Article, title="Two")]
    assert encode_rows(TABLES["articles"], rows) == encode_rows(TABLES["articles"], rows[::-1])
    assert decode(encode_rows(TABLES["articles"], rows)).num_rows == 1


def test_of_two_states_of_a_feed_the_newest_stays(make):
    rows = [make(FeedState, polled_at=3, title="b"), make(FeedState, polled_at=9, title="a")]
    assert decode(encode_rows(TABLES["feeds"], rows)).column("title").to_pylist() == ["a"]


def test_rows_lie_in_the_tables_order(make):
    rows = [
        make(Event, event_id="e3", article_id="b"),
        make(Event, event_id="e2", article_id="a", sentence_index=10),
        make(Event, event_id="e1", article_id="a", sentence_index=9),
    ]
    assert decode(encode_rows(TABLES["events"], rows)).column("event_id").to_pylist() == ["e1", "e2", "e3"]


@pytest.mark.parametrize("row_type", [Article, Event, Seen, FeedState, Reject])
def test_rows_come_back_as_they_were(make, row_type):
    row = make(row_type)
    table = TABLES[
        {Article: "articles", Event: "events", Seen: "seen", FeedState: "feeds", Reject: "rejects"}[row_type]
    ]
    found = decode(encode_rows(table, [row]))
    with_date = found.append_column("date", pa.array([row.date]))
    assert list(rows_of(table, with_date)) == [row]


def test_text_of_any_script_comes_back(make):
    text = "جنين — 日本\u2028 \N{FAMILY} e\u0301 \x1f"
    assert decode(encode_rows(TABLES["articles"], [make(Article, text=text)])).column("text").to_pylist() == [text]


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
@pytest.mark.parametrize("with_bloom", [False, True], ids=["hot", "compacted"])
def test_every_reader_reads_the_same(table, with_bloom, make, tmp_path):
    """DuckDB, pandas and polars decode the encodings, levels, checksums and filters that are chosen."""
    path = tmp_path / "rows.parquet"
    path.write_bytes(encode_rows(table, [make(table.row_type)], with_bloom=with_bloom))
    expected = decode(path.read_bytes()).to_pylist()
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        read = connection.sql(f"FROM read_parquet('{path}', hive_partitioning = false)").to_arrow_table()
    assert [[str(cell) for cell in row.values()] for row in read.to_pylist()] == [
        [str(cell) for cell in row.values()] for row in expected
    ]
    by_polars = polars.read_parquet(path, hive_partitioning=False)
    assert by_polars.columns == list(expected[0])
    keys = list(table.primary_key)
    assert by_polars.select(keys).to_dicts() == [{key: row[key] for key in keys} for row in expected]
    by_pandas = pandas.read_parquet(path, partitioning=None)
    assert by_pandas[keys].to_dict("records") == [{key: row[key] for key in keys} for row in expected]


def test_filters_of_a_compacted_file_are_as_large_as_its_ids_are_many(make):
    """A filter of ids that repeat is made for the distinct ones; hot files, which do not live long, have none."""
    rows = [make(Event, event_id=f"e{n}", article_id=f"a{n // 100}") for n in range(10_000)]

    def filters(content):
        group = pq.ParquetFile(pa.BufferReader(content)).metadata.row_group(0)
        columns = {group.column(n).path_in_schema: group.column(n) for n in range(group.num_columns)}
        return {name: column.bloom_filter_length for name, column in columns.items() if column.bloom_filter_length}

    found = filters(encode_rows(TABLES["events"], rows, with_bloom=True))
    assert set(found) == {"event_id", "article_id"}
    assert found["article_id"] * 50 < found["event_id"] < 2 * 10_000
    assert filters(encode_rows(TABLES["events"], rows)) == {}


def test_no_rows_make_a_typed_file():
    found = decode(encode_rows(TABLES["events"], []))
    assert found.num_rows == 0
    assert found.schema.field("published_at").type == pa.timestamp("us", tz="UTC")


def test_the_file_says_what_it_holds(make):
    content = encode_rows(TABLES["events"], [make(Event), make(Event, event_id="e2", coder_version="2")])
    schema = pq.ParquetFile(pa.BufferReader(content)).schema_arrow
    assert schema.metadata[b"newsbeam.schema_version"] == b"1"
    assert schema.metadata[b"newsbeam.table"] == b"events"
    assert schema.metadata[b"newsbeam.coder_version"] == b"1,2"
    comments = {c.name: c.comment for c in columns_of(Event)}
    assert schema.field("trigger").metadata[b"comment"].decode() == comments["trigger"]
    assert "date" not in schema.names  # it is in the path, with one type for all


def test_a_column_that_came_later_is_null_in_older_rows(make):
    older = decode(encode_rows(TABLES["articles"], [make(Article, title="Raid")])).drop_columns(["title"])
    assert conform(TABLES["articles"], older).column("title").to_pylist() == [None]


def test_a_column_that_no_release_has_is_refused(make):
    other = decode(encode_rows(TABLES["articles"], [make(Article)])).append_column("colour", pa.array(["red"]))
    with pytest.raises(ValueError, match="colour"):
        conform(TABLES["articles"], other)


def test_a_null_where_none_may_be_is_refused(make):
    with pytest.raises((ValueError, pa.ArrowInvalid)):
        encode_rows(TABLES["articles"], [make(Article, text=None)])


def test_plain_schema_has_no_dictionaries():
    assert not any(pa.types.is_dictionary(field.type) for field in plain_schema(TABLES["events"]))


def test_digests_are_of_the_bytes():
    assert content_hash(b"") == "cae66941d9efbd404e4d88758ea67670"  # blake2b-128 of nothing
