"""Rows to Parquet bytes and back: the same rows give the same bytes, in whatever order they come."""

import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from newsbeam.schemas.columns import Column
from newsbeam.schemas.row import columns_of
from newsbeam.schemas.tables import FACT_TABLES, SCHEMA_VERSION, Table, arrow_schema

ROW_GROUP_ROWS = 122_880  # DuckDB's own unit of work
_FALSE = 0.03  # of look-ups by id, how many read a file in vain
#: zstd. Level 1 looks for few repeats: in digests there are none, and those it takes for some cost 2 bytes each.
_LEVEL, _LEVEL_OF_DIGESTS, _LEVEL_OF_PROSE = 3, 1, 9
#: Columns of strings that hardly repeat: lengths apart from the characters, no dictionary.
_DIGESTS = {
    "articles": ("article_id", "content_hash"),
    "events": ("event_id", "event_key", "article_id"),
    "figures": ("figure_id", "article_id", "event_id"),
    "links": ("article_id",),
    "participants": ("event_id", "article_id"),
    "seen": ("article_id", "content_hash"),
}
_PROSE = {
    "articles": ("url", "canonical_url", "title", "summary", "text"),
    "events": ("sentence", "actor_name", "recipient_name", "attribution"),
    "figures": ("sentence", "surface", "noun_phrase", "attribution"),
    "participants": ("text", "name"),
}
#: Numbers that grow from row to row.
_OFFSETS = {
    "events": ("trigger_start", "trigger_end"),
    "figures": ("char_start", "char_end"),
    "participants": ("char_start", "char_end"),
}
#: Values that an article's rows share: repeats of them cost less than numbers of a dictionary do.
_SHARED = {"events": ("published_at",)}
_NEWEST_HOLDS = {"feeds": "polled_at"}  # tables whose rows replace each other: the greatest of this column stays


def encode_rows(table: Table, rows: Iterable[Any], *, with_bloom: bool = False) -> bytes:
    """Parquet bytes of rows: one a primary key, in the table's order."""
    return encode_arrow(table, arrow_of(table, rows), with_bloom=with_bloom)


def arrow_of(table: Table, rows: Iterable[Any]) -> pa.Table:
    """Rows as an Arrow table without the partition: one a primary key, unsorted, strings plain."""
    kept = list(_unique(table, rows).values())
    columns = [c for c in columns_of(table.row_type) if not c.is_partition]
    schema = plain_schema(table)
    arrays = [pa.array([_stored(c, getattr(row, c.name)) for row in kept], schema.field(c.name).type) for c in columns]
    return pa.Table.from_arrays(arrays, schema=schema)


def encode_arrow(table: Table, rows: pa.Table, *, with_bloom: bool = False) -> bytes:
    """Parquet bytes of an Arrow table whose primary keys are unique: sorted, pinned settings, comments inside."""
    plain = conform(table, rows)
    order = pc.sort_indices(plain, sort_keys=[(key, "ascending") for key in table.sort_key])
    ordered = plain.take(order)
    schema = arrow_schema(table)
    # dictionaries are built after sorting: their order, and so the bytes, follows from the rows alone
    arrays = [
        _encoded(ordered.column(field.name)) if pa.types.is_dictionary(field.type) else ordered.column(field.name)
        for field in schema
    ]
    final = pa.Table.from_arrays(arrays, schema=schema.with_metadata(_metadata(table, ordered)))
    sink = io.BytesIO()
    with pq.ParquetWriter(
        sink,
        final.schema,
        version="2.6",
        compression="zstd",
        data_page_version="1.0",
        max_rows_per_page=ROW_GROUP_ROWS,  # zstd finds repeats within a page only: let a page fill its MB
        sorting_columns=pq.SortingColumn.from_ordering(final.schema, [(key, "ascending") for key in table.sort_key]),
        **_options(table, final, is_compacted=with_bloom),
    ) as writer:
        writer.write_table(final, row_group_size=ROW_GROUP_ROWS)
    return sink.getvalue()


def _options(table: Table, rows: pa.Table, *, is_compacted: bool) -> dict[str, Any]:
    """How each column is written: a compacted file is read many times, so its prose is worth more effort."""
    digests, prose, offsets, shared = (kind.get(table.name, ()) for kind in (_DIGESTS, _PROSE, _OFFSETS, _SHARED))
    unlike = {*digests, *prose, *offsets, *shared}
    levels = dict.fromkeys((_leaf(field) for field in rows.schema), _LEVEL) | dict.fromkeys(digests, _LEVEL_OF_DIGESTS)
    options: dict[str, Any] = {
        "use_dictionary": [_leaf(field) for field in rows.schema if field.name not in unlike],
        "column_encoding": {
            **dict.fromkeys((*digests, *prose), "DELTA_LENGTH_BYTE_ARRAY"),
            **dict.fromkeys(offsets, "DELTA_BINARY_PACKED"),
        },
        "compression_level": levels,
    }
    if is_compacted:
        levels.update(dict.fromkeys(prose, _LEVEL_OF_PROSE))
        options["write_page_checksum"] = True
        if table.bloom and len(rows):
            distinct = {name: len(pc.unique(rows.column(name))) for name in table.bloom}
            options["bloom_filter_options"] = {name: {"ndv": n, "fpp": _FALSE} for name, n in distinct.items()}
    return options


