"""One reader against writers, compactions and sweeps in other processes: no error, no gap, no double."""

import importlib.util
import os
import select
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsbeam.transforms.lake.lake import Lake
from newsbeam.transforms.lake.storage import Storage
from newsbeam.transforms.lake.views import connect

pytestmark = pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")
_spec = importlib.util.spec_from_file_location("kills", Path(__file__).with_name("kills.py"))
assert _spec is not None and _spec.loader is not None
kills = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(kills)

RETAIN_SECONDS = 20.0  # longer than any query here, shorter than the test: files go while the reader reads
QUERY = (
    "SELECT count(*), count(DISTINCT e.event_id), count(a.article_id)"
    " FROM events e LEFT JOIN articles a USING (article_id, revision, date)"
)


def forked(work):
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(1)
    return child


@contextmanager
def others(root):
    """A writer and a compactor in processes of their own."""
    writer = forked(lambda: kills.write_for_ever(Storage(root)))
    compactor = forked(lambda: kills.compact_for_ever(Storage(root), RETAIN_SECONDS))
    try:
        yield lambda: all(os.waitpid(child, os.WNOHANG) == (0, 0) for child in (writer, compactor))
    finally:
        for child in (writer, compactor):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


@contextmanager
def others_elsewhere(root):
    """As `others`, in children of processes that never had a client of a bucket."""
    servers = [
        subprocess.Popen(
            [sys.executable, kills.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        for _ in range(2)
    ]
    with servers[0], servers[1]:
        try:
            for server, work in zip(servers, ("write_for_ever", "compact_for_ever"), strict=True):
                server.stdin.write(f"{root} {work} 0 0\n".encode())
                server.stdin.flush()
            # one that ended would have printed its status
            yield lambda: not select.select([server.stdout for server in servers], [], [], 0)[0]
        finally:
            for server in servers:
                os.killpg(server.pid, signal.SIGKILL)


def race(root, reads, read, beside=others):
    Lake(root).refresh_views()
    counts = [0]
    with beside(root) as are_alive:
        while len(counts) <= reads:
            rows, distinct, with_article = read(root)
            assert rows == distinct == with_article
            assert rows >= counts[-1]
            assert are_alive()
            counts.append(rows)
    return counts


def read_snapshot(root):
    with connect(root) as connection:
        return connection.execute(QUERY).fetchone()


def read_catalog(root):
    import duckdb

    with duckdb.connect(f"{root}/catalog.duckdb", read_only=True) as connection:
        return connection.execute(QUERY).fetchone()


def test_a_reader_never_sees_half_a_run_a_row_twice_or_a_row_missing(tmp_path):
    race(str(tmp_path), 12, read_snapshot)


@pytest.mark.slow
@pytest.mark.parametrize("read", [read_snapshot, read_catalog])
def test_a_thousand_reads_see_no_error_gap_or_double(tmp_path, read):
    counts = race(str(tmp_path), int(os.environ.get("NEWSBEAM_READS", "200")), read)
    print(f"{len(counts) - 1} reads of {read.__name__}, {len(set(counts))} different counts up to {counts[-1]}")
    assert len(set(counts)) > 5


@pytest.mark.slow
@pytest.mark.parametrize("any_root", ["gs", "s3"], indirect=True)
def test_reads_of_a_bucket_see_no_error_gap_or_double(any_root):
    reads = int(os.environ.get("NEWSBEAM_READS", "200")) // 5
    counts = race(any_root, reads, read_snapshot, others_elsewhere)
    print(f"{len(counts) - 1} reads of {any_root}, {len(set(counts))} different counts up to {counts[-1]}")
    assert len(set(counts)) > 1
