"""Rows of a lake's live files, as Arrow tables and as row objects."""

from collections.abc import Collection, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from newsbeam.schemas.row import columns_of
from newsbeam.schemas.tables import Table, arrow_schema
from newsbeam.transforms.lake.changes import Change, FileEntry
from newsbeam.transforms.lake.storage import Storage


def full_schema(table: Table) -> pa.Schema:
    """All columns of a table, `date` in its place as the row type has it."""
    in_file = arrow_schema(table)
    return pa.schema(
        [
            pa.field(c.name, pa.date32(), False, metadata={"comment": c.comment})
            if c.is_partition
            else in_file.field(c.name)
            for c in columns_of(table.row_type)
        ]
    )


def dataset_of(storage: Storage, table: Table, files: Sequence[FileEntry]) -> ds.Dataset:
    """A pyarrow dataset over files of a table, `date` from their paths."""
    schema = full_schema(table)
    if not files:
        return ds.dataset(schema.empty_table())
    by_date = ds.partitioning(pa.schema([pa.field("date", pa.date32())]), flavor="hive")
    fragments = [storage.full(entry.path) for entry in files]
    return ds.dataset(
        fragments,
        schema=schema,
        format="parquet",
        filesystem=storage.filesystem,
        partitioning=by_date,
        partition_base_dir=storage.full(""),
    )


def read_files(
    storage: Storage,
    table: Table,
    live: Sequence[FileEntry],
    changes: Sequence[Change] = (),
    *,
    columns: Sequence[str] | None = None,
    dates: Collection[str] | None = None,
    filters: pc.Expression | None = None,
) -> pa.Table:
    """Rows of live files as they are after `changes` that are not committed yet; dictionaries undone."""
    wanted = list(columns) if columns is not None else full_schema(table).names
    steps = [
        (
            [entry for entry in change.files if entry.table == table.name],
            [r for r in change.retired if table.name in r.tables],
        )
        for change in changes
    ]
    needs_keys = any(retired for _, retired in steps)
    asked = list(dict.fromkeys([*wanted, *(("article_id", "revision", "date") if needs_keys else ())]))
    rows = _scan(storage, table, live, asked, dates, filters)
    for added, retired in steps:
        if retired:
            rows = _without(rows, {(r.article_id, r.revision, r.date) for r in retired})
        if added:
            rows = pa.concat_tables([rows, _scan(storage, table, added, asked, dates, filters)])
    return rows.select(wanted)


def _scan(
    storage: Storage,
    table: Table,
    files: Sequence[FileEntry],
    columns: list[str],
    dates: Collection[str] | None,
    filters: pc.Expression | None,
) -> pa.Table:
    chosen = [entry for entry in files if dates is None or entry.date in dates]
    found = dataset_of(storage, table, chosen).to_table(columns=columns, filter=filters)
    plain = [f.with_type(f.type.value_type) if pa.types.is_dictionary(f.type) else f for f in found.schema]
    return found.cast(pa.schema(plain))


def _without(rows: pa.Table, retired: set[tuple[str, int, str]]) -> pa.Table:
    keys: list[tuple[Any, ...]] = list(
        zip(
            rows.column("article_id").to_pylist(),
            rows.column("revision").to_pylist(),
            rows.column("date").cast(pa.string()).to_pylist(),
            strict=True,
        )
    )
    return rows.filter(pa.array([key not in retired for key in keys], pa.bool_()))
