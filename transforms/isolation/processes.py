"""Processes that do for this one what may crash or never end, each for one thread at a time."""

import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from newsbeam.transforms.isolation.kernels import kernel_settings
from newsbeam.transforms.isolation.messages import receive, send

START_SECONDS = 120.0  # importing parsers takes one or two on a quiet machine


class ProcessDied(Exception):
    """A process ended while it was asked."""


class StartFailed(RuntimeError):
    """A process did not start."""


class Process:
    """A process that runs `main` of a module, says one message when it is ready, and then answers each request.

    `main` calls `isolation.child.begin` first. Loads beside its parent; not for two threads at a time.
    """

    def __init__(self, module: str, *arguments: str, is_silent: bool = False) -> None:
        self._pid = os.getpid()
        self._module = module
        #: What the process said when it was ready; None until somebody waited for it.
        self.greeting: list[bytes] | None = None
        #: Requests that it answered.
        self.answered = 0
        lifeline, self._lifeline = os.pipe()
        try:
            self._process = subprocess.Popen(
                # -P: a module in the directory where the user happens to be must not be run
                [sys.executable, "-P", "-c", f"from {module} import main; main()", str(lifeline), *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL if is_silent else None,
                pass_fds=(lifeline,),
                env={**kernel_settings(), **os.environ},
            )
        except BaseException:
            os.close(self._lifeline)
            raise
        finally:
            os.close(lifeline)
        self._must_start_by = time.monotonic() + START_SECONDS

    @property
    def id(self) -> int:
        """The number that the system knows it by."""
        return self._process.pid

    @property
    def is_usable(self) -> bool:
        """Whether the process lives and is this process's own (a fork inherits it, but must not use it)."""
        return self._pid == os.getpid() and self._process.poll() is None

    def wait_until_ready(self) -> list[bytes]:
        """What it says when it is ready. Raises StartFailed, and is then dead."""
        if self.greeting is None:
            has_spoken = self._wait(self._must_start_by - time.monotonic())
            self.greeting = receive(self._answers) if has_spoken else None
            if self.greeting is None:
                self.kill()
                why = f"exit status {self._process.returncode}" if has_spoken else f"nothing in {START_SECONDS:g} s"
                raise StartFailed(f"{self._module} did not start: {why}")
        return self.greeting

    def ask(self, parts: Sequence[bytes], seconds: float) -> list[bytes]:
        """The answer to a request. Raises TimeoutError, ProcessDied or StartFailed, and is then dead."""
        self.wait_until_ready()
        try:
            send(self._process.stdin, parts)  # type: ignore[arg-type]  # a pipe, by its arguments
            if not self._wait(seconds):
                raise TimeoutError(f"no answer within {seconds:g} s")
            answer = receive(self._answers)
        except BrokenPipeError:
            answer = None
        except BaseException:  # an interruption too: the answer would be taken for that of the next request
            self.kill()
            raise
        if answer is None:
            self.kill()
            raise ProcessDied(f"it ended with status {self._process.returncode}")
        self.answered += 1
        return answer

    def end(self) -> None:
        """Have it ended, by any thread; who asks it sees it die, and cleans up."""
        if self._pid == os.getpid():
            self._process.kill()

    def kill(self) -> None:
        """End the process, whatever it does, and leave nothing of it."""
        if self._pid != os.getpid():
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(BrokenPipeError):
                    pipe.close()
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1

    @property
    def _answers(self) -> Any:
        return self._process.stdout

    def _wait(self, seconds: float) -> bool:
        """Whether an answer, or the end of the process, came within that time."""
        ready = select.poll()  # not select(), which refuses files numbered over 1,023
        ready.register(self._answers, select.POLLIN)
        return bool(ready.poll(max(0.0, seconds) * 1000))


class Processes:
    """Processes lent to as many threads at a time, up to `limit`. They are started when they are needed, and kept."""

    def __init__(self, start: Callable[[], Process], limit: int = 1) -> None:
        if limit < 1:
            raise ValueError(f"processes must be at least 1, was {limit}")
        self._start = start
        self._idle: list[Process] = []
        self._lent: set[Process] = set()
        self._lock = threading.Lock()
        self._free = threading.Semaphore(limit)

    def allow(self, more: int) -> None:
        """Let there be so many more."""
        for _ in range(more):
            self._free.release()

    def prepare(self, count: int) -> None:
        """Start processes now, so that they load while the caller does something else."""
        for _ in range(count):
            process = self._start()
            with self._lock:
                self._idle.append(process)

    @contextmanager
    def lent(self, *, is_fresh: bool = False) -> Iterator[Process]:
        """A process for this thread alone; a fresh one has answered nothing yet."""
        with self._free:
            process = self._take(is_fresh)
            try:
                yield process
            finally:
                with self._lock:
                    self._lent.discard(process)
                    is_kept = process.is_usable
                    if is_kept:
                        self._idle.append(process)
                if not is_kept:
                    process.kill()

    def _take(self, is_fresh: bool) -> Process:
        found = None
        with self._lock:
            while self._idle and found is None:
                process = self._idle.pop()
                if process.is_usable and not (is_fresh and process.answered):
                    found = process
                else:
                    process.kill()
        found = found or self._start()
        with self._lock:
            self._lent.add(found)
        return found

    def ids(self) -> list[int]:
        """The numbers of the processes that live."""
        with self._lock:
            return sorted(process.id for process in {*self._idle, *self._lent} if process.is_usable)

    def close(self) -> None:
        """End them: idle ones now, the others for those who are asking them. The next asking starts one again."""
        with self._lock:
            idle, self._idle = self._idle, []
            for process in self._lent:
                process.end()
        for process in idle:
            process.kill()
