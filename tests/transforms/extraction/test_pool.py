"""Facts read elsewhere: an article that ends a process costs itself alone."""

import os
import signal
import threading
from collections.abc import Callable, Iterator

import pytest

from newsbeam.transforms.extraction import pool as pools
from newsbeam.transforms.extraction.model import ModelMissing
from newsbeam.transforms.extraction.pool import KILLED, TIMEOUT, Pool, ReadingFailed, seconds_for
from newsbeam.transforms.isolation.processes import StartFailed
from tests.transforms.isolation.obedient import is_running

Make = Callable[..., Pool]


@pytest.fixture
def make(obedient: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes pools whose processes say what they were asked; they are closed at the end."""
    monkeypatch.setattr(pools, "_MODULE", obedient)
    made: list[Pool] = []

    def make(order: str = "ready", *given: int, seconds: float = 60.0) -> Pool:
        made.append(Pool(order, *given, seconds=lambda _: seconds))
        return made[-1]

    yield make
    for pool in made:
        pool.close()


@pytest.mark.parametrize("processes", [1, 3])
def test_answers_come_in_the_order_of_what_was_asked(make: Make, processes: int) -> None:
    pool = make("ready", processes)
    asked = [[f"{n}-{part}".encode() for part in range(n % 4)] for n in range(40)]
    assert [future.result() for future in [pool.submit(parts) for parts in asked]] == asked


def test_many_threads_ask_at_once(make: Make) -> None:
    pool = make("ready", 2)
    found: dict[int, list[bytes]] = {}
    threads = [
        threading.Thread(target=lambda n=n: found.update({n: pool.submit([b"%d" % n]).result()})) for n in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: [b"%d" % n] for n in range(16)}
    assert len(pool.ids()) == 2


def test_what_ends_its_process_is_given_up_and_what_is_beside_it_kept(make: Make) -> None:
    pool = make()
    assert pool.submit([b"one", b"die", b"two", b"die too", b"three"]).result() == [
        b"one", KILLED, b"two", KILLED, b"three"
    ]  # fmt: skip
    assert pool.submit([b"die"]).result() == [KILLED]
    assert pool.submit([b"four"]).result() == [b"four"]
    assert len(pool.ids()) == 1


def test_what_never_ends_is_given_up_in_time(make: Make) -> None:
    assert make(seconds=0.5).submit([b"one", b"hang", b"two"]).result() == [b"one", TIMEOUT, b"two"]


def test_a_process_killed_from_outside_costs_nothing(make: Make) -> None:
    pool = make(seconds=1.0)
    pool.wait_until_ready()
    future = pool.submit([b"hang", b"one"])
    threading.Timer(0.2, lambda: [os.kill(process, signal.SIGKILL) for process in pool.ids()]).start()
    assert future.result() == [TIMEOUT, b"one"]  # not killed: it was read again, alone and in full
    for process in pool.ids():
        os.kill(process, signal.SIGKILL)
    assert pool.submit([b"two"]).result() == [b"two"]


def test_a_bug_is_raised_with_its_traceback(make: Make) -> None:
    pool = make()
    with pytest.raises(ReadingFailed, match="Traceback\nValueError: of the rules"):
        pool.submit([b"one", b"bug"]).result()
    assert pool.submit([b"one"]).result() == [b"one"]


@pytest.mark.parametrize(
    ("order", "error", "said"),
    [
        ("missing", ModelMissing, "as it was told"),
        ("bug", ReadingFailed, "bug was not loaded:\nas it was told"),
        ("die", StartFailed, "exit status 7"),
    ],
)
def test_a_model_that_cannot_be_loaded_is_told_of(make: Make, order: str, error: type[Exception], said: str) -> None:
    pool = make(order)
    with pytest.raises(error, match=said):
        pool.wait_until_ready()
    with pytest.raises(error, match=said):
        pool.submit([b"one"]).result()


def test_it_grows_and_closes(make: Make) -> None:
    pool = make()
    pool.grow(3)
    pool.grow(2)
    assert pool.processes == 3
    running = pool.ids()
    assert len(running) == 3
    futures = [pool.submit([b"hang"]) for _ in range(3)]
    threading.Timer(0.3, pool.close).start()
    for future in futures:
        with pytest.raises(ReadingFailed, match="closed"):
            future.result()
    assert pool.ids() == [] and not any(map(is_running, running))


def test_what_nobody_waits_for_is_not_read(make: Make) -> None:
    pool = make(seconds=0.5)
    slow, dropped, last = pool.submit([b"hang"]), pool.submit([b"die"]), pool.submit([b"one"])
    assert dropped.cancel()
    assert slow.result() == [TIMEOUT]
    assert last.result() == [b"one"]


def test_the_slowest_text_has_ten_times_its_time() -> None:
    assert seconds_for(100_000) > 10 * 10
    assert seconds_for(0) >= 60
