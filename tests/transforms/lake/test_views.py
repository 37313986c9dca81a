import subprocess
import sys

import duckdb
import pyarrow as pa
import pytest

from newsbeam.schemas.article import Article, Link
from newsbeam.schemas.event import Event
from newsbeam.schemas.figure import Figure
from newsbeam.schemas.row import columns_of
from newsbeam.schemas.tables import TABLES
from newsbeam.schemas.views import FIGURES_CURRENT, VIEWS, duckdb_type
from newsbeam.transforms.instants import start_of
from newsbeam.transforms.lake.lake import Lake
from newsbeam.transforms.lake.views import are_current, connect

USER_TABLES = [table for table in TABLES.values() if not table.is_state]


def answer(root, query):
    with connect(root) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("is_empty", [True, False])
def test_views_have_the_types_and_comments_of_the_tables(lake, change, story, is_empty):
    if not is_empty:
        lake.commit(change(lake.storage, story(1)))
    with connect(lake.storage) as connection:
        described = {
            (view, column): (kind, comment)
            for view, column, kind, comment in connection.execute(
                "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal"
            ).fetchall()
        }
    expected = {}
    for table in USER_TABLES:
        for column in columns_of(table.row_type):
            expected[table.name, column.name] = (duckdb_type(column.type), column.comment)
    for column in columns_of(Figure):
        expected[FIGURES_CURRENT.name, column.name] = (duckdb_type(column.type), column.comment)
    for view in VIEWS:
        for name, kind, comment in view.columns:
            expected[view.name, name] = (kind, comment)
    assert described == expected


def test_views_say_what_a_row_is(lake):
    found = dict(answer(lake.storage, "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal"))
    assert found["events"] == "One row per event stated in a canonical article."
    assert set(found) == {
        "articles", "links", "events", "participants", "figures", "rejects", "fetches", "stories", "tolls",
        "figures_current",
    }  # fmt: skip


@pytest.mark.parametrize("table", USER_TABLES, ids=lambda table: table.name)
def test_a_one_day_query_reads_one_day(lake, change, make, table):
    rows = [make(table.row_type, **{**_own_keys(table, n), "date": f"2023-01-{n:02}"}) for n in range(1, 13)]
    lake.commit(change(lake.storage, rows))
    lake.refresh_views()
    with duckdb.connect(lake.storage.full("catalog.duckdb"), read_only=True) as connection:
        query = f"EXPLAIN ANALYZE SELECT * FROM {table.name} WHERE date = '2023-01-11'"
        ((_, plan),) = connection.execute(query).fetchall()
        assert connection.execute(f"SELECT count(*) FROM {table.name}").fetchone() == (12,)
    assert plan.count("Total Files Read: 1") == 1
    assert "Total Files Read: 12" not in plan


def _own_keys(table, number):
    """Values of a key that no other row has."""
    texts = [c.name for c in columns_of(table.row_type) if c.name in table.primary_key and pa.types.is_string(c.type)]
    return {name: f"{name} {number}" for name in texts if name != "role"}


def test_the_script_the_catalog_and_a_connection_have_the_same_views(lake, change, story):
    lake.commit(change(lake.storage, story(1)))
    lake.refresh_views()
    names = "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
    with connect(lake.storage) as connection:
        expected = connection.execute(names).fetchall()
    with duckdb.connect(lake.storage.full("catalog.duckdb"), read_only=True) as connection:
        assert connection.execute(names).fetchall() == expected
    with duckdb.connect() as connection:
        connection.execute(lake.storage.get("views.sql").decode())
        assert connection.execute(names).fetchall() == expected
    assert {name for name, _, _ in expected} == {
        "articles", "links", "events", "participants", "figures", "rejects", "fetches", "stories", "tolls",
        "figures_current",
    }  # fmt: skip


def test_buckets_and_folders_answer_alike(root, change, story):
    lake = Lake(root)
    lake.commit(change(lake.storage, [*story(1), *story(2, day="2023-02-01")]))
    lake.refresh_views()
    query = (
        "SELECT e.event_id, a.title, e.date::VARCHAR FROM events e JOIN articles a USING (article_id, date) ORDER BY 1"
    )
    assert answer(root, query) == [("e1.0", "Raid", "2023-01-31"), ("e2.0", "Raid", "2023-02-01")]
    assert lake.storage.exists("catalog.duckdb")
    assert b"CREATE OR REPLACE VIEW events" in lake.storage.get("views.sql")


