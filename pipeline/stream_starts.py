"""Hold back a stream that starts again and again and writes nothing: each start asks all feeds that are due.

A process that dies (killed, out of memory, a parser that crashes on an article) has committed neither rows nor due
times, and whatever starts it again would have it ask the same feeds again, every few seconds, for ever.
"""

import json
import logging
import time
from collections.abc import Callable
from typing import NamedTuple

from newsbeam.transforms.lake.changes import STATE
from newsbeam.transforms.lake.storage import Storage

logger = logging.getLogger(__name__)

PATH = f"{STATE}/stream.json"
_FIRST_SECONDS = 30.0
_LONGEST_SECONDS = 3600.0


class Starts(NamedTuple):
    """Starts in a row that neither ended in order nor were followed by a snapshot."""

    number: int
    at: float  # seconds since 1970 UTC, of the last one
    snapshot: int  # the newest one at that time


def pause_before(last: Starts | None, snapshot: int, now: float) -> tuple[Starts, float]:
    """What to remember of a start now, and the seconds that it must wait: none for the first and the second."""
    count = last.number + 1 if last is not None and snapshot <= last.snapshot else 1
    if last is None or count < 3:
        return Starts(count, now, snapshot), 0.0
    pause = min(_FIRST_SECONDS * 2 ** min(count - 3, 20), _LONGEST_SECONDS)
    since = max(0.0, now - last.at)  # a clock that went back
    wait = max(0.0, pause - since)
    return Starts(count, now + wait, snapshot), wait


def note_start(storage: Storage, snapshot: int, wait: Callable[[float], object]) -> None:
    """Note a start in the lake, and wait where it must. A lake that takes no writes is told of elsewhere."""
    starts, seconds = pause_before(_read(storage), snapshot, time.time())
    try:
        storage.put(PATH, json.dumps(starts._asdict()).encode())
    except OSError as error:
        logger.warning("%s was not written: %s", PATH, error)
    if seconds:
        said = "%d starts in a row wrote nothing: this one waits %.0f s, or delete %s of the lake and start again"
        logger.error(said, starts.number - 1, seconds, PATH)
        wait(seconds)


def note_end(storage: Storage) -> None:
    """Note that a stream ended in order."""
    try:
        storage.delete(PATH)
    except OSError as error:
        logger.warning("%s was not deleted: %s", PATH, error)


def _read(storage: Storage) -> Starts | None:
    try:
        return Starts(**json.loads(storage.get(PATH)))
    except (OSError, ValueError, TypeError):  # not there, or not whole
        return None
