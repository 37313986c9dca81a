import apache_beam as beam
import pyarrow as pa
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from newsbeam.schemas.article import Article
from newsbeam.schemas.reject import Reject
from newsbeam.transforms.formats.articles import with_language
from newsbeam.transforms.formats.inputs import expand
from newsbeam.transforms.formats.pieces import Piece, plan_pieces
from newsbeam.transforms.formats.records import read_piece
from newsbeam.transforms.instants import start_of
from newsbeam.transforms.metrics import READ, REFETCHED
from newsbeam.transforms.read import ReadFiles
from tests.transforms.formats.files import lines

TODAY = start_of("2024-06-15")
ONE_PROCESS: list[str] = []
TWO_PROCESSES = ["--direct_running_mode=multi_processing", "--direct_num_workers=2"]


def _named(row: object) -> tuple[str, object]:
    """What a row is by its own class, which a worker in another process must keep."""
    if isinstance(row, Article):
        return "article", row.entry_id
    if isinstance(row, Reject):
        return "reject", (row.reason, row.key, row.seen_at, row.date)
    return "stranger", type(row).__name__


def _run(pieces: list[Piece], flags: list[str], expected_articles: list[object], expected_rejects: list[object]) -> int:
    pipeline = TestPipeline(runner="FnApiRunner" if not flags else "DirectRunner", options=PipelineOptions(flags))
    found = pipeline | beam.Create(pieces).with_output_types(Piece) | "ReadFiles" >> ReadFiles(ingested_at=TODAY)
    for tag, expected in (("articles", expected_articles), ("rejects", expected_rejects)):
        rows = found[tag] | f"Spread {tag}" >> beam.Reshuffle() | f"Name {tag}" >> beam.Map(_named)
        assert_that(rows, equal_to(expected), label=f"Check {tag}")
    result = pipeline.run()
    result.wait_until_finish()
    counters = result.metrics().query(beam.metrics.MetricsFilter().with_name(READ))["counters"]
    return sum(counter.committed for counter in counters)


@pytest.fixture
def pieces(tmp_path: object) -> list[Piece]:
    path = f"{tmp_path}/file"
    with open(path, "wb") as out:
        out.write(lines(5) + b'{"id": "x"}\n' + lines(1).replace(b"a0", b"a5").replace(b"org/0", b"org/5"))
    return [p for p in plan_pieces(expand([path]), articles_per_piece=2) if isinstance(p, Piece)]


@pytest.mark.parametrize(
    "flags", [ONE_PROCESS, pytest.param(TWO_PROCESSES, marks=pytest.mark.slow)], ids=["one", "two"]
)
def test_pieces_become_articles_and_rejects(pieces: list[Piece], flags: list[str]) -> None:
    articles: list[object] = [("article", f"a{n}") for n in range(6)]
    rejects: list[object] = [("reject", ("missing_text", "line 6", TODAY, "2024-06-15"))]
    assert len(pieces) == 4
    assert _run(pieces, flags, articles, rejects) == 6


def test_what_the_lake_holds_is_read_and_dropped(tmp_path: object) -> None:
    def read_seen(*, columns: list[str], dates: list[str]) -> pa.Table:
        rows = [article for article in articles if article.date in dates and article.entry_id != "a1"]
        return pa.table({name: [getattr(row, name) for row in rows] for name in columns})

    with open(f"{tmp_path}/file", "wb") as out:
        out.write(lines(3))
    (piece,) = [p for p in plan_pieces(expand([f"{tmp_path}/file"]), articles_per_piece=9) if isinstance(p, Piece)]
    articles = [one for one in read_piece(piece, ingested_at=TODAY) if isinstance(one, Article)]
    with TestPipeline(runner="FnApiRunner") as pipeline:
        pieces = pipeline | beam.Create([piece]).with_output_types(Piece)
        found = pieces | "ReadFiles" >> ReadFiles(ingested_at=TODAY, read_seen=read_seen)
        assert_that(found.articles, equal_to([with_language(articles[1])]))
    counters = {m.key.metric.name: m.committed for m in pipeline.result.metrics().query()["counters"]}
    assert (counters[READ], counters[REFETCHED]) == (3, 2)


def test_no_pieces_no_rows() -> None:
    assert _run([], ONE_PROCESS, [], []) == 0
