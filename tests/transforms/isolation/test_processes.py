"""A process that may crash, hang or be killed, and must not outlive its parent."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest

from newsbeam.transforms.isolation.processes import Process, ProcessDied, Processes, StartFailed
from tests.transforms.isolation.obedient import is_running

LONG = 60.0


@pytest.fixture
def process(obedient: str) -> Iterator[Process]:
    made = Process(obedient)
    yield made
    made.kill()


@pytest.fixture
def processes(obedient: str) -> Iterator[Processes]:
    made = Processes(partial(Process, obedient), 2)
    yield made
    made.close()


def _ends(process: int) -> bool:
    deadline = time.monotonic() + 20
    while is_running(process) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_running(process)


def test_it_answers_and_what_it_prints_is_no_answer(process: Process) -> None:
    assert process.wait_until_ready() == [b"ready", b"as it was told"]
    assert process.ask([b"one", b"two"], LONG) == [b"ready", b"one", b"two"]
    assert process.ask([b"three"], LONG) == [b"ready", b"three"]
    assert process.answered == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_to_all_of_a_terminal_or_service_are_for_its_parent(process: Process, number: int) -> None:
    process.wait_until_ready()
    os.kill(process.id, number)
    assert process.ask([b"one"], LONG) == [b"ready", b"one"]


def test_one_that_dies_is_told_of_and_leaves_nothing(process: Process) -> None:
    with pytest.raises(ProcessDied, match="status 3"):
        process.ask([b"die"], LONG)
    assert not process.is_usable and not is_running(process.id)


def test_one_that_hangs_is_killed_in_time(process: Process) -> None:
    process.wait_until_ready()
    with pytest.raises(TimeoutError, match=r"0\.1 s"):
        process.ask([b"hang"], 0.1)
    assert not process.is_usable and not is_running(process.id)


def test_one_that_does_not_start_is_told_of(obedient: str) -> None:
    with pytest.raises(StartFailed, match="obedient_child did not start: exit status 7"):
        Process(obedient, "die").ask([b"one"], LONG)


@pytest.mark.parametrize("task", ["hang", "hold", "rest"])
def test_it_ends_with_a_parent_that_is_killed(obedient: str, task: str) -> None:
    code = (
        "import sys, threading\n"
        "from newsbeam.transforms.isolation.processes import Process\n"
        f"process = Process({obedient!r}); process.wait_until_ready()\n"
        f"threading.Timer(0.3, lambda: print(process.id, flush=True)).start(); process.ask([b{task!r}], 999)\n"
        "threading.Event().wait()"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert is_running(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert _ends(child)


def test_it_is_kept_for_the_next_and_a_dead_one_is_not(processes: Processes) -> None:
    with processes.lent() as first:
        first.ask([b"one"], LONG)
    with processes.lent() as again:
        assert again is first
    with pytest.raises(ProcessDied), processes.lent() as again:
        again.ask([b"die"], LONG)
    with processes.lent() as second:
        assert second is not first and second.ask([b"one"], LONG)
    assert processes.ids() == [second.id]


def test_a_fresh_one_has_answered_nothing(processes: Processes) -> None:
    with processes.lent() as used:
        used.ask([b"one"], LONG)
    with processes.lent(is_fresh=True) as fresh:
        assert fresh is not used
    assert not is_running(used.id)


def test_no_more_are_lent_than_allowed_and_threads_wait(processes: Processes) -> None:
    lent: set[int] = set()
    most = 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal most
        with processes.lent() as process:
            with lock:
                lent.add(process.id)
                most = max(most, len(lent))
            process.ask([b"one"], LONG)
            with lock:
                lent.discard(process.id)

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most <= 2 and len(processes.ids()) <= 2


def test_closing_ends_those_that_are_asked_too(processes: Processes) -> None:
    processes.prepare(1)
    [idle] = processes.ids()
    with pytest.raises(ProcessDied), processes.lent() as process:
        process.wait_until_ready()
        threading.Timer(0.1, processes.close).start()
        process.ask([b"hang"], LONG)
    assert processes.ids() == [] and not is_running(idle)


def test_processes_are_counted() -> None:
    with pytest.raises(ValueError, match="processes must be at least 1, was 0"):
        Processes(partial(Process, "none"), 0)
