"""Watch feeds without end, and end in order when told to."""

import logging
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from newsbeam.pipeline.graph import Watching, build_stream
from newsbeam.pipeline.options import Settings
from newsbeam.pipeline.prism import prism_of_its_own
from newsbeam.pipeline.runners import is_local, is_loopback
from newsbeam.pipeline.summary import Summary
from newsbeam.schemas.feed import FeedState
from newsbeam.schemas.tables import TABLES
from newsbeam.transforms.lake.encode import rows_of
from newsbeam.transforms.lake.lake import Lake
from newsbeam.transforms.lake.reading import read_files
from newsbeam.transforms.polling.schedule import newest_states

logger = logging.getLogger(__name__)

_stop = threading.Event()


def is_stopping() -> bool:
    """Whether this process was told to end; what watches in another process never is."""
    return _stop.is_set()


def run_stream(feed_urls: Sequence[str], settings: Settings, options: PipelineOptions, summary: Summary) -> None:
    """Watch the feeds until SIGTERM or SIGINT, write what came until then, and return.

    Where the user code runs elsewhere the runner ends the job, not a signal to this process.
    """
    _stop.clear()
    with _stopping_on_signals(is_loopback(options)), prism_of_its_own(options):
        pipeline = beam.Pipeline(options=options)
        shards = 1 if is_local(options) else None
        build_stream(pipeline, settings, Watching(feed_urls, CommittedStates(settings.lake), is_stopping, shards))
        result = pipeline.run()
        logger.info("watching %d feeds; a window is written every %g s", len(feed_urls), settings.window_seconds)
        result.wait_until_finish()
        summary.add(result)


class CommittedStates:
    """The newest states of feeds that the lake has, for WatchFeeds. Each file of the lake is read once a process."""

    _processwide: ClassVar[dict[str, "_States"]] = {}
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, root: str) -> None:
        self._root = root

    def __call__(self, feed_urls: Sequence[str]) -> list[FeedState]:
        """The states of those of the feeds that the lake knows."""
        with self._lock:
            states = self._processwide.setdefault(self._root, _States(self._root))
        return states.of(feed_urls)


class _States:
    def __init__(self, root: str) -> None:
        self._lake = Lake(root)
        self._read: set[str] = set()
        self._newest: dict[str, FeedState] = {}
        self._lock = threading.Lock()

    def of(self, feed_urls: Sequence[str]) -> list[FeedState]:
        """The states of some feeds, after all that is committed."""
        with self._lock:
            live = self._lake.snapshot().of("feeds")
            unread = [entry for entry in live if entry.path not in self._read]
            if unread:
                rows = rows_of(TABLES["feeds"], read_files(self._lake.storage, TABLES["feeds"], unread))
                self._newest = newest_states([*self._newest.values(), *rows])
            self._read = {entry.path for entry in live}
            return [self._newest[url] for url in feed_urls if url in self._newest]


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
