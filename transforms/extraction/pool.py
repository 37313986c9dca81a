"""Have facts read by other processes, and bear it when an article ends one of them.

A batch on which a process dies, or does not end, is read again article by article. One that ends a fresh process too is
given up; the others are kept. An error that Python raises is a bug of newsbeam and is raised here.
"""

import logging
import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from queue import SimpleQueue

from newsbeam.transforms.extraction.child import BUG, MISSING
from newsbeam.transforms.extraction.model import ModelMissing
from newsbeam.transforms.isolation.processes import Process, ProcessDied, Processes, StartFailed

logger = logging.getLogger(__name__)

#: Answers in place of facts: reasons of `schemas.reject.REASONS`.
KILLED, TIMEOUT = b"killed", b"parser_timeout"
_MODULE = "newsbeam.transforms.extraction.child"
_STARTS = 3  # of a process that somebody kills while it loads
_Job = tuple[Sequence[bytes], "Future[list[bytes]]"]


class ReadingFailed(RuntimeError):
    """A bug in the rules, the model or their process; the message has the traceback."""


class Queue(ABC):
    """Requests that threads carry out, in the order in which they are made."""

    def __init__(self, processes: int) -> None:
        self.processes = 0
        self.pid = os.getpid()  # a fork inherits it, but must not use it
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._lock = threading.Lock()
        self.grow(processes)

    def grow(self, processes: int) -> None:
        """Carry out at least so many at a time from now on."""
        with self._lock:
            more = max(0, processes - self.processes)
            self.processes += more
            for _ in range(more):
                # a daemon, for who ends must not wait for a parser
                threading.Thread(target=self._work, name="newsbeam facts", daemon=True).start()

    def submit(self, parts: Sequence[bytes]) -> "Future[list[bytes]]":
        """The answers to encoded articles, in their order: facts, KILLED or TIMEOUT. Raises ReadingFailed later."""
        future: Future[list[bytes]] = Future()
        self._jobs.put((parts, future))
        return future

    @abstractmethod
    def answers(self, parts: Sequence[bytes]) -> list[bytes]:
        """Carry out one request."""

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            parts, future = job
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(self.answers(parts))
                except BaseException as error:  # whoever waits hears of it
                    future.set_exception(error)
            del job, parts, future  # not to be kept until the next one


class Pool(Queue):
    """Processes of this one that read facts."""

    def __init__(self, model: str, processes: int = 1, *, seconds: Callable[[int], float] | None = None) -> None:
        """`seconds` says how long a request of so many bytes may take."""
        self.model = model
        self._seconds = seconds or seconds_for
        self._readers = Processes(partial(Process, _MODULE, model), processes)
        self._is_closed = False
        super().__init__(processes)
        self._readers.prepare(processes)

    def grow(self, processes: int) -> None:
        """Have at least so many processes; those that are new start loading now."""
        before = self.processes
        super().grow(processes)
        if before:
            self._readers.allow(self.processes - before)
            self._readers.prepare(self.processes - before)

    def wait_until_ready(self) -> None:
        """Until one of them has loaded the model. Raises ModelMissing, or ReadingFailed where it cannot be loaded."""
        with self._lent():
            pass

    def ids(self) -> list[int]:
        """The numbers of the processes that live."""
        return self._readers.ids()

    def close(self) -> None:
        """End the processes; what was asked and not answered fails."""
        self._is_closed = True
        for _ in range(self.processes):
            self._jobs.put(None)
        self._readers.close()

    def answers(self, parts: Sequence[bytes]) -> list[bytes]:
        """Ask for all at once, and where that ends a process, for each alone."""
        if not parts:
            return []
        try:
            return self._ask(parts)
        except (TimeoutError, ProcessDied) as fault:
            if self._is_closed:
                raise ReadingFailed("the processes that read facts were closed") from fault
            logger.warning("a process that reads facts failed (%s): its articles are read one by one", fault)
        return [self._answer_alone(part) for part in parts]

    def _answer_alone(self, part: bytes) -> bytes:
        reason = KILLED
        for is_fresh in (False, True):
            try:
                [answer] = self._ask([part], is_fresh=is_fresh)
                return answer
            except TimeoutError:
                reason = TIMEOUT
            except ProcessDied:
                reason = KILLED
        return reason

    def _ask(self, parts: Sequence[bytes], *, is_fresh: bool = False) -> list[bytes]:
        with self._lent(is_fresh=is_fresh) as process:
            kind, *answers = process.ask(parts, self._seconds(sum(map(len, parts))))
        if kind == BUG:
            raise ReadingFailed(f"facts were not read:\n{answers[0].decode()}")
        return answers

    @contextmanager
    def _lent(self, *, is_fresh: bool = False) -> Iterator[Process]:
        """A process that has loaded the model."""
        for rest in reversed(range(_STARTS)):
            if self._is_closed:
                raise ReadingFailed("the processes that read facts were closed")
            with self._readers.lent(is_fresh=is_fresh) as process:
                try:
                    kind, *said = process.wait_until_ready()
                except StartFailed:
                    if not rest:
                        raise
                    continue
                if kind == MISSING:
                    raise ModelMissing(said[0].decode())
                if kind == BUG:
                    raise ReadingFailed(f"{self.model} was not loaded:\n{said[0].decode()}")
                yield process
                return


def seconds_for(size: int) -> float:
    """How long a request of so many bytes may take: ten times what the slowest text takes, and a minute besides.

    100,000 characters dense in events take 10 s on a quiet machine; the memory may be on a disk, and others at work.
    """
    return 60.0 + size / 1000
