"""What was settled but is not yet in the lake, laid over what is."""

from collections.abc import Iterable

import pyarrow as pa

from newsbeam.schemas.article import Seen
from newsbeam.transforms.deduplication.memory import ReadSeen, plain

Key = tuple[str, int]


class Recent:
    """A memory in which rows settled lately stand before those of the lake.

    A stream settles a window while the one before is still being written: without this the two would not know of each
    other. Rows leave once the lake holds them as they are.
    """

    def __init__(self, read_seen: ReadSeen, rows: Iterable[Seen] = ()) -> None:
        self._read_seen = read_seen
        self._rows: dict[Key, Seen] = {(row.article_id, row.revision): row for row in rows}

    @property
    def rows(self) -> list[Seen]:
        """The rows that stand before the lake's, in order."""
        return [self._rows[key] for key in sorted(self._rows)]

    def add(self, rows: Iterable[Seen]) -> None:
        """Let rows stand before whatever was known of the same article and revision."""
        self._rows.update({(row.article_id, row.revision): row for row in rows})

    def forget_committed(self) -> None:
        """Drop the rows that the lake holds with the same relation and canonical article."""
        days = sorted({row.date for row in self._rows.values()})
        if not days:
            return
        columns = ["article_id", "revision", "canonical_id", "relation"]
        held = {
            tuple(row[name] for name in columns)
            for row in plain(self._read_seen(columns=columns, dates=days)).to_pylist()
        }
        self._rows = {key: row for key, row in self._rows.items() if (*key, row.canonical_id, row.relation) not in held}

    def read(self, *, columns: list[str], dates: list[str]) -> pa.Table:
        """Columns of the rows of some days: the `ReadSeen` that `settle` takes."""
        wanted = set(dates)
        rows = [row for row in self.rows if row.date in wanted]
        needed = list(dict.fromkeys([*columns, "article_id", "revision"]))
        lake = plain(self._read_seen(columns=needed, dates=dates))
        keys = zip(lake["article_id"].to_pylist(), lake["revision"].to_pylist(), strict=True)
        lake = lake.filter(pa.array([key not in self._rows for key in keys], pa.bool_())).select(columns)
        if not rows:
            return lake
        fields = [pa.field(name, _TYPES[name]) for name in columns]
        ours = pa.table({name: [getattr(row, name) for row in rows] for name in columns}, schema=pa.schema(fields))
        return pa.concat_tables([lake.cast(pa.schema(fields)), ours])


_TYPES = {
    "article_id": pa.string(),
    "revision": pa.int64(),
    "date": pa.string(),
    "content_hash": pa.string(),
    "published_at": pa.int64(),
    "seen_day": pa.string(),
    "canonical_id": pa.string(),
    "relation": pa.string(),
    "bands": pa.binary(),
    "payload": pa.binary(),
}
