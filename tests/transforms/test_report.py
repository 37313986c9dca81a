"""The line that a stream logs for each window."""

import logging
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.coders import BytesCoder, FastPrimitivesCoder
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import FixedWindows, TimestampedValue

from newsbeam.schemas.article import Article
from newsbeam.transforms import report
from newsbeam.transforms.instants import SECOND
from newsbeam.transforms.report import ReportWindows
from newsbeam.transforms.write import Written

NOW = 1_790_000_000 * SECOND
WRITTEN = Written(7, ["articles", "events"], [2, 5], 2, 0)


def _article(published_at: int | None) -> Article:
    nothing = dict.fromkeys(Article._fields)
    known = {
        "article_id": "a", "revision": 0, "date": "2026-09-21", "date_source": "feed", "origin": "o", "authors": [],
        "text": "t", "text_source": "feed", "word_count": 1, "ingested_at": NOW, "tags": [], "content_hash": "h",
        "published_at": published_at,
    }  # fmt: skip
    return Article(**{**nothing, **known})


def _at(row: Any) -> TimestampedValue:
    return TimestampedValue(row, NOW // SECOND)


def _now() -> int:
    return NOW + 20 * SECOND


def test_a_window_is_told_with_the_age_of_its_newest_article(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), beam.Pipeline(runner="FnApiRunner") as pipeline:
        found = {"written": [WRITTEN], "articles": [_article(NOW - 90 * SECOND), _article(NOW - 30 * SECOND)]}
        rows = {
            name: pipeline
            | f"Rows {name}" >> beam.Create(each)
            | f"At {name}" >> beam.Map(_at).with_output_types(type(each[0]))
            | f"Window {name}" >> beam.WindowInto(FixedWindows(300))
            for name, each in found.items()
        }
        told = rows | ReportWindows(now=_now)
        assert_that(told, equal_to([WRITTEN]))
    [line] = [record.getMessage() for record in caplog.records if record.name == report.__name__]
    # 1790000000 is 14:13:20
    assert line.endswith("until 14:15:00: snapshot 7: 2 articles, 5 events; newest article published 50 s ago")


def test_nothing_is_pickled_that_waits_for_its_window() -> None:
    plain = FastPrimitivesCoder(fallback_coder=BytesCoder())  # what a join encodes with, but for pickle
    for element in (report._under_one_key(WRITTEN), report._instant(_article(None))):
        assert plain.decode(plain.encode(element)) == element
