"""Run the graph: in chunks on one machine, whole on a cluster; publish all of it at once."""

import logging
import sys
import time
from collections.abc import Iterable, Iterator, Sequence

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from newsbeam.pipeline.graph import Work, build, build_rebuild
from newsbeam.pipeline.options import Settings, settings_of
from newsbeam.pipeline.prism import prove_job_server
from newsbeam.pipeline.readers import local_workers, prove_model, readers_at_hand
from newsbeam.pipeline.runners import is_local
from newsbeam.pipeline.sources import SourceFault, Sources, sources_of
from newsbeam.pipeline.states import due_feeds
from newsbeam.pipeline.stream import run_stream
from newsbeam.pipeline.summary import Summary
from newsbeam.schemas.feed import FeedState
from newsbeam.transforms.errors import BadRecord, reject_row
from newsbeam.transforms.extraction.model import ModelMissing
from newsbeam.transforms.formats.inputs import NoSuchInput
from newsbeam.transforms.formats.pieces import Piece, join_pieces, plan_pieces
from newsbeam.transforms.ids import digest
from newsbeam.transforms.lake.lake import Lake, LakeTooNew
from newsbeam.transforms.poll import wall_clock
from newsbeam.transforms.versions import CODER_VERSION

logger = logging.getLogger(__name__)

_CHUNK_BYTES = 8_000_000  # of stored input; long articles fill a chunk before their number does
_PIECES = 8  # that a chunk is planned in; its workers read as many as they are, joined from these
_ATTEMPTS = 5  # at publishing, when other writers come between


class UsageFault(Exception):
    """What the user asked for cannot be done as asked; nothing was run."""


def run(paths: Sequence[str], options: PipelineOptions, console: Console) -> Summary:
    """Read and poll everything under paths into the lake. Raises UsageFault before anything runs."""
    settings = settings_of(options)
    begin = time.monotonic()
    try:
        lake = Lake(settings.lake)
        lake.snapshot()
        sources = sources_of(paths) if paths else Sources([], [])
        prove_model(settings.model, options)
    except (NoSuchInput, SourceFault, LakeTooNew, ModelMissing) as fault:
        raise UsageFault(str(fault)) from fault
    if settings.is_streaming and (sources.files or not sources.feeds):
        raise UsageFault("--streaming watches feeds; read files, and rebuild, without it")
    with readers_at_hand(settings.model, options):
        if settings.is_streaming:
            summary = Summary()
            run_stream(sources.feeds, settings, options, summary)
        else:
            summary = _run_bounded(lake, sources, settings, options, console)
    summary.seconds = time.monotonic() - begin
    return summary


def _run_bounded(
    lake: Lake, sources: Sources, settings: Settings, options: PipelineOptions, console: Console
) -> Summary:
    summary = Summary()
    prove_job_server(options)
    for attempt in range(_ATTEMPTS):
        base = lake.snapshot().data_version
        try:
            _run_once(lake, base, sources, settings, options, summary, console)
            break
        except Exception:
            # Whatever went wrong (a Conflict, or a staged file that a twin of this run cleared away) counts as another
            # writer's doing where one published meanwhile. A fault of our own comes again, and then stands.
            if attempt == _ATTEMPTS - 1 or lake.snapshot().data_version == base:
                raise
            logger.info("another writer published first: deduplicating again against what it wrote")
            summary = Summary()
    return summary


