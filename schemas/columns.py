"""What a row type says of itself: the columns of its table, and the coder of its rows."""

from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

import pyarrow as pa
from apache_beam import coders
from apache_beam.coders.typecoders import registry

from newsbeam.schemas.row import DAY, FEW, FLOAT32, INSTANT, INT8, INT32, MARKERS, PARTITION

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


class Column(NamedTuple):
    """One column of a table: what a user reads about it and how Parquet keeps it."""

    name: str
    type: pa.DataType
    nullable: bool
    comment: str
    is_partition: bool
    is_instant: bool
    is_day: bool


class KeepClassCoder(coders.Coder):
    """A RowCoder that gives the row's own class back.

    Beam 2.77's RowCoder decodes to a generated class in every worker that runs in another process, so that methods
    and isinstance fail there only.
    """

    def __init__(self, row_type: Any) -> None:
        self._row_type = row_type
        self._coder = coders.RowCoder.from_type_hint(row_type, registry)

    def encode(self, value: Any) -> bytes:
        """Bytes of a row."""
        return self._coder.encode(value)

    def decode(self, encoded: bytes) -> Any:
        """The row, of its own class."""
        return self._row_type(*self._coder.decode(encoded))

    def is_deterministic(self) -> bool:
        """Equal rows have equal bytes."""
        return True

    def to_type_hint(self) -> Any:
        """The row type."""
        return self._row_type

    @classmethod
    def from_type_hint(cls, typehint: Any, _registry: Any) -> Any:
        """The coder of a row type."""
        return cls(typehint)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KeepClassCoder) and self._row_type is other._row_type

    def __hash__(self) -> int:
        return hash(self._row_type.__qualname__)

    def __reduce__(self) -> tuple[Any, ...]:
        return KeepClassCoder, (self._row_type,)


def describe(row_type: Any) -> None:
    """Register the coder of a row type, and note its columns in it."""
    hints = get_type_hints(row_type, include_extras=True)
    columns = [_column(name, hint) for name, hint in hints.items()]
    row_type.__annotations__ = get_type_hints(row_type)  # Beam reads plain types only
    row_type.__columns__ = columns
    registry.register_coder(row_type, KeepClassCoder)


def _column(name: str, hint: Any) -> Column:
    plain, *extras = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    markers = [extra for extra in extras if extra in MARKERS]
    comments = [extra for extra in extras if extra not in MARKERS]
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
