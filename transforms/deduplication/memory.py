"""The deduplicator's memory: rows of `seen` around the days of a batch, asked as columns."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from newsbeam.schemas.article import Seen

#: Reads columns of the `seen` rows of some days: `read_seen(columns=[…], dates=[…])`.
ReadSeen = Callable[..., pa.Table]
_KEYS = ["article_id", "revision", "date", "content_hash", "published_at", "canonical_id", "relation"]
_OF_MEMBER = ["article_id", "revision", "published_at", "content_hash"]
_PROBE_BITS = 22
_PROBE_MASK = np.uint64((1 << _PROBE_BITS) - 1)
_ROWS_AT_ONCE = 10_000  # of the large columns, 10 MB; a day is read whole
_ROWS_COMPARED = 2_000  # at once: 700 KB of band keys


def days_around(days: Iterable[str], span: int) -> list[str]:
    """Every day at most `span` days from one of `days`, in order."""
    around: set[date] = set()
    for day in set(days):
        middle = date.fromisoformat(day)
        low, high = max(-span, (date.min - middle).days), min(span, (date.max - middle).days)
        around.update(middle + timedelta(days=offset) for offset in range(low, high + 1))
    return [day.isoformat() for day in sorted(around)]


class Memory:
    """What was seen on some days. The small columns stay in memory, the large are read when asked."""

    def __init__(self, read_seen: ReadSeen, days: list[str]) -> None:
        """Read the small columns of the rows of `days`."""
        self._read = read_seen
        self._days = days
        self._table = plain(read_seen(columns=_KEYS, dates=days)) if days else _empty(_KEYS)

    def where(self, column: str, values: Iterable[str]) -> list[dict[str, Any]]:
        """The small columns of the rows with one of the values in a column."""
        wanted = pa.array(sorted(values), pa.string())
        if not len(wanted) or not self._table.num_rows:
            return []
        return self._table.filter(pc.is_in(self._table[column], value_set=wanted)).to_pylist()

    def whole(self, ids: Iterable[str]) -> list[Seen]:
        """Whole rows of some articles."""
        wanted = pa.array(sorted(ids), pa.string())
        if not len(wanted) or not self._table.num_rows:
            return []
        mask = pc.is_in(self._table["article_id"], value_set=wanted)
        days = _distinct(self._table["date"].filter(mask))
        found = []
        for table in self._by_days(list(Seen._fields), days):
            for row in table.filter(pc.is_in(table["article_id"], value_set=wanted)).to_pylist():
                found.append(Seen(**row))
        return sorted(found, key=lambda row: (row.article_id, row.revision))

    def sharing_bands(
        self, keys: NDArray[np.uint64], days: list[str]
    ) -> Iterator[tuple[str, int, int, str, NDArray[np.uint64]]]:
        """Rows of some days that share a band key with the sorted `keys`: their member columns, shared keys."""
        if not len(keys) or not self._table.num_rows:
            return
        days = [day for day in _distinct(self._table["date"]) if day in set(days)]
        may_be = np.zeros(1 << _PROBE_BITS, dtype=np.bool_)  # a look here spares most keys the search
        may_be[keys & _PROBE_MASK] = True
        for table in self._by_days([*_OF_MEMBER, "bands"], days):
            for batch in table.to_batches(max_chunksize=_ROWS_COMPARED):
                lengths, flat = _unpacked(batch.column("bands"))
                hits = np.flatnonzero(may_be[flat & _PROBE_MASK])
                at = np.searchsorted(keys, flat[hits])
                at[at == len(keys)] = 0
                hits = hits[keys[at] == flat[hits]]
                if not len(hits):
                    continue
                owners = np.repeat(np.arange(len(lengths)), lengths)[hits]
                starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]])
                small = batch.select(_OF_MEMBER).take(pa.array(owners[starts], pa.int64()))
                columns = (small.column(name).to_pylist() for name in _OF_MEMBER)
                yield from zip(*columns, np.split(flat[hits], starts[1:]), strict=True)

    def _by_days(self, columns: list[str], days: list[str]) -> Iterator[pa.Table]:
        counted: Any = self._table["date"].value_counts()
        counts = {pair["values"]: pair["counts"] for pair in counted.to_pylist()}
        together: list[str] = []
        for day in days:
            if together and sum(counts.get(d, 0) for d in [*together, day]) > _ROWS_AT_ONCE:
                yield plain(self._read(columns=columns, dates=together))
                together = []
            together.append(day)
        if together:
            yield plain(self._read(columns=columns, dates=together))


def _unpacked(bands: Any) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """How many band keys each row has, and the keys of all rows in a row, where they lie."""
    _, offsets, content = bands.buffers()
    ends: NDArray[np.int64] = np.frombuffer(offsets, np.int32, len(bands) + 1, 4 * bands.offset).astype(np.int64)
    if content is None or ends[0] == ends[-1]:
        return np.zeros(len(bands), np.int64), np.empty(0, np.uint64)
    keys: NDArray[np.uint64] = np.frombuffer(content, "<u8", (ends[-1] - ends[0]) // 8, ends[0])
    lengths: NDArray[np.int64] = np.diff(ends)
    return lengths // 8, keys


def _distinct(column: "pa.ChunkedArray[Any]") -> list[str]:
    values: list[Any] = column.unique().to_pylist()
    return sorted(values)


def plain(table: pa.Table) -> pa.Table:
    """The table with instants as ints, days as ISO strings and dictionaries as what they stand for."""
    columns = []
    for name in table.column_names:
        column = table[name]
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("us", column.type.tz)).cast(pa.int64())
        elif pa.types.is_date(column.type):
            column = column.cast(pa.string())
        columns.append(column)
    return pa.table(columns, names=table.column_names)


def _empty(columns: list[str]) -> pa.Table:
    kinds = {"revision": pa.int32(), "published_at": pa.int64(), "bands": pa.binary(), "payload": pa.binary()}
    return pa.table({name: pa.array([], kinds.get(name, pa.string())) for name in columns})


def nothing_seen(*, columns: list[str], dates: list[str]) -> pa.Table:
    """A memory without rows, for a first run."""
    return _empty(columns)