def decode(content: bytes, columns: Sequence[str] | None = None) -> pa.Table:
    """Arrow table of Parquet bytes, dictionaries undone."""
    # a thread a column costs more than the reading of a small file
    is_large = len(content) > 1 << 20
    file = pq.ParquetFile(pa.BufferReader(content))
    return _undo_dictionaries(file.read(columns=None if columns is None else list(columns), use_threads=is_large))


def conform(table: Table, rows: pa.Table) -> pa.Table:
    """An Arrow table in today's plain schema: columns that came later are null, others are refused."""
    schema = plain_schema(table)
    unknown = set(rows.schema.names) - set(schema.names)
    if unknown:
        raise ValueError(f"{table.name} has no columns {sorted(unknown)}")
    plain = _undo_dictionaries(rows)
    arrays = [
        plain.column(field.name).cast(field.type)
        if field.name in plain.schema.names
        else pa.nulls(len(plain), field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def plain_schema(table: Table) -> pa.Schema:
    """The table's schema with dictionaries undone."""
    return pa.schema([_plain_field(field) for field in arrow_schema(table)])


def rows_of(table: Table, found: pa.Table) -> Iterator[Any]:
    """Rows of an Arrow table that holds all columns, `date` included."""
    columns = columns_of(table.row_type)
    values = [_values(c, found.column(c.name)) for c in columns]
    for cells in zip(*values, strict=True):
        yield table.row_type(*cells)


def primary_keys(table: Table, rows: pa.Table) -> list[tuple[Any, ...]]:
    """Primary key of each row."""
    plain = [_key_values(rows.column(name)) for name in table.primary_key]
    return list(zip(*plain, strict=True))


def has_doubles(table: Table, rows: pa.Table) -> bool:
    """Whether two rows have one primary key."""
    keys = list(table.primary_key)
    return len(rows.select(keys).group_by(keys).aggregate([])) < len(rows)


def content_hash(content: bytes) -> str:
    """Digest of a file's bytes, as its name and the snapshot carry it."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def newest_column(table: Table) -> str | None:
    """The column whose greatest value decides between rows of a key, for tables whose rows replace each other."""
    return _NEWEST_HOLDS.get(table.name)


def _unique(table: Table, rows: Iterable[Any]) -> dict[tuple[Any, ...], Any]:
    """One row a primary key: the newest where rows replace each other, else the first in the order of their text."""
    newest = newest_column(table)
    kept: dict[tuple[Any, ...], Any] = {}
    for row in rows:
        key = tuple(getattr(row, name) for name in table.primary_key)
        other = kept.get(key)
        if other is None or (row != other and _rank(row, newest) > _rank(other, newest)):
            kept[key] = row
    return kept


def _rank(row: Any, newest: str | None) -> tuple[Any, str]:
    return (getattr(row, newest) if newest else 0, repr(tuple(row)))


def _stored(column: Column, value: Any) -> Any:
    return date.fromisoformat(value) if column.is_day and value is not None else value


def _values(column: Column, found: Any) -> list[Any]:
    if column.is_instant:
        return found.cast(pa.int64()).to_pylist()
    if column.is_day:
        return found.cast(pa.string()).to_pylist()
    return found.to_pylist()


def _key_values(found: Any) -> list[Any]:
    return (found.cast(pa.int64()) if pa.types.is_timestamp(found.type) else found).to_pylist()


def _plain_field(field: Any) -> Any:
    return field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field


def _undo_dictionaries(rows: pa.Table) -> pa.Table:
    schema = pa.schema([_plain_field(field) for field in rows.schema])
    return rows.cast(schema) if any(pa.types.is_dictionary(field.type) for field in rows.schema) else rows


def _encoded(column: Any) -> Any:
    whole = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], whole.type)
    return whole.dictionary_encode().cast(pa.dictionary(pa.int32(), pa.string()))


def _leaf(field: Any) -> str:
    """Parquet's name of the column that holds a field's values."""
    return f"{field.name}.list.element" if pa.types.is_list(field.type) else str(field.name)


def _metadata(table: Table, rows: pa.Table) -> dict[str, str]:
    metadata = {"newsbeam.table": table.name, "newsbeam.schema_version": str(SCHEMA_VERSION)}
    if table.name in FACT_TABLES and "coder_version" in rows.schema.names:
        versions = sorted(str(version) for version in pc.unique(rows.column("coder_version")).to_pylist())
        metadata["newsbeam.coder_version"] = ",".join(versions)
    return metadata
