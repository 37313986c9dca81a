"""What a process does first that works for another one, and must not outlive it."""

import fcntl
import os
import select
import signal
import sys
from contextlib import suppress
from typing import IO


def begin() -> tuple[IO[bytes], IO[bytes]]:
    """Where requests come from and answers go to. To be called before anything that takes time.

    A signal to all processes of a terminal or a service (Ctrl-C, an order to end) is for the parent, which may still
    need answers. With the parent this process ends, whatever it does at that moment.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    _end_with_parent(int(sys.argv[1]))
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a parser prints must not end up among the answers
    return requests, answers


def _end_with_parent(lifeline: int) -> None:
    """Let the kernel end this process when the other end of a pipe, which the parent holds and never writes, closes.

    The end of the requests is seen between two of them only, and a thread of our own would wait for a parser that
    holds the interpreter. SIGIO needs neither: nobody handles it, so it kills.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    with suppress(OSError):  # of a system whose pipes raise no signal: the end of the requests remains
        fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    gone = select.poll()
    gone.register(lifeline, select.POLLIN)
    if gone.poll(0):  # it closed before
        os._exit(0)
