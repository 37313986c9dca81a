"""Measure a lake of a million events: bytes an event, and how long queries take.

python tests/bench/lake.py                      a lake of made-up events, written, compacted, measured
python tests/bench/lake.py --lake FOLDER        the same, kept: a later call measures it again
python tests/bench/lake.py --like LAKE [LAKE …] bytes of the events of other lakes, as one day's file

The events are made up, and weigh what real ones do: words, phrases, names and offsets are drawn so that every column
of them takes about the bytes that it takes in events read from news (docs/quality.md has both, column by column).
"""

import argparse
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table
from rows import Words, rows_of

from newsbeam.pipeline import lake as opened
from newsbeam.schemas.tables import TABLES
from newsbeam.transforms.lake.changes import FileEntry, change_of, put_file
from newsbeam.transforms.lake.compaction import compact
from newsbeam.transforms.lake.encode import encode_arrow
from newsbeam.transforms.lake.lake import Lake

DAYS = 30
_HOT_FILES = 8  # of each day, before the compaction
_REPEATS = 15


def make_lake(root: str, events: int, console: Console) -> None:
    """Write and compact a lake of that many events."""
    random = np.random.default_rng(2023)
    words, lake, files, spent = Words(random), Lake(root), [], 0.0
    for day in range(DAYS):
        date = f"2023-01-{day + 1:02}"
        for table, rows in rows_of(words, random, date, events // DAYS):
            begun = time.process_time()
            files += list(_put(lake, table, date, rows))
            spent += time.process_time() - begun if table == "events" else 0.0
    console.print(f"written: {events / spent:,.0f} events a second of CPU", highlight=False)
    lake.commit(change_of(files, []))
    begun = time.process_time()
    done = compact(lake.storage, retain_seconds=0.0)
    rate = done.rows / (time.process_time() - begun)
    console.print(f"compacted: {done.files_before} files to {done.files_after}, {rate:,.0f} rows a second of CPU")
    lake.refresh_views()


def sizes_of(content: bytes) -> Counter[str]:
    """Compressed bytes of each column of a Parquet file, and of all else in it."""
    metadata = pq.ParquetFile(pa.BufferReader(content)).metadata
    found: Counter[str] = Counter()
    for group in range(metadata.num_row_groups):
        for number in range(metadata.num_columns):
            column = metadata.row_group(group).column(number)
            found[column.path_in_schema.partition(".")[0]] += column.total_compressed_size
    found["footer and bloom filters"] = len(content) - found.total()
    return found


def print_sizes(sizes: Counter[str], rows: int, console: Console) -> None:
    """Bytes an event, by column."""
    table = Table("column", "bytes an event", box=None, pad_edge=False)
    for name, size in sizes.most_common():
        if size / rows >= 0.05:
            table.add_row(name, f"{size / rows:.2f}")
    console.print(table)
    console.print(f"{sizes.total() / rows:.1f} bytes an event, of {rows:,}", style="bold", highlight=False)


def print_queries(root: str, console: Console) -> None:
    """Milliseconds of the queries that users ask, by the catalog that stock DuckDB opens."""
    table = Table("query", "median ms", "least", "CPU", "goal", box=None, pad_edge=False)
    with duckdb.connect(f"{root}/catalog.duckdb", read_only=True) as connection:
        some = "select event_id, article_id from events where date = '2023-01-14' limit 1 offset 100"
        ((event_id, article_id),) = connection.execute(some).fetchall()
        for name, query, goal in _queries(event_id, article_id):
            table.add_row(name, *_spent(lambda query=query: connection.execute(query).fetchall()), goal)
    table.add_row("open the catalog, ask for a day", *_spent(lambda: _first_look(root)), "")
    console.print(table)


def _queries(event_id: str, article_id: str) -> Iterator[tuple[str, str, str]]:
    day = "where date = '2023-01-14'"
    yield (
        "a day: rows of a type and country",
        (f"select * from events {day} and type = 'ASSAULT' and actor_country = 'ISR' limit 100"),
        "10",
    )
    yield "a day: count by type", f"select type, count(*) from events {day} group by all", "10"
    yield "30 days: count by type", "select type, count(*) from events group by all", "50"
    yield (
        "30 days: count by country and day",
        ("select actor_country, date, count(*) from events where date >= '2023-01-01' group by all"),
        "50",
    )
    yield (
        "30 days: join with articles",
        ("select a.source, count(*) from events e join articles a using (article_id, revision, date) group by all"),
        "500",
    )
    yield "an event by its id", f"select * from events where event_id = '{event_id}'", "30"
    yield "events of an article by its id", f"select * from events where article_id = '{article_id}'", "30"


def _first_look(root: str) -> None:
    with duckdb.connect(f"{root}/catalog.duckdb", read_only=True) as connection:
        connection.execute("select type, count(*) from events where date = '2023-01-14' group by all").fetchall()


def _spent(work: Callable[[], Any]) -> tuple[str, str, str]:
    """Milliseconds by the clock, median and least, and least of CPU, which tells more on a busy machine."""
    walls, processor = [], []
    for _ in range(_REPEATS):
        begun, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(1000 * (time.perf_counter() - begun))
        processor.append(1000 * (time.process_time() - cpu))
    return f"{statistics.median(walls):.1f}", f"{min(walls):.1f}", f"{min(processor):.1f}"


def _put(lake: Lake, name: str, date: str, rows: pa.Table) -> Iterator[FileEntry]:
    """Rows as the hot files of a day; an article's lie together."""
    for shard in range(_HOT_FILES):
        begin, end = (len(rows) * n // _HOT_FILES for n in (shard, shard + 1))
        content = encode_arrow(TABLES[name], rows.slice(begin, end - begin))
        yield put_file(lake.storage, TABLES[name], date, content, shard=shard)


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--lake", help="where to keep the lake")
    parser.add_argument("--like", nargs="+", metavar="LAKE", help="measure the events of these lakes instead")
    parsed = parser.parse_args()
    console = Console()
    if parsed.like:
        rows = pa.concat_tables([opened.open(root).table("events").drop_columns(["date"]) for root in parsed.like])
        print_sizes(sizes_of(encode_arrow(TABLES["events"], rows, with_bloom=True)), len(rows), console)
        return
    with tempfile.TemporaryDirectory() as folder:
        root = parsed.lake or str(Path(folder, "lake"))
        if not Lake(root).snapshot().number:
            make_lake(root, parsed.events, console)
        lake = Lake(root)
        files = lake.snapshot().of("events")
        sizes: Counter[str] = Counter()
        for entry in files:
            sizes += sizes_of(lake.storage.get(entry.path))
        print_sizes(sizes, sum(entry.rows for entry in files), console)
        print_queries(root, console)


if __name__ == "__main__":
    main()
