"""A stream that dies again and again is started ever more rarely."""

import json
from pathlib import Path

import pytest

from newsbeam.pipeline.stream_starts import PATH, Starts, note_end, note_start, pause_before
from newsbeam.transforms.lake.storage import Storage


def test_starts_that_write_nothing_wait_ever_longer() -> None:
    last, now, waits = None, 1000.0, []
    for _ in range(12):
        last, wait = pause_before(last, 7, now)
        waits.append(wait)
        now += wait
    assert waits == [0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


@pytest.mark.parametrize(
    ("last", "snapshot", "now", "expected"),
    [
        (None, 0, 50.0, (Starts(1, 50.0, 0), 0.0)),
        (Starts(9, 10.0, 3), 4, 50.0, (Starts(1, 50.0, 4), 0.0)),  # a window was written since
        (Starts(2, 10.0, 3), 3, 20.0, (Starts(3, 40.0, 3), 20.0)),  # ten seconds of thirty are over
        (Starts(2, 10.0, 3), 3, 90.0, (Starts(3, 90.0, 3), 0.0)),
        (Starts(2, 99.0, 3), 3, 20.0, (Starts(3, 50.0, 3), 30.0)),  # the clock went back
        (Starts(10**9, 10.0, 3), 3, 10.0, (Starts(10**9 + 1, 3610.0, 3), 3600.0)),
    ],
)
def test_how_long_a_start_waits(last: Starts | None, snapshot: int, now: float, expected: tuple[Starts, float]) -> None:
    assert pause_before(last, snapshot, now) == expected


def test_a_lake_remembers_starts_until_one_ends_in_order(tmp_path: Path) -> None:
    storage, waits = Storage(str(tmp_path)), []
    for _ in range(3):
        note_start(storage, 5, waits.append)
    assert len(waits) == 1 and 29 < waits[0] <= 30
    assert json.loads(storage.get(PATH))["number"] == 3
    note_end(storage)
    note_end(storage)  # twice is as good
    note_start(storage, 5, waits.append)
    assert len(waits) == 1


@pytest.mark.parametrize("content", [b"", b"[1]", b'{"number": 1}', b"{"])
def test_a_note_that_is_not_whole_is_none(tmp_path: Path, content: bytes) -> None:
    storage = Storage(str(tmp_path))
    storage.put(PATH, content)
    note_start(storage, 5, lambda _: pytest.fail("waits"))
    assert json.loads(storage.get(PATH))["number"] == 1


def test_a_lake_that_takes_no_writes_stops_no_start(tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("a file where the folder should be")
    note_start(Storage(str(tmp_path / "lake")), 0, lambda _: pytest.fail("waits"))
