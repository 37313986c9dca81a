import random
from types import SimpleNamespace
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.direct.direct_runner import BundleBasedDirectRunner
from apache_beam.testing.test_stream import TestStream
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.utils.timestamp import Timestamp

from newsbeam.transforms.deduplicate_stream import DeduplicateStream
from newsbeam.transforms.deduplication.memory import nothing_seen
from newsbeam.transforms.deduplication.settlement import settle
from newsbeam.transforms.deduplication.sightings import sight


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


@pytest.mark.parametrize("is_unbounded", [False, True], ids=["bounded", "unbounded"])
def test_the_stream_finds_the_edges_of_the_batch(newsroom: SimpleNamespace, is_unbounded: bool) -> None:
    articles = _news(newsroom, 90, seed=5)
    texts = {a.article_id: a.content_hash for a in articles}
    settled = settle([sight(a) for a in articles], nothing_seen)
    near = {edge for edge in settled.edges if texts[edge[0]] != texts[edge[1]]}
    ordered = sorted(articles, key=lambda a: (a.published_at, a.article_id))
    same = {
        (a.article_id, b.article_id, "copy")
        for i, a in enumerate(ordered)
        for b in ordered[i + 1 :]
        if a.content_hash == b.content_hash
    }
    assert len(near) > 20 and len(same) > 5 and {relation for _, _, relation in near} == {"copy", "update"}
    rng = random.Random(6)
    arrivals = articles + rng.sample(articles, 9)
    rng.shuffle(arrivals)
    options = PipelineOptions([], streaming=is_unbounded, allow_unsafe_triggers=True)
    with beam.Pipeline(runner=BundleBasedDirectRunner(), options=options) as pipeline:
        if is_unbounded:
            stream = TestStream()
            for at in range(0, len(arrivals), 33):
                stream.add_elements(arrivals[at : at + 33])
                stream.advance_watermark_to(Timestamp(micros=newsroom.NOON + at * 1000))
            source = pipeline | stream.advance_watermark_to_infinity()
        else:
            source = pipeline | beam.Create(arrivals)
        found = source | DeduplicateStream()
        edges = found.edges | "Edge keys" >> beam.Map(lambda e: (e.earlier_id, e.later_id, e.relation))
        assert_that(edges, equal_to(sorted(near | same)), label="edges")
        assert_that(found.articles, equal_to(articles), label="articles")
    if is_unbounded:  # this runner keeps the counts of the last bundle only
        return
    counters = {m.key.metric.name: m.committed for m in pipeline.result.metrics().query()["counters"]}
    assert (counters["articles_new"], counters["refetched"]) == (90, 9)


def test_links_follow_the_earliest(newsroom: SimpleNamespace) -> None:
    text = newsroom.story(1)
    at = [newsroom.NOON + n * newsroom.HOUR for n in range(4)]
    a, b, c = (newsroom.article(name, text, at=at[n]) for n, name in enumerate("abc"))
    d = newsroom.article("d", newsroom.story(1, figure=3), at=at[3])
    stream = TestStream()
    for article in (c, b, a, d):
        stream.add_elements([article])
    options = PipelineOptions([], streaming=True, allow_unsafe_triggers=True)
    with beam.Pipeline(runner=BundleBasedDirectRunner(), options=options) as pipeline:
        found = pipeline | stream.advance_watermark_to_infinity() | DeduplicateStream()
        links = found.links | beam.Map(lambda link: (link.article_id, link.canonical_id, link.relation))
        copies = links | beam.Filter(lambda link: link[2] == "copy")
        expected = [(c.article_id, b.article_id, "copy"), (b.article_id, a.article_id, "copy"),
                    (c.article_id, a.article_id, "copy")]  # fmt: skip
        assert_that(copies, equal_to(expected), label="copies")
        gone = found.retired | "Gone" >> beam.Map(lambda row: (row.article_id, row.tables))
        replaced = gone | beam.Filter(lambda row, last=d.article_id: row[0] != last)
        assert_that(replaced, equal_to([(c.article_id, ["links"])]), label="retired")
        ends = found.edges | "Ends" >> beam.Map(lambda e: (e.earlier_id, e.later_id, e.relation, e.method))
        assert_that(
            ends,
            equal_to([(a.article_id, b.article_id, "copy", "text"), (a.article_id, c.article_id, "copy", "text"),
                      (b.article_id, c.article_id, "copy", "text")]
                     + [(x.article_id, d.article_id, "update", "near") for x in (a, b, c)]),
            label="edges",
        )  # fmt: skip


def test_horizons_are_checked() -> None:
    with pytest.raises(ValueError, match="near_days"):
        DeduplicateStream(near_days=31)
