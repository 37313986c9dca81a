"""Rows: named tuples that keep their class between workers and know their Parquet columns.

A row is written once, as a `NamedTuple` whose fields are annotated with the Python type, markers of the column
type where the Python type does not say it, and the comment that users read:

    @row
    class Link(NamedTuple):
        '''How an article relates to an earlier one.'''
        article_id: Annotated[str, "the article that came later"]
        relation: Annotated[str, FEW, "refetch, revision, copy or update"]

From this one source come the Beam coder, the Arrow schema, DuckDB's comments and docs/tables.md.
"""

from typing import Annotated, Any, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

import pyarrow as pa
from apache_beam import coders
from apache_beam.coders.typecoders import registry

INSTANT = "instant"  # an int of microseconds since 1970 UTC; a timestamp[us, UTC] column
DAY = "day"  # an ISO string, 2023-01-31; a date32 column
FEW = "few"  # a string of few values; a dictionary-encoded column
INT8 = "int8"
INT32 = "int32"
FLOAT32 = "float32"
PARTITION = "partition"  # kept in the path (date=D), not in the file
_MARKERS = {INSTANT, DAY, FEW, INT8, INT32, FLOAT32, PARTITION}
_BY_MARKER: dict[str, pa.DataType] = {
    INSTANT: pa.timestamp("us", tz="UTC"),
    DAY: pa.date32(),
    FEW: pa.dictionary(pa.int32(), pa.string()),
    INT8: pa.int8(),
    INT32: pa.int32(),
    FLOAT32: pa.float32(),
    PARTITION: pa.date32(),
}
_BY_TYPE: dict[Any, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    bytes: pa.binary(),
    list[str]: pa.list_(pa.string()),
    list[int]: pa.list_(pa.int64()),
}

R = TypeVar("R", bound=type)


class Column(NamedTuple):
    """One column of a table: what a user reads about it and how Parquet keeps it."""

    name: str
    type: pa.DataType
    nullable: bool
    comment: str
    is_partition: bool
    is_instant: bool
    is_day: bool


class _KeepClassCoder(coders.Coder):
    """A RowCoder that gives the row's own class back.

    Beam 2.77's RowCoder decodes to a generated class in every worker that runs in another process, so that methods
    and isinstance fail there only.
    """

    def __init__(self, row_type: Any) -> None:
        self._row_type = row_type
        self._coder = coders.RowCoder.from_type_hint(row_type, registry)

    def encode(self, value: Any) -> bytes:
        return self._coder.encode(value)

    def decode(self, encoded: bytes) -> Any:
        return self._row_type(*self._coder.decode(encoded))

    def is_deterministic(self) -> bool:
        return True

    def to_type_hint(self) -> Any:
        return self._row_type

    @classmethod
    def from_type_hint(cls, typehint: Any, _registry: Any) -> Any:
        return cls(typehint)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _KeepClassCoder) and self._row_type is other._row_type

    def __hash__(self) -> int:
        return hash(self._row_type.__qualname__)

    def __reduce__(self) -> tuple[Any, ...]:
        return _KeepClassCoder, (self._row_type,)


def row(row_type: R) -> R:
    """Register the coder of a row type, and note its columns under `columns_of`."""
    hints = get_type_hints(row_type, include_extras=True)
    columns = [_column(name, hint) for name, hint in hints.items()]
    row_type.__annotations__ = get_type_hints(row_type)  # Beam reads plain types only
    row_type.__columns__ = columns  # type: ignore[attr-defined]
    registry.register_coder(row_type, _KeepClassCoder)
    return row_type


def columns_of(row_type: Any) -> list[Column]:
    """Columns of a row type in the order of its fields."""
    return list(row_type.__columns__)


def _column(name: str, hint: Any) -> Column:
    plain, *extras = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    markers = [extra for extra in extras if extra in _MARKERS]
    comments = [extra for extra in extras if extra not in _MARKERS]
    if len(comments) != 1 or len(markers) > 1:
        raise TypeError(f"column {name} takes one comment and at most one marker, was {extras!r}")
    options = [part for part in get_args(plain) if part is not type(None)]
    is_optional = type(None) in get_args(plain)
    base = options[0] if is_optional else plain
    kind: pa.DataType = _BY_MARKER[markers[0]] if markers else _BY_TYPE[base]
    return Column(
        name,
        kind,
        is_optional,
        comments[0],
        PARTITION in markers,
        INSTANT in markers,
        bool({DAY, PARTITION} & set(markers)),
    )
