"""A parser that can be stopped."""

import os
import pickle
import signal
import threading
from collections.abc import Iterator

import pytest

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.pages.deadline import Deadline, close_workers, read_page_within
from newsbeam.transforms.pages.page import read_page

SENTENCE = "The council of Elmsford voted on Tuesday to close the old bridge over the river Wend for eight months."
PAGE = f"<html><head><title>Bridge</title></head><body>{f'<p>{SENTENCE}</p>' * 7}</body></html>".encode()
# Hundreds of thousands of elements: seconds of work.
SLOW = (
    b"<html><body>"
    + b"<div><p>Some words of a text <b>that</b> goes on, and on.</p></div>" * 60_000
    + b"</body></html>"
)


@pytest.fixture(scope="module")
def deadline() -> Iterator[Deadline]:
    made = Deadline()
    yield made
    made.close()


def within(deadline: Deadline, html: bytes, seconds: float) -> object:
    return deadline.read_page(html, url="https://a.example/1", content_type="text/html", seconds=seconds)


def test_reads_as_the_parser_itself_does(deadline: Deadline) -> None:
    assert within(deadline, PAGE, 60) == read_page(PAGE, url="https://a.example/1", content_type="text/html")


def test_what_the_parser_refuses_is_refused(deadline: Deadline) -> None:
    with pytest.raises(BadRecord) as bad:
        within(deadline, b" ", 60)
    assert (bad.value.stage, bad.value.reason, bad.value.origin) == ("parse", "empty", "https://a.example/1")


def test_a_slow_page_is_stopped_and_the_next_one_read(deadline: Deadline) -> None:
    with pytest.raises(BadRecord) as bad:
        within(deadline, SLOW, 0.05)
    assert bad.value.reason == "parser_timeout"
    assert within(deadline, PAGE, 60) == read_page(PAGE, url="https://a.example/1")


def test_a_dead_parser_is_the_pages_fault_once(deadline: Deadline) -> None:
    within(deadline, PAGE, 60)
    (worker,) = deadline._processes.ids()
    killer = threading.Timer(0.2, os.kill, (worker, signal.SIGKILL))
    killer.start()
    with pytest.raises(BadRecord) as bad:
        within(deadline, SLOW, 60)
    killer.join()
    assert bad.value.reason == "killed"
    assert within(deadline, PAGE, 60) == read_page(PAGE, url="https://a.example/1")


def test_many_threads_share_it(deadline: Deadline) -> None:
    pages: list[object] = []
    threads = [threading.Thread(target=lambda: pages.append(within(deadline, PAGE, 60))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pages == [read_page(PAGE, url="https://a.example/1")] * 8


def test_it_pickles_without_its_process(deadline: Deadline) -> None:
    within(deadline, PAGE, 60)
    assert pickle.loads(pickle.dumps(deadline))._processes.ids() == []
    assert pickle.loads(pickle.dumps(Deadline(3)))._limit == 3


def test_the_shared_one_starts_again_after_teardown() -> None:
    first = read_page_within(PAGE, seconds=60)
    close_workers()
    assert read_page_within(PAGE, seconds=60) == first
    close_workers()


def test_processes_are_counted() -> None:
    with pytest.raises(ValueError, match="processes must be at least 1, was 0"):
        Deadline(0)
