"""The stream leaves a lake as the batch leaves it, in whatever windows and order articles come, late and repeated."""

import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.direct.direct_runner import BundleBasedDirectRunner
from apache_beam.testing.test_stream import TestStream
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.trigger import AccumulationMode, AfterCount, AfterWatermark
from apache_beam.transforms.window import FixedWindows, TimestampedValue
from apache_beam.utils.timestamp import Timestamp

from newsbeam.schemas.article import Article, Link
from newsbeam.transforms.deduplicate_stream import DeduplicateStream
from newsbeam.transforms.deduplication.memory import nothing_seen
from newsbeam.transforms.deduplication.settlement import settle
from newsbeam.transforms.deduplication.sightings import sight
from newsbeam.transforms.lake.lake import Lake
from newsbeam.transforms.write import WriteLake

_WINDOW_SECONDS = 60


def _windows() -> beam.WindowInto:
    return beam.WindowInto(
        FixedWindows(_WINDOW_SECONDS),
        trigger=AfterWatermark(late=AfterCount(1)),
        accumulation_mode=AccumulationMode.DISCARDING,
        allowed_lateness=86_400,
    )


def _stream(lake: str, source: TestStream) -> None:
    options = PipelineOptions([], streaming=True)
    with beam.Pipeline(runner=BundleBasedDirectRunner(), options=options) as pipeline:
        found = pipeline | source | _windows() | DeduplicateStream(lake)
        {name: getattr(found, name) for name in ("articles", "links", "seen", "retired")} | WriteLake(lake)


def _arrivals(*batches: list[Article], late: list[Article] | None = None) -> TestStream:
    """A batch a minute; `late` come after the first minute was closed, though they are of it."""
    stream = TestStream().advance_watermark_to(0)
    for minute, batch in enumerate(batches):
        stream.add_elements([TimestampedValue(article, Timestamp(minute * 60 + 30)) for article in batch])
        stream.advance_watermark_to(Timestamp(minute * 60 + 60))
    for article in late or []:
        stream.add_elements([TimestampedValue(article, Timestamp(30))])
    return stream.advance_watermark_to_infinity()


def _news(newsroom: SimpleNamespace, count: int, seed: int) -> list[Any]:
    rng = random.Random(seed)
    articles = []
    for number in range(count):
        text = newsroom.story(rng.randrange(count // 3), figure=rng.choice((0, 0, 0, 0, 7, 30)))
        if rng.random() < 0.6:
            text += f"\nWritten by desk {'abcdefgh'[rng.randrange(8)] * 3} of the paper."
        at = newsroom.NOON + rng.randrange(48) * newsroom.HOUR
        articles.append(newsroom.article(f"n{number}", text, at=at))
    return articles


def _rounded(link: Link) -> Link:
    """As the lake keeps it: the similarity has 24 bits there."""
    return link._replace(similarity=None if link.similarity is None else round(link.similarity, 5))


def test_the_stream_leaves_the_lake_of_the_batch(newsroom: SimpleNamespace, tmp_path: Path) -> None:
    articles = _news(newsroom, 60, seed=5)
    settled = settle([sight(a) for a in articles], nothing_seen)
    assert len(settled.links) > 20 and {link.relation for link in settled.links} == {"copy", "update"}
    rng = random.Random(6)
    arrivals = articles + rng.sample(articles, 6)
    rng.shuffle(arrivals)
    batches = [arrivals[at : at + 15] for at in range(0, 60, 15)]
    _stream(str(tmp_path), _arrivals(*batches, late=arrivals[60:]))
    lake = Lake(str(tmp_path))
    assert sorted(lake.rows("articles")) == sorted(articles)
    assert sorted(map(_rounded, lake.rows("links"))) == sorted(map(_rounded, settled.links))
    rows = [(row.article_id, row.relation, row.canonical_id) for row in lake.rows("seen")]
    assert sorted(rows, key=str) == sorted(((r.article_id, r.relation, r.canonical_id) for r in settled.seen), key=str)
    assert lake.snapshot().number > 4


def test_a_late_article_comes_once_and_an_earlier_original_takes_over(
    newsroom: SimpleNamespace, tmp_path: Path
) -> None:
    text = newsroom.story(1)
    a, b, c = (newsroom.article(name, text, at=newsroom.NOON + n * newsroom.HOUR) for n, name in enumerate("abc"))
    _stream(str(tmp_path), _arrivals([c], [b, c], [c], late=[a, b, a]))
    lake = Lake(str(tmp_path))
    assert sorted(lake.rows("articles")) == sorted([a, b, c])
    assert sorted((link.article_id, link.canonical_id) for link in lake.rows("links")) == sorted(
        (copy.article_id, a.article_id) for copy in (b, c)
    )


def test_a_revision_is_numbered_after_the_lake(newsroom: SimpleNamespace, tmp_path: Path) -> None:
    first = newsroom.article("a", newsroom.story(1))
    second = newsroom.article("a", newsroom.story(2), updated_at=newsroom.NOON + newsroom.HOUR)
    _stream(str(tmp_path), _arrivals([first]))
    _stream(str(tmp_path), _arrivals([first], [second]))  # another process: nothing is in its state
    assert sorted(row.revision for row in Lake(str(tmp_path)).rows("articles")) == [0, 1]


def test_bounded_articles_come_out_as_of_the_batch(newsroom: SimpleNamespace) -> None:
    text = newsroom.story(1)
    a, b = newsroom.article("a", text), newsroom.article("b", text, at=newsroom.NOON + newsroom.HOUR)
    with beam.Pipeline(runner="apache_beam.runners.portability.fn_api_runner.FnApiRunner") as pipeline:
        found = pipeline | beam.Create([b, a, a]) | DeduplicateStream("", read_seen=nothing_seen)
        assert_that(found.articles, equal_to([a, b]), label="articles")
        assert_that(found.canonical, equal_to([a]), label="canonical")
        links = found.links | beam.Map(lambda link: (link.article_id, link.canonical_id, link.relation))
        assert_that(links, equal_to([(b.article_id, a.article_id, "copy")]), label="links")
        assert_that(found.retired, equal_to([]), label="retired")
    counters = {m.key.metric.name: m.committed for m in pipeline.result.metrics().query()["counters"]}
    assert (counters["articles_new"], counters["refetched"], counters["copies"]) == (2, 1, 1)


def test_horizons_are_checked() -> None:
    with pytest.raises(ValueError, match="near_days"):
        DeduplicateStream("", near_days=31)
