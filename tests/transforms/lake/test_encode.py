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
