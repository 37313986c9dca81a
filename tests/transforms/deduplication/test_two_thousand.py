"""Two thousand documents in one batch, and as a stream: shuffled, a tenth of them twice. The lakes must be equal."""

import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.direct.direct_runner import BundleBasedDirectRunner
from apache_beam.testing.test_stream import TestStream
from apache_beam.transforms.window import FixedWindows, TimestampedValue
from apache_beam.utils.timestamp import Timestamp

from newsbeam.schemas.article import Article
from newsbeam.transforms.deduplicate import Deduplicate
from newsbeam.transforms.deduplicate_stream import DeduplicateStream
from newsbeam.transforms.deduplication.memory import nothing_seen
from newsbeam.transforms.deduplication.recent import Recent
from newsbeam.transforms.deduplication.settlement import settle
from newsbeam.transforms.deduplication.sightings import Sighting, sight
from newsbeam.transforms.ids import article_id_of
from newsbeam.transforms.lake.lake import Lake
from newsbeam.transforms.write import WriteLake

COUNT = 2_000
_WINDOWS = 10
_DISCLAIMER_SEED = 999_999


def _edited(rng: random.Random, text: str, newsroom: SimpleNamespace) -> str:
    """A text as another paper prints it."""
    lines = text.split("\n")
    kind = rng.randrange(6)
    if kind == 0:
        return text.upper()
    if kind == 1:
        return f"By our desk {'abcdefgh'[rng.randrange(8)] * 3}, special to the paper.\n{text}\nAll rights reserved."
    if kind == 2:
        return "\n".join(lines[: len(lines) * 2 // 3])
    if kind == 3:
        return "\n".join([lines[0], *reversed(lines[1:])])
    if kind == 4:
        return text.replace("near the", "close to the", 2)
    return text


@pytest.fixture(scope="module")
def documents(newsroom: SimpleNamespace) -> list[Article]:
    """Stories that stand alone, copies of six kinds, updates, versions at one address, forms and disclaimers."""
    rng = random.Random(20_261_128)
    disclaimer = newsroom.prose(_DISCLAIMER_SEED, 90)
    made = []
    for number in range(COUNT):
        seed, kind = rng.randrange(COUNT // 3), rng.random()
        at = newsroom.NOON + rng.randrange(5 * 24 * 60) * 60_000_000
        article = newsroom.article(f"n{number}", newsroom.story(seed), at=at, title=f"Report {seed} of the day")
        if kind < 0.35:
            article = newsroom.article(f"n{number}", newsroom.prose(number, 120), at=at)
        elif kind < 0.65:
            article = newsroom.article(f"n{number}", _edited(rng, newsroom.story(seed), newsroom), at=at)
        elif kind < 0.8:
            figure, mark = rng.choice((7, 30, 400)), rng.choice(("", "", "UPDATE 1-", "CORRECTED-"))
            text = newsroom.story(seed, figure=figure)
            article = newsroom.article(f"n{number}", text, at=at, title=f"{mark}Report {seed} of the day")
        elif kind < 0.9:
            url = f"https://paper.example/{seed % 40}"
            text = newsroom.story(seed % 40, figure=rng.choice((0, 0, 9, 20)))
            article_id = article_id_of(url, "archive.jsonl", f"n{number}", text, is_record=True)
            article = article._replace(canonical_url=url, article_id=article_id, text=text)
            article = article._replace(content_hash=newsroom.article("x", text).content_hash)
        elif kind < 0.95:
            form = f"Lindby will see {number % 30} degrees on Tuesday with winds from the west at {number % 23} miles. "
            article = newsroom.article(f"n{number}", form + newsroom.prose(number % 9, 45), at=at)
        else:
            text = f"{newsroom.prose(number + COUNT, 60)}\n{disclaimer}"
            article = newsroom.article(f"n{number}", text, at=at)
        made.append(article)
    return made


def _arrivals(documents: list[Article]) -> list[list[Article]]:
    """The documents shuffled, every tenth of them a second time somewhere, in windows."""
    rng = random.Random(7)
    arrivals = documents + rng.sample(documents, COUNT // 10)
    rng.shuffle(arrivals)
    size = -(-len(arrivals) // _WINDOWS)
    return [arrivals[at : at + size] for at in range(0, len(arrivals), size)]


def _told(links: Any) -> list[Any]:
    """Links as the lake keeps them: a similarity has 24 bits there."""
    rounded = (x._replace(similarity=None if x.similarity is None else round(x.similarity, 5)) for x in links)
    return sorted(rounded, key=str)


def test_the_verdicts_are_those_of_one_batch(newsroom: SimpleNamespace, documents: list[Article]) -> None:
    sightings: dict[str, Sighting] = {article.article_id: sight(article) for article in documents}
    whole = settle(sightings.values(), nothing_seen)
    assert {relation for _, _, relation in whole.edges} == {"copy", "update", "revision"}
    relations = [link.relation for link in whole.links]
    assert min(relations.count(relation) for relation in ("copy", "update", "revision")) > 50
    assert whole.capped > 0  # the disclaimer, which ties nothing together
    lake, recent = newsroom.Lake(), Recent(nothing_seen)
    edges = set()
    for window in _arrivals(documents):
        settled = settle([sightings[article.article_id] for article in window], recent.read)
        recent.add(settled.seen)
        edges.update(edge for edge in settled.edges if edge[2] != "copy")
        canonical = [(d.article_id, d.revision) for d in settled.decisions if d.is_canonical]
        lake.commit(settled.links, settled.seen, settled.retired, canonical)
    # copies with the very same text are tied to their neighbours of the moment; they end up with the same canonical one
    assert edges == {edge for edge in whole.edges if edge[2] != "copy"}
    assert _told(lake.links.values()) == _told(whole.links)
    assert sorted(lake.seen.values(), key=str) == sorted(whole.seen, key=str)
    assert lake.facts == {(d.article_id, d.revision) for d in whole.decisions if d.is_canonical}


@pytest.mark.slow
def test_the_stream_leaves_the_lake_of_the_batch(tmp_path: Path, documents: list[Article]) -> None:
    batch, stream = str(tmp_path / "batch"), str(tmp_path / "stream")
    tables = ("articles", "links", "seen", "retired")
    with beam.Pipeline(runner="apache_beam.runners.portability.fn_api_runner.FnApiRunner") as pipeline:
        found = pipeline | beam.Create(documents) | Deduplicate(batch, run_id=None)
        {name: getattr(found, name) for name in tables} | WriteLake(batch)
    source = TestStream().advance_watermark_to(0)
    for minute, window in enumerate(_arrivals(documents)):
        source.add_elements([TimestampedValue(article, Timestamp(minute * 60 + 30)) for article in window])
        source.advance_watermark_to(Timestamp(minute * 60 + 60))
    source.advance_watermark_to_infinity()
    options = PipelineOptions([], streaming=True)
    with beam.Pipeline(runner=BundleBasedDirectRunner(), options=options) as pipeline:
        found = pipeline | source | beam.WindowInto(FixedWindows(60)) | DeduplicateStream(stream)
        {name: getattr(found, name) for name in tables} | WriteLake(stream)
    one, other = Lake(batch), Lake(stream)
    assert len(other.rows("articles")) == COUNT
    assert sorted(other.rows("articles")) == sorted(one.rows("articles"))
    assert _told(other.rows("links")) == _told(one.rows("links"))
    assert sorted(other.rows("seen"), key=str) == sorted(one.rows("seen"), key=str)
    assert other.snapshot().number >= _WINDOWS
