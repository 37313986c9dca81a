from pathlib import Path
from types import SimpleNamespace

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.util import assert_that, equal_to

from newsbeam.schemas.article import Article, Link
from newsbeam.transforms.deduplicate import Deduplicate
from newsbeam.transforms.deduplication.memory import nothing_seen
from newsbeam.transforms.ids import digest
from newsbeam.transforms.lake.lake import Lake
from newsbeam.transforms.write import WriteLake

_RUNNER = "apache_beam.runners.portability.fn_api_runner.FnApiRunner"


def _pipeline(*flags: str) -> beam.Pipeline:
    return beam.Pipeline(runner=_RUNNER, options=PipelineOptions([*flags]))


_TWO_PROCESSES = ["--direct_num_workers=2", "--direct_running_mode=multi_processing"]


@pytest.mark.parametrize("flags", [[], pytest.param(_TWO_PROCESSES, marks=pytest.mark.slow)], ids=["one", "two"])
def test_one_of_each(newsroom: SimpleNamespace, flags: list[str]) -> None:
    text = newsroom.story(1)
    later = newsroom.NOON + newsroom.HOUR
    articles = [
        newsroom.article("a", text),
        newsroom.article("a", text),
        newsroom.article("b", text, at=later),
        newsroom.article("c", newsroom.story(1, figure=4), at=later),
        newsroom.article("d", newsroom.story(2)),
        newsroom.article("d", newsroom.story(3), updated_at=later),
    ]
    ids = [digest(name) for name in "abcd"]
    with _pipeline(*flags) as pipeline:
        found = pipeline | beam.Create(articles) | Deduplicate("", run_id=None, read_seen=nothing_seen)
        assert_that(found.articles, equal_to([*articles[1:5], articles[5]._replace(revision=1)]), label="articles")
        assert_that(
            found.canonical, equal_to([articles[0], articles[3], articles[5]._replace(revision=1)]), label="canonical"
        )
        keys = found.links | beam.Map(lambda link: (link.article_id, link.revision, link.canonical_id, link.relation))
        assert_that(
            keys,
            equal_to([(ids[1], 0, ids[0], "copy"), (ids[2], 0, ids[0], "update"), (ids[3], 1, ids[3], "revision")]),
            label="links",
        )
        seen = found.seen | "Seen keys" >> beam.Map(lambda row: (row.article_id, row.revision, row.relation))
        assert_that(
            seen,
            equal_to([(ids[0], 0, None), (ids[1], 0, "copy"), (ids[2], 0, "update"), (ids[3], 0, None),
                      (ids[3], 1, "revision")]),
            label="seen",
        )  # fmt: skip
        assert_that(found.retired, equal_to([]), label="retired")
    if not flags:
        counters = {m.key.metric.name: m.committed for m in pipeline.result.metrics().query()["counters"]}
        expected = {"refetched": 1, "articles_new": 5, "copies": 1, "updates": 2, "capped_bands": 0}
        assert {name: counters[name] for name in expected} == expected


def test_nothing_in_nothing_out() -> None:
    with _pipeline() as pipeline:
        found = pipeline | beam.Create([]) | Deduplicate("", run_id=None, read_seen=nothing_seen)
        for name in found._fields:
            assert_that(getattr(found, name), equal_to([]), label=name)


def test_links_are_rows_of_their_type(newsroom: SimpleNamespace) -> None:
    text = newsroom.story(1)
    articles = [newsroom.article("a", text), newsroom.article("b", text, at=newsroom.NOON + 1)]
    with _pipeline() as pipeline:
        found = pipeline | beam.Create(articles) | Deduplicate("", run_id=None, read_seen=nothing_seen)
        assert_that(found.links, equal_to([Link(digest("b"), 0, "2024-03-05", digest("a"), "copy", 1.0, "text")]))


def test_horizons_are_checked() -> None:
    with pytest.raises(ValueError, match="near_days"):
        Deduplicate("", run_id=None, near_days=31)


def _run(lake: Lake, articles: list[Article], run_id: str, chunk_id: str) -> None:
    with _pipeline() as pipeline:
        found = pipeline | beam.Create(articles) | Deduplicate(lake.storage.root, run_id=run_id)
        rows = {name: getattr(found, name) for name in ("articles", "links", "seen", "retired")}
        rows | WriteLake(lake.storage.root, run_id=run_id, chunk_id=chunk_id, base=lake.snapshot().data_version)


def test_chunks_and_runs_know_of_each_other(newsroom: SimpleNamespace, tmp_path: Path) -> None:
    text = newsroom.story(1)
    a, b, c, d = (newsroom.article(n, text, at=newsroom.NOON + i * newsroom.HOUR) for i, n in enumerate("abcd"))
    lake = Lake(str(tmp_path))
    _run(lake, [b, c], "0a", "000000")
    _run(lake, [a, b], "0a", "000001")  # b again, and an earlier original than both
    lake.publish("0a")
    _run(lake, [a, b, c, d], "0b", "000000")
    lake.publish("0b")
    assert sorted(row.article_id for row in lake.rows("articles")) == sorted(x.article_id for x in (a, b, c, d))
    assert sorted((link.article_id, link.canonical_id, link.relation) for link in lake.rows("links")) == sorted(
        (x.article_id, a.article_id, "copy") for x in (b, c, d)
    )
    assert len(lake.rows("seen")) == 4
