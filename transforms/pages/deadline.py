"""Parse pages under a deadline that stops the parser: in a process of its own, killed when the time is over.

A thread cannot be stopped, and a DoFn is one. The process is started at the first page, kept for the next ones, and
ends with its parent.
"""

import atexit
import json
from functools import partial
from typing import Any

from newsbeam.transforms.isolation.processes import Process, ProcessDied, Processes
from newsbeam.transforms.pages.page import Page, bad_page

_MODULE = "newsbeam.transforms.pages.worker"


class Deadline:
    """Processes that parse pages, one for each thread that asks at the same time, up to `processes`.

    Pickles without its processes; starts them lazily.
    """

    def __init__(self, processes: int = 1) -> None:
        self._limit = processes
        self._processes = Processes(partial(Process, _MODULE, is_silent=True), processes)

    def __reduce__(self) -> tuple[Any, ...]:
        return Deadline, (self._limit,)

    def read_page(self, html: bytes, *, url: str | None, content_type: str | None, seconds: float) -> Page:
        """Like `page.read_page`, but raises BadRecord parser_timeout after `seconds` of parsing, killed on a crash."""
        head = json.dumps({"url": url, "content_type": content_type}).encode("ascii")
        try:
            with self._processes.lent() as process:
                [answer] = process.ask([head, html], seconds)
        except TimeoutError:
            error = f"the parser did not end within {seconds:g} s"
            raise bad_page("parser_timeout", error, html, url) from None
        except ProcessDied:
            raise bad_page("killed", "the parser process died on the page", html, url) from None
        reply = json.loads(answer)
        if "bad" in reply:
            raise bad_page(reply["bad"][0], reply["bad"][1], html, url)
        return Page(*reply["page"])

    def close(self) -> None:
        """End the processes. The next page starts one again."""
        self._processes.close()


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
