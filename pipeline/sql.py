"""Ask the lake in SQL."""

import csv
import sys
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from newsbeam.transforms.lake.lake import Lake, LakeDamaged, LakeTooNew
from newsbeam.transforms.lake.views import connect

_READS = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}
_WIDEST = 60  # characters of a cell on a terminal; --csv gives all


def print_query(lake: str, query: str, console: Console, errors: Console, *, as_csv: bool) -> int:
    """Run one read-only query over the lake's views and print its rows. 0, or 2 where lake or query are wrong."""
    connection = open_lake(lake, errors)
    if connection is None:
        return 2
    try:
        statements = connection.extract_statements(query)
        if len(statements) != 1 or statements[0].type not in _READS:
            errors.print("newsbeam: one statement that reads: SELECT, FROM, DESCRIBE, SUMMARIZE or EXPLAIN")
            return 2
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description or []]
        rows = cursor.fetchall()
    except duckdb.Error as error:
        errors.print(f"newsbeam: {error}", highlight=False, markup=False)
        return 2
    finally:
        connection.close()
    if as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(names)
        writer.writerows(rows)
    else:
        console.print(table_of(names, rows))
    return 0


def open_lake(lake: str, errors: Console) -> duckdb.DuckDBPyConnection | None:
    """A read-only connection to the lake's views; None, with a message, where there is no sound lake or a newer one."""
    try:
        if Lake(lake).snapshot().number:
            return connect(lake)
        errors.print(f"newsbeam: {lake} is no lake yet; newsbeam run PATH --lake {lake}", highlight=False, markup=False)
    except LakeTooNew as fault:
        errors.print(f"newsbeam: {fault}", highlight=False, markup=False)
    except (LakeDamaged, OSError, duckdb.Error) as fault:
        errors.print(f"newsbeam: {fault}", highlight=False, markup=False)
        errors.print(f"newsbeam doctor --lake {lake} says what is wrong with it", highlight=False, markup=False)
    return None


def table_of(names: list[str], rows: list[tuple[Any, ...]]) -> Table:
    """Rows as a table for a terminal, long cells cut."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        is_short = name.endswith(("_id", "date", "_start", "_end"))  # ids are there to be copied
        table.add_column(name, overflow="fold", no_wrap=is_short)
    for row in rows:
        table.add_row(*(Text(cell_of(value)) for value in row))
    return table


def cell_of(value: Any) -> str:
    """A value as one short line."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) < 1e6 else f"{value:.15g}"
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    text = " ".join(str(value).split())
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"
