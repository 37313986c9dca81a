"""Watch feeds without end, and end in order when told to."""

import logging
import re
import signal
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from newsbeam.pipeline.graph import Watching, build_stream
from newsbeam.pipeline.options import Settings
from newsbeam.pipeline.prism import prism_of_its_own
from newsbeam.pipeline.runners import is_local, is_loopback
from newsbeam.pipeline.stream_starts import note_end, note_start
from newsbeam.pipeline.summary import Summary
from newsbeam.schemas.feed import FeedState
from newsbeam.schemas.tables import TABLES
from newsbeam.transforms.lake.encode import rows_of
from newsbeam.transforms.lake.lake import Lake
from newsbeam.transforms.lake.reading import read_files
from newsbeam.transforms.lake.snapshots import numbers
from newsbeam.transforms.lake.storage import Storage
from newsbeam.transforms.polling.pacing import host_of
from newsbeam.transforms.polling.schedule import newest_states

logger = logging.getLogger(__name__)

#: Seconds before a failed job is started again: six minutes in all, for a disk that fills or a lake that goes away.
WAITS = (2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0, 60.0, 60.0)
_FRESH_SECONDS = 2.0  # the lake is asked for what is committed no more often
_MOST_SHARDS = 256
_CAUSE_CHARS = 500
_ERROR = re.compile(r"[\w.]*(Error|Exception|Exit|Conflict|Damaged|TooNew|Contention)\b")

_stop = threading.Event()


def is_stopping() -> bool:
    """Whether this process was told to end; what watches in another process never is."""
    return _stop.is_set()


def run_stream(feed_urls: Sequence[str], settings: Settings, options: PipelineOptions, summary: Summary) -> None:
    """Watch the feeds until SIGTERM or SIGINT, write what came until then, and return.

    A job that fails in this process is started again, WAITS apart, from what the lake has and what this process found
    since; a window that is written starts the count anew. Where the user code runs elsewhere the runner does so, and
    ends the job too: no signal to this process does.
    """
    _stop.clear()
    states = CommittedStates(settings.lake, name=uuid.uuid4().hex, seconds=_FRESH_SECONDS)
    storage = Storage(settings.lake)
    is_here = is_local(options) and is_loopback(options)
    with _stopping_on_signals(is_loopback(options)):
        failures, written = 0, states.newest(0)
        if is_local(options):
            note_start(storage, written, _stop.wait)
        while not _stop.is_set():
            try:
                _run_job(feed_urls, settings, options, summary, states)
                return note_end(storage)
            except Exception as error:
                cause = _cause_of(error)
                if not is_here:
                    raise JobFailed(cause) from error
                newest = states.newest(written)
                failures, written = 1 if newest > written else failures + 1, newest
                if failures > len(WAITS) or _stop.is_set():
                    raise JobFailed(cause) from error
                seconds = WAITS[failures - 1]
                logger.error("the job failed: %s", cause)
                logger.error("it starts again in %g s (%d of %d)", seconds, failures, len(WAITS))
                if _stop.wait(seconds):
                    raise JobFailed(cause) from error


def _run_job(
    feed_urls: Sequence[str],
    settings: Settings,
    options: PipelineOptions,
    summary: Summary,
    states: "CommittedStates",
) -> None:
    with prism_of_its_own(options):
        pipeline = beam.Pipeline(options=options)
        shards = shards_of(feed_urls, options)
        build_stream(pipeline, settings, Watching(feed_urls, states, is_stopping, shards))
        result = pipeline.run()
        logger.info("watching %d feeds; a window is written every %g s", len(feed_urls), settings.window_seconds)
        result.wait_until_finish()
        summary.add(result)


def shards_of(feed_urls: Sequence[str], options: PipelineOptions) -> int | None:
    """How many groups of hosts are watched: one on one machine, elsewhere each host, but not thousands.

    Each group is looked at every few seconds, and a look costs a worker a millisecond, whether something came or not.
    """
    if is_local(options):
        return 1
    return _MOST_SHARDS if len(set(map(host_of, feed_urls))) > _MOST_SHARDS else None


def _cause_of(error: Exception) -> str:
    """The last line of a worker's traceback that names an error, or else the error's own first line."""
    lines = [line for line in str(error).splitlines() if _ERROR.match(line)]
    first = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"  # a runner may add its own trace
    return lines[-1] if lines else first[:_CAUSE_CHARS]


class JobFailed(Exception):
    """A job failed, on one machine again and again; the message is one line: what its worker said last."""


class CommittedStates:
    """The newest states of feeds that the lake has, for WatchFeeds. Each file of the lake is read once a process.

    Under its `name` the watch of a host outlives a job of this process. The lake is looked at `seconds` apart.
    """

    _processwide: ClassVar[dict[str, "_States"]] = {}
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, root: str, *, name: str = "", seconds: float = 0.0) -> None:
        self.name = name
        self._root = root
        self._seconds = seconds

    def __call__(self, feed_urls: Sequence[str]) -> list[FeedState]:
        """The states of those of the feeds that the lake knows."""
        with self._lock:
            states = self._processwide.setdefault(self._root, _States(self._root))
        return states.of(feed_urls, self._seconds)

    def newest(self, known: int) -> int:
        """Number of the newest snapshot; the known one where the lake is out of reach."""
        try:
            return max(numbers(Lake(self._root).storage), default=known)
        except OSError:
            return known


class _States:
    def __init__(self, root: str) -> None:
        self._lake = Lake(root)
        self._number: int | None = None
        self._looked_at = 0.0
        self._read: set[str] = set()
        self._newest: dict[str, FeedState] = {}
        self._lock = threading.Lock()

    def of(self, feed_urls: Sequence[str], seconds: float) -> list[FeedState]:
        """The states of some feeds, after all that was committed `seconds` ago."""
        with self._lock:
            if self._number is None or time.monotonic() - self._looked_at >= seconds:
                number = max(numbers(self._lake.storage), default=0)
                if number != self._number:  # a day of windows lists thousands of files: it is read when it is new
                    self._read_newest()
                self._number, self._looked_at = number, time.monotonic()
            return [self._newest[url] for url in feed_urls if url in self._newest]

    def _read_newest(self) -> None:
        live = self._lake.snapshot().of("feeds")
        unread = [entry for entry in live if entry.path not in self._read]
        if unread:
            rows = rows_of(TABLES["feeds"], read_files(self._lake.storage, TABLES["feeds"], unread))
            self._newest = newest_states([*self._newest.values(), *rows])
        self._read = {entry.path for entry in live}


@contextmanager
def _stopping_on_signals(may_drain: bool) -> Iterator[None]:
    """The first SIGTERM or SIGINT lets the watch end, a second one interrupts."""

    def heard(_number: int, _frame: object) -> None:
        if not may_drain or _stop.is_set():
            raise KeyboardInterrupt
        logger.info("ending: what was found is written first; a second signal ends at once")
        _stop.set()

    try:
        before = {number: signal.signal(number, heard) for number in (signal.SIGTERM, signal.SIGINT)}
    except ValueError:  # not in the main thread: whoever runs this handles signals
        before = {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
