"""Work on many hosts at once, each in its own thread, so that a slow one delays no other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


class _Ended:
    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def in_parallel(tasks: Sequence[T], work: Callable[[T], Iterable[R]], *, threads: int) -> Iterator[R]:
    """What `work` gives for each task, in the order in which it comes. An error of `work` ends all and is raised.

    Tasks are begun in their order. Threads still at work when the caller stops reading end with their present task.
    """
    todo: SimpleQueue[T] = SimpleQueue()
    for task in tasks:
        todo.put(task)
    results: SimpleQueue[R | _Ended] = SimpleQueue()
    stop: list[bool] = []

    def run() -> None:
        error: BaseException | None = None
        try:
            while not stop and not todo.empty():
                try:
                    task = todo.get_nowait()
                except Empty:  # another thread took the last one
                    break
                for result in work(task):
                    results.put(result)
        except BaseException as caught:
            error = caught
        results.put(_Ended(error))

    count = min(threads, len(tasks))
    for number in range(count):
        Thread(target=run, name=f"newsbeam-host-{number}", daemon=True).start()
    try:
        while count:
            result = results.get()
            if not isinstance(result, _Ended):
                yield result
                continue
            if result.error is not None:
                raise result.error
            count -= 1
    finally:
        stop.append(True)


class Crew:
    """Threads that do what is submitted, in its order. They start as they are needed, and keep no process alive."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._todo: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._started = 0
        self._idle = 0
        self._lock = Lock()

    def submit(self, work: Callable[[], None]) -> None:
        """Do `work` in a thread. It must not raise."""
        self._todo.put(work)
        with self._lock:
            if self._idle < self._todo.qsize() and self._started < self._threads:
                self._started += 1
                Thread(target=self._run, name=f"newsbeam-crew-{self._started}", daemon=True).start()

    def _run(self) -> None:
        while True:
            with self._lock:
                self._idle += 1
            work = self._todo.get()
            with self._lock:
                self._idle -= 1
            work()
