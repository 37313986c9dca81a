"""What `--profile` says."""

from collections import Counter
from types import SimpleNamespace
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.util import assert_that, equal_to

from newsbeam.pipeline.profile import profile_rows, stage_milliseconds


def test_stages_come_in_the_order_of_an_article_and_parts_from_counters() -> None:
    stages = Counter({"write": 500, "read": 1_500, "extract": 9_000, "poll feeds": 0})
    counts = Counter({"spent_parse_us": 8_000_000, "spent_events_us": 250_000, "articles_read": 7})
    assert profile_rows(stages, counts) == [
        ("read", 1.5), ("extract", 9.0), ("extract: parse", 8.0), ("extract: events", 0.25), ("write", 0.5),
    ]  # fmt: skip


def test_a_runner_that_samples_nothing_gives_no_stages() -> None:
    result: Any = SimpleNamespace()
    assert stage_milliseconds(result) == Counter()


def test_steps_are_put_under_the_stage_of_their_label() -> None:
    pipeline = beam.Pipeline(options=PipelineOptions(["--runner", "FnApiRunner"]))
    rows = pipeline | "ReadFiles" >> beam.Create([1, 2]) | "Twice" >> beam.Map(_twice)
    assert_that(rows, equal_to([2, 4]))
    result = pipeline.run()
    result.wait_until_finish()
    assert set(stage_milliseconds(result)) == {"read", "other steps"}


def _twice(number: int) -> int:
    return 2 * number
