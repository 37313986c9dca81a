"""What was settled but is not yet in the lake, laid over what is."""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

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
        lake = plain(self._read_seen(columns=["article_id", "revision", "canonical_id", "relation"], dates=days))
        lake = lake.filter(self._may_stand(lake))
        held = {tuple(row.values()) for row in lake.to_pylist()}
        self._rows = {key: row for key, row in self._rows.items() if (*key, row.canonical_id, row.relation) not in held}

    def read(self, *, columns: list[str], dates: list[str]) -> pa.Table:
        """Columns of the rows of some days: the `ReadSeen` that `settle` takes."""
        needed = list(dict.fromkeys([*columns, "article_id", "revision"]))
        lake = plain(self._read_seen(columns=needed, dates=dates))
        fields = pa.schema([pa.field(name, _TYPES[name]) for name in columns])
        if not self._rows:
            return lake.select(columns).cast(fields)
        may_stand = self._may_stand(lake)
        doubted = lake.filter(may_stand)
        keys = zip(doubted["article_id"].to_pylist(), doubted["revision"].to_pylist(), strict=True)
        stays = doubted.filter(pa.array([key not in self._rows for key in keys], pa.bool_()))
        wanted = set(dates)
        rows = [row for row in self.rows if row.date in wanted]
        ours = pa.table({name: [getattr(row, name) for row in rows] for name in columns}, schema=fields)
        parts = [lake.filter(pc.invert(may_stand)), stays]
        return pa.concat_tables([*(part.select(columns).cast(fields) for part in parts), ours])

    def _may_stand(self, lake: pa.Table) -> Any:
        """Which of the lake's rows are of articles that have rows here: few, so that only these are looked at."""
        ids = pa.array(sorted({article_id for article_id, _ in self._rows}), pa.string())
        return pc.is_in(lake["article_id"], value_set=ids)


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
