"""Make what is dear once a process, also where many threads ask for it at the same moment."""

import functools
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

R = TypeVar("R")


def made_once(make: Callable[..., R]) -> Callable[..., R]:
    """`functools.cache` that lets the others wait while one makes it: a hundred hosts polled at once made a hundred."""
    cached = functools.cache(make)
    lock = Lock()

    @functools.wraps(make)
    def wait_and_take(*arguments: object) -> R:
        with lock:
            return cached(*arguments)

    return wait_and_take
