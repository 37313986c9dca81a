"""What is bad about a feed, an article, a disk or a worker stays where it is: a stream reports it and loses nothing."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.pipeline.growing import Stream, entries_in, feed_of, growing, wait_for, why_no_prism
from tests.pipeline.lakes import rows
from tests.pipeline.odd_models import poisoned
from tests.transforms.isolation.obedient import is_running

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(why_no_prism() is not None, reason=str(why_no_prism())),
]
_FLAGS = ("--window_seconds", 4, "--min_poll_seconds", 2)


def _item(name: str, date: str, text: str = "A bomb killed two people in Kano, police said.") -> str:
    return (
        f'<item><title>{name}</title><guid isPermaLink="false">{name}</guid><pubDate>{date}</pubDate>'
        f"<description>{text}</description></item>"
    )


def test_a_feed_that_hangs_is_silent_or_misdated_holds_nobody_back(tmp_path: Path) -> None:
    lake, log = tmp_path / "lake", tmp_path / "log"
    ahead = _item("ahead", "Thu, 01 Jan 2099 00:00:00 GMT")
    behind = _item("behind", "Thu, 01 Jan 1970 00:00:00 GMT", "Troops shelled the town of Goma, the army said.")
    odd = [None, feed_of(), feed_of(ahead, behind)]
    with growing(hosts=2, seconds=1.0, odd=odd) as feeds:
        stream = Stream(feeds.urls, lake, log, *_FLAGS)
        wait_for(lambda: {"ahead", "behind"} < set(entries_in(lake)))
        for _ in range(3):  # and windows go on: none is waited for, none was closed before its time
            before = len(entries_in(lake))
            wait_for(lambda before=before: len(entries_in(lake)) > before, 40)  # type: ignore[misc]
        feeds.freeze()
        wait_for(lambda: set(entries_in(lake)) == feeds.entries() | {"ahead", "behind"}, 40)
        assert stream.drain() == 0, log.read_text()[-3000:]
    assert entries_in(lake) == sorted(feeds.entries() | {"ahead", "behind"})
    starts = [line.partition("window until ")[2][:8] for line in log.read_text().splitlines() if "window until" in line]
    assert starts == sorted(set(starts))  # one pane a window: nothing came late
    dates = dict(rows(lake, "select entry_id, date::text from articles where entry_id in ('ahead', 'behind')"))
    today = rows(lake, "select max(date)::text from fetches")[0][0]
    assert dates["ahead"] <= today and dates["behind"] <= today


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 16 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk], capture_output=True)
    if made.returncode:
        pytest.skip("only root can mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def _lock(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)


def _unlock(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)


def _fill(disk: Path) -> None:
    with (disk / "ballast").open("wb", buffering=0) as out:
        for size in (65_536, 512):
            with suppress(OSError):
                while out.write(b"\0" * size):
                    pass


def _empty(disk: Path) -> None:
    (disk / "ballast").unlink()


@pytest.mark.parametrize(
    ("spoil", "mend", "said"),
    [(_lock, _unlock, "Read-only file system"), (_fill, _empty, "No space left on device")],
    ids=["read-only", "full"],
)
def test_a_lake_that_cannot_be_written_and_comes_back_has_all_once(
    small_disk: Path, tmp_path: Path, spoil: object, mend: object, said: str
) -> None:
    assert callable(spoil) and callable(mend)
    lake, log = small_disk / "lake", tmp_path / "log"
    with growing(hosts=3, seconds=1.0) as feeds:
        stream = Stream(feeds.urls, lake, log, *_FLAGS)
        wait_for(lambda: len(entries_in(lake)) >= 3)
        spoil(small_disk)
        wait_for(lambda: "it starts again in 4 s (2 of 10)" in log.read_text())
        before = len(entries_in(lake))
        mend(small_disk)
        wait_for(lambda: len(entries_in(lake)) > before)
        feeds.freeze()
        wait_for(lambda: set(entries_in(lake)) == feeds.entries())
        assert stream.drain() == 0, log.read_text()[-3000:]
    assert entries_in(lake) == sorted(feeds.entries())
    failures = [line for line in log.read_text().splitlines() if "newsbeam.pipeline.stream: the job failed" in line]
    assert 2 <= len(failures) <= 5 and all(said in line for line in failures)
    doubles = "select count(*) from (select url, fetched_at from fetches group by all having count(*) > 1)"
    assert rows(lake, doubles) == [(0,)]


def test_told_to_end_while_the_lake_is_out_of_reach_it_says_so_and_the_next_start_has_all(
    small_disk: Path, tmp_path: Path
) -> None:
    lake, log = small_disk / "lake", tmp_path / "log"
    with growing(hosts=2, seconds=1.0) as feeds:
        stream = Stream(feeds.urls, lake, log, *_FLAGS)
        wait_for(lambda: len(entries_in(lake)) >= 3)
        _lock(small_disk)
        wait_for(lambda: "it starts again in 4 s (2 of 10)" in log.read_text())
        assert stream.drain() == 1
        last = log.read_text().splitlines()[-1]
        assert "newsbeam: the run failed: JobFailed: " in last and "Read-only file system" in last
        _unlock(small_disk)
        stream = Stream(feeds.urls, lake, log, *_FLAGS)
        feeds.freeze()
        wait_for(lambda: set(entries_in(lake)) == feeds.entries())
        assert stream.drain() == 0, log.read_text()[-3000:]
    assert entries_in(lake) == sorted(feeds.entries())


def test_an_article_that_ends_its_reader_is_one_reject_and_the_stream_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, log = tmp_path / "lake", tmp_path / "log"
    poison = _item("deadly", "Thu, 05 Nov 2026 00:00:00 GMT", "A guard put arsenic into the soup in Kano.")
    good = _item("good", "Thu, 05 Nov 2026 00:00:00 GMT", "Troops shelled the town of Goma, the army said.")
    model = poisoned(tmp_path / "models", monkeypatch)
    with growing(hosts=2, seconds=1.0, odd=[feed_of(poison, good)]) as feeds:
        stream = Stream(feeds.urls, lake, log, *_FLAGS, "--model", model)
        wait_for(lambda: {"deadly", "good"} < set(entries_in(lake)))
        before = len(entries_in(lake))
        wait_for(lambda: len(entries_in(lake)) > before, 40)
        [reader] = stream.readers()
        os.kill(reader, signal.SIGKILL)  # in the middle: nothing is lost, nothing is rejected
        feeds.freeze()
        wait_for(lambda: set(entries_in(lake)) == feeds.entries() | {"deadly", "good"})
        [reader] = stream.readers()
        assert stream.drain() == 0, log.read_text()[-3000:]
        assert not is_running(reader)
    assert entries_in(lake) == sorted(feeds.entries() | {"deadly", "good"})
    assert rows(lake, "select stage, reason, payload from rejects") == [("extract", "killed", "deadly")]
    unread = "select entry_id from articles where article_id not in (select article_id from events)"
    assert rows(lake, unread) == [("deadly",)]


@contextmanager
def _worker_pool() -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Beam's pool of Python workers in other processes, and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])  # it starts "python"
    command = [sys.executable, "-m", "apache_beam.runners.worker.worker_pool_main", f"--service_port={port}"]
    pool = subprocess.Popen(
        command, env={**os.environ, "PATH": path}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield pool, f"localhost:{port}"
    finally:
        for worker in _children(pool.pid):
            os.kill(worker, signal.SIGKILL)
        pool.kill()
        pool.wait()


def _children(process: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            if int(path.read_text().rpartition(")")[2].split()[1]) == process:
                found.append(int(path.parent.name))
    return found


def test_after_a_killed_worker_of_a_pool_the_next_start_has_all(tmp_path: Path) -> None:
    lake, log = tmp_path / "lake", tmp_path / "log"
    with growing(hosts=2, seconds=1.0) as feeds, _worker_pool() as (pool, address):
        external = ("--environment_type", "EXTERNAL", "--environment_config", address)
        stream = Stream(feeds.urls, lake, log, *_FLAGS, *external)
        wait_for(lambda: len(entries_in(lake)) >= 3, 150)
        for worker in _children(pool.pid):
            os.kill(worker, signal.SIGKILL)
        try:
            assert stream.process.wait(60) == 1
            assert log.read_text().splitlines()[-1].startswith("newsbeam: the run failed: JobFailed: RuntimeError: ")
        except subprocess.TimeoutExpired:  # Prism misses a worker that is lost between two bundles
            stream.process.kill()
            stream.process.wait(60)
        stream = Stream(feeds.urls, lake, log, *_FLAGS)
        feeds.freeze()
        wait_for(lambda: set(entries_in(lake)) == feeds.entries())
        assert stream.drain() == 0, log.read_text()[-3000:]
    assert entries_in(lake) == sorted(feeds.entries())
