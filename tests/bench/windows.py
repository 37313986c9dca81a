"""What a day of a stream's windows costs: commits as hot files gather, and the compaction that ends it.

    python -m tests.bench.windows --windows 288 --compact_every 0

The rows are those of seeds/, under new ids in every window, all of one day, with a poll an article.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from newsbeam.pipeline.cli import main as newsbeam
from newsbeam.schemas.tables import TABLES
from newsbeam.transforms.lake.changes import change_of, write_rows
from newsbeam.transforms.lake.compaction import compact
from newsbeam.transforms.lake.lake import Lake
from newsbeam.transforms.polling.schedule import first_state

DAY = "2026-01-05"
_SEEDS = Path(__file__).resolve().parents[2] / "seeds"
_IDS = ("article_id", "event_id", "figure_id", "canonical_id", "event_key")
_NAMES = ("articles", "links", "events", "participants", "figures", "seen")


def main() -> None:
    """Write the windows, then compact."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--windows", type=int, default=288)
    parser.add_argument("--compact_every", type=int, default=0, help="windows between compactions; 0: only at the end")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with redirect_stdout(StringIO()):
            newsbeam(["run", str(_SEEDS), "--lake", f"{folder}/seeds"])
        seeds = {name: Lake(f"{folder}/seeds").rows(name) for name in _NAMES}
        lake = Lake(f"{folder}/lake")
        _windows(lake, seeds, arguments.windows, arguments.compact_every)
        _compact(lake, "at the end")


def _windows(lake: Lake, seeds: dict[str, list[Any]], windows: int, compact_every: int) -> None:
    spent: list[tuple[float, float]] = []
    for number in range(windows):
        files = [write_rows(lake.storage, TABLES[name], DAY, rows) for name, rows in _rows(seeds, number) if rows]
        begin = time.process_time(), time.perf_counter()
        lake.commit(change_of(files, [], str(number)))
        catalog = time.perf_counter()
        lake.refresh_views()
        end = time.process_time(), time.perf_counter()
        spent.append((end[0] - begin[0], end[1] - begin[1]))
        if number + 1 in (1, 12, 24, 48, 96, 144, 192, 240, windows):
            live = len(lake.snapshot().files)
            cpu, wall = spent[-1]
            print(f"window {number + 1}: {live} live files; commit {cpu:.2f} s CPU, {wall:.2f} s wall, "
                  f"of it catalog {end[1] - catalog:.2f}", flush=True)  # fmt: skip
        if compact_every and (number + 1) % compact_every == 0:
            _compact(lake, f"after window {number + 1}")
    print(f"all commits: {sum(cpu for cpu, _ in spent):.1f} s CPU, {sum(wall for _, wall in spent):.1f} s wall")


def _rows(seeds: dict[str, list[Any]], number: int) -> Iterator[tuple[str, list[Any]]]:
    for name, rows in seeds.items():
        yield name, [_renamed(row, number) for row in rows]
    yield (
        "feeds",
        [
            first_state(f"https://news.example/{n}")._replace(polled_at=number + 1, date=DAY)
            for n in range(len(seeds["articles"]))
        ],
    )


def _renamed(row: Any, number: int) -> Any:
    ids = {name: f"{number:04d}{value[4:]}" for name in _IDS if (value := getattr(row, name, None))}
    return row._replace(date=DAY, **ids)


def _compact(lake: Lake, when: str) -> None:
    files = lake.snapshot().files
    before = sum(entry.bytes for entry in files)
    begin = time.process_time(), time.perf_counter()
    compact(lake.storage, retain_seconds=0)
    cpu, wall = time.process_time() - begin[0], time.perf_counter() - begin[1]
    live = lake.snapshot().files
    after = sum(entry.bytes for entry in live)
    print(f"compaction {when}: {len(files)} files, {before / 1e6:.1f} MB -> {len(live)} files, {after / 1e6:.1f} MB; "
          f"{cpu:.2f} s CPU, {wall:.2f} s wall", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
