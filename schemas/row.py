"""Rows: named tuples that keep their class between workers and know their Parquet columns.

A row is written once, as a `NamedTuple` whose fields are annotated with the Python type, markers of the column
type where the Python type does not say it, and the comment that users read:

    @row
    class Link(NamedTuple):
        '''How an article relates to an earlier one.'''
        article_id: Annotated[str, "the article that came later"]
        relation: Annotated[str, FEW, "refetch, revision, copy or update"]

From this one source come the Beam coder, the Arrow schema, DuckDB's comments and docs/tables.md (`schemas/columns.py`).
A process that only makes rows and hands them back needs none of these, nor to import Beam and Arrow for them: it says
so by `rows_alone` before it imports a row.
"""

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from newsbeam.schemas.columns import Column

INSTANT = "instant"  # an int of microseconds since 1970 UTC; a timestamp[us, UTC] column
DAY = "day"  # an ISO string, 2023-01-31; a date32 column
FEW = "few"  # a string of few values; a dictionary-encoded column
INT8 = "int8"
INT32 = "int32"
FLOAT32 = "float32"
PARTITION = "partition"  # kept in the path (date=D), not in the file
MARKERS = {INSTANT, DAY, FEW, INT8, INT32, FLOAT32, PARTITION}

R = TypeVar("R", bound=type)
_is_described = True


def rows_alone() -> None:
    """Give the rows that this process imports from now on neither coders nor columns."""
    global _is_described
    _is_described = False


def row(row_type: R) -> R:
    """Register the coder of a row type, and note its columns under `columns_of`."""
    if _is_described:
        from newsbeam.schemas.columns import describe

        describe(row_type)
    return row_type


def columns_of(row_type: Any) -> "list[Column]":
    """Columns of a row type in the order of its fields."""
    return list(row_type.__columns__)


def __getattr__(name: str) -> Any:
    if name == "_KeepClassCoder":  # what jobs that run, and their savepoints, call it
        from newsbeam.schemas.columns import KeepClassCoder

        return KeepClassCoder
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
