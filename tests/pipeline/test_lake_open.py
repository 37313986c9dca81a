import datetime
from pathlib import Path

import pandas
import polars
import pytest

from newsbeam.pipeline import lake
from newsbeam.schemas.article import Article
from newsbeam.schemas.tables import TABLES
from newsbeam.transforms.lake.changes import change_of, write_rows
from newsbeam.transforms.lake.lake import Lake


def article(number, day):
    nothing = dict.fromkeys(Article._fields)
    known = {
        "article_id": f"a{number}",
        "revision": 0,
        "date": day,
        "date_source": "file",
        "origin": "o",
        "authors": [],
    }
    known |= {"text": "Raid.", "text_source": "file", "word_count": number, "ingested_at": 0, "tags": ["war"]}
    return Article(**{**nothing, **known, "content_hash": "h"})


@pytest.fixture
def root(tmp_path):
    written = Lake(str(tmp_path))
    files = [
        write_rows(written.storage, TABLES["articles"], f"2023-01-{day:02}", [article(day, f"2023-01-{day:02}")])
        for day in (1, 2, 3)
    ]
    written.commit(change_of(files, []))
    return str(tmp_path)


def test_sql_answers_as_an_arrow_table(root):
    found = lake.open(root).sql("SELECT article_id, date FROM articles WHERE date >= '2023-01-02' ORDER BY 1")
    assert [str(cell) for cell in found.column("date").to_pylist()] == ["2023-01-02", "2023-01-03"]


def test_a_dataset_reads_the_days_that_a_filter_names(root):
    import pyarrow.dataset as ds

    articles = lake.open(root).dataset("articles")
    day = ds.field("date") == datetime.date(2023, 1, 2)
    assert len(list(articles.get_fragments(day))) == 1
    assert articles.to_table(filter=day).column("article_id").to_pylist() == ["a2"]
    assert articles.schema.names == list(Article._fields)


def test_a_table_has_all_columns_and_rows(root):
    found = lake.open(root).table("articles", dates=["2023-01-03"])
    assert found.column_names == list(Article._fields)
    assert found.column("tags").to_pylist() == [["war"]]
    assert lake.open(root).table("events").num_rows == 0
    assert lake.open(root).dataset("events").count_rows() == 0


def test_an_open_lake_stays_as_it_was(root):
    news = lake.open(root)
    written = Lake(root)
    file = write_rows(written.storage, TABLES["articles"], "2023-01-04", [article(4, "2023-01-04")])
    written.commit(change_of([file], []))
    assert news.table("articles").num_rows == 3
    assert news.sql("SELECT count(*) AS n FROM articles").column("n").to_pylist() == [3]
    assert lake.open(root).table("articles").num_rows == 4


def test_names_are_checked(root):
    news = lake.open(root)
    assert news.tables == ["articles", "events", "fetches", "figures", "links", "participants", "rejects"]
    with pytest.raises(ValueError, match="no table is named 'article'"):
        news.table("article")


def test_views_are_read_like_tables(root):
    news = lake.open(root)
    assert news.views == ["figures_current", "stories", "tolls"]
    stories = news.table("stories", columns=["story_id", "articles"], dates=["2023-01-01", "2023-01-03"])
    assert sorted(stories.to_pylist(), key=str) == [
        {"story_id": "a1", "articles": 1},
        {"story_id": "a3", "articles": 1},
    ]
    assert news.table("stories", dates=[]).num_rows == 0
    assert news.dataset("stories").count_rows() == 3
    assert news.table("tolls").num_rows == 0


def test_pandas_reads_tables_and_answers(root):
    news = lake.open(root)
    articles = news.table("articles", dates=["2023-01-02"]).to_pandas()
    assert isinstance(articles, pandas.DataFrame)
    assert articles[["article_id", "word_count"]].values.tolist() == [["a2", 2]]
    assert articles["date"].tolist() == [datetime.date(2023, 1, 2)]
    assert articles["ingested_at"].tolist() == [pandas.Timestamp(0, tz="UTC")]
    days = news.sql("SELECT date, count(*) AS n FROM articles GROUP BY ALL ORDER BY ALL").to_pandas()
    assert days["n"].tolist() == [1, 1, 1]


def test_polars_reads_the_days_that_it_asks_for(root):
    articles = polars.scan_pyarrow_dataset(lake.open(root).dataset("articles"))
    asked = articles.filter(polars.col("date") == datetime.date(2023, 1, 2)).select("article_id", "tags", "text_source")
    assert asked.collect().rows() == [("a2", ["war"], "file")]
    per_source = articles.group_by("text_source").agg(polars.col("word_count").sum())
    assert per_source.collect().rows() == [("file", 6)]
    assert polars.from_arrow(lake.open(root).table("stories"))["publishers"].sum() == 0


def test_polars_asks_the_dataset_for_one_day(root):
    articles = lake.open(root).dataset("articles")
    for name in ("2023-01-01", "2023-01-03"):
        (missing,) = [path for path in articles.files if name in path]
        Path(missing).unlink()
    asked = polars.scan_pyarrow_dataset(articles).filter(polars.col("date") == datetime.date(2023, 1, 2))
    assert asked.select("article_id").collect().rows() == [("a2",)]