def test_the_catalog_opens_with_stock_duckdb_from_another_folder(tmp_path, lake, change, story):
    lake.commit(change(lake.storage, story(1)))
    lake.refresh_views()
    catalog = lake.storage.full("catalog.duckdb")
    program = f"""
import duckdb
connection = duckdb.connect({catalog!r}, read_only=True)
print(connection.execute("SELECT count(*) FROM events").fetchone()[0])
script = duckdb.connect()
script.execute(open({lake.storage.full("views.sql")!r}).read())
print(script.execute("SELECT count(*) FROM stories").fetchone()[0])
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "1"]


def test_the_catalog_is_of_a_version_that_duckdb_1_reads(lake):
    lake.refresh_views()
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{lake.storage.full('catalog.duckdb')}' AS c (READ_ONLY)")
        tags = connection.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'c'").fetchone()[0]
    assert tags["storage_version"].startswith("v1.0.0")


def test_views_are_renewed_once_a_snapshot(lake, change, story):
    lake.refresh_views()
    before = lake.storage.files("")
    lake.refresh_views()
    assert lake.storage.files("") == before
    lake.commit(change(lake.storage, story(1)))
    assert not are_current(lake.storage, lake.snapshot())
    lake.refresh_views()
    assert are_current(lake.storage, lake.snapshot())


def test_a_reader_keeps_its_snapshot_while_others_write(lake, change, story):
    lake.commit(change(lake.storage, story(1)))
    with connect(lake.storage) as connection:
        lake.commit(change(lake.storage, story(2)))
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (1,)


def test_a_quote_in_the_root_does_no_harm(tmp_path, change, story):
    lake = Lake(str(tmp_path / "rock'n'roll; --"))
    lake.commit(change(lake.storage, story(1)))
    lake.refresh_views()
    assert answer(lake.storage, "SELECT count(*) FROM events") == [(1,)]


def test_a_story_counts_copies_updates_and_independent_publishers(lake, change, make):
    def told(name, day, source, **fields):
        return make(Article, article_id=name, date=day, published_at=start_of(day), source=source, **fields)

    rows = [
        told("wire", "2023-01-01", "wire.example", title="Ten killed", url="https://wire.example/1"),
        told("wire", "2023-01-01", "wire.example", title="Eleven killed", url="https://wire.example/1", revision=1),
        told("copy", "2023-01-02", "daily.example"),
        told("copy of the copy", "2023-01-03", "daily.example"),
        told("update", "2023-01-04", "radio.example"),
        told("other", "2023-01-05", "daily.example", title="Elections"),
        make(Link, article_id="copy", date="2023-01-02", canonical_id="wire", relation="copy"),
        make(Link, article_id="copy of the copy", date="2023-01-03", canonical_id="copy", relation="copy"),
        make(Link, article_id="update", date="2023-01-04", canonical_id="wire", relation="update"),
        make(Link, article_id="wire", date="2023-01-01", canonical_id="wire", relation="revision", revision=1),
    ]
    lake.commit(change(lake.storage, rows))
    query = """SELECT story_id, date::VARCHAR, title, url, sources, first_seen::DATE::VARCHAR, last_seen::DATE::VARCHAR,
        articles, copies, updates, publishers, independent_publishers FROM stories ORDER BY story_id"""
    assert answer(lake.storage, query) == [
        ("other", "2023-01-05", "Elections", None, ["daily.example"], "2023-01-05", "2023-01-05", 1, 0, 0, 1, 1),
        (
            "wire", "2023-01-01", "Eleven killed", "https://wire.example/1",
            ["daily.example", "radio.example", "wire.example"], "2023-01-01", "2023-01-04", 4, 2, 1, 3, 2,
        ),
    ]  # fmt: skip


def test_tolls_give_every_claim_and_say_where_they_conflict(lake, change, make):
    rows = []

    def claim(number, key, day, **fields):
        date = f"2023-01-{day:02}"
        common = {"article_id": f"a{number}", "date": date}
        rows.append(make(Event, event_id=f"e{number}", event_key=key, published_at=start_of(date), **common))
        rows.append(make(Figure, figure_id=f"f{number}", event_id=f"e{number}", **common, **fields))

    claim(1, "raid", 26, value=9.0)
    claim(2, "raid", 27, value=10.0, attribution="the ministry")
    claim(3, "quake", 26, value=100.0, value_low=100.0, bound="min")
    claim(4, "quake", 27, value=120.0)
    claim(5, "quake", 28, value=4.0, relation="part")  # not a total
    claim(6, "quake", 28, value=900.0, polarity="hypothetical")  # not said to be so
    lake.commit(change(lake.storage, rows))
    query = """SELECT event_key, effect, low, high, claim_count, is_conflicting,
        list_transform(claims, lambda c: c.figure_id) FROM tolls ORDER BY event_key"""
    assert answer(lake.storage, query) == [
        ("quake", "killed", 100.0, 120.0, 2, False, ["f3", "f4"]),
        ("raid", "killed", 9.0, 10.0, 2, True, ["f1", "f2"]),
    ]
    claims = answer(lake.storage, "SELECT claims FROM tolls WHERE event_key = 'raid'")[0][0]
    assert claims[1]["attribution"] == "the ministry"
    assert claims[1]["published_at"].isoformat() == "2023-01-27T00:00:00+00:00"


def test_tolls_add_up_a_sentence_and_leave_out_other_times(lake, change, make):
    common = {"article_id": "a1", "date": "2023-01-28"}
    rows = [make(Event, event_id="e1", event_key="raid", event_date="2023-01-26", **common)]
    for number, fields in enumerate(
        [
            {"value": 9.0, "sentence_index": 1, "surface": "nine"},
            {"value": 4.0, "value_low": 4.0, "bound": "min", "sentence_index": 1, "surface": "at least four"},
            {"value": 12.0, "sentence_index": 5},
            {"value": 700.0, "scope": "cumulative", "period_start": "2022-02-24", "period_end": "2023-01-28"},
            {"value": 60.0, "scope": "period", "period_start": "2023-01-01", "period_end": "2023-01-31"},
            {"value": 2.0, "scope": "rate", "per": "day"},
            {"value": 13.0, "scope": "period", "period_start": "2023-01-26", "period_end": "2023-02-01",
             "sentence_index": 7},
        ]
    ):  # fmt: skip
        rows.append(make(Figure, figure_id=f"f{number}", event_id="e1", char_start=number, **common, **fields))
    lake.commit(change(lake.storage, rows))
    ((low, high, count, claims, is_conflicting),) = answer(
        lake.storage, "SELECT low, high, claim_count, claims, is_conflicting FROM tolls"
    )
    assert (low, high, count, is_conflicting) == (12, 13, 3, True)
    assert [(c["value"], c["low"], c["high"], c["bound"], c["surface"]) for c in claims] == [
        (13, 13, None, "min", "nine + at least four"),
        (12, 12, 12, "eq", "Ten people"),
        (13, 13, 13, "eq", "Ten people"),
    ]


def test_a_toll_of_the_year_corrects_none_of_the_day(lake, change, make):
    rows = []
    for number, scope, start in [(1, "event", "2023-01-26"), (2, "cumulative", "2023-01-01"), (3, "unknown", None)]:
        common = {"article_id": f"a{number}", "date": f"2023-01-2{number}"}
        rows.append(make(Article, published_at=start_of(common["date"]), **common))
        rows.append(make(Event, event_id=f"e{number}", event_key="raid", **common))
        rows.append(
            make(Figure, figure_id=f"f{number}", event_id=f"e{number}", scope=scope, period_start=start, **common)
        )
    lake.commit(change(lake.storage, rows))
    found = answer(lake.storage, "SELECT figure_id FROM figures_current ORDER BY 1")
    assert [figure_id for (figure_id,) in found] == ["f2", "f3"]


def test_current_figures_leave_out_what_was_corrected(lake, change, make):
    rows = []
    for number, day, key, value, relation in [
        (1, 26, "raid", 9.0, "total"),
        (2, 27, "raid", 10.0, "total"),  # the later report of the same event
        (3, 27, "quake", 5.0, "total"),
        (4, 28, "quake", 3.0, "previous"),  # "up from 3"
    ]:
        common = {"article_id": f"a{number}", "date": f"2023-01-{day:02}"}
        rows.append(make(Article, published_at=start_of(common["date"]), **common))
        rows.append(make(Event, event_id=f"e{number}", event_key=key, **common))
        rows.append(
            make(Figure, figure_id=f"f{number}", event_id=f"e{number}", value=value, relation=relation, **common)
        )
    rows += [
        make(Article, article_id="b1", date="2023-02-01", published_at=start_of("2023-02-01")),
        make(Article, article_id="b2", date="2023-02-02", published_at=start_of("2023-02-02")),
        make(Link, article_id="b2", date="2023-02-02", canonical_id="b1", relation="update"),
        *(
            make(Figure, figure_id=f"g{n}", article_id=f"b{n}", date=f"2023-02-0{n}", event_id=None, effect=None,
                 kind="money", noun="damage", value=float(n))
            for n in (1, 2)
        ),
        make(Figure, figure_id="g3", article_id="b1", date="2023-02-01", event_id=None, effect=None, noun=None),
    ]  # fmt: skip
    lake.commit(change(lake.storage, rows))
    found = answer(lake.storage, "SELECT figure_id FROM figures_current ORDER BY 1")
    assert [figure_id for (figure_id,) in found] == ["f2", "f3", "g2", "g3"]
