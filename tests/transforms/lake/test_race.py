"""One reader against writers, compactions and sweeps in other processes: no error, no gap, no double."""

import importlib.util
import os
import signal
import time
from pathlib import Path

import pytest

from newsbeam.transforms.lake.compaction import compact
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


def write_for_ever(root):
    storage = Storage(root)
    for number in range(10**6):
        [kills.run, kills.commit][number % 2](storage, number)


def compact_for_ever(root):
    while True:
        compact(root, retain_seconds=RETAIN_SECONDS)
        time.sleep(0.2)


def race(root, reads, read):
    Lake(root).refresh_views()
    children = [forked(lambda: write_for_ever(root)), forked(lambda: compact_for_ever(root))]
    counts = [0]
    try:
        for _ in range(reads):
            rows, distinct, with_article = read(root)
            assert rows == distinct == with_article
            assert rows >= counts[-1]
            assert all(os.waitpid(child, os.WNOHANG) == (0, 0) for child in children)
            counts.append(rows)
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
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
