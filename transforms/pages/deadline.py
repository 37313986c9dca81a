"""Parse pages under a deadline that stops the parser: in a process of its own, killed when the time is over.

A thread cannot be stopped, and a DoFn is one. The process is started at the first page, kept for the next ones, and
ends with its parent, whose end closes its standard input.
"""

import atexit
import os
import select
import subprocess
import sys
import threading
from typing import Any

from newsbeam.transforms.pages.page import Page, bad_page
from newsbeam.transforms.pages.worker import receive, send

START_SECONDS = 120.0  # importing the parsers takes one on a quiet machine
_COMMAND = "from newsbeam.transforms.pages.worker import main; main()"


class _Worker:
    """One parsing process. Not for two threads at a time."""

    def __init__(self) -> None:
        self._pid = os.getpid()
        self._process = subprocess.Popen(
            # -P: a module in the directory where the user happens to be must not be run
            [sys.executable, "-P", "-c", _COMMAND],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if self._wait(START_SECONDS) is not True or receive(self._answers) is None:
            self.kill()
            raise RuntimeError("the process that parses pages did not start")

    @property
    def _answers(self) -> Any:
        return self._process.stdout

    def _wait(self, seconds: float) -> bool:
        """Whether an answer, or the end of the process, came within that time."""
        ready = select.poll()  # not select(), which refuses files numbered over 1,023
        ready.register(self._answers, select.POLLIN)
        return bool(ready.poll(max(0.0, seconds) * 1000))

    @property
    def is_usable(self) -> bool:
        """Whether the process lives and is this process's own (a fork inherits it, but must not use it)."""
        return self._pid == os.getpid() and self._process.poll() is None

    def ask(self, head: dict[str, Any], body: bytes, seconds: float) -> dict[str, Any] | None:
        """The answer to a request; None if the process died on it. Raises TimeoutError, and is then dead."""
        try:
            send(self._process.stdin, head, body)  # type: ignore[arg-type]  # a pipe, by its arguments
            if not self._wait(seconds):
                raise TimeoutError
            message = receive(self._answers)
        except BrokenPipeError:
            message = None
        except TimeoutError:
            self.kill()
            raise
        if message is None:
            self.kill()
            return None
        return message[0]

    def kill(self) -> None:
        """End the process, whatever it does."""
        if self._pid != os.getpid():
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                try:
                    pipe.close()
                except BrokenPipeError:
                    pass


class Deadline:
    """Processes that parse pages, one for each thread that asks at the same time, up to `processes`.

    Pickles without its processes; starts them lazily.
    """

    def __init__(self, processes: int = 1) -> None:
        if processes < 1:
            raise ValueError(f"processes must be at least 1, was {processes}")
        self._processes = processes
        self._open()

    def _open(self) -> None:
        self._idle: list[_Worker] = []
        self._lock = threading.Lock()
        self._free = threading.Semaphore(self._processes)

    def __reduce__(self) -> tuple[Any, ...]:
        return Deadline, (self._processes,)

    def read_page(self, html: bytes, *, url: str | None, content_type: str | None, seconds: float) -> Page:
        """Like `page.read_page`, but raises BadRecord parser_timeout after `seconds` of parsing, killed on a crash."""
        with self._free:
            worker = self._take()
            is_kept = False
            try:
                reply = worker.ask({"url": url, "content_type": content_type}, html, seconds)
                is_kept = reply is not None
            except TimeoutError:
                error = f"the parser did not end within {seconds:g} s"
                raise bad_page("parser_timeout", error, html, url) from None
            finally:
                if is_kept:
                    with self._lock:
                        self._idle.append(worker)
        if reply is None:
            raise bad_page("killed", "the parser process died on the page", html, url)
        if "bad" in reply:
            raise bad_page(reply["bad"][0], reply["bad"][1], html, url)
        return Page(*reply["page"])

    def _take(self) -> _Worker:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.is_usable:
                    return worker
                worker.kill()
        return _Worker()

    def close(self) -> None:
        """End the idle processes. The next page starts one again."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.kill()


_shared = Deadline()
atexit.register(_shared.close)


def read_page_within(html: bytes, *, url: str | None = None, content_type: str | None = None, seconds: float) -> Page:
    """Like `page.read_page`, in a process shared by this interpreter, within `seconds`.

    Raises BadRecord with the reason parser_timeout, or killed where the parser died on the page.
    """
    return _shared.read_page(html, url=url, content_type=content_type, seconds=seconds)


def close_workers() -> None:
    """End the shared process; for teardown. The next page starts one again."""
    _shared.close()