def _run_once(
    lake: Lake, base: int, sources: Sources, settings: Settings, options: PipelineOptions, summary: Summary,
    console: Console,
) -> None:  # fmt: skip
    now = wall_clock()
    feeds = due_feeds(sources.feeds, lake, now)
    run_id = _run_id(sources, settings, options, now if feeds else None)
    done = set(lake.resume(run_id))
    sizes = {file.origin: file.size for file in sources.files if not isinstance(file, BadRecord)}
    limit = settings.chunk_articles if is_local(options) else sys.maxsize
    with _progress(console) as advance:
        number = -1
        planned = plan_pieces(sources.files, articles_per_piece=max(1, limit // _PIECES))
        for number, (pieces, bad) in enumerate(_chunks(planned, sizes, limit)):
            shares = join_pieces(pieces, local_workers(options)) if is_local(options) else pieces
            work = _work(shares, bad, [], run_id, f"{number:06d}", base, settings)
            if work.chunk_id in done:
                summary.resumed += 1
                continue
            _run_graph(work, settings, options, summary)
            advance(f"chunk {number + 1}", summary)
        for number, days in enumerate(_days_of(lake, settings)):
            _run_graph(_work([], [], [], run_id, f"{number:06d}", base, settings, days), settings, options, summary)
            advance(f"{days[0]} to {days[-1]}", summary)
        if feeds:
            _run_graph(_work([], [], feeds, run_id, f"{number + 1:06d}", base, settings), settings, options, summary)
            advance(f"{len(feeds)} feeds", summary)
    lake.publish(run_id)
    lake.refresh_views()


def _work(
    pieces: list[Piece], bad: list[BadRecord], feeds: list[FeedState], run_id: str, chunk_id: str, base: int,
    settings: Settings, days: Sequence[str] = (),
) -> Work:  # fmt: skip
    rejects = [reject_row(one, settings.ingested_at) for one in bad]
    return Work(pieces, rejects, feeds, list(days), run_id, chunk_id, base)


def _days_of(lake: Lake, settings: Settings) -> Iterator[list[str]]:
    """Days to rebuild, gathered to chunks by the rows that they hold."""
    if settings.rebuild is None:
        return
    first, last = settings.rebuild
    sizes: dict[str, int] = {}
    for file in lake.snapshot().of("articles"):
        if first <= file.date <= last:
            sizes[file.date] = sizes.get(file.date, 0) + file.rows
    days: list[str] = []
    for day in sorted(sizes):
        if days and sum(sizes[one] for one in [*days, day]) > settings.chunk_articles:
            yield days
            days = []
        days.append(day)
    if days:
        yield days


def _run_graph(work: Work, settings: Settings, options: PipelineOptions, summary: Summary) -> None:
    pipeline = beam.Pipeline(options=options)
    (build_rebuild if work.days else build)(pipeline, settings, work)
    result = pipeline.run()
    result.wait_until_finish()
    summary.add(result)
    summary.chunks += 1


def _chunks(
    planned: Iterable[Piece | BadRecord], sizes: dict[str, int], limit: int
) -> Iterator[tuple[list[Piece], list[BadRecord]]]:
    """Pieces gathered to chunks of at most `limit` articles, as far as the plan knows, and _CHUNK_BYTES."""
    pieces: list[Piece] = []
    bad: list[BadRecord] = []
    articles = size = 0
    for one in planned:
        if isinstance(one, BadRecord):
            bad.append(one)
            continue
        if pieces and (
            articles + one.articles_hint > limit
            or (limit < sys.maxsize and size + _bytes_of(one, sizes) > _CHUNK_BYTES)
        ):
            yield pieces, bad
            pieces, bad, articles, size = [], [], 0, 0
        pieces.append(one)
        articles += one.articles_hint
        size += _bytes_of(one, sizes)
    if pieces or bad:
        yield pieces, bad


def _bytes_of(piece: Piece, sizes: dict[str, int]) -> int:
    """About how many bytes a piece has: its own where it is cut by bytes, at most its file's."""
    whole = max(sizes.get(piece.origin, 0), 0)
    return min(piece.stop - piece.start, whole) if piece.stop >= 0 else max(whole - piece.start, 0)


def _run_id(sources: Sources, settings: Settings, options: PipelineOptions, now: int | None) -> str:
    """The same for the same input, settings and day: a killed run is found again by it. Polls are never resumed."""
    files = [
        f"{file.origin} {file.fingerprint}" if not isinstance(file, BadRecord) else f"{file.origin} {file.reason}"
        for file in sources.files
    ]
    return digest(
        "run", *files, settings.model, CODER_VERSION, settings.ingested_at, settings.chunk_articles,
        is_local(options), settings.rebuild, now, hex_digits=16,
    )  # fmt: skip


class _progress:  # noqa: N801  # reads as a statement
    """A line that moves on a terminal, log lines elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar: Progress | None = None

    def __enter__(self) -> "_progress":
        if self._console.is_terminal:
            self._bar = Progress(
                SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=self._console,
                transient=True,
            )  # fmt: skip
            self._bar.start()
            self._task = self._bar.add_task("reading", total=None)
        return self

    def __call__(self, what: str, summary: Summary) -> None:
        from newsbeam.transforms import metrics

        counts = summary.counts
        line = f"{what}: {counts[metrics.READ]:,} read, {counts[metrics.NEW]:,} new, {counts[metrics.EVENTS]:,} events"
        if self._bar is not None:
            self._bar.update(self._task, description=line)
        else:
            logger.info("%s", line)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
