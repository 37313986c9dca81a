"""DuckDB views over a snapshot's files: read-only, pruned by day, in stock DuckDB without an extension.

Every view names its files one by one, so a reader sees one snapshot whole, whatever is written beside it.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence

import duckdb

from newsbeam.schemas.row import columns_of
from newsbeam.schemas.tables import SCHEMA_VERSION, TABLES, Table
from newsbeam.schemas.views import FIGURES_CURRENT, VIEWS, duckdb_type
from newsbeam.transforms.lake import snapshots
from newsbeam.transforms.lake.changes import FileEntry
from newsbeam.transforms.lake.snapshots import Snapshot
from newsbeam.transforms.lake.storage import Storage

CATALOG = "catalog.duckdb"
SCRIPT = "views.sql"
#: Readable by every DuckDB since 1.0; the default of 2.0 is not.
_CATALOG_VERSION = "v1.0.0"
_ATTEMPTS = 10


def connect(root: str | Storage, snapshot: Snapshot | None = None) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection to a snapshot of a lake, by default the newest. Times are in UTC.

    Works for local folders and buckets alike. Raises LakeTooNew.
    """
    storage = Storage(root) if isinstance(root, str) else root
    connection = _connection(storage)
    connection.execute("SET TimeZone = 'UTC'")
    _make_views(connection, storage, snapshot or snapshots.newest(storage))
    return connection


def refresh_views(storage: Storage) -> None:
    """Bring views.sql and catalog.duckdb up to the newest snapshot; nothing is written where they are."""
    with storage.alone():  # else a slower writer's older views could come over newer ones, and rows vanish for a while
        for _ in range(_ATTEMPTS):
            snapshot = snapshots.newest(storage)
            script = script_of(storage, snapshot)
            if _is_current(storage, script):
                return
            storage.put(CATALOG, _catalog_of(storage, snapshot))
            # last: what views.sql says of its snapshot is what tells that both are current. The check is repeated
            # because on a bucket, where there is no lock, another writer's older views may have come over these
            storage.put(SCRIPT, script)


def script_of(storage: Storage, snapshot: Snapshot) -> bytes:
    """Text of views.sql for a snapshot."""
    lines = [
        f"-- Views over snapshot {snapshot.number} of {storage.url('')}",
        "-- Made by newsbeam at each commit; read it with: duckdb -init views.sql",
    ]
    if not storage.is_local:
        lines.append("-- DuckDB's shell reads buckets with its extension httpfs; `newsbeam sql` needs none")
    lines += [f"{statement.strip()};" for statement in statements(storage, snapshot)]
    return ("\n".join(lines) + "\n").encode()


def statements(storage: Storage, snapshot: Snapshot) -> Iterator[str]:
    """SQL statements that make all views."""
    for table in TABLES.values():
        if not table.is_state:
            yield _table_view(storage, table, snapshot.of(table.name))
            yield from _comments(table.name, table.comment, [(c.name, c.comment) for c in columns_of(table.row_type)])
    for view in VIEWS:
        yield f"CREATE OR REPLACE VIEW {view.name} AS{view.sql.rstrip()}"
        yield from _comments(view.name, view.comment, [(name, comment) for name, _, comment in view.columns])
    yield f"CREATE OR REPLACE VIEW {FIGURES_CURRENT.name} AS{FIGURES_CURRENT.sql.rstrip()}"
    figures = [(c.name, c.comment) for c in columns_of(TABLES["figures"].row_type)]
    yield from _comments(FIGURES_CURRENT.name, FIGURES_CURRENT.comment, figures)


def _table_view(storage: Storage, table: Table, files: Sequence[FileEntry]) -> str:
    columns = columns_of(table.row_type)
    names = ", ".join(_name(c.name) for c in columns)
    typed = ", ".join(f"CAST(NULL AS {duckdb_type(c.type)}) AS {_name(c.name)}" for c in columns)
    nothing = f"SELECT {typed} WHERE false"
    versions = sorted({entry.schema_version for entry in files})
    if not versions:
        query = nothing
    elif versions == [SCHEMA_VERSION]:
        query = f"SELECT {names}\nFROM {_scan(storage, files)}"
    else:
        # union_by_name would read the footer of every file; files of one version have the same columns
        scans = [_scan(storage, [e for e in files if e.schema_version == version]) for version in versions]
        parts = "".join(f"\nUNION ALL BY NAME SELECT * FROM {scan}" for scan in scans)
        query = f"SELECT {names} FROM ({nothing}{parts})"
    return f"CREATE OR REPLACE VIEW {table.name} AS {query}"


def _scan(storage: Storage, files: Sequence[FileEntry]) -> str:
    listed = ",\n    ".join(_text(storage.url(entry.path)) for entry in files)
    return f"read_parquet([\n    {listed}],\n    hive_partitioning = true, hive_types = {{'date': DATE}})"


def _comments(view: str, comment: str, columns: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield f"COMMENT ON VIEW {view} IS {_text(comment)}"
    for name, text in columns:
        yield f"COMMENT ON COLUMN {view}.{_name(name)} IS {_text(text)}"


def _name(name: str) -> str:
    return f'"{name}"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _connection(storage: Storage) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    if not storage.is_local:
        connection.register_filesystem(storage.filesystem)
    return connection


def are_current(storage: Storage, snapshot: Snapshot) -> bool:
    """Whether views.sql and catalog.duckdb are of a snapshot."""
    return _is_current(storage, script_of(storage, snapshot))


def _make_views(connection: duckdb.DuckDBPyConnection, storage: Storage, snapshot: Snapshot) -> None:
    """All views, in one transaction: a commit for each of 250 statements took ten times as long."""
    connection.execute("BEGIN")
    for statement in statements(storage, snapshot):
        connection.execute(statement)
    connection.execute("COMMIT")


def _is_current(storage: Storage, script: bytes) -> bool:
    try:
        return storage.get(SCRIPT) == script and storage.exists(CATALOG)
    except FileNotFoundError:
        return False


def _catalog_of(storage: Storage, snapshot: Snapshot) -> bytes:
    """Bytes of a DuckDB database that holds the views."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, CATALOG)
        connection = _connection(storage)
        try:
            connection.execute(f"ATTACH {_text(path)} AS catalog (STORAGE_VERSION '{_CATALOG_VERSION}')")
            connection.execute("USE catalog")
            _make_views(connection, storage, snapshot)
            connection.execute("USE memory")
            connection.execute("DETACH catalog")
        finally:
            connection.close()
        with open(path, "rb") as built:
            return built.read()
