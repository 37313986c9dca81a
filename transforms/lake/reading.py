"""Rows of a lake's live files, as Arrow tables and as row objects."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import numpy as np
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
    is_asked = None if dates is None else frozenset(dates)
    files = [entry for entry in live if is_asked is None or entry.date in is_asked]
    parts: list[pa.Table] = []
    retires = any(table.name in r.tables for change in changes for r in change.retired)
    asked = list(dict.fromkeys([*wanted, *(("article_id", "revision", "date") if retires else ())]))
    for change in changes:
        retired = {(r.article_id, r.revision, r.date) for r in change.retired if table.name in r.tables}
        if retired:  # from what came before it: until then files are gathered, so that they are read together
            parts = [_without(pa.concat_tables([*parts, _scan(storage, table, files, asked, filters)]), retired)]
            files = []
        files += [e for e in change.files if e.table == table.name and (is_asked is None or e.date in is_asked)]
    if files or not parts:
        parts.append(_scan(storage, table, files, asked, filters))
    return pa.concat_tables(parts).select(wanted)


def _scan(
    storage: Storage, table: Table, files: Sequence[FileEntry], columns: list[str], filters: pc.Expression | None
) -> pa.Table:
    schema = full_schema(table)
    plain = pa.schema([_plain_field(schema.field(name)) for name in columns])
    if storage.is_local and filters is None and files:
        # on a disk one by one: twice as quick as a dataset, whose threads besides keep what they have freed
        return pa.concat_tables([_columns_of(storage, entry, plain) for entry in files])
    return dataset_of(storage, table, files).to_table(columns=columns, filter=filters).cast(plain)


def _columns_of(storage: Storage, entry: FileEntry, schema: pa.Schema) -> pa.Table:
    """Columns of a file; those that came to the table later are null."""
    found = storage.read_columns(entry.path, [name for name in schema.names if name != "date"])
    columns = []
    for field in schema:
        if field.name == "date":
            day = pa.scalar(date.fromisoformat(entry.date), field.type)
            columns.append(pa.repeat(day, entry.rows))
        elif field.name in found.column_names:
            columns.append(found.column(field.name).cast(field.type))
        else:
            columns.append(pa.nulls(entry.rows, field.type))
    return pa.table(columns, schema=schema)


def _plain_field(field: Any) -> Any:
    return field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field


def _without(rows: pa.Table, retired: set[tuple[str, int, str]]) -> pa.Table:
    ids = pa.array(sorted({article_id for article_id, _, _ in retired}), pa.string())
    may_go: Any = pc.is_in(rows.column("article_id"), value_set=ids)  # few: only these are looked at one by one
    places = np.flatnonzero(may_go.to_numpy())
    doubted = rows.select(["article_id", "revision", "date"]).take(places)
    keys = zip(
        doubted.column("article_id").to_pylist(),
        doubted.column("revision").to_pylist(),
        doubted.column("date").cast(pa.string()).to_pylist(),
        strict=True,
    )
    stays = np.ones(len(rows), np.bool_)
    stays[places] = [key not in retired for key in keys]
    return rows.filter(pa.array(stays))
