"""Run the whole command and look into the lake that it leaves."""

import hashlib
from pathlib import Path
from typing import Any

import duckdb

from newsbeam.pipeline.cli import main

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
SEED_ARTICLE = SEEDS / "000_7aab83144a0a2c32.txt"
EPOCH = "1735689600"  # 2025-01-01: the day of every run in tests


def run(*arguments: object) -> int:
    return main(["run", *map(str, arguments)])


def digests(folder: Path) -> dict[str, str]:
    """Every file below a folder with the digest of its bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def data_digests(lake: Path) -> dict[str, str]:
    """The Parquet files of the lake, tables and state, with the digest of their bytes."""
    return {name: found for name, found in digests(lake).items() if name.endswith(".parquet")}


def rows(lake: Path, query: str) -> list[tuple[Any, ...]]:
    connection = duckdb.connect(str(lake / "catalog.duckdb"), read_only=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def tables(lake: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all views of rows, in order."""
    names = ("articles", "links", "events", "participants", "figures", "rejects", "fetches")
    return {name: rows(lake, f"select * from {name} order by all") for name in names}
