"""Kills at every step of a writer, a compaction and a sweep: a reader sees all of a run or nothing."""

import importlib.util
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from newsbeam.transforms.lake.checking import check
from newsbeam.transforms.lake.compaction import compact
from newsbeam.transforms.lake.lake import Lake

# Python 3.12 and later warn of any fork beside threads; the child here does its work with none of the parent's
pytestmark = pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")

SCRIPT = Path(__file__).with_name("kills.py")
_spec = importlib.util.spec_from_file_location("kills", SCRIPT)
assert _spec is not None and _spec.loader is not None
kills = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(kills)


def killed(root, work, fault, round_number=0):
    """Do `work` in a forked process that dies at a step; whether it died."""
    return has_died(kills.child(root, work, fault, round_number), work)


def has_died(status, work):
    assert status in (0, kills.KILLED), f"{work} ended with {status}"
    return status == kills.KILLED


def seen(root):
    """What a reader sees: ids of articles and events, with repeats."""
    lake = Lake(root)
    found = []
    for table, column in (("articles", "article_id"), ("events", "event_id")):
        found.append(sorted(lake.read(table, columns=[column]).column(column).to_pylist()))
    return tuple(found)


def assert_sound(root):
    assert [finding for finding in check(root) if finding.is_error] == []


def assert_swept(root):
    """After a run to the end and a sweep nothing is left that is not live."""
    compact(root, retain_seconds=0.0, clock=lambda: 2e10)
    lake = Lake(root)
    left = [path for path in lake.storage.files("") if path.endswith(".parquet") or "_tmp" in path or "runs" in path]
    assert sorted(left) == sorted(entry.path for entry in lake.snapshot().files)
    assert_sound(root)


@pytest.fixture
def killed_elsewhere(any_root):
    """As `killed`, in children of a process that never had a client of a bucket."""
    server = subprocess.Popen([sys.executable, str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def killed_there(work, fault, round_number):
        print(any_root, work, fault, round_number, file=server.stdin, flush=True)
        return has_died(int(server.stdout.readline()), work)

    with server:
        yield killed_there
        server.stdin.close()


@pytest.mark.parametrize(("work", "faults"), [("run", (31, 62)), ("commit", (14,))])
def test_a_writer_killed_at_some_steps_leaves_all_or_nothing(tmp_path, work, faults):
    for fault in faults:
        root = str(tmp_path / str(fault))
        assert killed(root, work, fault)
        if work == "run" and Lake(root).snapshot().number:
            assert seen(root) == kills.expected(1)
        elif work == "run":
            assert seen(root) == ([], [])
        assert not killed(root, work, 0)
        assert seen(root) == kills.expected(1)
        assert_swept(root)


def test_a_compaction_or_sweep_killed_at_some_steps_changes_no_row(tmp_path):
    root = str(tmp_path)
    kills.commit(kills.Storage(root), 0)
    for work, fault in (("compact", 2), ("compact", 8), ("compact", 11), ("compact", 14), ("sweep", 3), ("sweep", 12)):
        killed(root, work, fault)
        assert seen(root) == kills.expected(1)
    assert_swept(root)
    assert seen(root) == kills.expected(1)


@pytest.mark.slow
def test_kills_at_every_step_on_a_folder(tmp_path):
    """Every step of every kind of work, in several rounds on a growing lake."""
    root, rounds, kill_count = str(tmp_path), 0, 0
    chosen = random.Random(20230131)
    enough = int(os.environ.get("NEWSBEAM_KILLS", "100"))
    while kill_count < enough:
        work = ["run", "commit"][rounds % 2]
        fault = 0
        while True:
            fault += chosen.randint(1, 3)
            before = seen(root)
            if not killed(root, work, fault, rounds):
                break
            kill_count += 1
            after = seen(root)
            if work == "run":
                assert after in (before, kills.expected(rounds + 1))
            assert [len(each) for each in after] == [len(set(each)) for each in after]
        rounds += 1
        assert seen(root) == kills.expected(rounds)
        for tidy in ("compact", "sweep"):
            for _ in range(3):
                kill_count += killed(root, tidy, chosen.randint(1, 20))
                assert seen(root) == kills.expected(rounds)
        assert_swept(root)
        assert seen(root) == kills.expected(rounds)
    print(f"{kill_count} kills in {rounds} rounds: no wrong count, no double, no orphan")


@pytest.mark.slow
@pytest.mark.parametrize("any_root", ["gs", "s3"], indirect=True)
def test_kills_on_buckets(any_root, killed_elsewhere):
    kill_count, rounds = 0, 0
    chosen = random.Random(20230131)
    enough = int(os.environ.get("NEWSBEAM_KILLS", "100"))
    while kill_count < enough:
        work = ["run", "commit"][rounds % 2]
        is_killed = True
        while is_killed:
            before = seen(any_root)
            is_killed = killed_elsewhere(work, chosen.randint(1, 60), rounds)
            kill_count += is_killed
            after = seen(any_root)
            if work == "run":
                assert after in (before, kills.expected(rounds + 1))
            assert [len(each) for each in after] == [len(set(each)) for each in after]
        rounds += 1
        assert seen(any_root) == kills.expected(rounds)
        for tidy in ("compact", "sweep"):
            for _ in range(3):
                kill_count += killed_elsewhere(tidy, chosen.randint(1, 30), rounds)
                assert seen(any_root) == kills.expected(rounds)
        assert_swept(any_root)
        assert seen(any_root) == kills.expected(rounds)
    print(f"{kill_count} kills in {rounds} rounds on {any_root}: no wrong count, no double, no orphan")
