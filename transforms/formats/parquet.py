"""Read article records from Parquet files, a few rows at a time."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

import pyarrow as pa
import pyarrow.parquet as pq

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.formats.compression import compression_of, open_stream
from newsbeam.transforms.formats.inputs import open_bytes

_BATCH_ROWS = 64
_SPOOL_BYTES = 16 * 2**20  # a compressed file is decoded first, to disk from here, as its reader starts at the end


def row_count(origin: str) -> int:
    """The number of rows of a Parquet file. Raises BadRecord where it is damaged."""
    with _opened(origin) as file:
        return int(file.metadata.num_rows)


def rows_of(origin: str, start: int, stop: int) -> Iterator[dict[str, Any] | BadRecord]:
    """Rows `start` to `stop` of a Parquet file as records, or why one is none. Raises BadRecord where it is damaged."""
    with _opened(origin) as file:
        groups: list[int] = []
        first = skip = 0
        for group in range(file.metadata.num_row_groups):
            rows = file.metadata.row_group(group).num_rows
            if first + rows > start and first < stop:
                skip = skip if groups else start - first
                groups.append(group)
            first += rows
        left = stop - start
        for batch in file.iter_batches(_BATCH_ROWS, row_groups=groups):
            if skip >= batch.num_rows:
                skip -= batch.num_rows
                continue
            batch = batch.slice(skip, left)
            skip = 0
            left -= batch.num_rows
            yield from _records(batch)
            if left <= 0:
                return


def _records(batch: Any) -> Sequence[dict[str, Any] | BadRecord]:
    columns = [_whole_microseconds(column) for column in batch.columns]
    try:
        return pa.RecordBatch.from_arrays(columns, names=batch.schema.names).to_pylist()
    except (ValueError, OverflowError):  # bytes that are no UTF-8, or a day that no calendar has: see in which row
        named = list(zip(batch.schema.names, columns, strict=True))
        return [_record(named, index) for index in range(batch.num_rows)]


def _record(columns: list[tuple[str, Any]], index: int) -> dict[str, Any] | BadRecord:
    record = {}
    for name, column in columns:
        try:
            record[name] = column[index].as_py()
        except UnicodeDecodeError as error:
            return BadRecord("read", "bad_encoding", f"{name}: {error}")
        except (ValueError, OverflowError):
            record[name] = f"out of range: {getattr(column[index], 'value', '')}"  # an instant after the year 9999
    return record


def _whole_microseconds(column: Any) -> Any:
    """A column of instants in nanoseconds cut to what Python's datetime holds; any other as it is."""
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return column.cast(pa.timestamp("us", kind.tz), safe=False)
    return column


@contextmanager
def _opened(origin: str) -> Iterator[Any]:
    try:
        with _random_access(origin) as raw, pq.ParquetFile(raw, pre_buffer=False, buffer_size=1 << 20) as file:
            yield file
    except (pa.ArrowException, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:  # of the file system, not of the format
            raise
        raise BadRecord("read", "bad_record", f"damaged Parquet: {error}") from error


@contextmanager
def _random_access(origin: str) -> Iterator[BinaryIO]:
    raw = open_bytes(origin)
    head = raw.read(4)
    raw.seek(0)
    if compression_of(head) is None:
        with raw:
            yield raw
        return
    raw.close()
    with tempfile.SpooledTemporaryFile(_SPOOL_BYTES) as spool, open_stream(origin) as stream:
        shutil.copyfileobj(cast(Any, stream), spool, 1 << 18)
        spool.seek(0)
        yield cast(BinaryIO, spool)
