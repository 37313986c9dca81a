"""The tables of a lake: their rows, keys, order and Arrow schemas, from the row types."""

from typing import Any, NamedTuple

import pyarrow as pa

from newsbeam.schemas.article import Article, Link, Seen
from newsbeam.schemas.event import Event, Participant
from newsbeam.schemas.feed import FeedState
from newsbeam.schemas.figure import Figure
from newsbeam.schemas.reject import Fetch, Reject
from newsbeam.schemas.row import columns_of

#: Raised when a column is added. A lake that states a greater number is refused.
SCHEMA_VERSION = 1


class Table(NamedTuple):
    """A table: where it lies, what identifies a row, in which order rows lie in a file."""

    name: str
    row_type: Any
    primary_key: tuple[str, ...]
    sort_key: tuple[str, ...]  # ends in the primary key, so that order is total
    is_state: bool  # under _state/: remembered by the pipeline, without a view
    bloom: tuple[str, ...] = ()  # columns that users look rows up by

    @property
    def comment(self) -> str:
        """What a row is."""
        return (self.row_type.__doc__ or "").strip().splitlines()[0]


_ALL = (
    # children first: a row of `articles` implies that its children are there
    Table(
        "participants",
        Participant,
        ("event_id", "role", "position"),
        ("article_id", "event_id", "role", "position"),
        False,
        ("event_id", "article_id"),
    ),
    Table(
        "events",
        Event,
        ("event_id",),
        ("article_id", "sentence_index", "trigger_start", "event_id"),
        False,
        ("event_id", "article_id"),
    ),
    Table(
        "figures", Figure, ("figure_id",), ("article_id", "char_start", "figure_id"), False, ("figure_id", "article_id")
    ),
    Table(
        "links",
        Link,
        ("article_id", "revision", "relation"),
        ("article_id", "revision", "relation"),
        False,
        ("article_id",),
    ),
    Table("articles", Article, ("article_id", "revision"), ("article_id", "revision"), False, ("article_id",)),
    Table(
        "rejects",
        Reject,
        ("stage", "reason", "origin", "key", "seen_at"),
        ("origin", "stage", "reason", "key", "seen_at"),
        False,
    ),
    Table("fetches", Fetch, ("url", "kind", "fetched_at"), ("url", "kind", "fetched_at"), False),
    Table("seen", Seen, ("article_id", "revision"), ("article_id", "revision"), True, ("article_id",)),
    Table("feeds", FeedState, ("feed_url",), ("feed_url",), True),
)

TABLES: dict[str, Table] = {table.name: table for table in _ALL}
FACT_TABLES = ("participants", "events", "figures")
ROW_TABLES: dict[Any, str] = {table.row_type: table.name for table in _ALL}


def arrow_schema(table: Table) -> pa.Schema:
    """Schema of the table's Parquet files: all columns but the partition, comments in the field metadata."""
    fields = [
        pa.field(c.name, c.type, c.nullable, metadata={"comment": c.comment})
        for c in columns_of(table.row_type)
        if not c.is_partition
    ]
    return pa.schema(fields)
